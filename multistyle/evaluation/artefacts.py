"""Artefacts as numbers: what an eye at full size objects to.

Each function measures one artefact of one picture, and returns little where
there is none. Photographs and paintings have values of their own, which are
the scale: the dots of a painter are no artefact.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from multistyle.evaluation.patterns import lattice_energy, weave

# A place of the photograph is flat if it varies by less than this around it.
FLAT_SIZE = 9
FLAT_DEVIATION = 0.03
# A dot is shorter than this in every direction, and at least so strong.
DOT_SIZE = 5
DOT_STRENGTH = 0.1

FRAME = 4
SEGMENT = 32
NUM_INNER_FRAMES = 8
# Added to both sides of a quotient: a quarter of one step of 8 bits.
_FAINT = 1 / 255 / 4

FLAT_COLORS = {
    "black": (0, 0, 0),
    "grey": (128, 128, 128),
    "white": (255, 255, 255),
    "red": (176, 48, 40),
    "blue": (96, 144, 208),
}
FLAT_PICTURE_SIZE = 128
FLAT_MARGIN = 24


class Flatness(NamedTuple):
    """What became of a flat picture, away from its border."""

    deviation: float
    lattice: float


def measure(
    image: np.ndarray, photograph: np.ndarray | None = None
) -> dict[str, float]:
    """Measures every artefact of one picture.

    Args:
        image: float [H, W, 3] in [0, 1]; H, W >= 48.
        photograph: see `dots`.

    Returns:
        Dict name -> float: "lattice_2", "lattice_4", "weave", "dots",
        "border" and "saturated".
    """
    lattice = lattice_energy(image)
    return {
        "lattice_2": lattice.period_2,
        "lattice_4": lattice.period_4,
        "weave": weave(image),
        "dots": dots(image, photograph),
        "border": border_contrast(image),
        "saturated": saturated_share(image),
    }


def dots(image: np.ndarray, photograph: np.ndarray | None = None) -> float:
    """Counts isolated dots of any colour.

    A dot is lighter or darker than what is around it by 0.1 or more in at
    least one channel, and no longer than 4 px in any of eight directions, so
    that a line is no dot.

    Args:
        image: float [H, W, 3] in [0, 1].
        photograph: float [H, W, 3] in [0, 1]; dots are counted only where it
            is flat. None counts them everywhere.

    Returns:
        float, the number of dots in each 10,000 px looked at.
    """
    strength = _dot_strength(image)
    # A dot of several equal pixels is one: its last.
    order = np.linspace(0, 1e-6, strength.size).reshape(strength.shape)
    is_peak = strength + order == _filter(strength + order, _SQUARE, np.maximum)
    is_dot = is_peak & (strength >= DOT_STRENGTH)
    counted = is_dot.size
    if photograph is not None:
        is_flat = flat_regions(photograph)
        is_dot &= is_flat
        counted = is_flat.sum()
    return float(10000 * is_dot.sum() / max(1, counted))


def flat_regions(photograph: np.ndarray) -> np.ndarray:
    """Finds where a photograph has nothing to paint.

    Args:
        photograph: float [H, W, 3] in [0, 1].

    Returns:
        bool [H, W]: where the standard deviation of its lightness in the 9 px
        around is below 0.03.
    """
    lightness = np.pad(photograph.mean(axis=2), FLAT_SIZE // 2, mode="reflect")
    around = sliding_window_view(lightness, (FLAT_SIZE, FLAT_SIZE))
    return around.std(axis=(2, 3)) < FLAT_DEVIATION


def border_contrast(image: np.ndarray) -> float:
    """Measures a line or a step along the border.

    The outermost frame, 4 px wide, is compared with the next frame inside it,
    by the mean colours of segments of 32 px; the same is done with eight
    frames further inside. Strokes average out over a segment; a line does
    not.

    Args:
        image: float [H, W, 3] in [0, 1]; H, W >= 48.

    Returns:
        float: the mean distance of colours at the border, divided by that
        inside; about 1 where there is no line, less where the border is
        empty.
    """
    sides = [image, image[::-1]]
    sides += [side.swapaxes(0, 1) for side in (image, image[:, ::-1])]
    distances = np.concatenate(list(map(_frame_distances, sides)), axis=1)
    outer, *inner = distances.mean(axis=1)
    return float((outer + _FAINT) / (np.mean(inner) + _FAINT))


def saturated_share(image: np.ndarray) -> float:
    """Returns the share of pixels with a channel within 1/255 of its end.

    Args:
        image: float [H, W, 3] in [0, 1].

    Returns:
        float in [0, 1].
    """
    steps = np.rint(image * 255)
    return float(((steps <= 1) | (steps >= 254)).any(axis=2).mean())


def flatness(
    stylize: Callable[[np.ndarray], np.ndarray], *, seed: int = 0
) -> dict[str, Flatness]:
    """Measures what becomes of flat pictures, pure and with faint noise.

    The noise is what rounding to 8 bits leaves: each value stays, or at random
    becomes its neighbour, 1/255 away.

    Args:
        stylize: function, float32 [H, W, 3] in [0, 1] to the same.
        seed: int, of the noise.

    Returns:
        Dict name -> `Flatness`: for each of `FLAT_COLORS`, and for each of
        these with "_noise" to its name, the standard deviation over the
        pixels and the stronger of the two lattices.
    """
    random = np.random.default_rng(seed)
    size = (FLAT_PICTURE_SIZE, FLAT_PICTURE_SIZE, 3)
    inside = slice(FLAT_MARGIN, -FLAT_MARGIN)
    measured = {}
    for name, color in FLAT_COLORS.items():
        flat = np.broadcast_to(np.array(color, np.float32), size)
        away = np.where(flat < 128, 1, -1) * random.integers(0, 2, size)
        for suffix, steps in (("", flat), ("_noise", flat + away)):
            painted = stylize((steps / 255).astype(np.float32))
            painted = painted[inside, inside].astype(np.float64)
            measured[name + suffix] = Flatness(
                float(painted.std(axis=(0, 1)).mean()),
                max(lattice_energy(painted)),
            )
    return measured


def _directions(size: int) -> list[list[tuple[int, int]]]:
    """Returns the steps (y, x) of eight lines through (0, 0)."""
    along = np.arange(size) - size // 2
    lines = []
    for angle in np.pi * np.arange(8) / 8:
        y, x = np.sin(angle), np.cos(angle)
        longest = max(abs(y), abs(x))
        steps = np.rint(np.outer(along, (y / longest, x / longest)))
        lines.append([(int(dy), int(dx)) for dy, dx in steps])
    return lines


_LINES = _directions(DOT_SIZE)
_SQUARE = [(y, x) for y in range(-2, 3) for x in range(-2, 3)]


def _filter(
    image: np.ndarray, offsets: list[tuple[int, int]], reduce: Any
) -> np.ndarray:
    """Reduces each pixel's neighbours at `offsets` by minimum or maximum."""
    reach = DOT_SIZE // 2
    height, width = image.shape[:2]
    edges = [(reach, reach)] * 2 + [(0, 0)] * (image.ndim - 2)
    padded = np.pad(image, edges, mode="edge")
    result = image
    for y, x in offsets:
        y, x = y + reach, x + reach
        result = reduce(result, padded[y : y + height, x : x + width])
    return result


