"""Where a network's weights start: from nothing or from what is known."""

import functools
import os
from collections.abc import Mapping, Sequence

import keras

from multistyle.errors import InputError
from multistyle.files.digests import file_digest
from multistyle.network.growth import style_rows, with_styles
from multistyle.network.models import (
    DEFAULT_MODEL,
    bundled_models,
    find_model,
    load_network,
)
from multistyle.network.rows import Rows, join_rows, mean_row, single_rows
from multistyle.network.styles import Credits
from multistyle.network.transform import TransformNetwork
from multistyle.training.options import TrainingOptions


class StartingNetwork:
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

    def __init__(self, options: TrainingOptions) -> None:
        self.name: str | os.PathLike = "none"
        self.network: TransformNetwork | None = None
        self._keeps_styles = options.add_to is not None
        asked = options.add_to or options.init_from
        if asked == "none":
            return
        names = [asked] if asked else _bundled_names()
        differences = {}
        for name in names:
            network = load_network(find_model(name))
            differences[name] = [
                f"--{field}={getattr(options, field)} where it has "
                f"{getattr(network, field)}"
                for field in ("width_multiplier", "skip_connections")
                if getattr(options, field)
                not in (None, getattr(network, field))
            ]
            if not differences[name]:
                self.name, self.network = name, network
                return
        if names and (asked or options.train == "rows"):
            name = names[0]
            way = "" if self._keeps_styles else ", or give --init_from=none"
            raise InputError(
                f"The training cannot start from `{name}`: "
                f"{' and '.join(differences[name])}. Leave that flag out{way}."
            )

    def knows(self, style_names: Sequence[str]) -> bool:
        """Returns whether it has a row for each of the styles."""
        if self.network is None:
            return False
        return set(style_names) <= set(self.network.style_names)

    def make_network(
        self,
        style_names: Sequence[str],
        credits: Credits,
        options: TrainingOptions,
        dtype: str,
        begin_at: Mapping[str, Rows] | None = None,
    ) -> TransformNetwork:
        """Makes the network to train, of the paintings' styles alone.

        Shared weights are the start's. A style that the start knows by name
        keeps its row, so that a training can go on at another crop size; any
        other begins where it is said, or at the mean of the start's rows.

        Args:
            style_names: N names.
            credits: dict from style name to credit.
            options: a `TrainingOptions`.
            dtype: a Keras dtype policy.
            begin_at: dict from style name to its row, each table [1, C].

        Returns:
            A `TransformNetwork`.

        Raises:
            InputError: if a style is to be added to a network that has one
                of that name.
        """
        if self._keeps_styles and self.network:
            for name in style_names:
                if name in self.network.style_names:
                    raise InputError(
                        f"`{self.name}` has a style `{name}` already: give "
                        "the painting another name, as `NAME:FILE`."
                    )
        # NumPy's own generator, which is seeded, too, takes no larger ones.
        keras.utils.set_random_seed(options.seed % 2**32)
        form = self.network or options
        network = TransformNetwork(
            style_names,
            width_multiplier=form.width_multiplier or 1.0,
            skip_connections=form.skip_connections is not False,
            credits=credits,
            extend_image=self.network is None or self.network.extend_image,
            dtype=dtype,
        )
        if self.network is not None:
            names = self.network.style_names
            old = style_rows(self.network, names)
            known = dict(zip(names, single_rows(old), strict=True))
            known = {**(begin_at or {}), **known}
            rows = [known.get(name, mean_row(old)) for name in style_names]
            tables = functools.reduce(join_rows, rows)
            for mine, theirs in zip(
                network.blocks, self.network.blocks, strict=True
            ):
                mine.convolution.set_weights(theirs.convolution.get_weights())
                mine.normalization.set_weights(tables[mine.name])
        return network

    def grow(self, network: TransformNetwork) -> TransformNetwork:
        """Returns the network to save.

        Args:
            network: the trained one, see `make_network`.

        Returns:
            Under `add_to` a `TransformNetwork` of the start's styles, their
            rows as they were, followed by the trained ones; else `network`.
        """
        if not self._keeps_styles or self.network is None:
            return network
        old, new = (
            style_rows(source, source.style_names)
            for source in (self.network, network)
        )
        return with_styles(
            network,
            [*self.network.style_names, *network.style_names],
            join_rows(old, new),
            {**self.network.credits, **network.credits},
        )


def base_digest(add_to: str | os.PathLike | None) -> str | None:
    """Returns SHA-256 of the file of the network that styles are added to.

    Args:
        add_to: as in `TrainingOptions`.

    Raises:
        InputError: if there is no such network.
    """
    return None if add_to is None else file_digest(find_model(add_to))


def _bundled_names() -> list[str]:
    """Returns the names of the bundled models, the default one first."""
    return sorted(bundled_models(), key=lambda name: name != DEFAULT_MODEL)
