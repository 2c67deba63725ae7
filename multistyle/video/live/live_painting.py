"""A camera's pictures, painted one by one as they come."""

import collections
import contextlib
import time
from collections.abc import Iterator, Sequence
from typing import Any

from multistyle.video.encoding.outputs import PictureWriter
from multistyle.video.film_painter import FilmPainter
from multistyle.video.live.camera import Camera
from multistyle.video.live.keys import StyleKeys
from multistyle.video.live.recorder import Recorder

# Pictures over which their number a second is measured.
_PACE = 15


def paint_camera(
    camera: Camera,
    painter: FilmPainter,
    keys: StyleKeys,
    *,
    screen: Any = None,
    recorder: Recorder | None = None,
    writers: Sequence[PictureWriter] = (),
) -> Iterator[int]:
    """Paints what a camera films, until the camera or a key ends it.

    One picture is finished before the next is taken, so that the one on the
    screen is recent and keys act at once.

    Args:
        camera: a `Camera`.
        painter: a `FilmPainter` with the weights of `keys`.
        keys: `StyleKeys`.
        screen: a `Screen`, or what else has its `show`; None shows nothing.
        recorder: a `Recorder`, which `keys` begin and end, or None.
        writers: what else takes each picture, as a `VirtualCamera`.

    Yields:
        int, after each picture: how many there are.
    """
    moments: collections.deque[float] = collections.deque(maxlen=_PACE)
    with contextlib.closing(camera.frames()) as frames:
        for frame in frames:
            staged: Any = frame
            for stage in painter.stages:
                staged = stage(staged)
            if recorder is not None:
                if keys.is_recording != recorder.is_on:
                    (recorder.begin if keys.is_recording else recorder.end)()
                recorder.write(staged.picture, staged.frame.time)
            for writer in writers:
                writer.write(staged.picture, staged.frame.time)
            moments.append(time.monotonic())
            if screen is not None:
                text = caption(keys, recorder, pace(moments))
                keys.press(screen.show(staged.picture, text))
            yield staged.frame.index + 1
            if keys.is_over:
                return


def pace(moments: Sequence[float]) -> float:
    """Returns how many a second there are of moments in order, in seconds."""
    if len(moments) < 2 or moments[-1] <= moments[0]:
        return 0
    return (len(moments) - 1) / (moments[-1] - moments[0])


def caption(keys: StyleKeys, recorder: Recorder | None, rate: float) -> str:
    """Returns what stands under a picture: its pace, and the blend."""
    line = f"{rate:.1f} frames a second"
    if recorder is not None and recorder.is_on:
        line += f"   ● {recorder.paths[-1].name}"
    return f"{line}\n{keys.sliders()}"
