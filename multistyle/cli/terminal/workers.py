"""A process that trains alone, or as one of several workers."""

import contextlib
from collections.abc import Iterator

from multistyle.cli.terminal.libraries import ended_by_libraries
from multistyle.cli.terminal.voice import say
from multistyle.training.distribution.job import LOST, read_job
from multistyle.training.options import DATA_PARALLEL, TrainingOptions


@contextlib.contextmanager
def worker(options: TrainingOptions) -> Iterator[bool]:
    """Sees to it that a lost worker is one line.

    Args:
        options: a `TrainingOptions`, whose `distribute` says whether the
            workers of a job train together.

    Yields:
        bool, whether this is the one that says what was made.

    Raises:
        InputError: if the variables of the job are wrong.
    """
    job = read_job() if options.distribute == DATA_PARALLEL else None
    if job is None:
        yield True
        return
    say(
        f"Worker {job.worker} of {job.num_workers}, from 0: waiting for the "
        f"others at {job.address}."
    )
    with ended_by_libraries(f"multistyle train: {LOST}"):
        yield job.worker == 0
