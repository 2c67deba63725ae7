"""The options of a training, their defaults and their limits."""

import dataclasses

from multistyle.errors import InputError
from multistyle.perceptual.loss_options import (
    LOSS_NETWORKS,
    LOSS_SCALINGS,
    LossWeights,
)

TRAIN = ("all", "rows")
PRECISIONS = ("auto", "float32", "bfloat16")

# The part of a training that starts from a network in which rows train alone.
ROWS_SHARE = 0.4
ROWS_RATE_FACTOR = 10.0

# What may differ when a training goes on: it changes no result.
CADENCE = ("run_dir", "vgg_weights", "checkpoint_every", "preview_every")


@dataclasses.dataclass(frozen=True, kw_only=True)
class TrainingOptions:
    """All that a training depends on.

    Args:
        style_images: the paintings: a folder, a glob, or a list of those.
        content_images: the photographs: likewise, or "tfds:NAME[/SPLIT]".
        run_dir: path of the run folder.
        steps: int, batches in all.
        batch_size: int, crops a batch.
        image_size: int >= 32, pixels of the square crops.
        style_size: int >= 32, pixels of a painting's short side; it sets how
            broad the strokes are.
        width_multiplier: float > 0, or None: that of the network that the
            training starts from, else 1.0.
        skip_connections: bool, or None: likewise, else True.
        init_from: where the shared weights start: a model as of
            `network.models.find_model`, "none", or None: the bundled model
            if it has that form, else "none".
        train: "all", or "rows": only gamma and beta.
        loss_network: one of `LOSS_NETWORKS`.
        vgg_weights: path, as of `perceptual.loss_networks.load_vgg16`.
        loss_scaling: one of `LOSS_SCALINGS`.
        content_loss_weight, style_loss_weight, total_variation_loss_weight:
            float >= 0, or None: `LossWeights`' of that scaling.
        style_coefficients: dict style name -> float > 0; others have 1.
        learning_rate: float > 0, or None: 2e-3 from nothing, 1e-3 from a
            network, where the rows alone train at ten times that.
        precision: "auto", "float32" or "bfloat16".
        seed: int >= 0.
        checkpoint_every: int, steps between checkpoints.
        preview_every: int, steps between sample sheets.

    Raises:
        InputError: for a value out of its limits.
    """

    style_images: object
    content_images: object
    run_dir: str
    steps: int = 2000
    batch_size: int = 8
    image_size: int = 192
    style_size: int = 384
    width_multiplier: float | None = None
    skip_connections: bool | None = None
    init_from: str | None = None
    train: str = "all"
    loss_network: str = "vgg16"
    vgg_weights: str | None = None
    loss_scaling: str = "relative"
    content_loss_weight: float | None = None
    style_loss_weight: float | None = None
    total_variation_loss_weight: float | None = None
    style_coefficients: dict = dataclasses.field(default_factory=dict)
    learning_rate: float | None = None
    precision: str = "auto"
    seed: int = 0
    checkpoint_every: int = 250
    preview_every: int = 500

    def __post_init__(self):
        for name, least in (
            ("steps", 1),
            ("batch_size", 1),
            ("image_size", 32),
            ("style_size", 32),
            ("seed", 0),
            ("checkpoint_every", 1),
            ("preview_every", 1),
        ):
            if getattr(self, name) < least:
                raise InputError(
                    f"`{name}` must be at least {least}; got "
                    f"`{getattr(self, name)}`."
                )
        for name in ("width_multiplier", "learning_rate"):
            value = getattr(self, name)
            if value is not None and not 0 < value < float("inf"):
                raise InputError(
                    f"`{name}` must be a number above 0; got `{value}`."
                )
        for name, allowed in (
            ("train", TRAIN),
            ("loss_network", LOSS_NETWORKS),
            ("loss_scaling", LOSS_SCALINGS),
            ("precision", PRECISIONS),
        ):
            if getattr(self, name) not in allowed:
                raise InputError(
                    f"`{name}` is one of {', '.join(allowed)}; got "
                    f"`{getattr(self, name)}`."
                )
        for name, value in self.style_coefficients.items():
            if not 0 < value < float("inf"):
                raise InputError(
                    f"`style_coefficients` are numbers above 0; got `{value}` "
                    f"for `{name}`."
                )
        if self.train == "rows" and self.init_from == "none":
            raise InputError(
                "`train=rows` needs a network to start from: its shared "
                "weights stay as they are. Give `init_from`."
            )
        self.loss_weights()

    def loss_weights(self):
        """Returns the `LossWeights`, with what is not given at its default."""
        given = {
            name: value
            for name in ("content", "style", "total_variation")
            if (value := getattr(self, f"{name}_loss_weight")) is not None
        }
        if self.loss_scaling == "paper":
            return LossWeights.paper(**given)
        return LossWeights(**given)

    def record(self):
        """Returns what the result depends on, as plain values for JSON."""
        return {
            name: value if _is_plain(value) else str(value)
            for name, value in dataclasses.asdict(self).items()
            if name not in CADENCE
        }


@dataclasses.dataclass(frozen=True)
class Phase:
    """A part of a training with one set of weights and one schedule.

    Args:
        train: "all" or "rows".
        first_step: int, steps done before it.
        num_steps: int.
        learning_rate: float, the rate that is held.
    """

    train: str
    first_step: int
    num_steps: int
    learning_rate: float

    def rate(self, step):
        """Returns the learning rate of a step of this phase.

        It rises over the first twentieth (100 steps at most), which the
        moments of a new optimizer need, is held, and falls to zero in a
        straight line over the last 30 percent.

        Args:
            step: int, steps of this phase that are done.
        """
        rise = min(100, max(1, self.num_steps // 20))
        fall = max(1, 0.3 * self.num_steps)
        return self.learning_rate * min(
            1.0, (step + 1) / rise, (self.num_steps - step) / fall
        )


def plan_phases(options, has_start, has_rows):
    """Divides a training into phases.

    Args:
        options: a `TrainingOptions`.
        has_start: bool, whether it starts from a trained network.
        has_rows: bool, whether that network knows all styles by name, so
            that their rows need no training of their own first.

    Returns:
        List of `Phase`.
    """
    if not has_start:
        rate = options.learning_rate or 2e-3
        return [Phase("all", 0, options.steps, rate)]
    rate = options.learning_rate or 1e-3
    rows_rate = ROWS_RATE_FACTOR * rate
    if options.train == "rows":
        return [Phase("rows", 0, options.steps, rows_rate)]
    num_rows = 0 if has_rows else round(ROWS_SHARE * options.steps)
    phases = [
        Phase("rows", 0, num_rows, rows_rate),
        Phase("all", num_rows, options.steps - num_rows, rate),
    ]
    return [phase for phase in phases if phase.num_steps > 0]


def _is_plain(value):
    if isinstance(value, (list, tuple)):
        return all(_is_plain(item) for item in value)
    return value is None or isinstance(value, (bool, int, float, str, dict))
