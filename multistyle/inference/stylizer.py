"""The facade: pictures of any kind, painted in blends of a network's styles."""

import math
import os

import numpy as np
from PIL import Image

from multistyle.blends.masks import Mask
from multistyle.blends.region_specs import read_region
from multistyle.blends.regions import Masked
from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.color_transfer import ColorTransfer
from multistyle.images.colors import blend_pixels
from multistyle.images.colors import keep_colors as restore_colors
from multistyle.images.holes import fill_holes
from multistyle.images.tiles import Window
from multistyle.images.values import to_dtype, to_float
from multistyle.inference.engines import loading as engines
from multistyle.inference.passes.painter import Painter
from multistyle.network.models import find_model

# So many at least give a picture's distribution of colours.
NUM_COLORS = 4_000_000


class Stylizer:
    """Paints photographs in the styles of one network, and in their blends.

    Args:
        network: a `TransformNetwork`, which Keras' backend runs; or in its
            place
        engine: an `Engine`.

    Example:
        >>> stylizer = multistyle.Stylizer.load("paintings")
        >>> picture = stylizer.stylize("photo.jpg", "starry_night=1,udnie=1")
        >>> picture.save("blend.png")
    """

    def __init__(self, network=None, engine=None):
        if engine is None:
            # Late: it imports Keras.
            from multistyle.inference.engines.keras_engine import KerasEngine

            engine = KerasEngine(network)
        self.engine = engine

    @classmethod
    def load(cls, spec, *, precision="float32", engine="auto"):
        """Loads the network of a run folder, a file or a bundled model.

        With the extra `fast`, and without a GPU, neither Keras nor its
        backend is imported.

        Args:
            spec: path of a run folder or of a `.keras` file, or the name of a
                bundled model.
            precision: "float32", or "bfloat16" for convolutions in it: about
                half the time on a processor that has it, a mean difference
                below 1/255; the extra `fast` is needed.
            engine: "openvino" (the extra `fast`), "keras", or "auto": Keras
                where it sees a GPU, else OpenVINO where it is installed.

        Returns:
            A `Stylizer`.

        Raises:
            InputError: if there is no such model, engine or precision.
        """
        return cls(
            engine=engines.load_engine(
                find_model(spec), precision=precision, engine=engine
            )
        )

    @property
    def network(self):
        """The `TransformNetwork`, loaded when it is first asked for."""
        return self.engine.network

    @property
    def style_names(self):
        return self.engine.style_names

    def region(self, weights=None, mask=None, gradient=None, **options):
        """Reads masks and gradients, for `stylize` in place of weights.

        Args:
            weights, mask, gradient, **options: as of
                `blends.region_specs.read_region`.

        Returns:
            A `Region`.

        Raises:
            InputError: as `read_region`.
        """
        return read_region(
            self.style_names, weights, mask=mask, gradient=gradient, **options
        )

    def stylize(
        self,
        image,
        style_weights,
        strength=1.0,
        keep_colors="none",
        extrapolate=False,
        **painting,
    ):
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
            extrapolate: bool, whether weights below 0 are allowed.
            **painting: of `Painter`: `stroke_scale`, `tiling`, `max_memory`
                and `progress`, for large pictures.

        Returns:
            What `image` is: a PIL image (RGB or RGBA, turned upright) for a
            path or a PIL image, uint8 for uint8, uint16 for uint16, float32
            for float. The size is that of `image`, and so is the alpha
            channel; what it hides has no part in the colours that show.

        Raises:
            InputError: for a picture that cannot be read, an array of another
                kind, weights that are none, or an option out of its range.
        """
        region = self.region(style_weights, extrapolate=extrapolate)
        if np.ndim(strength) > 0:
            strength = Mask(strength, name="strength")
        region = Masked(region, strength)
        painter = Painter(self.engine, **painting)
        is_array = not isinstance(image, (str, os.PathLike, Image.Image))
        if is_array:
            pixels = _check_array(image)
        else:
            pixels = read_image(image, keep_alpha=True)
        region = region.fit(pixels.shape[:2])
        photograph = pixels[..., :3]
        visible = _without_holes(pixels)
        parts = painter.paint(visible, _weights_of(region))
        transfer = None
        if keep_colors == "histogram":
            parts = _held(parts)
            transfer = _transfer(parts, visible, pixels, region)
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


def _without_holes(pixels):
    """Returns colours [H, W, 3], those under transparency from around it."""
    photograph = pixels[..., :3]
    alpha = pixels[..., 3:]
    if alpha.size == 0 or alpha.min() == to_dtype(np.ones(1), alpha.dtype)[0]:
        return photograph
    return fill_holes(to_float(photograph), to_float(alpha[..., 0]))


def _weights_of(region):
    """Returns a function of a `Window`: the style weights [N] or [h, w, N]."""
    weights = region.weights(Window(0, 2, 0, 2))
    if weights.shape[:2] == (1, 1):
        return lambda window: weights[0, 0]
    return region.weights


def _held(parts):
    """Holds what was painted, as a list; of many parts in half the memory."""
    parts = iter(parts)
    first = next(parts)
    others = [(window, part.astype(np.float16)) for window, part in parts]
    return [first, *others]


def _transfer(parts, visible, pixels, region):
    """Measures how the photograph's colours are put onto what was painted.

    Of a picture of many megapixels every few pixels count.
    """
    step = 1 + math.isqrt(visible.size // 3 // NUM_COLORS)
    samples = []
    for window, part in parts:
        every = (slice(None, None, step),) * 2
        counts = np.broadcast_to(region.strength(window), part.shape[:2])
        alpha = to_float(window.of(pixels)[..., 3:][every])
        counts = counts[every] * (alpha[..., 0] if alpha.size else 1)
        colors = to_float(window.of(visible)[every])
        samples.append(
            (
                part[every].reshape(-1, 3),
                colors.reshape(-1, 3),
                counts.reshape(-1),
            )
        )
    painted, colors, counts = map(np.concatenate, zip(*samples, strict=True))
    return ColorTransfer(
        painted, colors, source_weights=counts, target_weights=counts
    )


def _check_array(image):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] not in (3, 4) or image.size == 0:
        raise InputError(
            "An image has the shape `[H, W, 3]`, or `[H, W, 4]` with alpha; "
            f"got `{list(image.shape)}`."
        )
    if image.dtype in (np.uint8, np.uint16):
        return image
    if image.dtype.kind != "f":
        raise InputError(
            "An image is uint8, uint16, or float in [0, 1]; got "
            f"`{image.dtype}`."
        )
    # Written so that NaN fails, too.
    if not (image.min() >= 0 and image.max() <= 1):
        raise InputError(
            "A float image lies in [0, 1]; got "
            f"[{image.min():g}, {image.max():g}]."
        )
    return to_float(image)
