"""The ingredients of a training: pictures, networks, losses and phases."""

import platform
import warnings
from typing import Any

import keras
import numpy as np

import multistyle
from multistyle.blends.names import did_you_mean
from multistyle.errors import InputError, InputWarning
from multistyle.learning.paintings import Paintings
from multistyle.learning.reader import can_read, find_reader
from multistyle.learning.statistics import READING_SIZE, painting_statistics
from multistyle.network.rows import Rows
from multistyle.network.styles import fingerprint
from multistyle.perceptual.features import LossNetwork
from multistyle.perceptual.loss_networks import load_loss_network
from multistyle.perceptual.precision import choose_precision, is_accelerated
from multistyle.perceptual.spectrum import mean_spectrum
from multistyle.perceptual.weave import weave_loss
from multistyle.training.distribution.workers import Workers
from multistyle.training.material.content import ContentBatches
from multistyle.training.material.photographs import (
    Photographs,
    open_photographs,
)
from multistyle.training.optimizers import GuardedAdam
from multistyle.training.options import STABILITY_PART, TrainingOptions
from multistyle.training.phases import Phase, plan_phases
from multistyle.training.starting_network import (
    StartingNetwork,
    base_digest,
)
from multistyle.training.trainer import StyleTransferTrainer


class Ingredients:
    """All that a training works with, made from its options.

    Everything that can be wrong with them is found on construction.

    Args:
        options: a `TrainingOptions`.
        paintings: the `Paintings` of `options.style_images`; None opens them.
        photographs: those of `options.content_images`; None opens them.
        workers: the `Workers` that train together; None is this one alone.

    Attributes:
        paintings: `Paintings`, one a style that trains.
        photographs: `PhotographFiles` or `PhotographDataset`.
        precision: "float32" or "bfloat16".
        starting_network: the `StartingNetwork`.
        network: the `TransformNetwork` that trains.
        workers: the `Workers`.
        phases: list of `Phase`.

    Raises:
        InputError: for options that do not fit the paintings, the machine or
            the network to start from.
    """

    def __init__(
        self,
        options: TrainingOptions,
        *,
        paintings: Paintings | None = None,
        photographs: Photographs | None = None,
        workers: Workers | None = None,
    ) -> None:
        self._options = options
        self.workers = workers or Workers()
        self.photographs = photographs or open_photographs(
            options.content_images
        )
        self.paintings = paintings or Paintings(options.style_images)
        for message in self.paintings.unreadable:
            warnings.warn(f"Left out: {message}", InputWarning, stacklevel=2)
        self.precision = choose_precision(options.precision)
        policy = "mixed_bfloat16" if self.precision == "bfloat16" else "float32"
        self.starting_network = StartingNetwork(options)
        # Now, since a run that starts anew may be its own base.
        self._base_digest = base_digest(options.add_to)
        style_names = self.paintings.style_names
        self._read_rows = self._read_paintings()
        with self.workers.scope():
            self.network = self.starting_network.make_network(
                style_names,
                self.paintings.credits,
                options,
                policy,
                begin_at=self._read_rows,
            )
        has_start = self.starting_network.network is not None
        self._loss_weights = options.loss_weights(has_start)
        self._num_shifted = 0
        if self._loss_weights.stability:
            self._num_shifted = -(-options.num_crops // STABILITY_PART)
        self.workers.check_shares(options.num_crops, self._num_shifted)
        self.phases = plan_phases(
            options,
            has_start=has_start,
            has_rows=self.starting_network.knows(style_names),
        )
        self._style_shares = self._of_styles("style_shares")
        self._style_weaves = None
        if self._loss_weights.weave:
            self._style_weaves = [
                float(weave_loss(mean_spectrum(painting[None]))[0])
                for painting in self.paintings.read(options.style_size)
            ]
        self._trainers: dict[str, StyleTransferTrainer] = {}
        for phase in self.phases:
            if phase.loss_network not in self._trainers:
                trainer = self._make_trainer(phase.loss_network, policy)
                self._trainers[phase.loss_network] = trainer

    def _read_paintings(self) -> dict[str, Rows]:
        """Reads the rows that styles to be added begin at, by their names.

        There are none where no reader is for the network, or none is added.
        """
        network = self.starting_network.network
        if self._options.add_to is None or network is None:
            return {}
        digits = fingerprint(network)
        if not can_read(digits):
            return {}
        return {
            name: find_reader(digits).read(
                painting_statistics(
                    list(self.paintings.works(name, at_least=2 * READING_SIZE))
                )
            )
            for name in self.paintings.style_names
        }

    def _make_trainer(self, name: str, policy: str) -> StyleTransferTrainer:
        def load() -> LossNetwork:
            return load_loss_network(
                name, weights_path=self._options.vgg_weights, dtype=policy
            )

        # By a network of its own: paintings are no batch to be shared.
        loss_network = load()
        style_targets = loss_network.style_targets(
            self.paintings.read(self._options.style_size)
        )
        with self.workers.scope():
            if self.workers.num_devices > 1:
                loss_network = load()
            return StyleTransferTrainer(
                self.network,
                loss_network,
                style_targets,
                loss_weights=self._loss_weights,
                style_coefficients=self._of_styles("style_coefficients"),
                stability_coefficients=self._of_styles(
                    "stability_coefficients"
                ),
                style_weaves=self._style_weaves,
                num_devices=self.workers.num_devices,
            )

    def _of_styles(self, option: str) -> list[float]:
        """Returns a number a style, 1 where the option does not name it."""
        names = self.paintings.style_names
        given = getattr(self._options, option)
        for name in given:
            if name not in names:
                raise InputError(
                    f"`{option}` names `{name}`, which is none of the "
                    f"styles{did_you_mean(name, names)}"
                )
        return [given.get(name, 1.0) for name in names]

    def compile_trainer(self, phase: Phase) -> StyleTransferTrainer:
        """Returns the trainer of a phase, ready for its first step."""
        for block in self.network.blocks:
            block.convolution.trainable = phase.train == "all" or (
                phase.train == "last" and block in self.network.expand
            )
        trainer = self._trainers[phase.loss_network]
        # XLA was measured to be slower than oneDNN on a CPU (0.87x).
        is_plain = keras.backend.backend() == "tensorflow"
        jit = False if is_plain and not is_accelerated() else "auto"
        with self.workers.scope():
            optimizer = GuardedAdam()
            optimizer.build(self.network.trainable_variables)
            trainer.compile(optimizer, jit_compile=jit)
        return trainer

    def batches(self, first_step: int, num_steps: int) -> ContentBatches:
        """Returns the `ContentBatches` of some steps of the training."""
        options = self._options
        return ContentBatches(
            self.photographs,
            self.network.num_styles,
            options.num_crops,
            options.image_size,
            seed=options.seed,
            first_step=first_step,
            num_steps=num_steps,
            worker=self.workers.number,
            num_workers=self.workers.num_workers,
            num_devices=self.workers.num_devices,
            num_shifted=self._num_shifted,
            style_shares=self._style_shares,
            num_threads=self.photographs.num_threads,
        )

    def facts(self) -> dict[str, Any]:
        """Returns what `--dry_run` shows and options.json keeps."""
        return {
            "options": self._options.record(),
            "versions": {
                "multistyle": multistyle.__version__,
                "keras": keras.__version__,
                "backend": keras.backend.backend(),
                "numpy": np.__version__,
                "python": platform.python_version(),
            },
            "distribution": {
                "num_workers": self.workers.num_workers,
                "num_devices": self.workers.num_devices,
            },
            "data": {
                "num_content_images": len(self.photographs),
                "num_style_images": sum(self.paintings.counts.values()),
                "style_names": self.paintings.style_names,
                "paintings": self.paintings.digests,
                "photographs": self.photographs.digest(),
                "add_to": self._base_digest,
            },
            "network": {
                "width_multiplier": self.network.width_multiplier,
                "skip_connections": self.network.skip_connections,
                "num_parameters": self.network.count_params(),
                "init_from": self.starting_network.name,
                "begin_at": "reader" if self._read_rows else "mean",
            },
            "loss": vars(self._loss_weights),
            "precision": self.precision,
            "phases": [vars(phase) for phase in self.phases],
        }


def what_all_share(
    options: TrainingOptions, paintings: Paintings, photographs: Photographs
) -> dict[str, Any]:
    """Returns what workers that train together must have alike.

    Args:
        options: a `TrainingOptions`.
        paintings: the `Paintings` of its style images.
        photographs: its content images.

    Returns:
        Dict for JSON, from what it is, in words, to a value.

    Raises:
        InputError: if there is no such network to start from.
    """
    paths = ("style_images", "content_images", "init_from", "add_to")
    start = options.add_to or options.init_from
    return {
        "versions of packages": [multistyle.__version__, keras.__version__],
        "flags": {n: v for n, v in options.record().items() if n not in paths},
        "paintings": paintings.digests,
        "photographs": photographs.digest(),
        "weights to start from": base_digest(
            None if start == "none" else start
        ),
        "number formats": choose_precision(options.precision),
    }
