"""Keys that choose what is painted, while it is painted."""

from collections.abc import Callable

import numpy as np

from multistyle.blends.weights import one_hot

# By how much a key moves a slider, and how many steps are drawn of one.
_STEP = 0.1
_BAR = 10


class StyleKeys:
    """Keys that choose the blend which is painted.

    A slider is a style's share of the blend: as it moves, the others keep
    their proportions.

    Args:
        weights: float32 [N], the blend to begin with.
        style_names: list of the N names.
        say: function of a line of text; it is told which style was chosen.

    Attributes:
        weights: float32 [N], the blend of now.
        is_over: bool, whether the key of the end was pressed.
        is_recording: bool, whether it is to be recorded.
    """

    HELP = (
        "1 to 9 a style, n the next, p the one before, left and right a "
        "slider, up and down its share, r records, q the end"
    )

    def __init__(
        self,
        weights: np.ndarray,
        style_names: list[str],
        say: Callable[[str], None],
    ):
        self.weights = weights
        self.is_over = False
        self.is_recording = False
        self._names = style_names
        self._index = int(np.argmax(weights))
        self._say = say

    def at(self, seconds: float) -> np.ndarray:
        """Returns the weights of now, whatever the time in the film is."""
        return self.weights

    def press(self, key: str | None) -> None:
        """Takes a key, or None where none was pressed.

        A key that means nothing does nothing.
        """
        if key == "q":
            self.is_over = True
        elif key == "r":
            self.is_recording = not self.is_recording
        elif key in ("n", "p"):
            self._choose(self._index + (1 if key == "n" else -1))
        elif key in ("left", "right"):
            step = 1 if key == "right" else -1
            self._index = (self._index + step) % len(self._names)
        elif key in ("up", "down"):
            self._slide(_STEP if key == "up" else -_STEP)
        elif key and key in "123456789" and int(key) <= len(self._names):
            self._choose(int(key) - 1)

    def sliders(self) -> str:
        """Returns a line of text for each style of the blend, and the slider.

        As "> udnie  ███·······  30 %", with the slider that keys move marked.
        """
        lines = []
        width = max(map(len, self._names))
        for index, (name, weight) in enumerate(
            zip(self._names, self.weights, strict=True)
        ):
            is_chosen = index == self._index
            if not is_chosen and weight < 0.005:
                continue
            steps = round(float(weight) * _BAR)
            bar = "█" * steps + "·" * (_BAR - steps)
            lines.append(
                f"{'>' if is_chosen else ' '} {name:<{width}}  {bar} "
                f"{100 * weight:3.0f} %"
            )
        return "\n".join(lines)

    def _choose(self, index):
        self._index = index % len(self._names)
        name = self._names[self._index]
        self.weights = one_hot(name, self._names)
        self._say(f"Style: {name}.")

    def _slide(self, step):
        share = float(self.weights[self._index])
        others = self.weights.copy()
        others[self._index] = 0
        rest = float(others.sum())
        if rest <= 0:  # Alone it is all there is.
            return
        new = min(1, max(0, round(share + step, 6)))
        self.weights = np.float32(others * ((1 - new) / rest))
        self.weights[self._index] = new
