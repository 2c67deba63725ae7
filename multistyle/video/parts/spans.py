"""Spans: the part of a film from one time to another."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from multistyle.blends.times import Clock
from multistyle.errors import InputError
from multistyle.video.material.film_source import FilmSource, Frame


class Span(NamedTuple):
    """The part of a film from one time, up to but without another.

    Attributes:
        begin: Fraction, seconds from the film's first frame; 0 is all.
        end: likewise; None is after its last frame.
        slack: float, seconds by which a frame may be early.
        is_still: bool, whether the first frame is all.
    """

    begin: Fraction = Fraction(0)
    end: Fraction | None = None
    slack: float = 0
    is_still: bool = False

    @classmethod
    def read(
        cls,
        film: FilmSource,
        clock: Clock,
        begin: str | float | None = None,
        end: str | float | None = None,
        *,
        is_still: bool = False,
    ) -> "Span":
        """Reads the part of a film.

        Args:
            film: a `FilmSource`.
            clock: its `Clock`.
            begin, end: times as `Clock.seconds` reads them, or None.
            is_still: whether the first frame is all.

        Raises:
            InputError: if there is no such time, nothing lies between the two,
                or the film ends before.
        """
        if is_still and end is not None:
            raise InputError(
                "A picture is one frame of a film, that at --from: leave --to "
                "away."
            )
        first, last = (
            None if each is None else _exactly(clock.seconds(each))
            for each in (begin, end)
        )
        if last is not None and last <= (first or 0):
            raise InputError(
                f"Nothing lies from `{0 if begin is None else begin}` to "
                f"`{end}`: give --to a time after --from."
            )
        span = cls(first or Fraction(0), last, clock.slack, is_still)
        length = film.num_frames and film.num_frames / film.rate
        if length is not None and span.begin > length + 1:
            raise span.missing(film)
        return span

    def frames(
        self,
        film: FilmSource,
        *,
        start: int | None = None,
        lead_in: int = 0,
        is_deep: bool = False,
    ) -> Iterator[Frame]:
        """Reads the frames of the part.

        Args:
            film: a `FilmSource`.
            start: number of the first frame to return; None is the first of
                the part, and the lead-in before it.
            lead_in: how many frames more to return, from before the part.
            is_deep: whether pixels are uint16.

        Yields:
            `Frame`s, as the film numbers them.
        """
        begin = 0.0
        if start is None:
            begin = float(self.begin - lead_in / film.rate) - self.slack
        for frame in film.frames(
            start or 0, begin=max(0.0, begin), is_deep=is_deep
        ):
            if self.end is not None and frame.seconds >= self.end - self.slack:
                return
            yield frame
            if self.is_still and self.holds(frame):
                return

    def holds(self, frame: Frame) -> bool:
        """Whether a frame is not before the part."""
        return not self.begin or frame.seconds >= self.begin - self.slack

    def num_frames(self, film: FilmSource) -> int | None:
        """Returns about how many frames the part has, or None."""
        if self.is_still:
            return 1
        lasts = [film.num_frames] if film.num_frames is not None else []
        lasts += [round(self.end * film.rate)] if self.end is not None else []
        if not lasts:
            return None
        return max(1, min(lasts) - round(self.begin * film.rate))

    def missing(self, film: FilmSource) -> InputError:
        """Returns the error that the film has no frame in the part."""
        length = ""
        if film.num_frames is not None:
            seconds = float(film.num_frames / film.rate)
            length = f", which is {seconds:.2f} s long"
        return InputError(
            f"There is no frame from {float(self.begin):.2f} s on in "
            f"`{film.path}`{length}."
        )

    def options(self) -> dict[str, Any]:
        """Returns the two times, a dict for JSON; empty is all of the film."""
        times = {"from": self.begin or None, "to": self.end}
        return {
            name: float(time)
            for name, time in times.items()
            if time is not None
        }


def _exactly(seconds):
    return Fraction(seconds).limit_denominator(1_000_000)
