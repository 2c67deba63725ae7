"""SavedModel: the network for TensorFlow alone, and for TensorFlow Serving."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

import multistyle
from multistyle.export.formats import (
    Settings,
    Written,
    describe_picture,
    describe_weights,
)
from multistyle.files.json_files import write_json
from multistyle.network.styles import fingerprint
from multistyle.network.transform import TransformNetwork

STYLES_FILE = "styles.json"
JPEG_QUALITY = 95


def write(
    network: TransformNetwork, folder: Path, settings: Settings
) -> Written:
    """Writes a network as a SavedModel.

    The folder loads with `tf.saved_model.load`, with TensorFlow alone, and
    has two signatures. Batch, height and width are free; pictures are RGB of
    at least 8 x 8 pixels; weights sum to 1 for the styles as learned.

    `serving_default`:
        image: float32 [B, H, W, 3] in [0, 1].
        style_weights: float32 [B, N].
        gives stylized_image: float32 [B, H, W, 3] in [0, 1].

    `encoded`, whose names end as TensorFlow Serving wants it of bytes:
        image_bytes: string [B], JPEG or PNG files, each of its own size; EXIF
            turns and alpha are not regarded.
        style_weights: float32 [B, N].
        gives stylized_image_bytes: string [B], each of its photograph's
            format and size: JPEG of quality 95 without chroma subsampling,
            and PNG for the rest.

    `assets/styles.json` holds the styles' names and credits, in the order of
    the last axis of `style_weights`, and the network's fingerprint.

    Args:
        network: what to write.
        folder: where, an empty one.
        settings: see `Settings`.
    """
    with tempfile.TemporaryDirectory() as scratch:
        styles_path = Path(scratch) / STYLES_FILE
        write_json(styles_path, describe_styles(network))
        served = _ServedNetwork(network, styles_path)
        signatures = {
            "serving_default": served.paint,
            "encoded": served.paint_encoded,
        }
        tf.saved_model.save(served, str(folder), signatures)
    loaded = tf.saved_model.load(str(folder))
    return Written(
        _painter(loaded),
        [describe_picture("image"), describe_weights(network.num_styles)],
        [describe_picture("stylized_image")],
        {"tensorflow": tf.__version__},
    )


def describe_styles(network: TransformNetwork) -> dict[str, Any]:
    """Returns what `styles.json` holds."""
    return {
        "styles": [
            {"name": name, **network.credits.get(name, {})}
            for name in network.style_names
        ],
        "width_multiplier": network.width_multiplier,
        "fingerprint": fingerprint(network),
        "multistyle": multistyle.__version__,
    }


class _ServedNetwork(tf.Module):
    """What is saved: the variables, the styles' file, the two functions."""

    def __init__(self, network, styles_path):
        super().__init__()
        self.styles = tf.saved_model.Asset(str(styles_path))
        # The variables alone: Keras' own objects are of no use elsewhere.
        self.weights = [variable.value for variable in network.variables]
        weights_spec = tf.TensorSpec([None, network.num_styles], tf.float32)

        @tf.function(
            input_signature=[
                tf.TensorSpec([None, None, None, 3], tf.float32),
                weights_spec,
            ]
        )
        def paint(image, style_weights):
            # One blend for all pixels; the network takes maps, too.
            style_weights = style_weights[:, None, None, :]
            inputs = {"image": image, "style_weights": style_weights}
            return {"stylized_image": tf.cast(network(inputs), tf.float32)}

        @tf.function(
            input_signature=[tf.TensorSpec([None], tf.string), weights_spec]
        )
        def paint_encoded(image_bytes, style_weights):
            def paint_one(pair):
                image = _decode(pair[0])[None]
                painted = paint(image, pair[1][None])["stylized_image"]
                return _encode(painted[0], tf.io.is_jpeg(pair[0]))

            painted = tf.map_fn(
                paint_one,
                (image_bytes, style_weights),
                fn_output_signature=tf.string,
            )
            return {"stylized_image_bytes": painted}

        self.paint = paint
        self.paint_encoded = paint_encoded


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


def _painter(loaded: Any) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Returns the default signature as a function for `check_parity`."""
    serve = loaded.signatures["serving_default"]

    def paint(image, style_weights):
        return serve(
            image=tf.constant(image), style_weights=tf.constant(style_weights)
        )["stylized_image"].numpy()

    return paint
