"""Blends: how the losses move on the way from one style to another."""

import numpy as np

from multistyle.evaluation.judge import total_loss

NUM_STEPS = 10
TERMS = ("content", "first_style", "second_style", "total")


class BlendMeter:
    """Measures the ways between styles, on one photograph.

    Args:
        judge: a `Judge` of N paintings.
        paint: function of a photograph, float32 [H, W, 3] in [0, 1], and
            weights [N] in the judge's order, to a picture of the same size.
        photograph: float32 [H, W, 3] in [0, 1].
    """

    def __init__(self, judge, paint, photograph):
        self._judge = judge
        self._paint = paint
        self._photograph = photograph
        self._own = judge.view(photograph)
        self._ends = {}

    def measure(self, first, second):
        """Measures the way from one style to another, in ten steps.

        The total is content + 6 style, where the style's target is the blend
        of the two Gram matrices in the weights of the step. By either
        painting alone every step between would be worse than an end.

        Args:
            first, second: indices of the styles.

        Returns:
            float64 [11, 4]: `TERMS` at each point of the way.
        """
        weights = pair_weights(first, second, self._judge.num_styles)
        points = []
        for step, row in enumerate(weights):
            end = {0: first, NUM_STEPS: second}.get(step)
            view = self._view(row, end)
            content = self._judge.content(view, self._own)
            targets = np.stack([weights[0], weights[-1], row])
            style = self._judge.style(view, targets)
            total = total_loss(content, style[2])
            points.append((content, style[0], style[1], total))
        return np.array(points)

    def _view(self, weights, end):
        """Looks at a blend; ends are painted once for all their ways."""
        if end in self._ends:
            return self._ends[end]
        view = self._judge.view(self._paint(self._photograph, weights))
        if end is not None:
            self._ends[end] = view
        return view


def pair_weights(first, second, num_styles):
    """Returns the weights [11, N] on the way from one style to another."""
    share = np.linspace(0, 1, NUM_STEPS + 1)
    weights = np.zeros((NUM_STEPS + 1, num_styles), np.float32)
    weights[:, first] = 1 - share
    weights[:, second] = share
    return weights


def compare_with_ends(totals):
    """Says how the steps of a way compare with its ends.

    Args:
        totals: list of the total at each of the eleven points.

    Returns:
        Dict "worse_steps", the steps from 1 to 9 that are worse than both
        ends, and "worst_ratio", the largest total between over that of the
        worse end.
    """
    limit = max(totals[0], totals[-1])
    between = range(1, NUM_STEPS)
    return {
        "worse_steps": [step for step in between if totals[step] > limit],
        "worst_ratio": max(totals[step] for step in between) / limit,
    }
