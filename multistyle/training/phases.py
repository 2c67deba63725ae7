"""The phases of a training: what trains, how fast, and which network judges."""

import dataclasses
from collections.abc import Sequence
from typing import cast

from multistyle.training.options import TrainingOptions

# Share of the steps in which rows train alone, where a training starts from a
# network.
ROWS_SHARE = 0.4
ROWS_RATE_FACTOR = 10.0
FALL = 0.3
# From nothing, from a network, and for rows that are added to one, which are
# read off their paintings first.
RATE, RATE_FROM_START, RATE_TO_ADD = 2e-3, 1e-3, 3e-3


@dataclasses.dataclass(frozen=True)
class Phase:
    """A part of a training with one set of weights and one schedule.

    Args:
        train: "all", "rows", or "last": rows and the layers after the
            residual blocks.
        first_step: steps done before it.
        num_steps: steps of its own.
        learning_rate: the rate that is held.
        loss_network: one of `LOSS_NETWORKS`.
        fall: in [0, 1], the last part of it in which the rate falls.
    """

    train: str
    first_step: int
    num_steps: int
    learning_rate: float
    loss_network: str
    fall: float = FALL

    def rate(self, step: int) -> float:
        """Returns the learning rate of a step of this phase.

        It rises over the first twentieth (100 steps at most), which the
        moments of a new optimizer need, is held, and falls to zero in a
        straight line over the last part.

        Args:
            step: steps of this phase that are done.
        """
        rise = min(100, max(1, self.num_steps // 20))
        falling = self.fall * self.num_steps
        left = (self.num_steps - step) / falling if falling else 1.0
        return self.learning_rate * min(1.0, (step + 1) / rise, left)


def plan_phases(
    options: TrainingOptions, *, has_start: bool, has_rows: bool
) -> list[Phase]:
    """Divides a training into phases.

    Args:
        options: a `TrainingOptions`.
        has_start: whether it starts from a trained network.
        has_rows: whether that network knows all styles by name, so
            that their rows need no training of their own first.

    Returns:
        List of `Phase`.
    """
    steps, loss_network = options.num_steps, cast(str, options.loss_network)
    if not has_start:
        rate = options.learning_rate or RATE
        phases = [Phase("all", 0, steps, rate, loss_network)]
    else:
        adds_rows = options.add_to is not None and not options.thaw
        rate = options.learning_rate or (
            RATE_TO_ADD if adds_rows else RATE_FROM_START
        )
        rest = options.train if options.add_to is None else options.thaw
        rest = rest or "rows"
        if rest == "rows":
            num_rows = steps
        else:
            num_rows = 0 if has_rows else round(ROWS_SHARE * steps)
        rows_rate = ROWS_RATE_FACTOR * rate
        phases = [
            Phase("rows", 0, num_rows, rows_rate, loss_network),
            Phase(rest, num_rows, steps - num_rows, rate, loss_network),
        ]
    if loss_network != "vgg16" and options.vgg16_share:
        phases = _end_with_vgg16(phases, round(options.vgg16_share * steps))
    return [phase for phase in phases if phase.num_steps > 0]


def _end_with_vgg16(phases: Sequence[Phase], num_steps: int) -> list[Phase]:
    """Gives the last steps to VGG-16.

    A phase that is cut in two by this has one fall of its rate, as long as
    before, in its second part.
    """
    result = []
    for phase in phases:
        end = sum(p.num_steps for p in phases)
        first = max(phase.first_step, end - num_steps)
        num_after = max(0, phase.first_step + phase.num_steps - first)
        num_before = phase.num_steps - num_after
        falling = phase.fall * phase.num_steps
        result += [
            dataclasses.replace(
                phase,
                num_steps=num_before,
                fall=0.0 if num_after else phase.fall,
            ),
            dataclasses.replace(
                phase,
                first_step=first,
                num_steps=num_after,
                loss_network="vgg16",
                fall=min(1.0, falling / max(1, num_after)),
            ),
        ]
    return result
