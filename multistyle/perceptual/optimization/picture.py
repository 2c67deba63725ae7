"""A picture, optimised: from a photograph and a painting to a file."""

import os
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.images import colors
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import check_output, write_image
from multistyle.images.pixels import check_array
from multistyle.images.resizing import (
    resize,
    resize_long_side,
    resize_short_side,
)
from multistyle.images.values import to_dtype, to_float, to_uint8
from multistyle.keywords import suggest_keywords
from multistyle.perceptual.features import LossNetwork
from multistyle.perceptual.loss_networks import load_loss_network
from multistyle.perceptual.loss_options import (
    LossWeights,
    default_loss_network,
)
from multistyle.perceptual.optimization.optimizer import (
    OptimizationStep,
    PictureOptimizer,
)
from multistyle.perceptual.precision import choose_precision
from multistyle.whole_numbers import check_whole_number


@suggest_keywords
def optimize_picture(
    photograph: str | os.PathLike[str] | Image.Image | np.ndarray,
    style_image: str | os.PathLike[str] | Image.Image | np.ndarray,
    *,
    output: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
    image_size: int = 512,
    style_size: int | None = None,
    keep_colors: str = "none",
    num_steps: int = 200,
    start: str = "photograph",
    seed: int = 0,
    precision: str = "auto",
    loss_network: str | LossNetwork | None = None,
    vgg_weights: str | os.PathLike[str] | None = None,
    content_loss_weight: float | None = None,
    style_loss_weight: float | None = None,
    total_variation_loss_weight: float | None = None,
    max_pixels: int | None = None,
    progress: Callable[[OptimizationStep], None] | None = None,
) -> Image.Image | np.ndarray:
    """Paints one photograph by Gatys' optimisation, without a network.

    Args:
        photograph, style_image: each a path or a PIL image, or an array
            [H, W, 3], uint8, uint16 or float in [0, 1], RGB.
        output: path of a file to write, in the format of its suffix, or None.
            It is tried before the work. After an interrupt (Ctrl-C) it holds
            the picture so far, and the interrupt goes on.
        overwrite: bool, whether to replace an output that is there.
        image_size: int >= 1, pixels of the long side to which a larger
            photograph is reduced; time and memory grow with their square.
        style_size: int >= 1, pixels of the painting's short side; the more,
            the broader are the strokes. None is as many as the picture's long
            side has.
        keep_colors: one of `colors.KEEP_COLORS`: "luminance" for the
            photograph's colour at each pixel, "histogram" for its colours as
            a whole.
        num_steps, start, seed: see `PictureOptimizer.steps`.
        precision: see `precision.choose_precision`.
        loss_network: one of `loss_options.LOSS_NETWORKS`, or a `LossNetwork`,
            to which `precision` is nothing; None is "vgg16" where its weights
            lie on this machine, else "pocket".
        vgg_weights: path, see `vgg16.load_vgg16`.
        content_loss_weight, style_loss_weight, total_variation_loss_weight:
            float >= 0, or None, see `LossWeights`.
        max_pixels: int, the most that a file may have; None is 200 million.
        progress: function of an `OptimizationStep`, called after each step;
            or None.

    Returns:
        What `photograph` is: a PIL image for a path or a PIL image, uint8 for
        uint8, uint16 for uint16, float32 for float; of the photograph's size
        after its reduction.

    Raises:
        InputError: for a picture that cannot be read or is too small, an
            option out of its limits, or an output that cannot be written;
            before the first step.

    Example:
        >>> picture = multistyle.optimize_picture(
        ...     "photo.jpg", "painting.jpg", image_size=256, num_steps=2
        ... )
        >>> picture.save("painted.png")
    """
    for option, size in (
        ("image_size", image_size),
        ("style_size", style_size),
    ):
        if size is not None:
            check_whole_number(option, size, least=1)
    colors.check_keep_colors(keep_colors)
    given: dict[str, Any] = {
        "content": content_loss_weight,
        "style": style_loss_weight,
        "total_variation": total_variation_loss_weight,
    }
    weights = LossWeights(
        **{name: value for name, value in given.items() if value is not None}
    )
    if output is not None:
        output = expand_home(output)
        check_output(output, overwrite=overwrite)
    content = _read("photograph", photograph, max_pixels)
    if max(content.shape[:2]) > image_size:
        content = resize_long_side(content, image_size)
    painting = resize_short_side(
        _read("style_image", style_image, max_pixels),
        style_size or max(content.shape[:2]),
    )
    if not isinstance(loss_network, LossNetwork):
        loss_network = load_loss_network(
            loss_network or default_loss_network(vgg_weights),
            weights_path=vgg_weights,
            dtype=_dtype_policy(precision),
        )
    optimizer = PictureOptimizer(loss_network, loss_weights=weights)
    step: OptimizationStep | None = None

    def finish(step: OptimizationStep) -> np.ndarray:
        picture = resize(step.picture, content.shape[:2])
        picture = colors.keep_colors(content, picture, keep_colors)
        if output is not None:
            write_image(output, picture, overwrite=overwrite)
        return picture

    try:
        for step in optimizer.steps(
            content, painting, num_steps=num_steps, start=start, seed=seed
        ):
            if progress:
                progress(step)
    except KeyboardInterrupt:
        if step is not None:
            finish(step)
        raise
    assert step is not None  # There is one step at least.
    picture = finish(step)
    if isinstance(photograph, np.ndarray):
        return to_dtype(picture, photograph.dtype)
    return Image.fromarray(to_uint8(picture))


def _read(
    name: str,
    source: str | os.PathLike[str] | Image.Image | np.ndarray,
    max_pixels: int | None,
) -> np.ndarray:
    """Returns float32 [H, W, 3] in [0, 1]."""
    if isinstance(source, (str, os.PathLike)):
        source = expand_home(source)
    if not isinstance(source, np.ndarray):
        return to_float(read_image(source, max_pixels=max_pixels))
    if source.ndim != 3 or source.shape[2] != 3:
        raise InputError(
            f"`{name}` must be [H, W, 3], but is {list(source.shape)}."
        )
    try:
        return to_float(check_array(source))
    except InputError as error:
        raise InputError(f"`{name}`: {error}") from error


def _dtype_policy(precision: str) -> str:
    chosen = choose_precision(precision)
    return "mixed_bfloat16" if chosen == "bfloat16" else "float32"
