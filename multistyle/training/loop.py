"""The loop of a training: its phases, from the last checkpoint to the end."""

import contextlib
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from keras import ops

from multistyle.errors import InputError, InputWarning
from multistyle.network.models import save_network
from multistyle.training.averages import AveragedCopy
from multistyle.training.callbacks import (
    RateSchedule,
    Rollback,
    Saving,
    StopOnSignal,
)
from multistyle.training.distribution.workers import Workers
from multistyle.training.ingredients import Ingredients
from multistyle.training.optimizers import GuardedAdam
from multistyle.training.options import TrainingOptions
from multistyle.training.phases import Phase
from multistyle.training.progress import ProgressMeter, TrainingProgress
from multistyle.training.runs.checkpoints import (
    Checkpoint,
    Checkpoints,
    is_finite,
)
from multistyle.training.runs.folder import RunFolder
from multistyle.training.runs.metrics import MetricsLog, forget_metrics_after
from multistyle.training.runs.samples import (
    choose_sample_photographs,
    write_sample_sheet,
)


class TrainingLoop:
    """Trains by the ingredients, into a run folder.

    Args:
        options: a `TrainingOptions`.
        ingredients: its `Ingredients`.
        run: the `RunFolder`, which this process has for itself; of several
            workers the first alone touches it.
        workers: the `Workers` that train together.
        note: called with each line of what happens.
        progress: called after each step with a `TrainingProgress`.
    """

    def __init__(
        self,
        options: TrainingOptions,
        ingredients: Ingredients,
        run: RunFolder,
        workers: Workers,
        note: Callable[[str], None],
        progress: Callable[[TrainingProgress], None],
    ) -> None:
        self._options = options
        self._ingredients = ingredients
        self._run = run
        self._workers = workers
        self._note = note
        self._show = progress
        self._checkpoints = Checkpoints(run.checkpoint_folder)
        self._averaged = AveragedCopy(ingredients.network)
        self._rate_scale = 1.0
        self._facts: Mapping[str, Any] = {}

    def train(self) -> bool:
        """Trains, going on from the last checkpoint of the run folder.

        Returns:
            True if the training is finished, False if Ctrl-C stopped it.

        Raises:
            InputError: if the photographs are gone, the run folder cannot be
                written or is damaged, or the gradient stays not finite.
        """
        try:
            done = self._resume()
            if self._workers.is_first:
                self._facts = self._ingredients.facts()
                self._run.write_record(self._facts)
            for phase in self._ingredients.phases:
                end = phase.first_step + phase.num_steps
                if done < end:
                    done = self._train_phase(phase, done)
                    if done < end:
                        return False
        except OSError as error:
            raise InputError(
                f"`{self._run.path}` cannot be written: "
                f"{error.strerror or error}. Make room or give it back; the "
                "same command goes on from the last checkpoint."
            ) from error
        return True

    def _resume(self) -> int:
        """Puts the last checkpoint back; returns the steps it has done."""
        checkpoint = self._read_checkpoint()
        for path in self._checkpoints.damaged:
            self._note(f"`{path}` is damaged: the checkpoint before is used.")
        step = checkpoint.step if checkpoint else 0
        if self._workers.is_first:
            forget_metrics_after(self._run.metrics_path, step)
        if checkpoint:
            checkpoint.restore_network(self._ingredients.network)
            self._rate_scale = checkpoint.rate_scale
        if 0 < step < self._options.num_steps:
            self._note(f"Going on from step {step} in `{self._run.path}`.")
        return step

    def _train_phase(self, phase: Phase, done: int) -> int:
        """Trains from `done` steps to the phase's end; returns steps done."""
        trainer = self._ingredients.compile_trainer(phase)
        optimizer = trainer.optimizer
        first_step = done - phase.first_step
        if first_step > 0:
            self._last_checkpoint().restore_optimizer(optimizer)
        else:
            self._checkpoint(done, optimizer)
        schedule = RateSchedule(phase, first_step, self._rate_scale)
        rollback = Rollback(
            first_step,
            schedule,
            lambda: self._roll_back(optimizer),
            self._note,
        )
        log = (
            MetricsLog(self._run.metrics_path, self._run.tensorboard_folder)
            if self._workers.is_first
            else None
        )

        def checkpoint(step: int) -> None:
            self._rate_scale = schedule.scale
            self._checkpoint(step, optimizer)

        def preview(step: int) -> None:
            self._preview(step, optimizer)

        meter = ProgressMeter(
            first_step,
            phase,
            self._options,
            schedule,
            rollback,
            log.add if log else _drop,
            self._show,
        )
        saving = Saving(
            first_step, phase, self._options, rollback, checkpoint, preview
        )
        batches = self._ingredients.batches(done, phase.num_steps - first_step)
        stop = StopOnSignal(self._note, self._workers.any)
        with log or contextlib.nullcontext(), stop, self._workers.scope():
            # In this order: bad steps are dealt with before any is saved.
            callbacks = [schedule, rollback, stop, meter, saving]
            try:
                trainer.fit(
                    batches, shuffle=False, verbose=0, callbacks=callbacks
                )
            except Exception:
                # TensorFlow buries it in a traceback of its own.
                if batches.error:
                    raise batches.error from None
                raise
        for message in batches.unreadable.values():
            warnings.warn(f"Left out: {message}", InputWarning, stacklevel=2)
        if batches.unreadable:
            self._note(
                f"{len(batches.unreadable)} content images were left out."
            )
        if rollback.skipped:
            self._note(
                f"{rollback.skipped} steps changed nothing, because their "
                "gradient was not finite."
            )
        done = phase.first_step + int(optimizer.iterations)
        if done == phase.first_step + phase.num_steps:
            for variable, average in optimizer.averages():
                variable.assign(ops.convert_to_numpy(average))
            self._rate_scale = schedule.scale
            if not self._checkpoint(done, optimizer):
                raise InputError(
                    f"The weights are not finite after step {done}; the last "
                    "good checkpoint is kept. Try a lower --learning_rate, "
                    "--precision=float32, or other pictures."
                )
            if done == self._options.num_steps:
                preview(done)
        return done

    def _roll_back(self, optimizer: GuardedAdam) -> None:
        # The data goes on, so that the same batches do not come again.
        kept = (optimizer.iterations, optimizer.skipped)
        values = [int(variable) for variable in kept]
        checkpoint = self._last_checkpoint()
        checkpoint.restore_network(self._ingredients.network)
        checkpoint.restore_optimizer(optimizer)
        for variable, value in zip(kept, values, strict=True):
            variable.assign(value)

    def _read_checkpoint(self) -> Checkpoint | None:
        """Reads the last one; that of the first worker goes to all."""
        checkpoint = name = data = None
        with self._workers.together():
            if self._workers.is_first:
                checkpoint = self._checkpoints.read()
                if checkpoint is None and self._checkpoints.damaged:
                    raise self._nothing_whole()
        if self._workers.num_workers == 1:
            return checkpoint
        if checkpoint:
            name, data = checkpoint.path.name, checkpoint.to_bytes()
        (name, *_) = self._workers.gather(name)
        data = self._workers.share(data)
        if name is None or data is None:
            return None
        return Checkpoint.from_bytes(self._run.checkpoint_folder / name, data)

    def _last_checkpoint(self) -> Checkpoint:
        checkpoint = self._read_checkpoint()
        if checkpoint is None:
            raise self._nothing_whole()
        return checkpoint

    def _nothing_whole(self) -> InputError:
        return InputError(
            f"The checkpoints in `{self._run.path}` are damaged or gone; "
            "start anew by --overwrite."
        )

    def _checkpoint(self, step: int, optimizer: GuardedAdam) -> bool:
        """Writes the averaged model, then the checkpoint, but no bad ones.

        Returns:
            Whether all weights are finite.
        """
        weights = self._ingredients.network.weights
        if not all(is_finite(ops.convert_to_numpy(w)) for w in weights):
            return False
        if not self._workers.is_first:
            return True
        # Also where somebody removed the folder meanwhile.
        self._run.write_record(self._facts)
        with self._workers.by_itself():
            averaged = self._averaged.update(optimizer)
            network = self._ingredients.starting_network.grow(averaged)
            save_network(network, self._run.model_path)
        self._checkpoints.write(
            step,
            self._ingredients.network,
            optimizer,
            rate_scale=self._rate_scale,
        )
        return True

    def _preview(self, step: int, optimizer: GuardedAdam) -> None:
        if not self._workers.is_first:
            return
        with self._workers.by_itself():
            write_sample_sheet(
                self._run.sample_folder / f"step_{step:08d}.jpg",
                self._averaged.update(optimizer),
                choose_sample_photographs(self._ingredients.photographs),
            )


def _drop(record: Mapping[str, float | None]) -> None:
    """Logs nothing: the first worker does."""
