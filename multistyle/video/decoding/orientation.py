"""How a film lies: turned and mirrored by its display matrix."""

import math
from typing import Any, NamedTuple

import numpy as np

_DISPLAY_MATRIX = "DISPLAYMATRIX"


class Orientation(NamedTuple):
    """One of the eight ways in which a stored picture can lie.

    Attributes:
        swaps_axes: bool, whether rows become columns; this comes first.
        flips_rows: bool, whether the top comes to the bottom.
        flips_columns: bool, whether the left comes to the right.
    """

    swaps_axes: bool = False
    flips_rows: bool = False
    flips_columns: bool = False

    @property
    def is_mirrored(self) -> bool:
        """Whether it cannot be reached by turning alone."""
        return sum(self) % 2 == 1

    def apply(self, pixels: np.ndarray) -> np.ndarray:
        """Puts a stored picture upright and the right way round.

        Args:
            pixels: array [H, W] or [H, W, C].

        Returns:
            An array of the same dtype, [H, W, ...], or [W, H, ...] where the
            axes are swapped.
        """
        if self.swaps_axes:
            pixels = pixels.swapaxes(0, 1)
        if self.flips_rows:
            pixels = pixels[::-1]
        if self.flips_columns:
            pixels = pixels[:, ::-1]
        return np.ascontiguousarray(pixels)


def read_orientation(frame: Any) -> Orientation:
    """Reads how the frames of a film lie.

    Args:
        frame: PyAV's `VideoFrame`, decoded.

    Returns:
        An `Orientation`, for a matrix of another angle the nearest one.
    """
    try:
        matrix = np.frombuffer(bytes(frame.side_data[_DISPLAY_MATRIX]), "i4")
    except KeyError:
        return Orientation()
    except ValueError:
        # Beside it lies what FFmpeg knows and PyAV does not, such as EXIF
        # data; PyAV still tells by how much a picture is turned.
        turn = math.radians(-frame.rotation)
        cosine, sine = round(math.cos(turn)), round(math.sin(turn))
        matrix = np.array([cosine, sine, 0, -sine, cosine])
    return orientation_of(matrix)


def orientation_of(matrix: np.ndarray) -> Orientation:
    """Returns the orientation that a display matrix stands for.

    Args:
        matrix: int32 [9], (a, b, u, c, d, v, x, y, w): what is stored at
            column p and row q is shown at column a p + c q + x and row
            b p + d q + y, as libavutil/display.h says.
    """
    a, b, _, c, d = (int(value) for value in matrix[:5])
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return Orientation(False, d < 0, a < 0)
    return Orientation(True, b < 0, c < 0)
