"""Augmentation: the training pictures of another network, painted at random."""

import os
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from multistyle.errors import InputError
from multistyle.inference.ranges import (
    check_probability,
    check_strength_range,
    check_value_range,
)
from multistyle.inference.style_draws import StyleDraws
from multistyle.network.architecture import MIN_SIZE
from multistyle.network.transform import TransformNetwork
from multistyle.whole_numbers import check_whole_number

# The base of Keras' own image layers, which Keras gives no public name. It
# calls a layer with TensorFlow's operations inside `tf.data`, on any backend.
_ImageLayer = keras.layers.RandomBrightness.__base__


@keras.saving.register_keras_serializable("multistyle")
class RandomStylization(_ImageLayer):  # type: ignore[misc,valid-type]
    """A preprocessing layer that paints pictures at random during training.

    Each picture is painted in a style of its own and laid over itself with a
    strength of its own,

    y = (1 - strength) x + strength painted(x, style).

    The texture changes and the shapes stay, so a classifier learns to look
    at shapes. At inference the pictures are left as they are.

    Like Keras' own layers it works in a model, in `tf.data`, whichever
    backend Keras runs on, and on a dict with the pictures as "images", whose
    labels, boxes and masks it does not change. On JAX and PyTorch, `tf.data`
    comes back to Python for each call, so map it over batches there. The
    network is frozen: it is no part of the model that the layer stands in,
    and neither trained nor saved with it. A saved model finds it again by
    name or path; before it is loaded, import `RandomStylization`.

    Args:
        model: name of a bundled model, path of a run folder or of a `.keras`
            file, or a `TransformNetwork`, which is copied.
        strength: pair of floats in [0, 1], the range that a picture's
            strength is drawn from, evenly; or one float for all.
        styles: list of style names to draw from; None is all of the model.
            "any" is styles without end, none of the model's own: blends of
            two of the 256 styles that the reader reads off the paintings of
            its training. It needs the shared weights of a bundled model.
        blend: bool, whether a picture gets a blend, drawn evenly from all
            blends of `styles`, in place of one style.
        probability: float in [0, 1], that a picture is painted at all. It
            saves no time: a batch is painted as a whole.
        value_range: pair of floats, the pictures' black and white: `(0, 1)`
            where they were scaled before. It is not checked.
        seed: int; the same seed gives the same pictures, on one backend and
            where the calls have one order (in `tf.data`, without parallel
            calls). None is another seed each time.
        **kwargs: of `keras.layers.Layer`.

    Call arguments:
        data: float or int tensor [H, W, 3] or [B, H, W, 3] in `value_range`,
            RGB, H, W >= 8; or a dict with it as "images". Of [B, T, H, W, 3]
            the T pictures of a sample, such as the frames of a clip or a
            stereo pair, share style and strength.
        training: bool, whether to paint; True unless a model says otherwise.

    Returns:
        Tensor of the same shape, in the layer's compute dtype.

    Raises:
        InputError: if there is no such model or style, if an option is out of
            its range, for pictures of another shape, and by `get_config` of a
            layer made from a `TransformNetwork`, which has no name to save.

    Example:
        >>> augment = multistyle.RandomStylization("paintings-fast")
        >>> classifier = keras.Sequential([augment, keras.layers.Conv2D(8, 3)])

    Reference:
        Jackson et al., 2019, "Style Augmentation: Data Augmentation via Style
        Randomization", with the rows of one network for its random styles;
        Geirhos et al., 2019, "ImageNet-trained CNNs are biased towards
        texture".
    """

    _USE_BASE_FACTOR = False

    def __init__(
        self,
        model: str | os.PathLike[str] | TransformNetwork,
        strength: float | tuple[float, float] = (0.2, 0.8),
        styles: Sequence[str] | None = None,
        blend: bool = False,
        probability: float = 1.0,
        value_range: tuple[float, float] = (0, 255),
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.strength = check_strength_range(strength)
        self.probability = check_probability(probability)
        self.value_range = check_value_range(value_range)
        self.blend = bool(blend)
        if seed is not None:
            seed = check_whole_number("seed", seed)
        self.seed = seed
        self.generator = keras.random.SeedGenerator(seed)
        # The network is not kept as such: Keras would take it for a part.
        self._draws = StyleDraws(model, styles, self.blend)
        is_network = isinstance(model, TransformNetwork)
        self.model = None if is_network else os.fspath(model)
        self.styles = self._draws.styles

    def __call__(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        _check_images(data["images"] if isinstance(data, dict) else data)
        return super().__call__(data, *args, **kwargs)

    def get_random_transformation(
        self, data: Any, training: bool = True, seed: Any = None
    ) -> dict[str, Any] | None:
        """Draws style weights [B, N] and strengths [B], as Keras asks."""
        if not training:
            return None
        images = data["images"] if isinstance(data, dict) else data
        shape = self.backend.shape(images)
        batch_size = shape[0] if len(shape) > 3 else 1
        if seed is None:
            seed = self._get_seed_generator(self.backend.name)
        ops, random = self.backend.numpy, self.backend.random
        weights = self._draws.draw(self.backend, batch_size, seed)
        low, high = self.strength
        strength = random.uniform(
            (batch_size,), minval=low, maxval=high, seed=seed
        )
        is_painted = random.uniform((batch_size,), seed=seed) < self.probability
        return {
            "style_weights": weights,
            "strength": ops.where(is_painted, strength, 0.0),
        }

    def _is_batched(self, images: Any) -> bool:
        # Keras' own knows no samples of several pictures.
        return len(self.backend.shape(images)) > 3

    def transform_images(
        self, images: Any, transformation: Any, training: bool = True
    ) -> Any:
        images = self.backend.cast(images, self.compute_dtype)
        if not training:
            return images
        ops, shape = self.backend.numpy, self.backend.shape(images)
        weights, strength = (
            transformation[name] for name in ("style_weights", "strength")
        )
        pictures = images
        if len(shape) == 5:
            pictures = ops.reshape(images, (-1, *shape[2:]))
            weights = ops.repeat(weights, shape[1], axis=0)
        low, high = self.value_range
        painted = self._paint((pictures - low) / (high - low), weights)
        painted = self.backend.cast(painted, self.compute_dtype)
        painted = ops.reshape(painted * (high - low) + low, shape)
        strength = ops.reshape(
            self.backend.cast(strength, self.compute_dtype),
            (-1, *[1] * (len(shape) - 1)),
        )
        return (1 - strength) * images + strength * painted

    def transform_labels(
        self, labels: Any, transformation: Any, training: bool = True
    ) -> Any:
        return labels

    def transform_bounding_boxes(
        self, bounding_boxes: Any, transformation: Any, training: bool = True
    ) -> Any:
        return bounding_boxes

    def transform_segmentation_masks(
        self,
        segmentation_masks: Any,
        transformation: Any,
        training: bool = True,
    ) -> Any:
        return segmentation_masks

    def _paint(self, images: Any, style_weights: Any) -> Any:
        """Paints [B, H, W, 3] in [0, 1] in the styles [B, N]."""
        if self.backend.name == keras.backend.backend():
            return self._draws.paint(images, style_weights)
        # In `tf.data`: the network's arrays are not TensorFlow's.
        import tensorflow as tf

        def paint(images: np.ndarray, style_weights: np.ndarray) -> np.ndarray:
            return keras.ops.convert_to_numpy(
                self._draws.paint(images, style_weights)
            )

        images = tf.cast(images, tf.float32)
        painted = tf.numpy_function(paint, [images, style_weights], tf.float32)
        return tf.ensure_shape(painted, images.shape)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        if self.model is None:
            raise InputError(
                "A `RandomStylization` made from a `TransformNetwork` cannot "
                "be saved: make it from the name or the path of a model."
            )
        return {
            **super().get_config(),
            "model": self.model,
            "strength": list(self.strength),
            "styles": self.styles,
            "blend": self.blend,
            "probability": self.probability,
            "value_range": list(self.value_range),
            "seed": self.seed,
        }


def _check_images(images: Any) -> None:
    shape = getattr(images, "shape", None)
    if getattr(shape, "rank", 0) is None:
        raise InputError(
            "The pictures have an unknown shape: call `set_shape`, or read "
            "them by `tf.io.decode_image(..., expand_animations=False)`."
        )
    shape = np.shape(images) if shape is None else tuple(shape)
    is_known = len(shape) in (3, 4, 5) and shape[-1] == 3
    if not is_known or any(
        size is not None and size < MIN_SIZE for size in shape[-3:-1]
    ):
        shown = ["?" if size is None else size for size in shape]
        raise InputError(
            "Pictures to paint are `[H, W, 3]`, `[B, H, W, 3]` or "
            f"`[B, T, H, W, 3]`, of {MIN_SIZE} pixels a side and more; got "
            f"`[{', '.join(map(str, shown))}]`."
        )
