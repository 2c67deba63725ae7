"""The painter of a film: its frames one after another, with calm moments."""

import numpy as np

from multistyle.images.values import to_float

# Frames from one measuring of the moments to the next.
MEASURE_EVERY = 8
# Frames in which the moments follow what was measured, at stability 1.
_SLOWEST = 7


class Painter:
    """Paints frame after frame; moments follow the film slowly.

    The statistics that the network normalises by jump a little from frame to
    frame, and the whole picture with them. Here they are measured now and
    then and approached step by step. At a cut, and while the blend of styles
    changes, a frame has its own.

    Args:
        engine: what `inference.engines.loading` describes.
        stability: float in [0, 1]; 0 gives each frame its own moments.
    """

    def __init__(self, engine, stability):
        self._engine = engine
        self._is_calm = stability > 0
        self._rate = np.float32(1 / (1 + stability * (_SLOWEST - 1)))
        self._weights = None
        self._age = 0
        self._moments = self._goal = None

    def paint(self, frame, weights, is_cut):
        """Paints the next frame.

        Args:
            frame: uint8 [H, W, 3].
            weights: float32 [N], of sum 1.
            is_cut: bool, whether it has little of the frame before.

        Returns:
            float32 [H, W, 3] in [0, 1].
        """
        if not self._is_calm:
            return self._engine.paint(to_float(frame), weights)
        if is_cut or not np.array_equal(weights, self._weights):
            picture, self._moments = self._measure(frame, weights)
            self._goal, self._weights, self._age = self._moments, weights, 0
            return picture
        self._age += 1
        if self._age == MEASURE_EVERY:
            _, self._goal = self._measure(frame, weights)
            self._age = 0
        self._moments = {
            layer: tuple(
                now + self._rate * (goal - now)
                for now, goal in zip(pair, self._goal[layer], strict=True)
            )
            for layer, pair in self._moments.items()
        }
        return self._engine.paint(to_float(frame), weights, self._moments)

    def _measure(self, frame, weights):
        """Returns a frame painted by its own moments, and these."""
        return self._engine.paint(to_float(frame), weights, return_moments=True)

    def state(self):
        """Returns what the next frame depends on, a dict of arrays."""
        if self._moments is None:
            return {}
        state = {"weights": self._weights, "moments_age": np.array(self._age)}
        for kind in ("moments", "goal"):
            for layer, pair in getattr(self, f"_{kind}").items():
                state[f"{kind}/{layer}"] = np.stack(pair)
        return state

    def restore(self, state):
        """Goes on from what `state` gave."""
        if "weights" not in state:
            return
        self._weights, self._age = state["weights"], int(state["moments_age"])
        for kind in ("moments", "goal"):
            prefix = f"{kind}/"
            moments = {
                name.removeprefix(prefix): tuple(pair)
                for name, pair in state.items()
                if name.startswith(prefix)
            }
            setattr(self, f"_{kind}", moments)
