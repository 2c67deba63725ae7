"""The painter of a film: its frames one after another, with calm moments."""

import keras
import numpy as np

# Frames from one measuring of the moments to the next.
MEASURE_EVERY = 8
# Frames in which the moments follow what was measured, at stability 1.
_SLOWEST = 7


class NetworkPaint:
    """One frame by the network, compiled by the backend.

    Args:
        network: a `TransformNetwork`.

    Call arguments:
        frame: uint8 [H, W, 3], H, W >= 8.
        weights: float32 [N], of sum 1.
        moments: None, to measure the frame's own, or what this returned.

    Returns:
        The pair of float32 [H, W, 3] in [0, 1], and the moments that it was
        normalised by: dict layer name -> (mean, variance), each float32
        [1, 1, 1, C].
    """

    def __init__(self, network):
        self._measure = _MeasuringCall(network)
        self._paint = _GivenCall(network)

    def __call__(self, frame, weights, moments=None):
        inputs = {
            "image": frame[None] / np.float32(255),
            "style_weights": weights[None, None, None],
        }
        if moments is None:
            picture, moments = self._measure.predict_on_batch(inputs)
        else:
            inputs["moments"] = moments
            picture = self._paint.predict_on_batch(inputs)
        return np.asarray(picture[0], np.float32), moments


class Painter:
    """Paints frame after frame; moments follow the film slowly.

    The statistics that the network normalises by jump a little from frame to
    frame, and the whole picture with them. Here they are measured now and
    then and approached step by step. At a cut, and while the blend of styles
    changes, a frame has its own.

    Args:
        paint: function (frame, weights, moments) -> (picture, moments), as
            `NetworkPaint`.
        stability: float in [0, 1]; 0 gives each frame its own moments.
    """

    def __init__(self, paint, stability):
        self._paint = paint
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
            return self._paint(frame, weights)[0]
        if is_cut or not np.array_equal(weights, self._weights):
            picture, self._moments = self._paint(frame, weights)
            self._goal, self._weights, self._age = self._moments, weights, 0
            return picture
        self._age += 1
        if self._age == MEASURE_EVERY:
            _, self._goal = self._paint(frame, weights)
            self._age = 0
        self._moments = keras.tree.map_structure(
            lambda now, goal: now + self._rate * (goal - now),
            self._moments,
            self._goal,
        )
        return self._paint(frame, weights, self._moments)[0]

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


class _MeasuringCall(keras.Model):
    def __init__(self, network):
        super().__init__(name="measuring_call")
        self.network = network

    def call(self, inputs):
        return self.network.measure(inputs)


class _GivenCall(keras.Model):
    def __init__(self, network):
        super().__init__(name="given_call")
        self.network = network

    def call(self, inputs):
        return self.network(
            {name: inputs[name] for name in ("image", "style_weights")},
            moments=inputs["moments"],
        )
