"""Learned rows: a painting in, a row of gamma and beta out."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from multistyle.errors import InputError
from multistyle.learning.reader import can_read, find_reader
from multistyle.learning.statistics import painting_statistics
from multistyle.network.rows import Rows

if TYPE_CHECKING:
    from multistyle.network.transform import TransformNetwork


class Pace(NamedTuple):
    """How a row is refined.

    Attributes:
        num_steps: of two crops.
        rate: the highest learning rate.
    """

    num_steps: int
    rate: float


# None is the reader's row as it is.
PACES: dict[str, Pace | None] = {
    "instant": None,
    "quick": Pace(40, 0.03),
    "thorough": Pace(400, 0.03),
}
LEARNINGS = tuple(PACES)
# Raised with every change that gives other rows, so that rows which were kept
# are learned anew.
VERSION = 1


class Learnable(Protocol):
    """What a style can be learned for; each engine is.

    Attributes:
        fingerprint: of its shared weights, see `network.styles.fingerprint`.
        network: the Keras network, made when it is first asked for.
    """

    @property
    def fingerprint(self) -> str: ...

    @property
    def network(self) -> "TransformNetwork": ...


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
            and "thorough" go on from there, in seconds and in about a minute.
            Where there is no reader they begin at the mean of the rows.
        loss_network: "pocket", or "vgg16", which sees better and costs three
            times as much; its weights are downloaded once.
        vgg_weights: path of VGG-16's weights, see `load_vgg16`.
        progress: called with the share that is done, in [0, 1].

    Returns:
        Dict layer name -> (gamma, beta), each float32 [M, C], a row a style.
        The same on each call, on one machine.

    Raises:
        InputError: for another learning, or "instant" without a reader.
    """
    if learning not in PACES:
        raise InputError(
            f"`learning` is one of {', '.join(LEARNINGS)}; got `{learning}`."
        )
    progress = progress or (lambda share: None)
    pace = PACES[learning]
    fingerprint = model.fingerprint
    read: list[Rows | None] = [None] * len(paintings)
    if pace is None or can_read(fingerprint):
        reader = find_reader(fingerprint)
        read = [reader.read(painting_statistics(works)) for works in paintings]
    if pace is None:
        progress(1.0)
        return _stack(read)
    # Late: they import Keras.
    from multistyle.learning.refining import RowRefiner
    from multistyle.perceptual.loss_networks import load_loss_network
    from multistyle.perceptual.precision import choose_precision

    is_mixed = choose_precision() == "bfloat16"
    dtype = "mixed_bfloat16" if is_mixed else "float32"
    refiner = RowRefiner(
        model.network,
        load_loss_network(loss_network, weights_path=vgg_weights, dtype=dtype),
        num_steps=pace.num_steps,
        rate=pace.rate,
        dtype=dtype,
    )
    learned: list[Rows | None] = []
    for index, (works, start) in enumerate(zip(paintings, read, strict=True)):
        learned.append(
            refiner.refine(
                works,
                start,
                progress=lambda share, index=index: progress(
                    (index + share) / len(paintings)
                ),
            )
        )
    return _stack(learned)


def _stack(rows):
    """Sets single rows one below the other."""
    return {
        name: tuple(
            np.concatenate([row[name][i] for row in rows]) for i in (0, 1)
        )
        for name in rows[0]
    }
