"""Colours: the CIELAB space, and mixing a picture with its photograph."""

import numpy as np

from multistyle.errors import InputError
from multistyle.images.values import to_float, to_uint8

KEEP_COLORS = ("none", "luminance", "histogram")
# What a distribution is measured on: at most about so many pixels, and knots.
NUM_SAMPLES = 250_000
NUM_KNOTS = 257
# No colour difference becomes larger than by this factor in the linear map;
# the curves count distributions as wider by this share of the target's, so
# that what is nearly flat is not torn apart.
MAX_GAIN = 4
SOFTNESS = 0.25

# Linear sRGB to CIE XYZ under D65, IEC 61966-2-1; its rows sum to the white.
_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_WHITE = _XYZ.sum(axis=1)
_FROM_RGB = (_XYZ / _WHITE[:, None]).T.astype(np.float32)
_TO_RGB = np.linalg.inv(_XYZ / _WHITE[:, None]).T.astype(np.float32)
# L* = 116 f(y) - 16, a* = 500 (f(x) - f(y)), b* = 200 (f(y) - f(z)).
_LAB = np.array([[0, 116, 0], [500, -500, 0], [0, 200, -200]])
_FROM_CURVE = _LAB.T.astype(np.float32)
_TO_CURVE = np.linalg.inv(_LAB).T.astype(np.float32)
_OFFSET = np.array([16, 0, 0], np.float32)
# The cube root is a straight line below this, CIE 15.
_KNEE = 6 / 29


def rgb_to_lab(image):
    """Converts sRGB to CIELAB under the white of D65.

    Args:
        image: float array [..., 3] in [0, 1], with sRGB's transfer curve.

    Returns:
        float32 array [..., 3]: L* in [0, 100], a* and b* about in [-110, 110].

    Reference:
        CIE 15:2018; IEC 61966-2-1.
    """
    image = np.asarray(image, np.float32)
    linear = np.where(
        image <= 0.04045, image / 12.92, ((image + 0.055) / 1.055) ** 2.4
    )
    xyz = linear @ _FROM_RGB
    curved = np.where(
        xyz > _KNEE**3, np.cbrt(xyz), xyz / (3 * _KNEE**2) + 4 / 29
    )
    return curved @ _FROM_CURVE - _OFFSET


def lab_to_rgb(lab):
    """Converts CIELAB to sRGB; colours that sRGB cannot show are clipped.

    Args:
        lab: float array [..., 3], as `rgb_to_lab` gives.

    Returns:
        float32 array [..., 3] in [0, 1], each channel clipped by itself.
    """
    curved = (np.asarray(lab, np.float32) + _OFFSET) @ _TO_CURVE
    xyz = np.where(curved > _KNEE, curved**3, 3 * _KNEE**2 * (curved - 4 / 29))
    linear = (xyz @ _TO_RGB).clip(0, 1)
    return np.where(
        linear <= 0.0031308,
        linear * 12.92,
        1.055 * linear ** (1 / 2.4) - 0.055,
    ).clip(0, 1)


def keep_colors(photograph, stylized, mode, transfer=None):
    """Gives a stylized image the colours of its photograph.

    Args:
        photograph: float array [H, W, 3] in [0, 1].
        stylized: float array [H, W, 3] in [0, 1].
        mode: one of `KEEP_COLORS`. "none" changes nothing; "luminance" takes
            L* from `stylized`, and a* and b* from `photograph`; "histogram"
            puts the photograph's distribution of colours onto `stylized`.
        transfer: the `ColorTransfer` of the whole picture, where these are
            parts of it; None measures it on these. Only for "histogram".

    Returns:
        float32 array [H, W, 3] in [0, 1].

    Raises:
        InputError: if `mode` is another.
        ValueError: if the two sizes differ; the message names both.

    Reference:
        Gatys et al., 2016, "Preserving Color in Neural Artistic Style
        Transfer", section 4; there in YIQ.
    """
    if mode not in KEEP_COLORS:
        raise InputError(
            f"`{mode}` is no way to keep colours: use one of "
            f"{', '.join(KEEP_COLORS)}."
        )
    _check_sizes(photograph, stylized)
    if mode == "none":
        return np.asarray(stylized, np.float32)
    if mode == "histogram":
        if transfer is None:
            transfer = ColorTransfer(stylized, photograph)
        return transfer(stylized)
    lab = rgb_to_lab(photograph)
    lab[..., 0] = rgb_to_lab(stylized)[..., 0]
    return lab_to_rgb(lab)


