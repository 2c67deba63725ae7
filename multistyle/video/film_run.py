"""The run of a film: painted in segments, which become one film."""

import contextlib
import itertools
import os
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any

from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.whole_files import whole_file
from multistyle.network.architecture import MIN_SIZE
from multistyle.video.decoding.reader import FilmReader
from multistyle.video.encoding.encoder import FilmEncoder
from multistyle.video.encoding.formats import find_format
from multistyle.video.encoding.joining import join
from multistyle.video.encoding.segments import (
    MANIFEST_FILE,
    SEGMENT_FRAMES,
    Segments,
)
from multistyle.video.encoding.sound import Sound
from multistyle.video.encoding.work_folder import clear, work_folder
from multistyle.video.film_painter import FilmPainter
from multistyle.video.stages import run_stages


def _say_nothing(line):
    pass


class FilmRun:
    """Paints a film into another; the same run again goes on where it stopped.

    It is used in a `with` block, in which no other process writes the output.
    What is wrong with the files is raised before the block begins.

    Args:
        film: path of the film to paint.
        output: path of the film to write.
        max_size: pixels: frames with a longer side are reduced first. None
            leaves them as they are.
        crf: the quality, see `FilmEncoder`.
        overwrite: whether to replace an output that is there, and to forget
            what of it was finished before a stop.
        note: told in lines of text what a user should know.

    Attributes:
        reader: the `FilmReader` of the film.
        output: path of the film to write.

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
        max_size: int | None = None,
        crf: int | None = None,
        overwrite: bool = False,
        note: Callable[[str], None] | None = None,
    ):
        self.output = expand_home(output)
        self._crf = crf
        self._max_size = max_size
        self._overwrite = overwrite
        self._note = note or _say_nothing
        find_format(self.output, crf=crf)
        self.reader = FilmReader(film, max_size=max_size, note=self._note)
        film = self.reader.path
        if min(self.reader.size) < MIN_SIZE:
            height, width = self.reader.size
            raise InputError(
                f"The frames of `{film}` are `{height} x {width}` (height x "
                f"width); at least {MIN_SIZE} x {MIN_SIZE} can be painted."
            )
        self._format = find_format(
            self.output, crf=crf, has_alpha=self.reader.has_alpha
        )
        if os.path.exists(self.output) and self.output.samefile(film):
            raise InputError(
                f"`{output}` is the film that is to be read: give another "
                "--output."
            )
        self._stack = contextlib.ExitStack()
        self._folder: Any = None
        self._segments: Segments | None = None

    def __enter__(self):
        folder = work_folder(self.output, overwrite=self._overwrite)
        self._folder = self._stack.enter_context(folder)
        return self

    def __exit__(self, kind, error, trace):
        segments = self._segments
        if segments is not None and not len(segments):
            clear(self._folder)
        elif segments is not None:
            segments.path(len(segments)).unlink(missing_ok=True)
            if kind is KeyboardInterrupt:
                self._note("The same again goes on from the last segment.")
        self._stack.close()

    @property
    def manifest(self) -> Path:
        """Path of what is recorded of a run that was stopped, in the block."""
        return self._folder / MANIFEST_FILE

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
        self._note_losses()
        start = len(segments) * SEGMENT_FRAMES
        state = segments.state()
        if state is not None:
            self._note(f"Going on after {len(segments)} finished segments.")
            painter.restore(state)
            yield start
        staged_frames = run_stages(self.reader.frames(start), painter.stages)
        with contextlib.closing(staged_frames):
            for number, group in itertools.groupby(
                staged_frames,
                lambda staged: staged.frame.index // SEGMENT_FRAMES,
            ):
                with self._writing():
                    with self._encoder(segments.path(number)) as encoder:
                        for staged in group:
                            frame = staged.frame
                            encoder.write(
                                staged.picture, frame.time, frame.alpha
                            )
                            yield frame.index + 1
                    segments.finish(staged.state)
        with self._writing():
            self._join(segments)
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

    def _open_segments(self, look):
        film = self.reader.path
        options = {
            "film": os.path.abspath(film),
            "film_bytes": os.path.getsize(film),
            "max_size": self._max_size,
            "crf": self._crf,
            **look,
            **self.reader.treatment,
        }
        self._segments = Segments(
            self._folder,
            options,
            overwrite=self._overwrite,
            container=self._format.segment_container,
        )
        return self._segments

    def _note_losses(self):
        is_odd = any(side % 2 for side in self.reader.size)
        if self._format.needs_even_size and is_odd:
            self._note(
                "H.264 has even sizes only: an odd one gains a row or a column."
            )
        if self.reader.has_alpha and not self._format.has_alpha:
            self._note(
                f"`{self.output}`: {self._format.noun} holds no transparency: "
                "it becomes white. A .webm or a .mov keeps it."
            )

        if self.reader.has_subtitles:
            self._note(f"`{self.reader.path}`: its subtitles are left out.")

    def _encoder(self, path):
        return FilmEncoder(
            path,
            self._format,
            self.reader,
            crf=self._crf,
            container=self._format.segment_container,
        )

    def _join(self, segments):
        sound = Sound(
            self.reader.path, start=self.reader.start, note=self._note
        )
        with whole_file(self.output, scratch=self._folder) as file:
            join(
                segments.paths(),
                self._format,
                sound,
                file.name,
                note=self._note,
            )
