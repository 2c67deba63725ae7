"""The facade: pictures of any kind, painted in blends of a network's styles."""

import os
from collections.abc import Callable, Iterable
from typing import Any, overload

import numpy as np
from PIL import Image

from multistyle.blends.masks import Mask
from multistyle.blends.region_specs import read_region
from multistyle.blends.regions import Masked, Region, weights_of
from multistyle.blends.weights import StyleWeights
from multistyle.images.codecs.reading import read_image
from multistyle.images.colors import check_keep_colors
from multistyle.images.colors import keep_colors as restore_colors
from multistyle.images.pixels import check_array, without_holes
from multistyle.images.strength import blend_pixels, check_strength
from multistyle.images.values import to_dtype, to_float
from multistyle.inference.loaded_model import LoadedModel
from multistyle.inference.passes.painter import Painter, Progress
from multistyle.inference.transfers import Part, held, measure_transfer
from multistyle.keywords import suggest_keywords


class Stylizer(LoadedModel):
    """Paints photographs in the styles of one network, and in their blends.

    Args:
        network: a `TransformNetwork`, which Keras' backend runs.
        engine: an `Engine`, in its place.

    Raises:
        InputError: for neither, both, or something else.

    Example:
        >>> stylizer = multistyle.Stylizer.load("paintings")
        >>> picture = stylizer.stylize("photo.jpg", "starry_night=1,udnie=1")
        >>> picture.save("blend.png")
    """

    @suggest_keywords
    def region(
        self,
        weights: Region | StyleWeights | None = None,
        mask: Any = None,
        gradient: str | None = None,
        *,
        extrapolate: bool = False,
        max_pixels: int | None = None,
        note: Callable[[str], None] | None = None,
    ) -> Region:
        """Reads masks and gradients, for `stylize` in place of weights.

        Args:
            weights, mask, gradient, extrapolate, max_pixels, note: see
                `blends.region_specs.read_region`.

        Raises:
            InputError: as `read_region`.
        """
        return read_region(
            self.style_names,
            weights,
            mask=mask,
            gradient=gradient,
            extrapolate=extrapolate,
            max_pixels=max_pixels,
            note=note,
        )

    def painter(
        self,
        *,
        strokes: str = "fitted",
        stroke_scale: float = 1.0,
        tiling: str = "estimated",
        max_memory: int | str | None = None,
        progress: Progress | None = None,
    ) -> Painter:
        """Returns what paints pictures of any size; see `Painter`."""
        return Painter(
            self.engine,
            strokes=strokes,
            stroke_scale=stroke_scale,
            tiling=tiling,
            max_memory=max_memory,
            progress=progress,
        )

    @overload
    def stylize(
        self,
        image: np.ndarray,
        style_weights: Region | StyleWeights,
        *,
        strength: float | np.ndarray = 1.0,
        keep_colors: str = "none",
        extrapolate: bool = False,
        strokes: str = "fitted",
        stroke_scale: float = 1.0,
        tiling: str = "estimated",
        max_memory: int | str | None = None,
        progress: Progress | None = None,
    ) -> np.ndarray: ...

    @overload
    def stylize(
        self,
        image: str | os.PathLike[str] | Image.Image,
        style_weights: Region | StyleWeights,
        *,
        strength: float | np.ndarray = 1.0,
        keep_colors: str = "none",
        extrapolate: bool = False,
        strokes: str = "fitted",
        stroke_scale: float = 1.0,
        tiling: str = "estimated",
        max_memory: int | str | None = None,
        progress: Progress | None = None,
    ) -> Image.Image: ...

    @suggest_keywords
    def stylize(
        self,
        image: np.ndarray | str | os.PathLike[str] | Image.Image,
        style_weights: Region | StyleWeights,
        *,
        strength: float | np.ndarray = 1.0,
        keep_colors: str = "none",
        extrapolate: bool = False,
        strokes: str = "fitted",
        stroke_scale: float = 1.0,
        tiling: str = "estimated",
        max_memory: int | str | None = None,
        progress: Progress | None = None,
    ) -> np.ndarray | Image.Image:
        """Paints one photograph.

        Args:
            image: a path or a PIL image of any mode, or an array [H, W, 3] or
                [H, W, 4], uint8, uint16 or float in [0, 1], RGB with or
                without alpha; any height and width.
            style_weights: what `blends.weights.style_weights` reads: a
                dict, text, [N], or [H, W, N] of the size of `image`; or what
                `region` returns.
            strength: a blend of pixels, where 0 is exactly the photograph:
                float in [0, 1], or a map of it, [H, W], brought to the size
                of `image`.
            keep_colors: "none"; "luminance" for the photograph's colour at
                each pixel; "histogram" for its colours as a whole, those of
                the part that is painted.
            extrapolate: whether weights below 0 are allowed.
            strokes: "fitted" to the photograph, as broad beside it as on one
                of 1,000 pixels, so that smaller ones are painted in one pass;
                "pixels" paints all in one pass, with strokes of so many
                pixels.
            stroke_scale: above 0, breadth of fitted strokes: 2 is twice as
                broad.
            tiling: of pictures that are too large for one pass: "estimated"
                or "exact"; see `Painter`.
            max_memory: bytes, or text such as "2GB", for the whole process;
                None is 3.5 GB.
            progress: None, or a function of the share that is done, in
                [0, 1], called now and then while a large picture is painted.

        Returns:
            What `image` is: a PIL image (RGB or RGBA, turned upright) for a
            path or a PIL image, uint8 for uint8, uint16 for uint16, float32
            for float. The size is that of `image`, and so is the alpha
            channel; what it hides has no part in the colours that show.

        Raises:
            InputError: for a picture that cannot be read, an array of another
                kind, weights that are none, or an option out of its range.
        """
        check_keep_colors(keep_colors)
        if np.ndim(strength) == 0:
            check_strength(strength)
        region = self.region(style_weights, extrapolate=extrapolate)
        if np.ndim(strength) == 0:
            region = Masked(region, float(strength))
        else:
            mask = Mask(np.asarray(strength), name="strength")
            region = Masked(region, mask)
        painter = self.painter(
            strokes=strokes,
            stroke_scale=stroke_scale,
            tiling=tiling,
            max_memory=max_memory,
            progress=progress,
        )
        is_array = not isinstance(image, (str, os.PathLike, Image.Image))
        if isinstance(image, (str, os.PathLike, Image.Image)):
            pixels = read_image(image, keep_alpha=True)
        else:
            pixels = check_array(image)
        region = region.fit(pixels.shape[:2])
        photograph = pixels[..., :3]
        visible = without_holes(pixels)
        parts: Iterable[Part] = painter.paint(visible, weights_of(region))
        transfer = None
        if keep_colors == "histogram":
            parts = kept = held(parts)
            transfer = measure_transfer(kept, visible, pixels, region)
        painted = np.empty_like(pixels)
        painted[..., 3:] = pixels[..., 3:]
        for window, part in parts:
            part = restore_colors(
                to_float(window.of(visible)),
                part,
                keep_colors,
                transfer=transfer,
            )
            part = blend_pixels(
                to_float(window.of(photograph)),
                part,
                region.strength(window),
            )
            window.of(painted)[..., :3] = to_dtype(part, pixels.dtype)
        return painted if is_array else Image.fromarray(painted)
