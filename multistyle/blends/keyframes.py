"""Keyframes: a blend of styles for every moment of a film."""

import re
from collections.abc import Sequence

import numpy as np

from multistyle.blends.weights import style_weights, weights_dict
from multistyle.errors import InputError

_TIME = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*s?\s*")
_FORM = "`0s:starry_night=1; 5s:great_wave=0.5,udnie=0.5`"


class Keyframes:
    """Blends at moments, and between them piecewise linearly.

    Before the first keyframe its blend holds, and after the last one that.

    Args:
        times: list of K seconds, rising.
        weights: float array [K, N], each row of sum 1.
    """

    def __init__(
        self, times: Sequence[float], weights: Sequence[np.ndarray]
    ) -> None:
        self.times = np.asarray(times, np.float64)
        self.weights = np.asarray(weights, np.float32)

    @classmethod
    def constant(cls, weights: np.ndarray) -> "Keyframes":
        """Returns keyframes of one blend [N] that never changes."""
        return cls([0], [weights])

    @classmethod
    def parse(cls, text: str, style_names: Sequence[str]) -> "Keyframes":
        """Reads "0s:starry_night=1; 5s:great_wave=0.5,udnie=0.5".

        Args:
            text: keyframes with semicolons between them: seconds, a colon,
                and a blend as `blends.weights.style_weights` reads it.
            style_names: list of the N names of the network.

        Returns:
            `Keyframes`.

        Raises:
            InputError: for a keyframe of another form, times that do not
                rise, and what `style_weights` refuses.
        """
        times: list[float] = []
        weights = []
        pieces = [piece for piece in text.split(";") if piece.strip()]
        if not pieces:
            raise InputError(f"Keyframes are given as {_FORM}; got `{text}`.")
        for piece in pieces:
            time, colon, blend = piece.partition(":")
            match = _TIME.fullmatch(time)
            if not (match and colon):
                raise InputError(
                    f"A keyframe is seconds, a colon and a blend, as in "
                    f"{_FORM}; got `{piece.strip()}`."
                )
            seconds = float(match[1])
            if times and seconds <= times[-1]:
                raise InputError(
                    f"Keyframes come in the order of their times: `{seconds:g}"
                    f"s` does not lie after `{times[-1]:g}s`."
                )
            times.append(seconds)
            weights.append(style_weights(blend.strip(), style_names))
        return cls(times, weights)

    def at(self, seconds: float) -> np.ndarray:
        """Returns the weights at a moment of the film.

        Args:
            seconds: since the first frame.

        Returns:
            float32 array [N] of sum 1.
        """
        blend = [
            np.interp(seconds, self.times, column) for column in self.weights.T
        ]
        return np.array(blend, np.float32)

    def describe(
        self, style_names: Sequence[str]
    ) -> dict[str, dict[str, float]]:
        """Returns them as a dict for JSON: "5s" -> {style name: weight}."""
        return {
            f"{time:.12g}s": weights_dict(row, style_names)
            for time, row in zip(self.times, self.weights, strict=True)
        }
