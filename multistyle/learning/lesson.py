"""Lessons: which paintings are learned, and how thoroughly."""

import functools
import os
from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np

from multistyle.choices import check_choice
from multistyle.errors import InputError
from multistyle.images.values import to_uint8
from multistyle.learning.kept_rows import find_row, keep_row, turn_to_learn
from multistyle.learning.learned_rows import (
    LEARNINGS,
    VERSION,
    Learnable,
    learn_rows,
)
from multistyle.learning.paintings import Paintings
from multistyle.learning.reader import can_read, find_reader
from multistyle.learning.statistics import READING_SIZE, fit_painting
from multistyle.network.rows import (
    Rows,
    digest_rows,
    join_rows,
    round_rows,
    single_rows,
)
from multistyle.perceptual.loss_options import LOSS_NETWORKS

# About what a painting takes on two cores.
SECONDS = {"instant": 1, "quick": 10, "thorough": 40}
# How many times as long VGG-16 takes as the judge, by Keras.
VGG16_FACTOR = 2
# So many styles are learned quickly unless it is said how; more are read.
MOST_QUICK = 3


class Lesson:
    """Paintings, and how a model learns them.

    What was learned is kept in the user's cache folder, so that the same
    lesson costs nothing the next time.

    Args:
        paintings: the `Paintings`.
        learning: "instant", "quick" or "thorough", see
            `learned_rows.learn_rows`. None is quick for up to three styles,
            else instant; quick, too, where instant cannot be.
        loss_network: what judges the pictures where learning takes more than
            a look: "pocket" or "vgg16"; None is "pocket".
        vgg_weights: path of VGG-16's weights, see `load_vgg16`.

    Raises:
        InputError: for another learning or loss network, for a loss network
            where nothing is judged, and for weights of another one.

    Example:
        >>> from multistyle.images.samples import PAINTINGS_FOLDER
        >>> from multistyle.learning.paintings import Paintings
        >>> paintings = Paintings(f"night:{PAINTINGS_FOLDER}/starry_night.jpg")
        >>> Lesson(paintings, learning="quick").style_names
        ['night']
    """

    def __init__(
        self,
        paintings: Paintings,
        *,
        learning: str | None = None,
        loss_network: str | None = None,
        vgg_weights: str | os.PathLike[str] | None = None,
    ) -> None:
        check_choice("learning", learning, (None, *LEARNINGS))
        check_choice("loss_network", loss_network, (None, *LOSS_NETWORKS))
        if learning == "instant" and loss_network is not None:
            raise InputError(
                "`instant` reads a style without a judge: leave "
                "`loss_network` out, or choose `quick` or `thorough`."
            )
        if vgg_weights is not None and loss_network != "vgg16":
            raise InputError(
                "`vgg_weights` go with the judge `vgg16`: give `loss_network`, "
                "too."
            )
        self.paintings = paintings
        self.style_names = paintings.style_names
        self._learning = learning
        self._loss_network = loss_network
        self._vgg_weights = None if vgg_weights is None else str(vgg_weights)

    def check_names(self, style_names: Collection[str]) -> None:
        """Raises InputError for a name that a model has already."""
        for name in self.style_names:
            if name in style_names:
                source = self.paintings.source(name)
                raise InputError(
                    f"The model has a style `{name}` already: give the "
                    f"painting another name, as `NAME:{source}`."
                )

    def learning(self, model: Learnable) -> str:
        """Returns which of `LEARNINGS` it is for a model."""
        if self._learning is not None:
            return self._learning
        is_short = len(self.style_names) <= MOST_QUICK
        if is_short or self._loss_network or not can_read(model.fingerprint):
            return "quick"
        return "instant"

    @property
    def loss_network(self) -> str:
        """What judges the pictures where learning takes more than a look."""
        return self._loss_network or "pocket"

    def seconds(self, learning: str, loss_network: str | None = None) -> int:
        """Returns about how long a painting takes.

        Args:
            learning: one of `LEARNINGS`.
            loss_network: the judge; None is the lesson's own.
        """
        judge = loss_network or self.loss_network
        is_slow = judge == "vgg16" and learning != "instant"
        return SECONDS[learning] * (VGG16_FACTOR if is_slow else 1)

    def suits(self, model: Learnable) -> bool:
        """Says whether a model can learn so; not every one can be read."""
        can_learn = self.learning(model) != "instant"
        return can_learn or can_read(model.fingerprint)

    def options(
        self, model: Learnable, names: Sequence[str] | None = None
    ) -> dict[str, Any]:
        """Returns all that decides what a model learns, a dict for JSON.

        Args:
            model: the model.
            names: some of the styles; None is all.
        """
        digests = self.paintings.digests
        names = self.style_names if names is None else names
        return {
            "style_images": {name: digests[name] for name in names},
            **self._way(model),
        }

    def learn(
        self,
        model: Learnable,
        *,
        progress: Callable[[float], None] | None = None,
    ) -> Rows:
        """Learns the paintings, but for those that were learned before.

        Args:
            model: for whose shared weights.
            progress: called with the share that is done, in [0, 1], beginning
                with 0; not at all where nothing is left to learn.

        Returns:
            Dict layer name -> (gamma, beta), each float32 [M, C], a row a
            style.

        Raises:
            InputError: as `learn_rows`.
        """
        way = {"model": model.fingerprint, **self._way(model)}
        digests = self.paintings.digests
        made_of = {n: {**way, "painting": digests[n]} for n in self.style_names}
        found = _find_rows(made_of)
        if None in found.values():
            # Of several processes that need the same, one learns it.
            with turn_to_learn(made_of):
                found = _find_rows(made_of)
                self._learn_missing(model, way, made_of, found, progress)
        return functools.reduce(join_rows, filter(None, found.values()))

    def _learn_missing(self, model, way, made_of, found, progress):
        """Learns the rows that `found` has none of, and adds them."""
        left = [name for name, row in found.items() if row is None]
        if not left:
            return
        if progress is not None:
            progress(0.0)
        rows = learn_rows(
            model,
            [self._works(name) for name in left],
            learning=way["learning"],
            loss_network=way.get("loss_network", "pocket"),
            vgg_weights=self._vgg_weights,
            progress=progress,
        )
        # So that a model that keeps it is as small as the bundled ones.
        rows = round_rows(rows)
        for name, row in zip(left, single_rows(rows), strict=True):
            keep_row(made_of[name], row)
            found[name] = row

    def _way(self, model: Learnable) -> dict[str, Any]:
        """Returns what decides besides the paintings, a dict for JSON."""
        learning = self.learning(model)
        way: dict[str, Any] = {"learning": learning, "learner": VERSION}
        # Where it cannot be read, that is said before anything is begun.
        if learning == "instant" or can_read(model.fingerprint):
            way["reader"] = find_reader(model.fingerprint).digest
        else:  # Learning begins at the mean of what is there.
            way["rows"] = digest_rows(model.rows)
        if learning != "instant":
            way["loss_network"] = self.loss_network
        return way

    def _works(self, name: str) -> list[np.ndarray]:
        works = self.paintings.works(name, at_least=2 * READING_SIZE)
        return [to_uint8(fit_painting(work)) for work in works]


def _find_rows(made_of):
    return {name: find_row(each) for name, each in made_of.items()}
