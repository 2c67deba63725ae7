"""Learned rows: a painting in, a row of gamma and beta out."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from multistyle.choices import check_choice
from multistyle.learning.reader import can_read, find_reader
from multistyle.learning.refining import Pace, RowGradient, refine
from multistyle.learning.statistics import painting_statistics
from multistyle.network.rows import Rows, mean_row
from multistyle.perceptual.pocket_features import (
    PocketFeatures,
    pocket_features,
)

if TYPE_CHECKING:
    from multistyle.network.transform import TransformNetwork


# None is the reader's row as it is.
PACES: dict[str, Pace | None] = {
    "instant": None,
    "quick": Pace(60, 0.03),
    "thorough": Pace(240, 0.02),
}
LEARNINGS = tuple(PACES)
# Raised with every change that gives other rows, so that rows which were kept
# are learned anew.
VERSION = 2


class Learnable(Protocol):
    """What a style can be learned for; each engine is.

    Attributes:
        fingerprint: of its shared weights, see `network.styles.fingerprint`.
        rows: of its styles, each table [N, C].
        network: the Keras network, made when it is first asked for.
    """

    @property
    def fingerprint(self) -> str: ...

    @property
    def rows(self) -> Rows: ...

    @property
    def network(self) -> "TransformNetwork": ...

    def row_gradient(self) -> RowGradient | None:
        """Returns the gradient by `pocket`; None leaves it to Keras."""

    def pocket(self) -> PocketFeatures | None:
        """Returns what sees as `pocket`; None leaves it to NumPy."""


def learn_rows(
    model: Learnable,
    paintings: Sequence[Sequence[np.ndarray]],
    *,
    learning: str = "quick",
    loss_network: str = "pocket",
    vgg_weights: str | None = None,
    progress: Callable[[float], None] | None = None,
) -> Rows:
    """Learns styles of paintings alone, for a network's shared weights.

    Args:
        model: whose shared weights the rows are for.
        paintings: an entry a style: its works, one or more, each uint8
            [H, W, 3].
        learning: "instant" reads the row in one pass, without Keras; "quick"
            and "thorough" go on from there, in seconds and in about half a
            minute. Where there is no reader they begin at the mean of the rows.
        loss_network: "pocket", or "vgg16", which sees better and costs twice as
            much; its weights are downloaded once.
        vgg_weights: path of VGG-16's weights, see `load_vgg16`.
        progress: called with the share that is done, in [0, 1].

    Returns:
        Dict layer name -> (gamma, beta), each float32 [M, C], a row a style.
        The same on each call, on one machine.

    Raises:
        InputError: for another learning, or "instant" without a reader.
    """
    check_choice("learning", learning, PACES)
    progress = progress or (lambda share: None)
    pace = PACES[learning]
    fingerprint = model.fingerprint
    read: list[Rows | None] = [None] * len(paintings)
    if pace is None or can_read(fingerprint):
        reader = find_reader(fingerprint)
        see = model.pocket() or pocket_features
        read = [
            reader.read(painting_statistics(works, see)) for works in paintings
        ]
    if pace is None:
        progress(1.0)
        return _stack(read)
    gradient = model.row_gradient() if loss_network == "pocket" else None
    if gradient is None:
        gradient = _keras_gradient(model, loss_network, vgg_weights)
    start = mean_row(model.rows)
    learned = []
    for index, (works, row) in enumerate(zip(paintings, read, strict=True)):

        def share_of_all(share: float, index: int = index) -> None:
            progress((index + share) / len(paintings))

        learned.append(
            refine(gradient, works, row or start, pace, progress=share_of_all)
        )
    return _stack(learned)


def _keras_gradient(model, loss_network, vgg_weights):
    # Late: they import Keras.
    from multistyle.learning.keras_gradient import KerasRowGradient
    from multistyle.perceptual.loss_networks import load_loss_network
    from multistyle.perceptual.precision import choose_precision

    is_mixed = choose_precision() == "bfloat16"
    dtype = "mixed_bfloat16" if is_mixed else "float32"
    network = load_loss_network(
        loss_network, weights_path=vgg_weights, dtype=dtype
    )
    return KerasRowGradient(model.network, network, dtype=dtype)


def _stack(rows):
    """Sets single rows one below the other."""
    return {
        name: tuple(
            np.concatenate([row[name][i] for row in rows]) for i in (0, 1)
        )
        for name in rows[0]
    }
