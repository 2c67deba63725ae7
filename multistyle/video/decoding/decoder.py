"""What FFmpeg makes of a film: its decoded frames, one after another."""

import itertools
import os
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from multistyle.errors import InputError
from multistyle.images.codecs.sources import MAX_PIXELS
from multistyle.images.codecs.streams import STREAM
from multistyle.video.decoding.interlacing import deinterlace
from multistyle.video.packages import (
    import_av,
    open_film_file,
    open_film_pipe,
)

# FFmpeg's own decoders of these leave transparency out.
_ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
# Of a decoder, for films whose frames differ in size.
_LIMIT = {"max_pixels": str(MAX_PIXELS)}


class FilmDecoder:
    """The first video stream of a film that is open.

    It is used in a `with` block.

    Args:
        path: of a film of any kind that FFmpeg reads; "-" is the standard
            input.
        note: told in lines of text what cannot be read.

    Attributes:
        container, stream: PyAV's.

    Raises:
        InputError: if there is no such file, or it holds no video.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, note: Callable[[str], None]
    ) -> None:
        self._av = import_av()
        self._path = path
        self._note = note
        is_pipe = os.fspath(path) == STREAM
        if not is_pipe and not os.path.isfile(path):
            if os.path.isdir(path):
                raise InputError(
                    f"`{path}` is a folder: name a film, or numbered frames "
                    "in it, such as `frame_%04d.png`."
                )
            raise InputError(f"There is no film `{path}`.")
        try:
            self.container = (
                open_film_pipe() if is_pipe else open_film_file(path)
            )
        except self._av.error.FFmpegError as error:
            raise InputError(
                f"`{path}` is no film that can be read: {error.strerror}."
            ) from error
        if not self.container.streams.video:
            self.container.close()
            raise InputError(f"`{path}` has no video stream: give a film.")
        self.stream = self.container.streams.video[0]
        try:
            self._check()
        except InputError:
            self.container.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.container.close()

    def _check(self):
        """Raises InputError for what cannot be decoded, or not safely."""
        context = self.stream.codec_context
        if context is None:
            raise InputError(
                f"`{self._path}` is stored in a way that FFmpeg cannot decode "
                "here: save it anew, as .mp4."
            )
        if context.width * context.height > MAX_PIXELS:
            raise InputError(
                f"`{self._path}` has frames of {context.width} x "
                f"{context.height} pixels, above the {MAX_PIXELS:,} that are "
                "safe to open: reduce it first."
            )
        context.options = _LIMIT

    def first_frame(self) -> Any:
        """Returns the first `VideoFrame` as it is stored, or None."""
        return next(self.stored_frames(), None)

    def seek(self, seconds: Fraction) -> bool:
        """Goes to the last key frame before a time of the film's own.

        Returns:
            Whether that is possible; if not, nothing has happened.
        """
        time = int(seconds / self.stream.time_base)
        try:
            self.container.seek(time, stream=self.stream)
        except self._av.error.FFmpegError:
            return False
        return True

    def frames(self) -> Iterator:
        """Yields PyAV's `VideoFrame`s, none of them interlaced.

        What cannot be decoded is noted and left out.
        """
        return deinterlace(
            self.stored_frames(),
            self.stream.time_base,
            lambda: self._note(
                f"`{self._path}` is interlaced: its frames are deinterlaced."
            ),
        )

    def stored_frames(self) -> Iterator:
        """Yields `VideoFrame`s as they are stored, interlaced or not."""
        decoder = self._decoder()
        packets = self.container.demux(self.stream)
        while True:
            try:
                packet = next(packets, None)
            except self._av.error.FFmpegError as error:
                self._note(f"`{self._path}` ends early: {error.strerror}.")
                return
            if packet is None:
                return
            try:
                decoded = decoder.decode(packet)
            except self._av.error.EOFError:
                return
            except self._av.error.FFmpegError:
                self._note_broken(packet.pts)
                continue
            yield from decoded

    def _note_broken(self, time):
        start = self.stream.start_time or 0
        seconds = 0 if time is None else (time - start) * self.stream.time_base
        self._note(name_broken(self._path, float(seconds)))

    def _decoder(self):
        """Returns the codec context that decodes all that is stored."""
        context = self.stream.codec_context
        # Matroska's own name is in small letters, that of its tags is not.
        facts = {name.lower(): v for name, v in self.stream.metadata.items()}
        if facts.get("alpha_mode") != "1":
            return context
        try:
            codec = self._av.Codec(_ALPHA_DECODERS[context.name], "r")
        except (KeyError, self._av.codec.codec.UnknownCodecError):
            return context
        context = codec.create()
        context.options = _LIMIT
        return context


class PipeDecoder(FilmDecoder):
    """A film that comes through the standard input, and can be read once.

    Its `with` block may be entered again, and goes on where it was.
    """

    def __init__(self, *, note: Callable[[str], None]) -> None:
        super().__init__(STREAM, note=note)
        self._coming = super().stored_frames()

    def __exit__(self, *error):
        pass

    def first_frame(self) -> Any:
        """Returns the first `VideoFrame`, which `stored_frames` yields, too."""
        first = next(self._coming, None)
        if first is not None:
            self._coming = itertools.chain([first], self._coming)
        return first

    def stored_frames(self) -> Iterator:
        """Yields the `VideoFrame`s that are not yet read."""
        return self._coming


def name_broken(path: str | os.PathLike[str], seconds: float) -> str:
    """Returns the line that a film's frame of a time is broken."""
    return (
        f"`{path}`: the frame at {seconds:.2f} s is broken; the one before it "
        "is held."
    )
