"""Giving one picture the colours of another."""

import numpy as np

from multistyle.images.lab import lab_to_rgb, rgb_to_lab

# A picture's colours are measured on at most about so many of its pixels.
NUM_SAMPLES = 250_000
# The points between which a curve is straight.
NUM_KNOTS = 257
# The linear map makes no difference between colours larger than by this.
MAX_GAIN = 4
# For the curves, both pictures count as more varied than they are, by this
# share of the target's spread. Otherwise a picture that is nearly flat would
# have its noise torn apart.
SOFTNESS = 0.25


class ColorTransfer:
    """Gives pictures the colours of a target, as measured on a source.

    It works in CIELAB, in two steps. A linear map brings the mean and the
    covariance of the source to those of the target; of all such maps it is
    the one that changes colours least. Then a rising curve for each of the
    three axes brings its histogram to the target's. Both steps are needed:
    the map alone drives bright places out of what sRGB can show, the curves
    alone lose the hues.

    The source is measured once. The transfer then applies to the source or to
    any part of it.

    Args:
        source: float array [..., 3] in [0, 1], the colours to change.
        target: float array [..., 3] in [0, 1], the colours to arrive at; as
            many as one likes.
        source_weights: [...], how much each pixel of `source` counts, 0 or
            more; None is all alike, and so are zeros alone.
        target_weights: the same of `target`.

    Reference:
        Pitie and Kokaram, 2007, "The Linear Monge-Kantorovitch Linear Colour
        Mapping for Example-Based Colour Transfer"; Gatys et al., 2016,
        "Preserving Color in Neural Artistic Style Transfer", section 3.
    """

    def __init__(
        self,
        source: np.ndarray,
        target: np.ndarray,
        *,
        source_weights: np.ndarray | None = None,
        target_weights: np.ndarray | None = None,
    ) -> None:
        source, source_weights = _sample(source, source_weights)
        target, target_weights = _sample(target, target_weights)
        self._mean, covariance = _moments(source, source_weights)
        self._target_mean, wanted = _moments(target, target_weights)
        # The covariance of a flat picture has no inverse.
        root = _root(covariance + 0.01 * np.eye(3))
        inverse = np.linalg.inv(root)
        gains, axes = np.linalg.eigh(
            inverse @ _root(root @ wanted @ root) @ inverse
        )
        self._matrix = (axes * gains.clip(0, MAX_GAIN)) @ axes.T
        moved = self._move(source)
        spread = SOFTNESS * np.linspace(-1, 1, NUM_KNOTS)
        self._curves = [
            (
                _quantiles(moved[:, axis], source_weights) + spread * deviation,
                _quantiles(target[:, axis], target_weights)
                + spread * deviation,
            )
            for axis, deviation in enumerate(np.sqrt(wanted.diagonal()))
        ]

    def __call__(self, image: np.ndarray) -> np.ndarray:
        """Changes the colours of float [..., 3] in [0, 1].

        Returns:
            float32 of the same shape, in [0, 1].
        """
        lab = self._move(rgb_to_lab(image))
        for axis, (knots, values) in enumerate(self._curves):
            lab[..., axis] = np.interp(lab[..., axis], knots, values)
        return lab_to_rgb(lab)

    def _move(self, lab):
        """Applies the linear map to CIELAB [..., 3]."""
        matrix = self._matrix.astype(np.float32)
        shift = self._target_mean - self._mean @ self._matrix
        return lab @ matrix + shift.astype(np.float32)


def _sample(image, weights):
    """Returns CIELAB colours [n, 3] and weights [n] of pixels that count."""
    colors = np.reshape(image, (-1, 3))
    if weights is None:
        weights = np.ones(len(colors))
    # The step is odd, so that it does not keep to columns of even widths.
    step = len(colors) // NUM_SAMPLES | 1
    weights = np.ravel(weights)[::step].astype(np.float64)
    colors = rgb_to_lab(colors[::step])
    if not weights.any():
        return colors, np.ones(len(colors))
    return colors[weights > 0], weights[weights > 0]


def _moments(lab, weights):
    """Returns mean [3] and covariance [3, 3], in float64."""
    mean = np.average(lab, axis=0, weights=weights)
    centred = lab - mean
    covariance = (centred * weights[:, None]).T @ centred / weights.sum()
    return mean, covariance


def _root(matrix):
    """Returns the square root of a symmetric matrix without negative values."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(values.clip(0))) @ vectors.T


def _quantiles(values, weights):
    """Returns the values below which even shares of the weights lie."""
    order = np.argsort(values)
    weights = weights[order]
    shares = (np.cumsum(weights) - weights / 2) / weights.sum()
    return np.interp(np.linspace(0, 1, NUM_KNOTS), shares, values[order])
