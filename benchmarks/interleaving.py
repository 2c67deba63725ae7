"""Timing cases in turn, so that a busy machine is fair to all of them."""

import statistics
import time


def time_in_turn(cases, rounds, clock=time.perf_counter):
    """Times functions in turn, round after round.

    Args:
        cases: dict name -> function without arguments that waits for its
            result. Each is called once before, to compile.
        rounds: int, how often each is timed.
        clock: function that tells seconds; `time.process_time` counts only
            those that this process computes.

    Returns:
        Dict name -> list of seconds, one a round.
    """
    for run in cases.values():
        run()
    seconds = {name: [] for name in cases}
    for _ in range(rounds):
        for name, run in cases.items():
            start = clock()
            run()
            seconds[name].append(clock() - start)
    return seconds


def median_ratio(seconds, other_seconds):
    """Returns the median over the rounds of one case's time by another's.

    Both times of a ratio come from one round: what slows the machine for a
    while slows both.
    """
    return statistics.median(
        one / other for one, other in zip(seconds, other_seconds, strict=True)
    )
