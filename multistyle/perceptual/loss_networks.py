"""Loss networks by name."""

import os

from multistyle.choices import check_choice
from multistyle.perceptual.features import LossNetwork
from multistyle.perceptual.loss_options import LOSS_NETWORKS
from multistyle.perceptual.pocket import load_pocket
from multistyle.perceptual.vgg16 import load_vgg16


def load_loss_network(
    name: str = "vgg16",
    *,
    weights_path: str | os.PathLike[str] | None = None,
    dtype: str | None = None,
) -> LossNetwork:
    """Builds a loss network.

    Args:
        name: one of `LOSS_NETWORKS`.
        weights_path: of VGG-16, see `load_vgg16`.
        dtype: a Keras dtype policy, or None for the global one.

    Returns:
        A `LossNetwork`.

    Raises:
        InputError: for another name, or if no weights are to be had.

    Example:
        >>> load_loss_network("pocket").content_layer
        'relu3_3'
    """
    check_choice("loss_network", name, LOSS_NETWORKS)
    if name == "vgg16":
        return load_vgg16(weights_path, dtype=dtype)
    return load_pocket(dtype)
