"""CIELAB, in which equal distances look about equally far apart."""

import numpy as np

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
# The cube root f is a straight line below this, CIE 15.
_KNEE = 6 / 29


def rgb_to_lab(image: np.ndarray) -> np.ndarray:
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


def lab_to_rgb(lab: np.ndarray) -> np.ndarray:
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
