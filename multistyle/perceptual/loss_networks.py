"""Loss networks by name."""

from multistyle.errors import InputError
from multistyle.perceptual.loss_options import LOSS_NETWORKS
from multistyle.perceptual.pocket import load_pocket
from multistyle.perceptual.vgg16 import load_vgg16


def load_loss_network(name="vgg16", weights_path=None, dtype=None):
    """Builds a loss network.

    Args:
        name: one of `LOSS_NETWORKS`.
        weights_path: for "vgg16", as of `load_vgg16`.
        dtype: a Keras dtype policy, or None for the global one.

    Returns:
        A `LossNetwork`.

    Raises:
        InputError: for another name, or if no weights are to be had.
    """
    if name == "vgg16":
        return load_vgg16(weights_path, dtype)
    if name == "pocket":
        return load_pocket(dtype)
    raise InputError(
        f"`loss_network` is one of {', '.join(LOSS_NETWORKS)}; got `{name}`."
    )
