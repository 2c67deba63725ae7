"""What happens between steps: rates, rollbacks, checkpoints, Ctrl-C."""

import signal
import threading
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any

import keras

from multistyle.errors import InputError
from multistyle.training.options import TrainingOptions
from multistyle.training.phases import Phase

MAX_SKIPPED_IN_A_ROW = 5
MAX_ROLLBACKS = 8
RATE_CUT = 0.5


class StepCallback(keras.callbacks.Callback):
    """A callback that counts steps from the start of the phase.

    Args:
        first_step: steps of this phase that an earlier process has done.
    """

    def __init__(self, first_step: int) -> None:
        super().__init__()
        self.first_step = first_step

    def on_train_batch_end(
        self, batch: int, logs: Mapping | None = None
    ) -> None:
        self.on_step_end(self.first_step + batch + 1, logs or {})

    def on_step_end(self, step: int, logs: Mapping[str, float]) -> None:
        """Called after each step; `step` counts those of the phase done."""


class RateSchedule(StepCallback):
    """Sets the learning rate of each step of a phase.

    Args:
        phase: a `Phase`.
        first_step: see `StepCallback`.
        scale: factor on the rate; rollbacks lower it.
    """

    def __init__(
        self, phase: Phase, first_step: int, scale: float = 1.0
    ) -> None:
        super().__init__(first_step)
        self.phase = phase
        self.scale = scale
        self.rate = 0.0

    def on_train_batch_begin(
        self, batch: int, logs: Mapping | None = None
    ) -> None:
        self.rate = self.scale * self.phase.rate(self.first_step + batch)
        self.model.optimizer.learning_rate.assign(self.rate)


class Rollback(StepCallback):
    """Goes back to the last good checkpoint after several bad steps.

    A single step whose gradient is not finite changes nothing and is only
    counted (`GuardedAdam`). Several in a row mean that the weights
    themselves have gone bad.

    Args:
        first_step: see `StepCallback`.
        schedule: the `RateSchedule`, whose rate is lowered.
        restore: puts the last checkpoint's weights and optimizer back.
        note: called with each line of what happens.
    """

    def __init__(
        self,
        first_step: int,
        schedule: RateSchedule,
        restore: Callable[[], None],
        note: Callable[[str], None],
    ) -> None:
        super().__init__(first_step)
        self._schedule = schedule
        self._restore = restore
        self._note = note
        self._num_rollbacks = 0
        self.skipped = 0
        self.in_a_row = 0

    def on_step_end(self, step: int, logs: Mapping[str, float]) -> None:
        optimizer = self.model.optimizer
        self.skipped = int(optimizer.skipped)
        self.in_a_row = int(optimizer.skipped_in_a_row)
        if self.in_a_row < MAX_SKIPPED_IN_A_ROW:
            return
        self._num_rollbacks += 1
        if self._num_rollbacks > MAX_ROLLBACKS:
            raise InputError(
                f"The gradient was not finite for {MAX_SKIPPED_IN_A_ROW} "
                f"steps in a row, {self._num_rollbacks} times; the last good "
                "checkpoint is kept. Try a lower --learning_rate, "
                "--precision=float32, or other pictures."
            )
        self._restore()
        self.in_a_row = 0
        self._schedule.scale *= RATE_CUT
        self._note(
            f"The gradient was not finite for {MAX_SKIPPED_IN_A_ROW} steps in "
            "a row: back to the last good checkpoint, with "
            f"{self._schedule.scale:g} of the learning rate."
        )


class Saving(StepCallback):
    """Writes checkpoints and sample sheets.

    Args:
        first_step: see `StepCallback`.
        phase: the `Phase`.
        options: the `TrainingOptions`.
        rollback: the `Rollback`, which knows whether the step was good.
        checkpoint, preview: called with the number of steps done.
    """

    def __init__(
        self,
        first_step: int,
        phase: Phase,
        options: TrainingOptions,
        rollback: Rollback,
        checkpoint: Callable[[int], None],
        preview: Callable[[int], None],
    ) -> None:
        super().__init__(first_step)
        self._phase = phase
        self._options = options
        self._rollback = rollback
        self._checkpoint = checkpoint
        self._preview = preview

    def on_step_end(self, step: int, logs: Mapping[str, float]) -> None:
        # The end of the phase is saved by the loop, after averaging.
        if step >= self._phase.num_steps:
            return
        # Reading `self.model` brings the variables back from JAX's step.
        is_stopping = self.model.stop_training
        total = self._phase.first_step + step
        is_due = total % self._options.checkpoint_every == 0
        if (is_due or is_stopping) and not self._rollback.in_a_row:
            self._checkpoint(total)
        if total % self._options.preview_every == 0:
            self._preview(total)


class StopOnSignal(keras.callbacks.Callback):
    """Ends the training after the step in which Ctrl-C is pressed.

    A second Ctrl-C interrupts at once. The signal is taken within a `with`
    block. Only the main thread may take signals: elsewhere, and where the
    signal is ignored, as in the background of a script, this does nothing.

    Args:
        note: called with a line when the key is pressed.
        is_asked: tells from whether it was here whether it was anywhere, so
            that all workers end after the same step.
    """

    def __init__(
        self,
        note: Callable[[str], None],
        is_asked: Callable[[bool], bool] = bool,
    ) -> None:
        super().__init__()
        self._note = note
        self._is_asked = is_asked
        self._was_asked = False
        self._before: Any = None

    def __enter__(self) -> "StopOnSignal":
        is_main = threading.current_thread() is threading.main_thread()
        if is_main and signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
            self._before = signal.signal(signal.SIGINT, self._stop)
        return self

    def __exit__(self, *exception: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def on_train_batch_end(
        self, batch: int, logs: Mapping | None = None
    ) -> None:
        if self._is_asked(self._was_asked):
            self.model.stop_training = True

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._was_asked = True
        signal.signal(signal.SIGINT, self._before)
        self._note("Stopping after this step; Ctrl-C again stops at once.")
