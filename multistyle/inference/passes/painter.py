"""The painter: a picture of any size, coarse to fine, in bounded memory."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from multistyle.choices import check_choice
from multistyle.errors import InputError
from multistyle.images.resizing import resize
from multistyle.images.tiles import Window, cut
from multistyle.images.values import to_float
from multistyle.inference.engines.engine import Engine
from multistyle.inference.passes.enlargements import (
    SETTLING_MARGIN,
    Enlargement,
    settle,
)
from multistyle.inference.passes.finishing import choose_finisher
from multistyle.inference.passes.layerwise import LayerByLayer
from multistyle.inference.passes.levels import (
    level_sizes,
    level_strength,
    level_weights,
)
from multistyle.inference.passes.memory import read_memory
from multistyle.inference.passes.moments import (
    affordable_patches,
    estimate_moments,
)
from multistyle.inference.passes.plan import plan_pass
from multistyle.network.architecture import EXTENSION, MIN_SIZE

STROKES = ("fitted", "pixels")
TILINGS = ("estimated", "exact")
# Called with the share that is done, in [0, 1].
Progress = Callable[[float], None]
# How far a pixel of the pastiche sees under given moments, in pixels, on the
# picture's grid of four; `TransformNetwork.reach` is 55 for every width.
MARGIN = 56
# What is painted in one piece is settled by windows of this size.
_SETTLING_SIZE = 1024
# Of an exact measurement and the painting after it, in time.
_EXACT_SHARE = 0.6


class _Level(NamedTuple):
    """What is painted at one size, and by what.

    Attributes:
        engine: an `Engine`.
        weights_of: function of a `Window` that returns its style weights.
        image: [H, W, 3], or an `Enlargement`.
        strength: how much of its strokes is shown; None of the first level,
            which is shown as it is.
    """

    engine: Engine
    weights_of: Callable[[Window], np.ndarray]
    image: np.ndarray | Enlargement
    strength: float | None = None

    @property
    def size(self):
        return self.image.shape[:2]


class Painter:
    """Paints pictures of any size coarse to fine, by tiles that agree.

    A picture whose long side is above `DECIDING_SIZE` is painted at that size
    first, so that its strokes are as broad, beside the picture, as those of a
    smaller one. Each next level is about twice as large: the painting so far
    is enlarged, gets the photograph's fine detail, and is painted again, by
    the engine's finisher where it has one; see `passes.levels` and
    `passes.enlargements`.

    A level that `max_memory` allows in one pass is painted in one. A larger
    one is cut into tiles, each with a margin of all that it sees; given the
    moments of the whole level they equal the one pass, so there is no seam.

    What is painted follows from the picture, the engine and these options. The
    memory that happens to be free changes only how: where it is short of what
    `max_memory` allows, tiles are smaller, and a picture for one pass is
    measured exactly and painted by tiles, which gives the same picture.

    Args:
        engine: an `Engine`.
        strokes: "fitted" to the picture, or "pixels": one pass at full size,
            with strokes of so many pixels on every picture.
        stroke_scale: above 0, breadth of fitted strokes: 2 is twice as broad,
            at every size.
        tiling: of large pictures: "estimated" takes moments from typical
            patches of the picture, "exact" measures them layer by layer, in
            scratch files.
        max_memory: bytes, or text such as "2GB", for the whole process; None
            is 3.5 GB, and no more than is free.
        progress: None, or a function of the share that is done, in [0, 1],
            called now and then while a large picture is painted.

    Raises:
        InputError: for an option out of its range.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        strokes: str = "fitted",
        stroke_scale: float = 1.0,
        tiling: str = "estimated",
        max_memory: int | str | None = None,
        progress: Progress | None = None,
    ):
        check_choice("strokes", strokes, STROKES)
        check_choice("tiling", tiling, TILINGS)
        if not 0 < stroke_scale < float("inf"):
            raise InputError(
                f"`stroke_scale` is a number above 0; got `{stroke_scale}`."
            )
        if strokes == "pixels" and stroke_scale != 1:
            raise InputError(
                "`stroke_scale` goes with `fitted` strokes alone: leave it or "
                "`pixels` away."
            )
        self._engine = engine
        self._strokes = strokes
        self._stroke_scale = stroke_scale
        self._tiling = tiling
        self._max_memory = (
            None if max_memory is None else read_memory(max_memory)
        )
        self._progress = progress or (lambda share: None)

    def paint(
        self,
        image: np.ndarray,
        weights_of: Callable[[Window], np.ndarray],
    ) -> Iterator[tuple[Window, np.ndarray]]:
        """Paints a picture, part by part.

        Args:
            image: [H, W, 3], uint8, uint16, or float in [0, 1]; any height and
                width.
            weights_of: function of a `Window` that returns its style weights,
                float32 [N] or [h, w, N].

        Yields:
            Pairs of a `Window` and what is painted there, float32 [h, w, 3];
            the windows cover the picture once.

        Raises:
            InputError: where memory, disk or the picture are too small.
        """
        size = image.shape[:2]
        first_size, *finer_sizes = self._sizes(size)
        shares = np.cumsum([0, *map(np.prod, (first_size, *finer_sizes))])
        shares = shares / shares[-1]
        photograph = resize(image, first_size)
        first_weights = level_weights(weights_of, size, first_size)
        level = _Level(self._engine, first_weights, photograph)
        finisher, finisher_weights = self._engine, weights_of
        if finer_sizes:
            finisher, finisher_weights = choose_finisher(
                self._engine, weights_of, first_weights, first_size
            )
        for number, finer_size in enumerate(finer_sizes):
            painting = np.empty(level.image.shape, np.float16)
            for window, part in self._paint_level(
                level, 2 * image.nbytes, shares[number : number + 2]
            ):
                window.of(painting)[:] = part
            self._progress(shares[number + 1])
            reduced, photograph = photograph, resize(image, finer_size)
            level = _Level(
                finisher,
                level_weights(finisher_weights, size, finer_size),
                Enlargement(photograph, reduced, painting),
                level_strength(finer_size, level.size),
            )
        yield from self._paint_level(level, image.nbytes, shares[-2:])

    def _sizes(self, size):
        if self._strokes == "pixels":
            return [size]
        sizes = level_sizes(size, self._stroke_scale)
        if self._stroke_scale > 1 and min(sizes[0]) < MIN_SIZE:
            raise InputError(
                f"Strokes {self._stroke_scale:g} times as broad leave nothing "
                f"of a picture of {size[1]} x {size[0]} pixels: give less of "
                "--stroke_scale."
            )
        return sizes

    def _paint_level(self, level, other_bytes, shares):
        """Yields windows of a level, and what is painted there."""
        start, stop = shares

        def progress(share):
            self._progress(start + (stop - start) * share)

        parts = self._paint_tiles(level, other_bytes, progress)
        if level.strength is None:
            for tile, _, painted in parts:
                yield tile, painted
            return
        for tile, seen, painted in parts:
            for part in cut(tile.size, _SETTLING_SIZE):
                window = part.shifted(tile.top, tile.left)
                around = window.grown(SETTLING_MARGIN, level.size)
                settled = settle(
                    around.of(level.image),
                    around.within(seen).of(painted),
                    level.strength,
                    (around.top, around.left),
                )
                yield window, window.within(around).of(settled)

    def _paint_tiles(self, level, other_bytes, progress):
        """Yields tiles, windows around them, and what is painted in these."""
        size = level.size
        has_map = level.weights_of(Window(0, 1, 0, 1)).ndim == 3
        margin = 0 if level.strength is None else SETTLING_MARGIN
        plan = plan_pass(
            size,
            level.image.nbytes,
            other_bytes,
            level.engine.pixel_bytes(has_map),
            MARGIN + margin + EXTENSION,
            self._tiling,
            self._max_memory,
        )
        if plan.tiling is None:
            whole = Window.whole(size)
            yield whole, whole, _paint_window(level, whole, None)
            return
        start, moments = self._measure(level, plan, progress)
        tiles = cut(size, plan.tile_size)
        for number, tile in enumerate(tiles):
            progress(start + (1 - start) * number / len(tiles))
            seen = tile.grown(margin, size)
            window = seen.grown(MARGIN, size)
            painted = _paint_window(level, window, moments)
            yield tile, seen, seen.within(window).of(painted)

    def _measure(self, level, plan, progress):
        """Returns the share of the work that this was, and the moments."""
        network = level.engine.layers()
        if plan.tiling == "estimated":
            count = affordable_patches(network, plan.patch_room)
            return 0, estimate_moments(
                network, level.image, level.weights_of, count
            )
        # Several arrays of this size are held at a time.
        layers = LayerByLayer(
            network, level.image, level.weights_of, plan.room / 8
        )
        layers.check_disk()
        moments = layers.measure(lambda share: progress(_EXACT_SHARE * share))
        return _EXACT_SHARE, moments


def _paint_window(level, window, moments):
    """Runs a level's engine: float32 [h, w, 3]."""
    height, width = window.size
    painted = level.engine.paint(
        _extend(to_float(window.of(level.image))),
        _extend(level.weights_of(window)),
        moments,
    )
    return painted[:height, :width]


def _extend(image):
    """Extends [H, W, C] by reflection to the network's smallest size."""
    if image.ndim == 1:
        return image
    missing = [max(0, MIN_SIZE - size) for size in image.shape[:2]]
    if not any(missing):
        return image
    return np.pad(
        image, [(0, missing[0]), (0, missing[1]), (0, 0)], mode="reflect"
    )
