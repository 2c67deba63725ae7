"""Keras, brought up for this process alone or for one of several workers."""

import contextlib
from collections.abc import Iterator

from multistyle.cli.terminal.backend import import_keras
from multistyle.cli.terminal.libraries import ended_by_libraries
from multistyle.cli.terminal.voice import say
from multistyle.training.distribution.job import LOST, read_job
from multistyle.training.options import DATA_PARALLEL, TrainingOptions


@contextlib.contextmanager
def worker(options: TrainingOptions) -> Iterator[bool]:
    """Imports Keras, and sees to it that a lost worker is one line.

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
        import_keras()
        yield True
        return
    say(
        f"Worker {job.worker} of {job.num_workers}, from 0: waiting for the "
        f"others at {job.address}."
    )
    # Not `import_keras`: JAX may not compute before all are there.
    with ended_by_libraries(f"multistyle train: {LOST}"):
        yield job.worker == 0
