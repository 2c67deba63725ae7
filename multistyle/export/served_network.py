"""What a SavedModel holds: the variables and the functions of signatures."""

import contextlib
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from multistyle.network.architecture import EXTENSION
from multistyle.network.reflection import extend
from multistyle.network.transform import TransformNetwork

JPEG_QUALITY = 95


class ServedNetwork(tf.Module):
    """A network as TensorFlow alone runs it.

    Args:
        network: the Keras network; not of its objects, but its numbers are
            saved.
        styles_path: of the file that becomes an asset.
        baked: whether its one style is all it paints.
        store: "float32" or "float16", how the numbers are kept.

    Attributes:
        endpoints: dict signature -> function, see `saved_model.write`.

    Example:
        >>> from pathlib import Path
        >>> from multistyle.export.served_network import ServedNetwork
        >>> network = multistyle.TransformNetwork(["a", "b"])
        >>> Path("styles.json").touch()
        >>> served = ServedNetwork(network, Path("styles.json"))
        >>> sorted(served.endpoints)
        ['encoded', 'serving_default', 'tiles']
    """

    def __init__(
        self,
        network: TransformNetwork,
        styles_path: Path,
        *,
        baked: bool = False,
        store: str = "float32",
    ) -> None:
        super().__init__()
        self.styles = tf.saved_model.Asset(str(styles_path))
        self._network = _Hidden(network)
        if store == "float32":
            self.weights = [variable.value for variable in network.variables]
        else:
            self.weights = [
                tf.Variable(np.asarray(variable, np.float16), trainable=False)
                for variable in network.variables
            ]
        self.endpoints = self._baked() if baked else self._blending()

    def _blending(self):
        count = self._network.get().num_styles
        blend = tf.TensorSpec([None, count], tf.float32, name="style_weights")

        @tf.function(input_signature=[_pictures(), blend])
        def paint(image, style_weights):
            return {"stylized_image": self._paint(image, style_weights)}

        @tf.function(input_signature=[_files(), blend])
        def paint_encoded(image_bytes, style_weights):
            return self._paint_files(image_bytes, style_weights)

        channels = sum(block.filters for block in self._network.get().blocks)

        @tf.function(
            input_signature=[
                _pictures(1),
                tf.TensorSpec([1, count], tf.float32, name="style_weights"),
                tf.TensorSpec(
                    [None, 2, channels], tf.float32, name="given_moments"
                ),
                tf.TensorSpec([4], tf.int64, name="margins"),
            ]
        )
        def paint_tile(image, style_weights, given_moments, margins):
            painted, moments = self._paint_under(
                image, style_weights, given_moments, margins
            )
            return {"stylized_image": painted, "moments": moments}

        return {
            "serving_default": paint,
            "encoded": paint_encoded,
            "tiles": paint_tile,
        }

    def _baked(self):
        def all_of_it(pictures):
            return tf.ones([tf.shape(pictures)[0], 1])

        @tf.function(input_signature=[_pictures()])
        def paint(image):
            return {"stylized_image": self._paint(image, all_of_it(image))}

        @tf.function(input_signature=[_files()])
        def paint_encoded(image_bytes):
            return self._paint_files(image_bytes, all_of_it(image_bytes))

        return {"serving_default": paint, "encoded": paint_encoded}

    def _paint(self, image, style_weights):
        # One blend for all pixels; the network takes maps, too.
        style_weights = style_weights[:, None, None, :]
        inputs = {"image": image, "style_weights": style_weights}
        with self._own_numbers():
            return tf.cast(self._network.get()(inputs), tf.float32)

    def _paint_files(self, image_bytes, style_weights):
        def paint_one(pair):
            painted = self._paint(_decode(pair[0])[None], pair[1][None])
            return _encode(painted[0], tf.io.is_jpeg(pair[0]))

        painted = tf.map_fn(
            paint_one,
            (image_bytes, style_weights),
            fn_output_signature=tf.string,
        )
        return {"stylized_image_bytes": painted}

    def _paint_under(self, image, style_weights, given, margins):
        """Paints under given moments, and returns those measured, [2, R]."""
        network = self._network.get()
        given = _join_parts(given)
        height, width = tf.shape(image)[1], tf.shape(image)[2]
        x, around = image, 0
        if network.extend_image:
            x, around = extend(image, (height, width), EXTENSION), EXTENSION
        outputs, measured, start, scale = {}, [], 0, 1
        with self._own_numbers():
            for block in network.blocks:
                scale = scale // 2 if block.upsample else scale * block.strides
                part = given[:, start : start + block.filters]
                start += block.filters
                x = block.convolve(x)
                mean, variance = _measure(
                    x, tf.cast(margins, tf.int32) // scale
                )
                measured.append(tf.stack([mean[0, 0, 0], variance[0, 0, 0]]))
                is_given = part[1] >= 0
                x = block.finish(
                    x,
                    style_weights,
                    outputs.pop(network.addends.get(block.name), None),
                    (
                        tf.where(is_given, part[0], mean),
                        tf.where(is_given, part[1], variance),
                    ),
                )
                if block.name in network.addends.values():
                    outputs[block.name] = x
        painted = x[:, around : around + height, around : around + width]
        return painted, tf.concat(measured, axis=1)

    def _own_numbers(self):
        """The network computes with float16 numbers where those are kept."""
        variables = self._network.get().variables
        if self.weights[0].dtype == tf.float32:
            return contextlib.nullcontext()
        return keras.StatelessScope(
            [
                (variable, tf.cast(half, tf.float32))
                for variable, half in zip(variables, self.weights, strict=True)
            ]
        )


class _Hidden:
    """Keeps Keras' own objects, of no use elsewhere, from being saved."""

    def __init__(self, network):
        self._network = network

    def get(self):
        return self._network


def _pictures(batch=None):
    return tf.TensorSpec([batch, None, None, 3], tf.float32, name="image")


def _files():
    return tf.TensorSpec([None], tf.string, name="image_bytes")


def _join_parts(moments):
    """Returns the moments of all parts [P, 2, C] of a picture, [2, C]."""
    mean, variance = tf.unstack(tf.reduce_mean(moments, axis=0))
    away = tf.reduce_mean(tf.square(moments[:, 0] - mean), axis=0)
    return tf.stack([mean, variance + away])


def _measure(x, margins):
    """Returns mean and variance, [1, 1, 1, C], between margins."""
    height, width = tf.shape(x)[1], tf.shape(x)[2]
    top, bottom, left, right = tf.unstack(margins)
    x = x[:, top : height - bottom, left : width - right]

    def average(values):
        rows = tf.reduce_mean(values, axis=2, keepdims=True)
        return tf.reduce_mean(rows, axis=1, keepdims=True)

    mean = average(x)
    return mean, average(tf.square(x - mean))


def _decode(image_bytes):
    image = tf.io.decode_image(image_bytes, channels=3, expand_animations=False)
    image.set_shape([None, None, 3])
    return tf.cast(image, tf.float32) / 255


def _encode(image, is_jpeg):
    image = tf.cast(tf.round(image * 255), tf.uint8)
    return tf.cond(
        is_jpeg,
        lambda: tf.io.encode_jpeg(
            image, quality=JPEG_QUALITY, chroma_downsampling=False
        ),
        lambda: tf.io.encode_png(image),
    )
