"""Ways: how the losses move from one style to another, blend by blend."""

from collections.abc import Callable
from typing import Any

import numpy as np

from multistyle.evaluation.judge import Judge, View, total_loss

# Blends of a way, both ends among them.
NUM_POINTS = 11
LOSSES_AT_POINTS = ("content", "first_style", "second_style", "total")


class WayMeter:
    """Measures the ways between styles, on one photograph.

    Args:
        judge: a `Judge` of N paintings.
        paint: function of a photograph, float32 [H, W, 3] in [0, 1], and
            weights [N] in the judge's order; it returns a picture of the same
            size.
        photograph: float32 [H, W, 3] in [0, 1].
    """

    def __init__(
        self,
        judge: Judge,
        paint: Callable[[np.ndarray, np.ndarray], np.ndarray],
        photograph: np.ndarray,
    ) -> None:
        self._judge = judge
        self._paint = paint
        self._photograph = photograph
        self._own = judge.view(photograph)
        self._ends: dict[int, View] = {}

    def measure(self, first: int, second: int) -> np.ndarray:
        """Measures the way from one style to another, at eleven points.

        The total is content + 6 style, where the style's target is the blend
        of the two Gram matrices in the weights of the point. By either
        painting alone every point between would be worse than an end.

        Args:
            first, second: indices of the styles.

        Returns:
            float64 [11, 4]: `LOSSES_AT_POINTS` at each point of the way.
        """
        weights = pair_weights(first, second, self._judge.num_styles)
        points = []
        for number, row in enumerate(weights):
            end = {0: first, NUM_POINTS - 1: second}.get(number)
            view = self._view(row, end)
            content = self._judge.content(view, self._own)
            targets = np.stack([weights[0], weights[-1], row])
            style = self._judge.style(view, targets)
            total = total_loss(content, style[2])
            points.append((content, style[0], style[1], total))
        return np.array(points)

    def _view(self, weights: np.ndarray, end: int | None) -> View:
        """Looks at a blend; ends are painted once for all their ways."""
        if end in self._ends:
            return self._ends[end]
        view = self._judge.view(self._paint(self._photograph, weights))
        if end is not None:
            self._ends[end] = view
        return view


def pair_weights(first: int, second: int, num_styles: int) -> np.ndarray:
    """Returns the weights [11, N] on the way from one style to another."""
    share = np.linspace(0, 1, NUM_POINTS)
    weights = np.zeros((NUM_POINTS, num_styles), np.float32)
    weights[:, first] = 1 - share
    weights[:, second] = share
    return weights


def compare_with_ends(totals: list[float]) -> dict[str, Any]:
    """Says how the points of a way compare with its ends.

    Args:
        totals: list of the total at each of the eleven points.

    Returns:
        Dict "worse_steps", the numbers from 1 to 9 of the points that are
        worse than both ends, and "worst_ratio", the largest total between
        over that of the worse end.
    """
    limit = max(totals[0], totals[-1])
    between = range(1, NUM_POINTS - 1)
    return {
        "worse_steps": [point for point in between if totals[point] > limit],
        "worst_ratio": max(totals[point] for point in between) / limit,
    }
