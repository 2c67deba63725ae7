"""The options of a training, their defaults and their limits."""

import dataclasses
import math
import os
from collections.abc import Mapping, Sequence
from typing import Any, cast

from multistyle.choices import check_choice
from multistyle.errors import InputError
from multistyle.perceptual.loss_options import (
    LOSS_NETWORKS,
    LOSS_SCALINGS,
    LOSSES,
    LossWeights,
    default_loss_network,
)
from multistyle.perceptual.precision import PRECISIONS
from multistyle.whole_numbers import check_whole_number

TRAIN = ("all", "rows")
THAW = ("last",)
DATA_PARALLEL = "data_parallel"
DISTRIBUTE = ("none", DATA_PARALLEL)
# Numbers for single styles.
OF_STYLES = ("style_coefficients", "stability_coefficients", "style_shares")

# What may differ when a training goes on: it changes no result.
CADENCE = (
    "run_dir",
    "vgg_weights",
    "checkpoint_every",
    "preview_every",
    "distribute",
)

# The options that are whole numbers, each with the least that it may be.
WHOLE_NUMBERS = {
    "steps": 1,
    "batch_size": 1,
    "image_size": 32,
    "style_size": 32,
    "seed": 0,
    "checkpoint_every": 1,
    "preview_every": 1,
}
# Those that are any numbers; None stands for a default that depends on others.
NUMBERS = (
    "width_multiplier",
    "vgg16_share",
    *(f"{name}_loss_weight" for name in LOSSES),
    "learning_rate",
)
# The numbers that change the picture, each with its kind.
SWEEPABLE = {
    **{name: int for name in WHOLE_NUMBERS if name not in CADENCE},
    **dict.fromkeys(NUMBERS, float),
}
# The texts that are one of a few.
CHOICES = {
    "train": TRAIN,
    "loss_network": LOSS_NETWORKS,
    "loss_scaling": LOSS_SCALINGS,
    "precision": PRECISIONS,
    "thaw": (None, *THAW),
    "distribute": DISTRIBUTE,
}

# Batches in all, and crops in each. New rows on shared weights that stay need
# few and small ones; those of VGG-16 cost more and teach more.
NUM_STEPS, BATCH_SIZE = 2000, 8
NUM_STEPS_TO_ADD = {"vgg16": 230, "pocket": 385}
BATCH_SIZE_TO_ADD = 4

# One picture in so many also has the stability loss.
STABILITY_PART = 4

# Weight of the weave loss in a training that starts from a network.
WEAVE_WITH_START = 0.5

Pictures = str | os.PathLike | Sequence[str | os.PathLike]


