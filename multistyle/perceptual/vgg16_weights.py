"""Where the weights of VGG-16 are; without Keras, so that help is fast."""

import os
from pathlib import Path

from multistyle.errors import InputError
from multistyle.files.homes import expand_home, keras_home

WEIGHTS_VARIABLE = "MULTISTYLE_VGG16_WEIGHTS"
KERAS_WEIGHTS_FILE = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"
VGG16_URL = (
    "https://storage.googleapis.com/tensorflow/keras-applications/vgg16/"
    + KERAS_WEIGHTS_FILE
)


def find_vgg16_weights(
    weights_path: str | os.PathLike[str] | None = None,
) -> Path | None:
    """Finds the weights of VGG-16 on this machine.

    Args:
        weights_path: path of the HDF5 file, or None: then the environment
            variable `MULTISTYLE_VGG16_WEIGHTS`, then the file that Keras has
            downloaded before.

    Returns:
        Path, or None if there is none yet.

    Raises:
        InputError: if a path is given that does not exist.
    """
    for source, path in (
        ("--vgg_weights", weights_path),
        (WEIGHTS_VARIABLE, os.environ.get(WEIGHTS_VARIABLE)),
    ):
        if path:
            path = expand_home(path)
            if not os.path.isfile(path):
                raise InputError(
                    f"`{path}`, from {source}, is no file; it must be the "
                    f"HDF5 file of VGG-16 without its top, from {VGG16_URL} ."
                )
            return path
    cached = path_in_keras_cache()
    return cached if os.path.isfile(cached) else None


def path_in_keras_cache() -> Path:
    """Returns the path at which Keras keeps the weights it downloads."""
    return keras_home() / "models" / KERAS_WEIGHTS_FILE
