"""The options of a training, their defaults and their limits."""

import dataclasses

from multistyle.errors import InputError
from multistyle.perceptual.loss_options import (
    LOSS_NETWORKS,
    LOSS_SCALINGS,
    LOSSES,
    LossWeights,
    default_loss_network,
)
from multistyle.perceptual.precision import PRECISION_CHOICES

TRAIN = ("all", "rows")
THAW = ("last",)
# Numbers for single styles.
OF_STYLES = ("style_coefficients", "stability_coefficients", "style_shares")

# What may differ when a training goes on: it changes no result.
CADENCE = ("run_dir", "vgg_weights", "checkpoint_every", "preview_every")

# Weight of the weave loss in a training that starts from a network.
WEAVE_WITH_START = 0.5


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
            `network.models.find_model`, "none", or None: the first
            bundled model of that form, else "none".
        train: "all", or "rows": only gamma and beta.
        add_to: a model as of `network.models.find_model`, or None: its
            styles stay, and those of `style_images` are added as new rows.
        thaw: "last", or None: with `add_to`, whether the layers after the
            residual blocks train, too, which changes the styles there are.
        loss_network: one of `LOSS_NETWORKS`, or None: "vgg16" if its weights
            lie on this machine, else "pocket".
        vgg_weights: path, as of `perceptual.vgg16.load_vgg16`.
        vgg16_share: float in [0, 1], the last part of the steps in which
            VGG-16 takes the place of another loss network.
        loss_scaling: one of `LOSS_SCALINGS`.
        content_loss_weight, style_loss_weight, total_variation_loss_weight,
            stability_loss_weight, lattice_loss_weight, weave_loss_weight:
            float >= 0, or None: `LossWeights`' of that scaling; with the
            relative one and a start, 0.5 for the weave.
        style_coefficients: dict style name -> float > 0, factors on their
            style losses; others have 1.
        stability_coefficients: dict style name -> float >= 0, factors on
            their stability losses; others have 1.
        style_shares: dict style name -> float > 0, how often they are drawn
            beside the others, which have 1.
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
    add_to: str | None = None
    thaw: str | None = None
    loss_network: str | None = None
    vgg_weights: str | None = None
    vgg16_share: float = 0.0
    loss_scaling: str = "relative"
    content_loss_weight: float | None = None
    style_loss_weight: float | None = None
    total_variation_loss_weight: float | None = None
    stability_loss_weight: float | None = None
    lattice_loss_weight: float | None = None
    weave_loss_weight: float | None = None
    style_coefficients: dict = dataclasses.field(default_factory=dict)
    stability_coefficients: dict = dataclasses.field(default_factory=dict)
    style_shares: dict = dataclasses.field(default_factory=dict)
    learning_rate: float | None = None
    precision: str = "auto"
    seed: int = 0
    checkpoint_every: int = 250
    preview_every: int = 500

    def __post_init__(self):
        if self.loss_network is None:
            name = default_loss_network(self.vgg_weights)
            object.__setattr__(self, "loss_network", name)
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
            ("precision", PRECISION_CHOICES),
            ("thaw", (None, *THAW)),
        ):
            if getattr(self, name) not in allowed:
                raise InputError(
                    f"`{name}` is one of {', '.join(filter(None, allowed))}; "
                    f"got `{getattr(self, name)}`."
                )
        if not 0 <= self.vgg16_share <= 1:
            raise InputError(
                "`vgg16_share` must be a number from 0 to 1; got "
                f"`{self.vgg16_share}`."
            )
        for option in OF_STYLES:
            for name, value in getattr(self, option).items():
                may_be_0 = option == "stability_coefficients"
                if not ((may_be_0 and value == 0) or 0 < value < float("inf")):
                    raise InputError(
                        f"`{option}` are numbers "
                        f"{'of at least' if may_be_0 else 'above'} 0; got "
                        f"`{value}` for `{name}`."
                    )
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
        self.loss_weights()

    def loss_weights(self, has_start=False):
        """Returns the `LossWeights`, with what is not given at its default.

        Args:
            has_start: bool, whether the training starts from a network. The
                weave loss is for those: from nothing it costs content.
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

    def record(self):
        """Returns what the result depends on, as plain values for JSON."""
        return {
            name: value if _is_plain(value) else str(value)
            for name, value in dataclasses.asdict(self).items()
            if name not in CADENCE
        }


def _is_plain(value):
    if isinstance(value, (list, tuple)):
        return all(_is_plain(item) for item in value)
    return value is None or isinstance(value, (bool, int, float, str, dict))
