"""What happens between steps: rates, metrics, checkpoints, rollbacks."""

import math
import shutil
import signal
import sys
import threading
import time

import keras

from multistyle.errors import InputError
from multistyle.training.trainer import REPORTED_LOSSES

MAX_SKIPPED_IN_A_ROW = 5
MAX_ROLLBACKS = 8
RATE_CUT = 0.5
PROGRESS_WINDOW = 50
SECONDS_BETWEEN_LINES = 10.0


class StepCallback(keras.callbacks.Callback):
    """A callback that counts steps from the start of the phase.

    Args:
        first_step: int, steps of this phase that an earlier process has done.
    """

    def __init__(self, first_step):
        super().__init__()
        self.first_step = first_step

    def on_train_batch_end(self, batch, logs=None):
        self.on_step_end(self.first_step + batch + 1, logs or {})

    def on_step_end(self, step, logs):
        """Called after each step; `step` counts those of the phase done."""


class RateSchedule(StepCallback):
    """Sets the learning rate of each step of a phase.

    Args:
        phase: a `Phase`.
        first_step: as of `StepCallback`.
        scale: float, factor on the rate; rollbacks lower it.
    """

    def __init__(self, phase, first_step, scale=1.0):
        super().__init__(first_step)
        self.phase = phase
        self.scale = scale
        self.rate = 0.0

    def on_train_batch_begin(self, batch, logs=None):
        self.rate = self.scale * self.phase.rate(self.first_step + batch)
        self.model.optimizer.learning_rate.assign(self.rate)


class Rollback(StepCallback):
    """Goes back to the last good checkpoint after several bad steps.

    A single step whose gradient is not finite changes nothing and is only
    counted (`GuardedAdam`). Several in a row mean that the weights
    themselves have gone bad.

    Args:
        first_step: as of `StepCallback`.
        schedule: the `RateSchedule`, whose rate is lowered.
        restore: function without arguments that puts the last checkpoint's
            weights and optimizer back.
        report: function of one line of text.
    """

    def __init__(self, first_step, schedule, restore, report):
        super().__init__(first_step)
        self._schedule = schedule
        self._restore = restore
        self._report = report
        self._num_rollbacks = 0
        self.skipped = 0
        self.in_a_row = 0

    def on_step_end(self, step, logs):
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
        self._report(
            f"The gradient was not finite for {MAX_SKIPPED_IN_A_ROW} steps in "
            "a row: back to the last good checkpoint, with "
            f"{self._schedule.scale:g} of the learning rate."
        )


class Saving(StepCallback):
    """Writes checkpoints and sample sheets.

    Args:
        first_step: as of `StepCallback`.
        phase: the `Phase`.
        options: the `TrainingOptions`.
        rollback: the `Rollback`, which knows whether the step was good.
        checkpoint, preview: functions of the number of steps done.
    """

    def __init__(
        self, first_step, phase, options, rollback, checkpoint, preview
    ):
        super().__init__(first_step)
        self._phase = phase
        self._options = options
        self._rollback = rollback
        self._checkpoint = checkpoint
        self._preview = preview

    def on_step_end(self, step, logs):
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


class Progress(StepCallback):
    """Shows and logs every loss term, images a second and the time left.

    Args:
        first_step: as of `StepCallback`.
        phase: the `Phase`.
        options: the `TrainingOptions`.
        schedule: the `RateSchedule`.
        rollback: the `Rollback`.
        log: function of a dict, called after each step.
    """

    def __init__(self, first_step, phase, options, schedule, rollback, log):
        super().__init__(first_step)
        self._phase = phase
        self._num_steps = options.steps
        self._batch_size = options.batch_size
        self._schedule = schedule
        self._rollback = rollback
        self._log = log
        self._recent = []
        self._times = []
        self._last_shown = -math.inf

    def on_train_begin(self, logs=None):
        self._last = time.monotonic()

    def on_step_end(self, step, logs):
        now = time.monotonic()
        terms = {
            name: float(logs[name]) for name in REPORTED_LOSSES if name in logs
        }
        total = self._phase.first_step + step
        self._log(
            {
                "step": total,
                **{
                    name: value if math.isfinite(value) else None
                    for name, value in terms.items()
                },
                "learning_rate": self._schedule.rate,
                "skipped": self._rollback.skipped,
                "seconds": round(now - self._last, 4),
            }
        )
        self._last = now
        self._times = [*self._times, now][-PROGRESS_WINDOW:]
        if all(math.isfinite(value) for value in terms.values()):
            self._recent = [*self._recent, terms][-PROGRESS_WINDOW:]
        is_terminal = sys.stderr.isatty()
        pause = 0.5 if is_terminal else SECONDS_BETWEEN_LINES
        is_last = total == self._num_steps or self.model.stop_training
        if now - self._last_shown >= pause or is_last:
            self._last_shown = now
            line, end = self._line(total), "\n"
            if is_terminal and not is_last:
                columns = shutil.get_terminal_size().columns - 1
                line, end = line[:columns].ljust(columns), "\r"
            print(line, end=end, file=sys.stderr, flush=True)

    def _line(self, total):
        parts = [f"step {total}/{self._num_steps}"]
        # The first step compiles, so that speed is known from the second on.
        if len(self._times) > 1:
            elapsed = self._times[-1] - self._times[0]
            seconds = max(elapsed / (len(self._times) - 1), 1e-9)
            left = _duration(seconds * (self._num_steps - total))
            parts += [f"{self._batch_size / seconds:.1f} images/s", left]
        num = len(self._recent)
        for term in reversed(self._recent[-1]) if num else ():
            mean = sum(terms[term] for terms in self._recent) / num
            name = term.removesuffix("_loss").removeprefix("total_")
            parts.append(f"{name} {mean:.3f}")
        if self._rollback.skipped:
            parts.append(f"{self._rollback.skipped} skipped")
        return "  ".join(parts)


class StopOnSignal(keras.callbacks.Callback):
    """Ends the training after the step in which Ctrl-C is pressed.

    Pressed again, it interrupts at once. It takes the signal while it is
    entered as a context. Only the main thread may take signals; elsewhere,
    and where the signal is ignored, as in the background of a script, this
    does nothing.
    """

    def __init__(self):
        super().__init__()
        self._was_asked = False
        self._before = None

    def __enter__(self):
        is_main = threading.current_thread() is threading.main_thread()
        if is_main and signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
            self._before = signal.signal(signal.SIGINT, self._stop)
        return self

    def __exit__(self, *exception):
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def on_train_batch_end(self, batch, logs=None):
        if self._was_asked:
            self.model.stop_training = True

    def _stop(self, number, frame):
        self._was_asked = True
        signal.signal(signal.SIGINT, self._before)
        print(
            "\nStopping after this step; Ctrl-C again stops at once.",
            file=sys.stderr,
        )


def _duration(seconds):
    if seconds < 90:
        return f"{seconds:.0f} s left"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min left"
    return f"{seconds / 3600:.1f} h left"
