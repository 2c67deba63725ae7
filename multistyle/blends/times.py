"""Times: a moment of a film, as seconds, timecode, frame or scene."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from multistyle.errors import InputError

# A drop-frame timecode leaves two numbers of thirty out in each minute, but
# not in every tenth.
_DROPPED = 2

# Thirty years of seconds; longer numbers are none that Python reads at once.
_WHOLE = r"\d{1,9}"
_SECONDS = re.compile(rf"({_WHOLE}(?:\.\d*)?|\.\d+)\s*s?")
_CLOCK_TIME = re.compile(rf"(?:({_WHOLE}):)?({_WHOLE}):(\d\d(?:\.\d*)?)")
_TIMECODE = re.compile(rf"({_WHOLE}):(\d\d):(\d\d)([:;])(\d\d{{1,8}})")
_FRAME = re.compile(rf"({_WHOLE})\s*f")
_SCENE = re.compile(rf"scene\s*({_WHOLE})")
_TIME = "|".join(
    f"(?:{form.pattern})"
    for form in (_TIMECODE, _CLOCK_TIME, _SCENE, _FRAME, _SECONDS)
)
_LEADING_TIME = re.compile(rf"\s*(?P<time>{_TIME})\s*:(?P<rest>.*)", re.DOTALL)
FORMS = (
    "seconds (`2.5s`), minutes (`1:02.5`), a timecode (`00:01:02:12`), a frame "
    "from 0 (`62f`) or a scene from 1 (`scene 2`)"
)


class Clock(NamedTuple):
    """How a film counts time.

    Attributes:
        rate: frames a second, or None where nobody knows.
        timecode: that of the first frame, "01:00:00:00"; None is 0.
        frame_seconds: function of a frame's number that returns its seconds;
            None where all frames are shown equally long.
        scene_seconds: function of a scene's number, from 1, that returns the
            seconds at which it begins, or None.

    Example:
        >>> from fractions import Fraction
        >>> from multistyle.blends.times import Clock
        >>> Clock(rate=Fraction(25)).seconds("00:01:02:12")
        62.48
    """

    rate: Fraction | None = None
    timecode: str | None = None
    frame_seconds: Callable[[int], float] | None = None
    scene_seconds: Callable[[int], float] | None = None

    @property
    def slack(self) -> float:
        """Seconds by which a frame may be early or late and is still meant.

        A quarter of a frame: containers round the times of frames.
        """
        return float(1 / (4 * self.rate)) if self.rate else 0.001

    def seconds(self, time: str | float) -> float:
        """Returns the seconds from the first frame to a time.

        Args:
            time: a number, which is seconds; or text, "2.5s", "1:02.5" in
                minutes or hours, "00:01:02:12" in hours, minutes, seconds and
                frames by the film's own timecode, ";" where that drops
                frames, "62f", a frame from 0, or "scene 2", from 1.

        Raises:
            InputError: for text of another form, for 60 seconds or more
                beside minutes, and for what the film does not have.
        """
        text = str(time).strip()
        if match := _SECONDS.fullmatch(text):
            return float(match[1])
        if match := _CLOCK_TIME.fullmatch(text):
            hours, minutes, seconds = match.groups()
            is_over = hours is not None and int(minutes) >= 60
            if is_over or float(seconds) >= 60:
                raise InputError(
                    f"There is no time `{text}`: an hour has 60 minutes, and a "
                    "minute 60 seconds; `75s` is one of seconds alone."
                )
            return (int(hours or 0) * 60 + int(minutes)) * 60 + float(seconds)
        if match := _FRAME.fullmatch(text):
            return self._of_frame(int(match[1]), text)
        if _TIMECODE.fullmatch(text):
            return self._of_timecode(text)
        if match := _SCENE.fullmatch(text):
            if self.scene_seconds is None:
                raise InputError(
                    f"`{text}`: scenes are found in films that are files; "
                    "give seconds."
                )
            return self.scene_seconds(int(match[1]))
        raise InputError(f"A time is given as {FORMS}; got `{time}`.")

    def _of_frame(self, number, text):
        if self.frame_seconds is not None:
            return self.frame_seconds(number)
        return float(number / self._known_rate(text))

    def _of_timecode(self, text):
        rate = self._known_rate(text)
        number = count_frames(text, rate)
        if self.timecode is not None:
            number -= count_frames(self.timecode, rate)
        if number < 0:
            raise InputError(
                f"`{text}` lies before the film's first frame, whose timecode "
                f"is `{self.timecode}`; seconds count from there."
            )
        return self._of_frame(number, text)

    def _known_rate(self, text):
        if self.rate is None:
            raise InputError(
                f"`{text}` needs a film of a known rate: give seconds."
            )
        return self.rate


def count_frames(timecode: str, rate: Fraction) -> int:
    """Returns the number of the frame that a timecode stands for, from 0.

    Args:
        timecode: "hh:mm:ss:ff", or "hh:mm:ss;ff" where frames are dropped.
        rate: frames a second.

    Raises:
        InputError: if there is no such timecode at that rate.

    Reference:
        SMPTE ST 12-1, sections 5.2.1 and 5.2.2.
    """
    match = _TIMECODE.fullmatch(timecode)
    if match is None:
        raise InputError(
            f"A timecode is given as `hh:mm:ss:ff`; got `{timecode}`."
        )
    hours, minutes, seconds, separator, frames = match.groups()
    whole_rate = round(rate)
    minutes = 60 * int(hours) + int(minutes)
    total = (60 * minutes + int(seconds)) * whole_rate + int(frames)
    is_missing = int(frames) >= whole_rate or int(seconds) >= 60
    if separator == ";":
        if whole_rate % 30 or rate == whole_rate:
            raise InputError(
                f"`{timecode}` drops frames, as films of 29.97 a second do; "
                f"this one has {float(rate):g}: use `:`."
            )
        dropped = _DROPPED * whole_rate // 30
        total -= dropped * (minutes - minutes // 10)
        begins_minute = minutes % 10 and not int(seconds)
        is_missing |= bool(begins_minute and int(frames) < dropped)
    if is_missing:
        raise InputError(
            f"There is no timecode `{timecode}` at {float(rate):g} frames a "
            "second."
        )
    return total


def advance_timecode(timecode: str, rate: Fraction, number: int) -> str:
    """Returns the timecode of some frames later.

    Args:
        timecode: as `count_frames` reads it; so is the result.
        rate: frames a second.
        number: of frames.
    """
    number += count_frames(timecode, rate)
    whole_rate = round(rate)
    separator = ";" if ";" in timecode else ":"
    if separator == ";":
        dropped = _DROPPED * whole_rate // 30
        ten_minutes = 600 * whole_rate - 9 * dropped
        tens, rest = divmod(number, ten_minutes)
        minutes = max(0, rest - dropped) // (60 * whole_rate - dropped)
        number += dropped * (9 * tens + minutes)
    seconds, frames = divmod(number, whole_rate)
    hours, minutes, seconds = (
        seconds // 3600 % 24,
        seconds // 60 % 60,
        seconds % 60,
    )
    return f"{hours:02}:{minutes:02}:{seconds:02}{separator}{frames:02}"


def split_time(text: str) -> tuple[str, str] | None:
    """Splits "1:02.5: what is then" into a time and the rest, or None."""
    match = _LEADING_TIME.fullmatch(text)
    return match and (match["time"].strip(), match["rest"])