@dataclasses.dataclass(frozen=True, kw_only=True)
class TrainingOptions:
    """All that a training depends on, checked.

    Args:
        style_images, content_images, run_dir and all others: see
            `network_training.train_network`, which has the same keywords
            with the same defaults.

    Raises:
        InputError: for a value of another kind or out of its limits.
    """

    style_images: Pictures
    content_images: Pictures
    run_dir: str | os.PathLike
    steps: int | None = None
    batch_size: int | None = None
    image_size: int = 192
    style_size: int = 384
    width_multiplier: float | None = None
    skip_connections: bool | None = None
    init_from: str | os.PathLike | None = None
    train: str = "all"
    add_to: str | os.PathLike | None = None
    thaw: str | None = None
    loss_network: str | None = None
    vgg_weights: str | os.PathLike | None = None
    vgg16_share: float = 0.0
    loss_scaling: str = "relative"
    content_loss_weight: float | None = None
    style_loss_weight: float | None = None
    total_variation_loss_weight: float | None = None
    stability_loss_weight: float | None = None
    lattice_loss_weight: float | None = None
    weave_loss_weight: float | None = None
    style_coefficients: Mapping[str, float] | None = None
    stability_coefficients: Mapping[str, float] | None = None
    style_shares: Mapping[str, float] | None = None
    learning_rate: float | None = None
    precision: str = "auto"
    seed: int = 0
    checkpoint_every: int = 250
    preview_every: int = 500
    distribute: str = "none"

    def __post_init__(self) -> None:
        for name in ("style_images", "content_images"):
            self._set(name, _pictures(name, getattr(self, name)))
        for name in ("run_dir", "init_from", "add_to", "vgg_weights"):
            if getattr(self, name) is not None:
                self._set(name, os.fspath(getattr(self, name)))
        if self.loss_network is None:
            self._set("loss_network", default_loss_network(self.vgg_weights))
        for name, allowed in CHOICES.items():
            check_choice(name, getattr(self, name), allowed)
        adds = self.add_to is not None
        if self.steps is None:
            to_add = NUM_STEPS_TO_ADD[cast(str, self.loss_network)]
            self._set("steps", to_add if adds else NUM_STEPS)
        if self.batch_size is None:
            self._set("batch_size", BATCH_SIZE_TO_ADD if adds else BATCH_SIZE)
        for name, least in WHOLE_NUMBERS.items():
            value = check_whole_number(name, getattr(self, name), least=least)
            self._set(name, value)
        for name in NUMBERS:
            if getattr(self, name) is not None:
                self._set(name, _number(name, getattr(self, name)))
        for name in OF_STYLES:
            self._set(name, _numbers_of_styles(name, getattr(self, name)))
        self._check_limits()
        self._check_start()
        self.loss_weights()

    @property
    def num_steps(self) -> int:
        """`steps`, by default what `__post_init__` chose."""
        return cast(int, self.steps)

    @property
    def num_crops(self) -> int:
        """`batch_size`, likewise."""
        return cast(int, self.batch_size)

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)  # The class is frozen.

    def _check_limits(self) -> None:
        for name in ("width_multiplier", "learning_rate"):
            value = getattr(self, name)
            if value is not None and not 0 < value < math.inf:
                raise InputError(
                    f"`{name}` must be a number above 0; got `{value}`."
                )
        if not 0 <= self.vgg16_share <= 1:
            raise InputError(
                "`vgg16_share` must be a number from 0 to 1; got "
                f"`{self.vgg16_share}`."
            )
        if self.skip_connections not in (None, True, False):
            raise InputError(
                "`skip_connections` is True, False or None; got "
                f"`{self.skip_connections}`."
            )

    def _check_start(self) -> None:
        if self.train == "rows" and self.init_from == "none":
            raise InputError(
                "`train=rows` needs a network to start from: its shared "
                "weights stay as they are. Give `init_from`."
            )
        if self.add_to is None:
            if self.thaw:
                raise InputError(
                    "`thaw` is for styles that are added to a network; give "
                    "`add_to`, too."
                )
        elif self.init_from is not None or self.train != "all":
            raise InputError(
                "`add_to` says where to start from and that rows alone train; "
                "leave out `init_from` and `train`."
            )

    def loss_weights(self, has_start: bool = False) -> LossWeights:
        """Returns the `LossWeights`, with what is not given at its default.

        Args:
            has_start: whether the training starts from a network. The weave
                loss is for those: from nothing it costs content.
        """
        given = {
            name: value
            for name in LOSSES
            if (value := getattr(self, f"{name}_loss_weight")) is not None
        }
        if self.loss_scaling == "paper":
            return LossWeights.paper(**given)
        if has_start:
            given.setdefault("weave", WEAVE_WITH_START)
        return LossWeights(**given)

    def record(self) -> dict[str, object]:
        """Returns what the result depends on, as plain values for JSON."""
        return {
            field.name: getattr(self, field.name)
            for field in dataclasses.fields(self)
            if field.name not in CADENCE
        }


def _pictures(name: str, value: Any) -> str | list[str]:
    """Returns a path as text, or several as a list; one of one is the path."""
    if isinstance(value, (str, os.PathLike)):
        return os.fspath(value)
    try:
        paths = [os.fspath(path) for path in value]
    except TypeError:
        raise InputError(
            f"`{name}` is a folder, a glob, a file, or a list of these; got "
            f"`{value}`."
        ) from None
    return paths[0] if len(paths) == 1 else paths


def _number(name: str, value: Any) -> float:
    try:
        if isinstance(value, (bool, str)):
            raise TypeError
        return float(value)
    except (TypeError, ValueError):
        raise InputError(f"`{name}` must be a number; got `{value}`.") from None


def _numbers_of_styles(option: str, given: object) -> dict[str, float]:
    may_be_0 = option == "stability_coefficients"
    if not isinstance(given, (Mapping, type(None))):
        raise InputError(
            f"`{option}` is a dict from style name to number; got `{given}`."
        )
    numbers = {}
    for name, value in (given or {}).items():
        number = _number(f"{option}[{name!r}]", value)
        if not ((may_be_0 and number == 0) or 0 < number < math.inf):
            raise InputError(
                f"`{option}` are numbers "
                f"{'of at least' if may_be_0 else 'above'} 0; got "
                f"`{value}` for `{name}`."
            )
        numbers[name] = number
    return numbers