class ColorTransfer:
    """Puts the colour distribution of one picture onto another.

    In CIELAB, a linear map first brings mean and covariance to the target's
    (the Monge-Kantorovich one, which moves colours least), then a rising
    curve for each axis its histogram. The map alone, tried, drives bright
    places out of the gamut; curves alone lose the hues. All is measured once
    and then applies to any part of the picture.

    Args:
        source: float array [..., 3] in [0, 1], colours as they are.
        target: float array [..., 3] in [0, 1], colours as they shall be;
            another number of them will do.
        source_weights, target_weights: None, or [...], how much each pixel
            counts, 0 or more; where all are 0, every pixel counts alike.

    Reference:
        Pitie and Kokaram, 2007, "The Linear Monge-Kantorovitch Linear Colour
        Mapping for Example-Based Colour Transfer"; Gatys et al., 2016,
        "Preserving Color in Neural Artistic Style Transfer", section 3.
    """

    def __init__(
        self, source, target, source_weights=None, target_weights=None
    ):
        source, source_weights = _sample(source, source_weights)
        target, target_weights = _sample(target, target_weights)
        self._mean, covariance = _moments(source, source_weights)
        self._target_mean, wanted = _moments(target, target_weights)
        # A flat picture's has no inverse.
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

    def __call__(self, image):
        """Moves the colours of float [..., 3] in [0, 1]; float32 likewise."""
        lab = self._move(rgb_to_lab(image))
        for axis, (knots, values) in enumerate(self._curves):
            lab[..., axis] = np.interp(lab[..., axis], knots, values)
        return lab_to_rgb(lab)

    def _move(self, lab):
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
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(values.clip(0))) @ vectors.T


def _quantiles(values, weights):
    order = np.argsort(values)
    weights = weights[order]
    shares = (np.cumsum(weights) - weights / 2) / weights.sum()
    return np.interp(np.linspace(0, 1, NUM_KNOTS), shares, values[order])


def blend_pixels(photograph, stylized, strength):
    """Mixes a photograph and its stylized image, pixel by pixel.

    Args:
        photograph: [H, W, C], uint8, or float in [0, 1].
        stylized: [H, W, C], of the same kind.
        strength: number, or array [H, W] or [1, 1]; 0 gives exactly
            `photograph`, 1 exactly `stylized`.

    Returns:
        [H, W, C], uint8 if both are, otherwise float32 in [0, 1].

    Raises:
        InputError: if a strength is not in [0, 1].
        ValueError: if the two sizes differ; the message names both.
    """
    check_strength(strength)
    _check_sizes(photograph, stylized)
    first, second = to_float(photograph), to_float(stylized)
    strength = np.asarray(strength, np.float32)
    if strength.ndim == 2:
        strength = strength[..., None]
    # In this form both ends are exact; `first + s * (second - first)` is not.
    mixed = first * (1 - strength) + second * strength
    if photograph.dtype == stylized.dtype == np.uint8:
        return to_uint8(mixed)
    return mixed


def check_strength(strength):
    """Raises InputError if a number, or one of an array, is not in [0, 1]."""
    values = np.asarray(strength)
    # Written so that NaN fails, too.
    wrong = values[~((values >= 0) & (values <= 1))]
    if wrong.size:
        raise InputError(f"`{wrong.flat[0]}` is no strength: use 0 to 1.")


def _check_sizes(photograph, stylized):
    if photograph.shape != stylized.shape:
        raise ValueError(
            "The photograph and the stylized image must have one size, but "
            f"they are {photograph.shape} and {stylized.shape}."
        )