def _dot_strength(image: np.ndarray) -> np.ndarray:
    """Returns [H, W]: how far a pixel stands out of every line through it.

    It is a top-hat: the picture less its opening by lines, and the same of its
    negative. An opening by lines keeps what is long in one of their
    directions.

    Reference:
        Soille, 2003, "Morphological Image Analysis", sections 4.4 and 8.2.
    """
    found = np.zeros(image.shape[:2])
    for bright in (image, 1 - image):
        opened = np.zeros_like(bright)
        for line in _LINES:
            eroded = _filter(bright, line, np.minimum)
            opened = np.maximum(opened, _filter(eroded, line, np.maximum))
        found = np.maximum(found, (bright - opened).max(axis=2))
    return found


def _frame_distances(side: np.ndarray) -> np.ndarray:
    """Returns [1 + inner frames, segments]: distances at the upper side."""
    width = side.shape[1]
    segments = np.array_split(np.arange(width), max(1, width // SEGMENT))
    depths = [0, *range(2 * FRAME, (NUM_INNER_FRAMES + 2) * FRAME, FRAME)]
    distances = []
    for depth in depths:
        frame = side[depth : depth + FRAME].mean(axis=0)
        ring = side[depth + FRAME : depth + 2 * FRAME].mean(axis=0)
        change = [(frame - ring)[columns].mean(axis=0) for columns in segments]
        distances.append(np.linalg.norm(change, axis=1))
    return np.stack(distances)
