"""The loop of a training: from its options to a network in a run folder."""

import sys
import time

import keras
from keras import ops

from multistyle.network.models import save_network
from multistyle.perceptual.precision import is_accelerated
from multistyle.training.averages import AveragedCopy
from multistyle.training.callbacks import (
    Progress,
    RateSchedule,
    Rollback,
    Saving,
    StopOnSignal,
)
from multistyle.training.ingredients import Ingredients
from multistyle.training.optimizers import GuardedAdam
from multistyle.training.runs.checkpoints import Checkpoints
from multistyle.training.runs.folder import RunFolder
from multistyle.training.runs.metrics import MetricsLog, forget_metrics_after
from multistyle.training.runs.samples import (
    choose_sample_photographs,
    write_sample_sheet,
)


class TrainingLoop:
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
        self.ingredients = Ingredients(options, self._report)
        self._averaged = AveragedCopy(self.ingredients.network)
        self._rate_scale = 1.0

    def measure_step(self):
        """Runs steps that change nothing on disk, and times them.

        Returns:
            Seconds a step takes once it is compiled, the mean over all steps
            of all phases.
        """
        return (
            sum(
                phase.num_steps * self._measure_step(phase)
                for phase in self.ingredients.phases
            )
            / self.options.steps
        )

    def _measure_step(self, phase):
        trainer = self._compile(phase)
        batches = self.ingredients.batches(0, 1)
        seconds = []
        for _ in range(3):
            start = time.monotonic()
            trainer.train_on_batch(batches[0][0])
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
            self.run.write_options(self.ingredients.facts())
            for phase in self.ingredients.phases:
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
            checkpoint.restore_network(self.ingredients.network)
            self._rate_scale = checkpoint.state["rate_scale"]
        if 0 < step < self.options.steps:
            self._report(f"Going on from step {step} in `{self.run.path}`.")
        return step

    def _compile(self, phase):
        """Returns the trainer of a phase, ready for its first step."""
        network, trainer = (
            self.ingredients.network,
            self.ingredients.trainer(phase),
        )
        for block in network.blocks:
            block.convolution.trainable = phase.train == "all" or (
                phase.train == "last" and block in network.expand
            )
        optimizer = GuardedAdam()
        optimizer.build(network.trainable_variables)
        # XLA was measured to be slower than oneDNN on a CPU (0.87x).
        is_plain = keras.backend.backend() == "tensorflow"
        jit = False if is_plain and not is_accelerated() else "auto"
        trainer.compile(optimizer, jit_compile=jit)
        return trainer

    def _train_phase(self, phase, done):
        """Trains from `done` steps to the phase's end; returns steps done."""
        trainer = self._compile(phase)
        optimizer = trainer.optimizer
        first_step = done - phase.first_step
        if first_step > 0:
            self._checkpoints.read().restore_optimizer(optimizer)
        else:
            self._checkpoint(done, optimizer)
        schedule = RateSchedule(phase, first_step, self._rate_scale)
        rollback = Rollback(
            first_step,
            schedule,
            lambda: self._roll_back(optimizer),
            self._report,
        )
        log = MetricsLog(self.run.metrics_path, self.run.tensorboard_folder)

        def checkpoint(step):
            self._rate_scale = schedule.scale
            self._checkpoint(step, optimizer)

        def preview(step):
            self._preview(step, optimizer)

        progress = Progress(
            first_step, phase, self.options, schedule, rollback, log.add
        )
        saving = Saving(
            first_step, phase, self.options, rollback, checkpoint, preview
        )
        batches = self.ingredients.batches(done, phase.num_steps - first_step)
        with log, StopOnSignal() as stop:
            # In this order: bad steps are dealt with before any is saved.
            callbacks = [schedule, rollback, stop, progress, saving]
            trainer.fit(batches, shuffle=False, verbose=0, callbacks=callbacks)
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
                preview(done)
        return done

    def _roll_back(self, optimizer):
        # The data goes on, so that the same batches do not come again.
        kept = (optimizer.iterations, optimizer.skipped)
        values = [int(variable) for variable in kept]
        checkpoint = self._checkpoints.read()
        checkpoint.restore_network(self.ingredients.network)
        checkpoint.restore_optimizer(optimizer)
        for variable, value in zip(kept, values, strict=True):
            variable.assign(value)

    def _checkpoint(self, step, optimizer):
        """Writes the averaged model, then the checkpoint."""
        averaged = self._averaged.update(optimizer)
        save_network(
            self.ingredients.starting_network.grow(averaged),
            self.run.model_path,
        )
        self._checkpoints.write(
            step,
            self.ingredients.network,
            optimizer,
            {"rate_scale": self._rate_scale},
        )

    def _preview(self, step, optimizer):
        write_sample_sheet(
            self.run.sample_folder / f"step_{step:08d}.jpg",
            self._averaged.update(optimizer),
            choose_sample_photographs(self.ingredients.photographs),
        )
