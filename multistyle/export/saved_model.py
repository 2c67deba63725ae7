"""SavedModel: the network for TensorFlow alone, and for TensorFlow Serving."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

import multistyle
from multistyle.export.formats import (
    Settings,
    Written,
    describe_picture,
    describe_tiles,
    describe_weights,
)
from multistyle.export.served_network import ServedNetwork
from multistyle.export.warm_up import (
    NEEDS_PACKAGE,
    can_warm_up,
    replay_warm_up,
    write_warm_up,
)
from multistyle.files.json_files import write_json
from multistyle.network.styles import fingerprint
from multistyle.network.transform import TransformNetwork

STYLES_FILE = "styles.json"
_WARM_UP_SIZE = (256, 256)


def write(
    network: TransformNetwork, folder: Path, settings: Settings
) -> Written:
    """Writes a network as a SavedModel.

    The folder loads with `tf.saved_model.load`, with TensorFlow alone, and
    has three signatures. Batch, height and width are free; pictures are RGB of
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

    `tiles`, for parts of a picture that is too large; without `bake`:
        image: float32 [1, H, W, 3] in [0, 1].
        style_weights: float32 [1, N].
        given_moments: float32 [P, 2, R], margins: int64 [4]: as the inputs
            of the same names of `onnx.graph.build_graph`.
        gives stylized_image, float32 [1, H, W, 3] in [0, 1], and moments,
            float32 [2, R].

    A blend that is baked has no `style_weights`.

    `assets/styles.json` holds the styles' names and credits, in the order of
    the last axis of `style_weights`, and the network's fingerprint.
    `assets.extra` holds warm-up requests where TensorFlow Serving's messages
    are installed; they were replayed.

    Args:
        network: what to write.
        folder: where, an empty one.
        settings: see `Settings`.
    """
    with tempfile.TemporaryDirectory() as scratch:
        styles_path = Path(scratch) / STYLES_FILE
        write_json(styles_path, describe_styles(network))
        served = ServedNetwork(
            network, styles_path, baked=settings.baked, store=settings.store
        )
        tf.saved_model.save(served, str(folder), served.endpoints)
    if can_warm_up():
        write_warm_up(folder, _warm_up_requests(network, settings.baked))
        for _ in replay_warm_up(folder):
            pass
    inputs = [describe_picture("image")]
    outputs = [describe_picture("stylized_image")]
    if not settings.baked:
        inputs.append(describe_weights(network.num_styles))
        for listed, more in zip(
            (inputs, outputs),
            describe_tiles(sum(block.filters for block in network.blocks)),
            strict=True,
        ):
            listed += [{**tensor, "signature": "tiles"} for tensor in more]
    return Written(
        _painter(tf.saved_model.load(str(folder)), settings.baked),
        inputs,
        outputs,
        {"tensorflow": tf.__version__},
        note=None if can_warm_up() else NEEDS_PACKAGE,
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


def _warm_up_requests(
    network: TransformNetwork, baked: bool
) -> Mapping[str, Mapping[str, Any]]:
    image = np.random.default_rng(0).random((1, *_WARM_UP_SIZE, 3), np.float32)
    file = tf.io.encode_jpeg(tf.cast(image[0] * 255, tf.uint8)).numpy()
    weights = np.eye(1, network.num_styles, dtype=np.float32)
    blend = {} if baked else {"style_weights": weights}
    return {
        "serving_default": {"image": image, **blend},
        "encoded": {"image_bytes": [file], **blend},
    }


def _painter(
    loaded: Any, baked: bool
) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Returns the default signature as a function for `check_parity`."""
    serve = loaded.signatures["serving_default"]

    def paint(image, style_weights):
        inputs = {"image": tf.constant(image)}
        if not baked:
            inputs["style_weights"] = tf.constant(style_weights)
        return serve(**inputs)["stylized_image"].numpy()

    return paint
