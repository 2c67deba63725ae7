"""Reading films: frames upright, in sRGB, one after another."""

import hashlib
import itertools
import os
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.images.codecs.streams import STREAM
from multistyle.video.decoding.decoder import (
    FilmDecoder,
    PipeDecoder,
    name_broken,
)
from multistyle.video.decoding.hdr import HLG, PQ, find_tone_mapper
from multistyle.video.decoding.orientation import read_orientation
from multistyle.video.decoding.pixels import (
    PixelConverter,
    has_alpha,
    is_deep,
    is_transparent,
    reduced_size,
)
from multistyle.video.material.color_tags import ColorTags, read_color_tags
from multistyle.video.material.film_source import Frame
from multistyle.video.material.notes import say_nothing
from multistyle.video.packages import import_av

DEFAULT_RATE = Fraction(25)
# A frame a day, or a shock wave's; what a damaged film says is far from both.
_MOST_A_SECOND = 100_000
# Containers in which each frame has its time, by FFmpeg's names, and by how
# many seconds more is gone back than to the key frame.
_SEEKABLE = ("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm")
_SEEK_MARGIN = 3
_COLORS = {PQ: "PQ", HLG: "HLG"}


class FilmReader:
    """The first video stream of a film.

    Args:
        path: of a film of any kind that FFmpeg reads; "-" is the standard
            input, whose frames can be read once.
        max_size: int, pixels: frames with a longer side are reduced. None
            leaves them as they are.
        note: told in lines of text which frames are broken, and what is done
            to a film that is HDR or interlaced.

    Attributes:
        See `FilmSource`.

    Raises:
        InputError: if there is no such file, or it holds no video that can
            be read.

    Example:
        The frames, one after another::

            reader = FilmReader("in.mp4", max_size=512)
            for frame in reader.frames():
                print(frame.seconds, frame.pixels.shape)
    """

    first_number = 1

    def __init__(
        self,
        path: str | os.PathLike,
        *,
        max_size: int | None = None,
        note: Callable[[str], None] | None = None,
    ):
        self.path = path = expand_home(path)
        self._note = note = note or say_nothing
        self._pipe = None
        if os.fspath(path) == STREAM:
            self._pipe = PipeDecoder(note=note)
        with self._open(say_nothing) as decoder:
            stream = decoder.stream
            stored = decoder.first_frame()
            if stored is None:
                raise InputError(f"`{path}` has no frame that can be read.")
            self.time_base = stream.time_base
            self.rate = stream.average_rate or DEFAULT_RATE
            if not 1 / _MOST_A_SECOND <= self.rate <= _MOST_A_SECOND:
                raise InputError(
                    f"`{path}` says that it shows {float(self.rate):.3g} "
                    "frames a second: save it anew with its true rate."
                )
            self.num_frames = _count_frames(decoder, self.rate)
            self.start = (stored.pts or 0) * self.time_base
            orientation = read_orientation(stored)
            transfer = stream.codec_context.color_trc
            tone_mapper = find_tone_mapper(
                transfer, stream.codec_context.color_primaries
            )
            ratio = frame_ratio(stream)
            self.is_deep = is_deep(stored)
            self.pixel_format = stored.format.name
            self.color_tags = (
                ColorTags() if tone_mapper else read_color_tags(stream)
            )
            self.timecode = read_timecode(decoder)
            self._is_seekable = (
                not self._pipe
                and stream.average_rate == stream.base_rate
                and decoder.container.format.name in _SEEKABLE
            )
        self.has_alpha = self._find_alpha(stored)
        size = reduced_size((stored.height, stored.width), max_size)
        self._converter = PixelConverter(
            size,
            orientation=orientation,
            tone_mapper=tone_mapper,
            has_alpha=self.has_alpha,
        )
        if orientation.swaps_axes:
            size, ratio = size[::-1], 1 / ratio
        self.size = size
        self.sample_aspect_ratio = ratio
        self.film = None if self._pipe else self.path
        self.identity = self._identify(stored)
        colors = _COLORS.get(transfer, "a wide gamut") if tone_mapper else None
        treatment = {
            "begins_at": float(self.start),
            "mirrored": orientation.is_mirrored,
            "deinterlaced": stored.interlaced_frame,
            "colors": colors,
            "alpha": self.has_alpha,
        }
        self.treatment = {k: done for k, done in treatment.items() if done}
        if transfer in _COLORS:
            note(f"`{path}` is HDR ({colors}): it is toned down to SDR.")
        elif colors:
            note(f"`{path}` has {colors}: its colours are brought to BT.709.")

    def frames(
        self, start: int = 0, *, begin: float = 0, is_deep: bool = False
    ) -> Iterator[Frame]:
        """Reads the frames.

        A frame that is broken is noted. Where nothing comes of it the one
        before stays on, since frames have times; where a damaged one comes,
        the last good one is held in its place.

        Args:
            start: int, number of the first frame to return.
            begin: seconds: none is returned that is shown before.
            is_deep: whether pixels are uint16, with all bits of the film.

        Yields:
            `Frame`s.
        """
        last, first, good = None, None, None
        for index, decoded in self._stored_frames(start, begin):
            if index and last is None:  # It was gone to.
                first = round(self.start / self.time_base)
            time = decoded.pts
            if time is None:
                time = 0 if last is None else last + self._frame_time()
            if last is not None:
                time = max(time, last + 1)
            last = time
            first = time if first is None else first
            seconds = float((time - first) * self.time_base)
            is_wanted = index >= start and seconds >= begin
            if good is None or not decoded.is_corrupt:
                good, converted = decoded, None
            elif is_wanted:
                self._note(name_broken(self.path, seconds))
            if is_wanted:
                # What is held may be from before the start.
                converted = converted or self._converter.convert(
                    good, is_deep=is_deep
                )
                yield Frame(index, time - first, seconds, *converted)

    def _stored_frames(self, start, begin):
        """Yields pairs of a frame's number and it, from before a start.

        Where that is far it goes to a key frame, if all is well from there.
        """
        seconds = max(Fraction(begin), start / self.rate) - _SEEK_MARGIN
        if seconds > 0 and self._is_seekable:
            with self._open(self._note) as decoder:
                if decoder.seek(self.start + seconds):
                    frames = decoder.frames()
                    first = next(frames, None)
                    if first is not None and not first.is_corrupt:
                        passed = first.pts * self.time_base - self.start
                        yield from enumerate(
                            itertools.chain([first], frames),
                            round(passed * self.rate),
                        )
                        return
        with self._open(self._note) as decoder:
            yield from enumerate(decoder.frames())

    def _frame_time(self):
        return max(1, round(1 / self.rate / self.time_base))

    def _open(self, note):
        return self._pipe or FilmDecoder(self.path, note=note)

    def _find_alpha(self, stored):
        """Looks for a transparent pixel; `stored` is the first frame."""
        if not has_alpha(stored):
            return False
        if self._pipe:  # Which cannot be looked through.
            return True
        with self._open(say_nothing) as decoder:
            return any(map(is_transparent, decoder.stored_frames()))

    def _identify(self, stored):
        if not self._pipe:
            path = os.path.abspath(self.path)
            return {"film": path, "film_bytes": os.path.getsize(path)}
        pixels, _ = self._converter.convert(stored)
        digest = hashlib.sha256(pixels.tobytes()).hexdigest()
        return {"film": STREAM, "first_frame": digest}


def read_timecode(decoder: FilmDecoder) -> str | None:
    """Returns the timecode of a film's first frame, or None."""
    for facts in (decoder.stream.metadata, decoder.container.metadata):
        for name, value in facts.items():
            # Matroska's own name is in capitals.
            if name.lower() == "timecode":
                return value
    return None


def _count_frames(decoder, rate):
    container, stream = decoder.container, decoder.stream
    if stream.frames:
        return stream.frames
    if stream.duration:
        seconds = float(stream.duration * stream.time_base)
    elif container.duration:
        seconds = container.duration / import_av().time_base
    else:
        return None
    return max(1, round(seconds * rate))


def frame_ratio(stream: Any) -> Fraction:
    """Returns the width of a pixel beside its height."""
    return Fraction(stream.sample_aspect_ratio or 1)
