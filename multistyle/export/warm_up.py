"""Warm-up requests: what TensorFlow Serving replays before it serves."""

import importlib.util
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import tensorflow as tf

# Where TensorFlow Serving looks, and how many it takes at most.
WARM_UP_FILE = "assets.extra/tf_serving_warmup_requests"
NEEDS_PACKAGE = (
    "It holds no warm-up requests for TensorFlow Serving, which "
    '`pip install "multistyle[serving]"` writes.'
)


def can_warm_up() -> bool:
    """Whether the messages of TensorFlow Serving are installed."""
    return importlib.util.find_spec("tensorflow_serving") is not None


def write_warm_up(
    folder: Path, requests: Mapping[str, Mapping[str, Any]]
) -> None:
    """Writes a request for each signature.

    Args:
        folder: of the SavedModel.
        requests: by signature, what each of its inputs is.
    """
    from tensorflow_serving.apis.prediction_log_pb2 import PredictionLog

    path = folder / WARM_UP_FILE
    path.parent.mkdir(exist_ok=True)
    with tf.io.TFRecordWriter(str(path)) as writer:
        for signature, inputs in requests.items():
            log = PredictionLog()
            request = log.predict_log.request
            request.model_spec.name = "multistyle"
            request.model_spec.signature_name = signature
            for name, value in inputs.items():
                request.inputs[name].CopyFrom(tf.make_tensor_proto(value))
            writer.write(log.SerializeToString())


def replay_warm_up(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Runs the requests of a SavedModel on it, as the server does.

    Yields:
        Pairs of a signature and its outputs, dict name -> tensor.
    """
    from tensorflow_serving.apis.prediction_log_pb2 import PredictionLog

    loaded = tf.saved_model.load(str(folder))
    records = tf.data.TFRecordDataset(str(folder / WARM_UP_FILE))
    for record in records.as_numpy_iterator():
        request = PredictionLog.FromString(record).predict_log.request
        inputs = {
            name: tf.constant(tf.make_ndarray(proto))
            for name, proto in request.inputs.items()
        }
        signature = request.model_spec.signature_name
        yield signature, loaded.signatures[signature](**inputs)
