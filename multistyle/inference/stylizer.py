"""The facade: pictures of any kind, painted in blends of a network's styles."""

import os

import numpy as np
from PIL import Image

from multistyle.errors import InputError
from multistyle.images.colors import blend_pixels
from multistyle.images.colors import keep_colors as restore_colors
from multistyle.images.pictures import read_image, to_float, to_uint8
from multistyle.inference import engines
from multistyle.network.architecture import MIN_SIZE
from multistyle.network.blending import style_weights as read_weights
from multistyle.network.models import find_model


class Stylizer:
    """Paints photographs in the styles of one network, and in their blends.

    Args:
        network: a `TransformNetwork`, which Keras' backend runs; or in its
            place
        engine: what `inference.engines` describes.
    """

    def __init__(self, network=None, engine=None):
        if engine is None:
            # Late: it imports Keras.
            from multistyle.inference.keras_engine import KerasEngine

            engine = KerasEngine(network)
        self.engine = engine

    @classmethod
    def load(cls, spec, precision="float32"):
        """Loads the network of a run folder, a file or a bundled model.

        With the extra `fast` neither Keras nor its backend is imported, and
        the processor paints, also where there is a GPU.

        Args:
            spec: path of a run folder or of a `.keras` file, or the name of a
                bundled model.
            precision: "float32", or "bfloat16" for convolutions in it: about
                half the time on a processor that has it, a mean difference
                below 1/255; the extra `fast` is needed.

        Returns:
            A `Stylizer`.

        Raises:
            InputError: if there is no such model, or no such precision here.
        """
        return cls(engine=engines.load_engine(find_model(spec), precision))

    @property
    def network(self):
        """The `TransformNetwork`, loaded when it is first asked for."""
        return self.engine.network

    @property
    def style_names(self):
        return self.engine.style_names

    def stylize(
        self,
        image,
        style_weights,
        strength=1.0,
        keep_colors="none",
        extrapolate=False,
    ):
        """Paints one photograph.

        Args:
            image: a path or a PIL image of any mode, or an array [H, W, 3] or
                [H, W, 4], uint8 or float in [0, 1], RGB with or without alpha;
                any height and width.
            style_weights: what `network.blending.style_weights` reads: a
                dict, text, [N], or [H, W, N] of the size of `image`.
            strength: float in [0, 1], a blend of pixels: 0 is exactly the
                photograph.
            keep_colors: "none", or "luminance" for the photograph's colours.
            extrapolate: bool, whether weights below 0 are allowed.

        Returns:
            What `image` is: a PIL image (RGB or RGBA, turned upright) for a
            path or a PIL image, uint8 for uint8, float32 for float. The size
            is that of `image`, and so is the alpha channel.

        Raises:
            InputError: for a picture that cannot be read, an array of another
                kind, weights that are none, or an option out of its range.
        """
        weights = read_weights(style_weights, self.style_names, extrapolate)
        is_array = not isinstance(image, (str, os.PathLike, Image.Image))
        if is_array:
            pixels = _check_array(image)
        else:
            pixels = read_image(image, keep_alpha=True)
        photograph = to_float(pixels[..., :3])
        painted = self._paint(photograph, weights)
        painted = restore_colors(photograph, painted, keep_colors)
        painted = blend_pixels(photograph, painted, strength)
        if pixels.dtype == np.uint8:
            painted = to_uint8(painted)
        painted = np.concatenate([painted, pixels[..., 3:]], axis=2)
        return painted if is_array else Image.fromarray(painted)

    def _paint(self, photograph, weights):
        """Runs the network: float32 [H, W, 3], [N] or [H, W, N]."""
        height, width = photograph.shape[:2]
        if weights.ndim == 3:
            if weights.shape[:2] != (height, width):
                raise InputError(
                    "A map of style weights has the size of its picture, "
                    f"`{height} x {width}` (height x width); got "
                    f"`{weights.shape[0]} x {weights.shape[1]}`."
                )
            weights = _extend(weights)
        painted = self.engine.paint(_extend(photograph), weights)
        return painted[:height, :width]


def _extend(image):
    """Extends [H, W, C] by reflection to the network's smallest size."""
    missing = [max(0, MIN_SIZE - size) for size in image.shape[:2]]
    if not any(missing):
        return image
    return np.pad(
        image, [(0, missing[0]), (0, missing[1]), (0, 0)], mode="reflect"
    )


def _check_array(image):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[2] not in (3, 4) or image.size == 0:
        raise InputError(
            "An image has the shape `[H, W, 3]`, or `[H, W, 4]` with alpha; "
            f"got `{list(image.shape)}`."
        )
    if image.dtype == np.uint8:
        return image
    if image.dtype.kind != "f":
        raise InputError(
            f"An image is uint8, or float in [0, 1]; got `{image.dtype}`."
        )
    # Written so that NaN fails, too.
    if not (image.min() >= 0 and image.max() <= 1):
        raise InputError(
            "A float image lies in [0, 1]; got "
            f"[{image.min():g}, {image.max():g}]."
        )
    return to_float(image)
