"""Keyframes: what a film is painted in at every moment."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Self

import numpy as np

from multistyle.blends.keyframe_specs import MASK, read_specs
from multistyle.blends.times import Clock
from multistyle.blends.weights import one_hot, style_weights, weights_dict
from multistyle.errors import InputError

_WEIGHTS = "style_weights"
_BREADTH = "stroke_scale"
# What does not drift from one keyframe to the next.
_STEPPED = "stability"
# By name, the share of the way to the next keyframe by the share of the time.
_EASINGS: dict[str, Callable[[float], float]] = {
    "linear": lambda share: share,
    "smooth": lambda share: share * share * (3 - 2 * share),
    "hold": lambda share: 0.0,
}


class Course(NamedTuple):
    """How one thing changes from keyframe to keyframe.

    Before the first of them its value holds, and after the last one that.

    Attributes:
        times: K seconds, rising.
        values: float array [K, C].
        eases: K names of easings, how each leads to the next one.
    """

    times: Sequence[float]
    values: np.ndarray
    eases: Sequence[str]

    def at(self, seconds: float, slack: float = 0) -> np.ndarray:
        """Returns the value at a moment, float [C].

        Args:
            seconds: since the first frame.
            slack: seconds by which a moment may be early and still counts as
                that of a keyframe.
        """
        place = int(np.searchsorted(self.times, seconds + slack, "right")) - 1
        if place < 0 or place == len(self.times) - 1:
            return self.values[max(place, 0)]
        start, stop = self.times[place : place + 2]
        share = min(1.0, max(0.0, (seconds - start) / (stop - start)))
        share = _EASINGS[self.eases[place]](share)
        before, after = self.values[place : place + 2]
        return before * (1 - share) + after * share


class Keyframes:
    """Blends and settings at moments, and what lies between them.

    Each thing that keyframes set goes its own course, between those that set
    it; the breadth of strokes by its logarithm. `stability` does not drift: it
    is that of the last keyframe that sets it.

    Args:
        courses: dict from "style_weights", whose values are [N] of sum 1, or
            the name of a setting, see `keyframe_specs.KeyframeSpec`, to its
            `Course`.
        slack: see `Course.at`.
    """

    def __init__(
        self, courses: Mapping[str, Course], *, slack: float = 0
    ) -> None:
        self._courses = dict(courses)
        self._slack = slack

    @classmethod
    def constant(cls, weights: np.ndarray) -> Self:
        """Returns keyframes of one blend [N] that never changes."""
        return cls({_WEIGHTS: _constant(weights)})

    @classmethod
    def parse(
        cls, text: str, style_names: Sequence[str], clock: Clock | None = None
    ) -> Self:
        """Reads "0s:starry_night=1; 5s:great_wave=0.5,udnie=0.5 smooth".

        Args:
            text: keyframes, or the path of a file of such, see
                `keyframe_specs.read_specs`.
            style_names: list of the N names of the network.
            clock: how the film counts time; None knows seconds alone.

        Raises:
            InputError: for a keyframe of another form, times that do not
                rise, and what `style_weights` refuses.
        """
        clock = clock or Clock()
        found: dict[str, list[tuple[float, np.ndarray, str]]] = {}
        last = None
        for spec in read_specs(text):
            time = clock.seconds(spec.at)
            if last is not None and time <= last:
                raise InputError(
                    f"Keyframes come in the order of their times: `{time:g}s` "
                    f"does not lie after `{last:g}s`."
                )
            last = time
            values: dict[str, np.ndarray] = {}
            if spec.blend is not None:
                values[_WEIGHTS] = _read_blend(spec.blend, style_names)
            for name, number in spec.settings.items():
                if name.startswith(f"{MASK}."):
                    one_hot(name.partition(".")[2], style_names)
                values[name] = np.array([number])
            for name, value in values.items():
                ease = "hold" if name == _STEPPED else spec.ease
                found.setdefault(name, []).append((time, value, ease))
        courses = {}
        for name, keys in found.items():
            times, rows, eases = zip(*keys, strict=True)
            courses[name] = Course(times, np.stack(rows), eases)
        return cls(courses, slack=clock.slack)

    def with_weights(self, weights: np.ndarray) -> Self:
        """Returns keyframes of the same settings, and of one blend [N]."""
        courses = {**self._courses, _WEIGHTS: _constant(weights)}
        return type(self)(courses, slack=self._slack)

    @property
    def settings(self) -> list[str]:
        """What they set besides blends: names of settings."""
        return [name for name in self._courses if name != _WEIGHTS]

    @property
    def has_weights(self) -> bool:
        """Whether they say in which styles the film is painted."""
        return _WEIGHTS in self._courses

    def at(self, seconds: float) -> np.ndarray:
        """Returns the weights at a moment of the film.

        Args:
            seconds: since the first frame.

        Returns:
            float32 array [N] of sum 1.
        """
        weights = self._courses[_WEIGHTS].at(seconds, self._slack)
        return weights.astype(np.float32)

    def setting(self, name: str, seconds: float, default: float) -> float:
        """Returns a setting at a moment, `default` where none sets it."""
        course = self._courses.get(name)
        if course is None:
            return default
        if name == _BREADTH:
            course = course._replace(values=np.log(course.values))
            return float(np.exp(course.at(seconds, self._slack)[0]))
        return float(course.at(seconds, self._slack)[0])

    def blends(self, num_styles: int) -> np.ndarray:
        """Returns the weights at the keyframes, float [K, N], K from 0."""
        if not self.has_weights:
            return np.empty((0, num_styles))
        return self._courses[_WEIGHTS].values

    def values(self, name: str) -> list[float]:
        """Returns what a setting is at its keyframes, in order."""
        course = self._courses.get(name)
        return [] if course is None else course.values[:, 0].tolist()

    def describe(
        self, style_names: Sequence[str]
    ) -> dict[str, dict[str, float]]:
        """Returns the blends, for JSON: "5s" -> {style name: weight}."""
        if not self.has_weights:
            return {}
        course = self._courses[_WEIGHTS]
        return {
            _name(time): weights_dict(row, style_names)
            for time, row in zip(course.times, course.values, strict=True)
        }

    def describe_settings(self) -> dict[str, dict[str, Any]]:
        """Returns the rest, for JSON: "5s" -> {setting: number}.

        An easing stands there, as "ease", where it is not linear.
        """
        described: dict[float, dict[str, Any]] = {}
        for name, course in self._courses.items():
            for time, row, ease in zip(*course, strict=True):
                keyframe = described.setdefault(time, {})
                if name != _WEIGHTS:
                    keyframe[name] = float(row[0])
                if ease != "linear" and name != _STEPPED:
                    keyframe["ease"] = ease
        return {
            _name(time): keyframe
            for time, keyframe in sorted(described.items())
            if keyframe
        }


def _constant(weights):
    return Course([0], weights[None], ["linear"])


def _read_blend(blend, style_names):
    weights = style_weights(blend, style_names)
    if weights.ndim != 1:
        raise InputError("A keyframe has one blend, not a map of blends.")
    return weights.astype(np.float64)


def _name(time):
    return f"{time:.12g}s"
