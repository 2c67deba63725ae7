"""Where a network's weights start: from nothing or from what is known."""

import keras
import numpy as np

from multistyle.errors import InputError
from multistyle.network.models import (
    DEFAULT_MODEL,
    bundled_models,
    find_model,
    load_network,
)
from multistyle.network.transform import TransformNetwork


class Start:
    """The network that a training starts from, if any.

    Args:
        options: a `TrainingOptions`.

    Attributes:
        name: as it was given, or "none".
        network: a `TransformNetwork`, or None.

    Raises:
        InputError: if the network that is asked for is missing or has
            another form than is asked for.
    """

    def __init__(self, options):
        self.name, self.network = "none", None
        is_default = options.init_from is None
        if options.init_from == "none" or (
            is_default and DEFAULT_MODEL not in bundled_models()
        ):
            return
        name = DEFAULT_MODEL if is_default else options.init_from
        network = load_network(find_model(name))
        differences = [
            f"--{field}={getattr(options, field)} where it has "
            f"{getattr(network, field)}"
            for field in ("width_multiplier", "skip_connections")
            if getattr(options, field) not in (None, getattr(network, field))
        ]
        if not differences:
            self.name, self.network = name, network
        elif not is_default or options.train == "rows":
            raise InputError(
                f"The training cannot start from `{name}`: "
                f"{' and '.join(differences)}. Leave that flag out, or give "
                "--init_from=none."
            )

    def knows(self, style_names):
        """Returns whether it has a row for each of the styles."""
        return self.network is not None and set(style_names) <= set(
            self.network.style_names
        )

    def make_network(self, style_names, credits, options, dtype):
        """Makes the network to train.

        Shared weights are the start's. A style that the start knows by name
        keeps its row, so that a training can go on at another crop size; any
        other begins at the mean of the start's rows.

        Args:
            style_names: list of N names.
            credits: dict style name -> credit.
            options: a `TrainingOptions`.
            dtype: a Keras dtype policy.

        Returns:
            A `TransformNetwork`.
        """
        keras.utils.set_random_seed(options.seed)
        form = self.network or options
        network = TransformNetwork(
            style_names,
            width_multiplier=form.width_multiplier or 1.0,
            skip_connections=form.skip_connections is not False,
            credits=credits,
            dtype=dtype,
        )
        if self.network is not None:
            known = [
                self.network.style_names.index(name)
                if name in self.network.style_names
                else None
                for name in style_names
            ]
            blocks = zip(network.blocks, self.network.blocks, strict=True)
            for mine, theirs in blocks:
                mine.convolution.set_weights(theirs.convolution.get_weights())
                mine.normalization.set_weights(
                    [
                        _rows(table, known)
                        for table in theirs.normalization.get_weights()
                    ]
                )
        return network


def _rows(table, indices):
    """Picks rows of [M, C]; None stands for their mean."""
    mean = table.mean(axis=0)
    return np.stack([mean if i is None else table[i] for i in indices])
