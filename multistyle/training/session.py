"""A training session: from options to a trained network in a run folder."""

import platform
import sys
import time

import keras
import numpy as np
from keras import ops

import multistyle
from multistyle.errors import InputError
from multistyle.network.models import save_network
from multistyle.network.styles import did_you_mean
from multistyle.perceptual.loss_networks import load_loss_network
from multistyle.training.averages import AveragedCopy
from multistyle.training.callbacks import (
    Progress,
    RateSchedule,
    Rollback,
    Saving,
    StopOnSignal,
)
from multistyle.training.checkpoints import Checkpoints
from multistyle.training.content import ContentBatches, open_photographs
from multistyle.training.logs import MetricsLog, forget_metrics_after
from multistyle.training.optimizers import GuardedAdam
from multistyle.training.options import plan_phases
from multistyle.training.paintings import Paintings
from multistyle.training.precision import choose_precision, is_accelerated
from multistyle.training.runs import RunFolder
from multistyle.training.samples import (
    choose_sample_photographs,
    write_sample_sheet,
)
from multistyle.training.start import Start
from multistyle.training.trainer import StyleTransferTrainer


class TrainingSession:
    """One process's part of a training.

    Everything that can be wrong with the input is found on construction,
    before anything is written.

    Args:
        options: a `TrainingOptions`.
        report: function of one line of text, for messages.

    Raises:
        InputError: for input that does not hold.
    """

    def __init__(self, options, report=None):
        self.options = options
        self._report = report or (lambda line: print(line, file=sys.stderr))
        self.run = RunFolder(options.run_dir)
        self._checkpoints = Checkpoints(self.run.checkpoint_folder)
        self.photographs = open_photographs(options.content_images)
        self.paintings = Paintings(options.style_images)
        for message in self.paintings.unreadable:
            self._report(f"Left out: {message}")
        self.precision = choose_precision(options.precision)
        policy = "mixed_bfloat16" if self.precision == "bfloat16" else "float32"
        self.start = Start(options)
        style_names = self.paintings.style_names
        self.network = self.start.make_network(
            style_names, self.paintings.credits, options, policy
        )
        self.phases = plan_phases(
            options,
            has_start=self.start.network is not None,
            has_rows=self.start.knows(style_names),
        )
        self._loss_network = load_loss_network(
            options.loss_network, options.vgg_weights, dtype=policy
        )
        self.trainer = StyleTransferTrainer(
            self.network,
            self._loss_network,
            self._loss_network.style_targets(
                self.paintings.read(options.style_size)
            ),
            options.loss_weights(),
            self._style_coefficients(),
        )
        self._averaged = AveragedCopy(self.network)
        self._rate_scale = 1.0

    def _style_coefficients(self):
        names = self.paintings.style_names
        for name in self.options.style_coefficients:
            if name not in names:
                raise InputError(
                    f"`style_coefficients` names `{name}`, which is none of "
                    f"the styles{did_you_mean(name, names)}"
                )
        return [self.options.style_coefficients.get(n, 1.0) for n in names]

    def facts(self):
        """Returns what `--dry_run` shows and options.json keeps."""
        return {
            "options": self.options.record(),
            "versions": {
                "multistyle": multistyle.__version__,
                "keras": keras.__version__,
                "backend": keras.backend.backend(),
                "numpy": np.__version__,
                "python": platform.python_version(),
            },
            "data": {
                "num_content_images": len(self.photographs),
                "num_style_images": len(self.paintings.paths),
                "style_names": self.paintings.style_names,
            },
            "network": {
                "width_multiplier": self.network.width_multiplier,
                "skip_connections": self.network.skip_connections,
                "num_parameters": self.network.count_params(),
                "init_from": self.start.name,
            },
            "loss": {
                "loss_network": self._loss_network.name,
                **vars(self.options.loss_weights()),
            },
            "precision": self.precision,
            "phases": [vars(phase) for phase in self.phases],
        }

    def measure_step(self):
        """Runs steps that change nothing on disk, and times them.

        Returns:
            Seconds a step takes once it is compiled.
        """
        phase = self.phases[-1]
        self._compile(phase)
        batches = self._batches(0, 1)
        seconds = []
        for _ in range(3):
            start = time.monotonic()
            self.trainer.train_on_batch(batches[0][0])
            seconds.append(time.monotonic() - start)
        return min(seconds[1:])

    def train(self, overwrite=False):
        """Trains, going on from the last checkpoint of the run folder.

        Args:
            overwrite: bool, whether to remove a run in the folder first.

        Returns:
            True if the training is finished, False if it was stopped.

        Raises:
            InputError: if the folder holds something else.
        """
        self.run.check(self.options.record(), overwrite)
        with self.run.locked():
            if overwrite:
                self.run.clear()
            done = self._resume()
            self.run.write_options(self.facts())
            for phase in self.phases:
                end = phase.first_step + phase.num_steps
                if done < end:
                    done = self._train_phase(phase, done)
                    if done < end:
                        return False
            return True

    def _resume(self):
        """Puts the last checkpoint back; returns the steps it has done."""
        checkpoint = self._checkpoints.read()
        step = checkpoint.step if checkpoint else 0
        forget_metrics_after(self.run.metrics_path, step)
        if checkpoint:
            checkpoint.restore_network(self.network)
            self._rate_scale = checkpoint.state["rate_scale"]
        if 0 < step < self.options.steps:
            self._report(f"Going on from step {step} in `{self.run.path}`.")
        return step

    def _compile(self, phase):
        for block in self.network.blocks:
            block.convolution.trainable = phase.train == "all"
        optimizer = GuardedAdam()
        optimizer.build(self.network.trainable_variables)
        # XLA was measured to be slower than oneDNN on a CPU (0.87x).
        is_plain = keras.backend.backend() == "tensorflow"
        jit = False if is_plain and not is_accelerated() else "auto"
        self.trainer.compile(optimizer, jit_compile=jit)

    def _batches(self, first_step, num_steps):
        return ContentBatches(
            self.photographs,
            self.network.num_styles,
            self.options.batch_size,
            self.options.image_size,
            self.options.seed,
            first_step,
            num_steps,
            workers=2,
            max_queue_size=4,
        )

    def _train_phase(self, phase, done):
        """Trains from `done` steps to the phase's end; returns steps done."""
        self._compile(phase)
        optimizer = self.trainer.optimizer
        first_step = done - phase.first_step
        if first_step > 0:
            self._checkpoints.read().restore_optimizer(optimizer)
        else:
            self._checkpoint(done)
        schedule = RateSchedule(phase, first_step, self._rate_scale)
        rollback = Rollback(first_step, schedule, self._roll_back, self._report)
        log = MetricsLog(self.run.metrics_path, self.run.tensorboard_folder)

        def checkpoint(step):
            self._rate_scale = schedule.scale
            self._checkpoint(step)

        progress = Progress(
            first_step, phase, self.options, schedule, rollback, log.add
        )
        saving = Saving(
            first_step, phase, self.options, rollback, checkpoint, self._preview
        )
        batches = self._batches(done, phase.num_steps - first_step)
        with log, StopOnSignal() as stop:
            # In this order: bad steps are dealt with before any is saved.
            callbacks = [schedule, rollback, stop, progress, saving]
            self.trainer.fit(
                batches, shuffle=False, verbose=0, callbacks=callbacks
            )
        for message in batches.unreadable.values():
            self._report(f"Left out: {message}")
        if batches.unreadable:
            self._report(
                f"{len(batches.unreadable)} content images were left out."
            )
        if rollback.skipped:
            self._report(
                f"{rollback.skipped} steps changed nothing, because their "
                "gradient was not finite."
            )
        done = phase.first_step + int(optimizer.iterations)
        if done == phase.first_step + phase.num_steps:
            for variable, average in optimizer.averages():
                variable.assign(ops.convert_to_numpy(average))
            checkpoint(done)
            if done == self.options.steps:
                self._preview(done)
        return done

    def _roll_back(self):
        optimizer = self.trainer.optimizer
        # The data goes on, so that the same batches do not come again.
        kept = (optimizer.iterations, optimizer.skipped)
        values = [int(variable) for variable in kept]
        checkpoint = self._checkpoints.read()
        checkpoint.restore_network(self.network)
        checkpoint.restore_optimizer(optimizer)
        for variable, value in zip(kept, values, strict=True):
            variable.assign(value)

    def _checkpoint(self, step):
        """Writes the averaged model, then the checkpoint."""
        averaged = self._averaged.update(self.trainer.optimizer)
        save_network(averaged, self.run.model_path)
        self._checkpoints.write(
            step,
            self.network,
            self.trainer.optimizer,
            {"rate_scale": self._rate_scale},
        )

    def _preview(self, step):
        write_sample_sheet(
            self.run.sample_folder / f"step_{step:08d}.jpg",
            self._averaged.update(self.trainer.optimizer),
            choose_sample_photographs(self.photographs),
        )
