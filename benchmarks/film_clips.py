"""Clips of known motion, made of photographs, and the first frames of films."""

import itertools
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from multistyle.video.decoding.reader import FilmReader
from multistyle.video.parts.scenes import find_scenes

# Pixels to the right and down by which the window moves from frame to frame.
PAN = (0.7, 0.37)
NOISE = 2
# Frames that are shown of a film at least before its first cut.
_BEFORE_CUT = 8


class Clip(NamedTuple):
    """Some frames of a film.

    Attributes:
        frames: list of uint8 [H, W, 3].
        cuts: numbers of frames that begin a scene, without the first.
    """

    frames: list
    cuts: tuple = ()


def make_clip(photograph, kind, *, size, num_frames):
    """Makes a film of a photograph, a `Clip` of squares.

    Args:
        photograph: uint8 [H, W, 3].
        kind: a key of `KINDS`.
        size: pixels a side.
        num_frames: int.
    """
    moves, *changes = KINDS[kind]
    frames = []
    for number, place in enumerate(
        _windows(photograph, size, num_frames, moves)
    ):
        for change in changes:
            place = change(place, number / num_frames)
        frames.append(np.rint(place).clip(0, 255).astype(np.uint8))
    return Clip(frames)


def read_clip(path, *, size, num_frames):
    """Reads the first frames of a film, or those around its first cut."""
    film = FilmReader(path, max_size=size)
    scenes = itertools.islice(find_scenes(film), 2)
    cuts = [scene.index for scene in scenes if scene.index]
    start = max(0, *(cut - _BEFORE_CUT for cut in cuts), 0)
    frames = [
        frame.pixels
        for frame in itertools.islice(film.frames(start), num_frames)
    ]
    return Clip(frames, tuple(cut - start for cut in cuts))


def read_clips(folder, **options):
    """Reads a clip of each film of a folder, a dict of lists of one `Clip`."""
    return {
        path.name: [read_clip(path, **options)]
        for path in sorted(Path(folder).iterdir())
    }


def _windows(photograph, size, num_frames, moves):
    """Yields float32 [size, size, 3], a window that pans or stands."""
    right, down = PAN if moves else (0, 0)
    room = [int(pan * num_frames) + 9 for pan in (down, right)]
    factor = max(
        (size + more) / side
        for more, side in zip(room, photograph.shape[:2], strict=True)
    )
    photograph = cv2.resize(
        photograph, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA
    ).astype(np.float32)
    for number in range(num_frames):
        place = np.float32(
            [[1, 0, 4 + right * number], [0, 1, 4 + down * number]]
        )
        yield cv2.warpAffine(
            photograph,
            place,
            (size, size),
            flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        )


def _noise(frame, share):
    random = np.random.default_rng(int(share * 1000))
    return frame + random.normal(0, NOISE, frame.shape)


def _fade(frame, share):
    return frame * (1 - 0.8 * share)


def _dip(frame, share):
    return frame * min(1, abs(share - 0.5) * 4)


def _exposure(frame, share):
    return frame * (1.3 if share > 0.5 else 0.9)


def _title(frame, share):
    if 0.3 < share < 0.7:
        size = len(frame)
        # OpenCV 5 writes on whole numbers alone.
        frame = np.rint(frame).clip(0, 255).astype(np.uint8)
        cv2.putText(
            frame,
            "TITLE",
            (size // 8, size // 2),
            cv2.FONT_HERSHEY_SIMPLEX,
            size / 110,
            (255, 255, 255),
            max(2, size // 50),
            cv2.LINE_AA,
        )
    return frame


def _passing(frame, share):
    """A disc with stripes passes before what stands, and uncovers it again."""
    size = len(frame)
    radius = size // 6
    # So that the last frames show all that was hidden.
    middle = np.array([-radius + share * 1.6 * (size + radius), size / 2])
    rows, columns = np.mgrid[:size, :size]
    from_middle = np.stack([columns, rows], axis=2) - middle
    distance = np.linalg.norm(from_middle, axis=2)
    stripes = 128 + 90 * np.sin(from_middle[..., :1] / 5)
    disc = np.concatenate([stripes, 255 - stripes, stripes * 0.3], axis=2)
    cover = (radius - distance + 0.5).clip(0, 1)[..., None]
    return frame + cover * (disc - frame)


# Whether the window moves, and what is done to it: functions of a frame and
# of the time in [0, 1).
KINDS = {
    "moving": (True,),
    "still": (False, _noise),
    "fade": (True, _fade),
    "dip": (True, _dip),
    "title": (True, _title),
    "exposure": (True, _exposure),
    "passing": (False, _passing, _noise),
}
