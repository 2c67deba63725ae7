"""The painter: a picture of any size, by tiles, in bounded memory."""

from collections.abc import Callable, Iterator

import numpy as np

from multistyle.errors import InputError
from multistyle.images.resizing import resize
from multistyle.images.tiles import Window, cut
from multistyle.images.upsampling import GuidedUpsampling
from multistyle.images.values import to_float
from multistyle.inference.engines.engine import Engine
from multistyle.inference.passes.memory import read_memory
from multistyle.inference.passes.plan import plan_pass
from multistyle.network.architecture import EXTENSION, MIN_SIZE

TILINGS = ("estimated", "exact")
# Called with the share that is done, in [0, 1].
Progress = Callable[[float], None]
# How far a pixel of the pastiche sees under given moments, in pixels, on the
# picture's grid of four; `TransformNetwork.reach` is 55 for every width.
MARGIN = 56
# Upsampling goes by tiles of this size.
_UPSAMPLING_SIZE = 1024
# Of an exact measurement and the painting after it, in time.
_EXACT_SHARE = 0.6


class Painter:
    """Paints pictures of any size in one go, or by tiles that agree.

    A picture that `max_memory` allows in one pass is painted in one. A larger
    one is cut into tiles, each with a margin of all that it sees; given the
    moments of the whole picture they equal the one pass, so there is no seam.

    What is painted follows from the picture, the engine and these options. The
    memory that happens to be free changes only how: where it is short of what
    `max_memory` allows, tiles are smaller, and a picture for one pass is
    measured exactly and painted by tiles, which gives the same picture.

    Args:
        engine: an `Engine`.
        tiling: of large pictures: "estimated" takes moments from typical
            patches of the picture, "exact" measures them layer by layer, in
            scratch files.
        max_memory: bytes, or text such as "2GB", for the whole process; None
            is 3.5 GB, and no more than is free.
        stroke_scale: >= 1, breadth of the strokes: 2 is twice as broad as
            trained.
        progress: None, or a function of the share that is done, in [0, 1],
            called now and then while a picture is painted by tiles.

    Raises:
        InputError: for an option out of its range.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        tiling: str = "estimated",
        max_memory: int | str | None = None,
        stroke_scale: float = 1.0,
        progress: Progress | None = None,
    ):
        if tiling not in TILINGS:
            raise InputError(
                f"`tiling` is one of {', '.join(TILINGS)}; got `{tiling}`."
            )
        if not 1 <= stroke_scale < float("inf"):
            raise InputError(
                f"`stroke_scale` is a number from 1; got `{stroke_scale}`."
            )
        self._engine = engine
        self._tiling = tiling
        self._max_memory = (
            None if max_memory is None else read_memory(max_memory)
        )
        self._stroke_scale = stroke_scale
        self._progress = progress or (lambda share: None)

    def paint(
        self,
        image: np.ndarray,
        weights_of: Callable[[Window], np.ndarray],
    ) -> Iterator[tuple[Window, np.ndarray]]:
        """Paints a picture, part by part.

        Args:
            image: [H, W, 3], uint8, or float in [0, 1]; any height and width.
            weights_of: function of a `Window` that returns its style weights,
                float32 [N] or [h, w, N].

        Yields:
            Pairs of a `Window` and what is painted there, float32 [h, w, 3];
            the windows cover the picture once.

        Raises:
            InputError: where memory, disk or the picture are too small.
        """
        if self._stroke_scale > 1:
            yield from self._paint_broadly(image, weights_of)
        else:
            yield from self._paint_tiles(image, weights_of, image.nbytes)

    def _paint_tiles(self, image, weights_of, other_bytes):
        size = image.shape[:2]
        has_map = weights_of(Window(0, 1, 0, 1)).ndim == 3
        plan = plan_pass(
            size,
            image.nbytes,
            other_bytes,
            self._engine.pixel_bytes(has_map),
            MARGIN + EXTENSION,
            self._tiling,
            self._max_memory,
        )
        if plan.tiling is None:
            whole = Window.whole(size)
            yield whole, self._paint_window(image, weights_of, whole, None)
            return
        start, moments = self._measure(image, weights_of, plan)
        tiles = cut(size, plan.tile_size)
        for number, tile in enumerate(tiles):
            self._progress(start + (1 - start) * number / len(tiles))
            window = tile.grown(MARGIN, size)
            painted = self._paint_window(image, weights_of, window, moments)
            yield tile, tile.within(window).of(painted)

    def _paint_window(self, image, weights_of, window, moments):
        """Runs the engine: float32 [h, w, 3]."""
        height, width = window.size
        painted = self._engine.paint(
            _extend(to_float(window.of(image))),
            _extend(weights_of(window)),
            moments,
        )
        return painted[:height, :width]

    def _measure(self, image, weights_of, plan):
        """Returns the share of the work that this was, and the moments."""
        # Late: they import Keras.
        from multistyle.inference.passes.layerwise import LayerByLayer
        from multistyle.inference.passes.moments import (
            affordable_patches,
            estimate_moments,
        )

        network = self._engine.network
        if plan.tiling == "estimated":
            count = affordable_patches(network, plan.patch_room)
            return 0, estimate_moments(network, image, weights_of, count)
        # Several arrays of this size are held at a time.
        layers = LayerByLayer(network, image, weights_of, plan.room / 8)
        layers.check_disk()
        moments = layers.measure(
            lambda share: self._progress(_EXACT_SHARE * share)
        )
        return _EXACT_SHARE, moments

    def _paint_broadly(self, image, weights_of):
        """Paints a smaller picture and brings it up, guided by the image."""
        size = image.shape[:2]
        small_size = tuple(round(n / self._stroke_scale) for n in size)
        if min(small_size) < MIN_SIZE:
            raise InputError(
                f"Strokes {self._stroke_scale:g} times as broad leave nothing "
                f"of a picture of {size[1]} x {size[0]} pixels: give less of "
                "--stroke_scale."
            )
        small = resize(image, small_size)
        painted = np.empty(small.shape, np.float16)
        for tile, part in self._paint_tiles(
            small, _reduced(weights_of, size, small_size), 2 * image.nbytes
        ):
            tile.of(painted)[:] = part
        upsampling = GuidedUpsampling(image, small, painted)
        for tile in cut(size, _UPSAMPLING_SIZE):
            yield tile, upsampling.of(tile)


def _reduced(weights_of, size, small_size):
    """Returns the function of windows of a smaller picture's style weights."""

    def nearest(start, stop, axis):
        middles = 2 * np.arange(start, stop) + 1
        return middles * size[axis] // (2 * small_size[axis])

    def weights(window):
        rows = nearest(window.top, window.bottom, 0)
        columns = nearest(window.left, window.right, 1)
        large = Window(rows[0], rows[-1] + 1, columns[0], columns[-1] + 1)
        found = weights_of(large)
        if found.ndim == 1:
            return found
        return found[(rows - rows[0])[:, None], columns - columns[0]]

    return weights


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
