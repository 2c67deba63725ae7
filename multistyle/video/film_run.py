"""The run of a film: painted in segments, which become one film."""

import contextlib
import itertools
import os
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from multistyle.errors import InputError
from multistyle.files.manifests import MANIFEST_FILE
from multistyle.network.architecture import MIN_SIZE
from multistyle.video.decoding.films import open_film
from multistyle.video.encoding.outputs import find_output
from multistyle.video.encoding.segments import (
    SEGMENT_FRAMES,
    Segments,
)
from multistyle.video.encoding.still_file import StillFile
from multistyle.video.encoding.work_folder import clear
from multistyle.video.film_painter import FilmPainter, StagedFrame
from multistyle.video.material.film_source import Frame
from multistyle.video.material.notes import say_nothing
from multistyle.video.parts.clocks import film_clock
from multistyle.video.parts.spans import Span
from multistyle.video.stages import run_stages


class _First(NamedTuple):
    """The first frame of a part, from which its segments are counted."""

    index: int  # type: ignore[assignment]
    time: int

    def segment_of(self, frame: Frame) -> int:
        return (frame.index - self.index) // SEGMENT_FRAMES


class FilmRun:
    """Paints a film into another; the same run again goes on where it stopped.

    It is used in a `with` block, in which no other process writes the output.
    What is wrong with the files is raised before the block begins.

    Args:
        film: what to paint, see `open_film`.
        output: what to write, see `find_output`.
        fps: frames a second of numbered frames.
        codec: a name of `CODECS`, or None: what the output's suffix says.
        max_size: pixels: frames with a longer side are reduced first. None
            leaves them as they are.
        crf: the quality, see `FilmEncoder`.
        begin, end: times of the film, see `Clock.seconds`: the part from the
            one, and up to but without the other, is painted. None is its
            first frame's, and after its last.
        is_sheet: whether a picture of the whole is written, by
            `write_picture`.
        overwrite: whether to replace an output that is there, and to forget
            what of it was finished before a stop.
        note: told in lines of text what a user should know.

    Attributes:
        reader: the `FilmSource` of the film.
        clock: its `Clock`.
        span: the `Span` of it that is painted.
        output: path of what is written.

    Raises:
        InputError: if the film cannot be read, or is too small to be painted;
            if the output is there, cannot be written, or is being written by
            another process.
    """

    def __init__(
        self,
        film: str | os.PathLike,
        output: str | os.PathLike,
        *,
        fps: str | float | None = None,
        max_size: int | None = None,
        codec: str | None = None,
        crf: int | None = None,
        begin: str | float | None = None,
        end: str | float | None = None,
        is_sheet: bool = False,
        overwrite: bool = False,
        note: Callable[[str], None] | None = None,
    ):
        self._target = find_output(output, codec=codec, crf=crf)
        self.output = self._target.path
        self._codec = codec
        self._crf = crf
        self._max_size = max_size
        self._overwrite = overwrite
        self._note = note or say_nothing
        self.reader = open_film(
            film, fps=fps, max_size=max_size, note=self._note
        )
        if min(self.reader.size) < MIN_SIZE:
            height, width = self.reader.size
            raise InputError(
                f"The frames of `{film}` are `{height} x {width}` (height x "
                f"width); at least {MIN_SIZE} x {MIN_SIZE} can be painted."
            )
        is_picture = isinstance(self._target, StillFile)
        if is_sheet and not is_picture:
            raise InputError(
                f"`{output}`: a sheet is a picture: give --output=sheet.png."
            )
        self.clock = film_clock(self.reader)
        self.span = Span.read(
            self.reader,
            self.clock,
            begin,
            end,
            is_still=is_picture and not is_sheet,
        )
        self._target.fit(self.reader)
        self._stack = contextlib.ExitStack()
        self._folder: Any = None
        self._segments: Segments | None = None

    def __enter__(self):
        folder = self._target.reserve(overwrite=self._overwrite)
        self._folder = self._stack.enter_context(folder)
        return self

    def __exit__(self, kind, error, trace):
        segments = self._segments
        if segments is not None:
            self._target.drop(segments.path(len(segments)))
        if segments is not None and not len(segments):
            clear(self._folder)
        elif segments is not None:
            if kind is KeyboardInterrupt:
                self._note("The same again goes on from the last segment.")
        self._stack.close()

    @property
    def manifest(self) -> Path:
        """Path of what is recorded of a run that was stopped, in the block."""
        return self._folder / MANIFEST_FILE

    @property
    def num_frames(self) -> int | None:
        """About how many frames are painted, or None."""
        return self.span.num_frames(self.reader)

    def write_picture(self, pixels: np.ndarray) -> None:
        """Writes a picture, uint8 [H, W, 3], in place of a film."""
        path = self._folder / f"picture.{self._target.suffix}"
        with self._writing():
            with self._target.encoder(path, self.reader) as encoder:
                encoder.write(pixels, 0)
            self._target.complete(
                [path], self.reader, folder=self._folder, note=self._note
            )
        clear(self._folder)

    def paint(
        self, painter: FilmPainter, facts: Mapping[str, Any]
    ) -> Generator[int, None, None]:
        """Paints the film.

        Args:
            painter: it has painted nothing yet.
            facts: for JSON, what decides how the film looks besides the
                options of the run and of the painter.

        Yields:
            After each frame how many are done, those of an earlier run among
            them. When the generator ends, the film stands.

        Raises:
            InputError: if an earlier run had other options, which are named;
                if the disk refuses what is written.
        """
        with self._writing():
            segments = self._open_segments({**painter.options(), **facts})
        for line in self._target.losses(self.reader):
            self._note(line)
        state = segments.state()
        first = None
        resumed = 0
        if state is not None:
            plural = "s" * (len(segments) > 1)
            self._note(
                f"Going on after {len(segments)} finished segment{plural}."
            )
            painter.restore(state)
            # Version 0.1 painted whole films.
            first = _First(*map(int, state.get("first", (0, 0))))
            # Versions up to 1.0 counted the last segment as a whole one.
            resumed = len(segments) * SEGMENT_FRAMES
            resumed = int(state.get("done", resumed))
            yield resumed
        frames = self.span.frames(
            self.reader,
            start=None if first is None else first.index + resumed,
            lead_in=painter.lead_in,
            is_deep=self._target.is_deep,
        )
        with contextlib.closing(
            run_stages(frames, painter.stages)
        ) as all_staged:
            kept: Iterator[StagedFrame] = (
                staged for staged in all_staged if self.span.holds(staged.frame)
            )
            if first is None:
                ahead = next(kept, None)
                if ahead is None:
                    raise self.span.missing(self.reader)
                first = _First(ahead.frame.index, ahead.frame.time)
                kept = itertools.chain([ahead], kept)
            for number, group in itertools.groupby(
                kept, lambda staged: first.segment_of(staged.frame)
            ):
                with self._writing():
                    with self._target.encoder(
                        segments.path(number),
                        self.reader,
                        start=first.index + number * SEGMENT_FRAMES,
                    ) as encoder:
                        for staged in group:
                            self._note_scene(staged.scene)
                            frame = staged.frame
                            encoder.write(
                                staged.picture,
                                frame.time - first.time,
                                frame.alpha,
                            )
                            done = frame.index - first.index + 1
                            yield done
                    segments.finish(
                        {
                            **staged.state,
                            "first": np.array(first),
                            "done": np.array(done),
                        }
                    )
        self._note_scene(painter.end())
        with self._writing():
            self._target.complete(
                segments.paths(),
                self.reader,
                folder=self._folder,
                note=self._note,
                begin=first.time * self.reader.time_base,
                end=self.span.end,
            )
        clear(self._folder)

    @contextlib.contextmanager
    def _writing(self):
        try:
            yield
        except (OSError, InputError) as error:
            # Hidden files are no names that a user gave.
            reason = error if isinstance(error, OSError) else error.__cause__
            if not isinstance(reason, OSError):
                raise
            raise InputError(
                f"`{self.output}` cannot be written: {reason.strerror}. What "
                "is finished stays, and the same again goes on from there."
            ) from reason

    def _note_scene(self, scene):
        # Those of a part are not counted from the film's first.
        if scene is not None and scene.index and not self.span.begin:
            self._note(str(scene))

    def _open_segments(self, look):
        options = {
            **self.reader.identity,
            "max_size": self._max_size,
            "crf": self._crf,
            "codec": self._codec,
            **self.span.options(),
            **look,
            **self.reader.treatment,
        }
        self._segments = Segments(
            self._folder,
            options,
            overwrite=self._overwrite,
            container=self._target.suffix,
        )
        return self._segments
