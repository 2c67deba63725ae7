"""How far a training is: losses, speed and the time that is left."""

import dataclasses
import math
import time
from collections.abc import Callable, Mapping

from multistyle.durations import show_duration
from multistyle.training.callbacks import RateSchedule, Rollback, StepCallback
from multistyle.training.options import TrainingOptions
from multistyle.training.phases import Phase
from multistyle.training.trainer import REPORTED_LOSSES

# Losses and speed are means over so many steps.
NUM_RECENT = 50
SECONDS_BETWEEN_LINES = 10.0


@dataclasses.dataclass(frozen=True)
class TrainingProgress:
    """How far a training is after a step; `str` gives it as a line.

    Args:
        step: steps done.
        num_steps: steps in all.
        losses: dict from name to the mean of the last steps, the total first.
        images_per_second: None until the second step, since the first one
            compiles.
        seconds_left: likewise.
        num_skipped: steps that changed nothing, because their gradient was
            not finite.
        is_last: whether the training ends or stops here.
    """

    step: int
    num_steps: int
    losses: Mapping[str, float]
    images_per_second: float | None
    seconds_left: float | None
    num_skipped: int
    is_last: bool

    def __str__(self) -> str:
        parts = [f"step {self.step}/{self.num_steps}"]
        if self.images_per_second is not None:
            parts.append(f"{self.images_per_second:.1f} images/s")
        if self.seconds_left is not None:
            parts.append(f"{show_duration(self.seconds_left)} left")
        for name, value in self.losses.items():
            name = name.removesuffix("_loss").removeprefix("total_")
            parts.append(f"{name} {value:.3f}")
        if self.num_skipped:
            parts.append(f"{self.num_skipped} skipped")
        return "  ".join(parts)


class ProgressMeter(StepCallback):
    """Measures each step, logs it, and tells how far the training is.

    Args:
        first_step: see `StepCallback`.
        phase: the `Phase`.
        options: the `TrainingOptions`.
        schedule: the `RateSchedule`.
        rollback: the `Rollback`.
        log: called after each step with a dict of what it measured.
        progress: called after each step with a `TrainingProgress`.
    """

    def __init__(
        self,
        first_step: int,
        phase: Phase,
        options: TrainingOptions,
        schedule: RateSchedule,
        rollback: Rollback,
        log: Callable[[Mapping[str, float | None]], None],
        progress: Callable[[TrainingProgress], None],
    ) -> None:
        super().__init__(first_step)
        self._phase = phase
        self._num_steps = options.num_steps
        self._batch_size = options.num_crops
        self._schedule = schedule
        self._rollback = rollback
        self._log = log
        self._show = progress
        self._recent: list[dict[str, float]] = []
        self._times: list[float] = []

    def on_train_begin(self, logs: Mapping | None = None) -> None:
        self._last = time.monotonic()

    def on_step_end(self, step: int, logs: Mapping[str, float]) -> None:
        now = time.monotonic()
        losses = {
            name: float(logs[name]) for name in REPORTED_LOSSES if name in logs
        }
        total = self._phase.first_step + step
        self._log(
            {
                "step": total,
                **{
                    name: value if math.isfinite(value) else None
                    for name, value in losses.items()
                },
                "learning_rate": self._schedule.rate,
                "skipped": self._rollback.skipped,
                "seconds": round(now - self._last, 4),
            }
        )
        self._last = now
        self._times = [*self._times, now][-NUM_RECENT:]
        if all(math.isfinite(value) for value in losses.values()):
            self._recent = [*self._recent, losses][-NUM_RECENT:]
        self._show(self._progress(total))

    def _progress(self, total: int) -> TrainingProgress:
        images_per_second = seconds_left = None
        if len(self._times) > 1:
            elapsed = self._times[-1] - self._times[0]
            seconds = max(elapsed / (len(self._times) - 1), 1e-9)
            images_per_second = self._batch_size / seconds
            seconds_left = seconds * (self._num_steps - total)
        names = reversed(self._recent[-1]) if self._recent else ()
        return TrainingProgress(
            step=total,
            num_steps=self._num_steps,
            losses={
                name: sum(losses[name] for losses in self._recent)
                / len(self._recent)
                for name in names
            },
            images_per_second=images_per_second,
            seconds_left=seconds_left,
            num_skipped=self._rollback.skipped,
            is_last=total == self._num_steps or self.model.stop_training,
        )


class ProgressLines:
    """Says now and then how far a training is, a line each time.

    Args:
        note: called with each line.
    """

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self._last_said = -math.inf

    def __call__(self, progress: TrainingProgress) -> None:
        now = time.monotonic()
        if progress.is_last or now - self._last_said >= SECONDS_BETWEEN_LINES:
            self._last_said = now
            self._note(str(progress))
