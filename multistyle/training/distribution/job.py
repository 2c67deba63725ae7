"""The job that processes on several machines share, as Keras reads it."""

import dataclasses
import os

from multistyle.errors import InputError

ADDRESSES = "KERAS_DISTRIBUTION_JOB_ADDRESSES"
NUM_PROCESSES = "KERAS_DISTRIBUTION_NUM_PROCESSES"
PROCESS_ID = "KERAS_DISTRIBUTION_PROCESS_ID"
VARIABLES = (ADDRESSES, NUM_PROCESSES, PROCESS_ID)

LOST = (
    "A worker has ended or cannot be reached, and the training ends without "
    "it; the same commands on all machines go on from the last checkpoint."
)


@dataclasses.dataclass(frozen=True)
class Job:
    """Processes that find each other at an address.

    Args:
        address: "HOST:PORT" of the first process.
        num_workers: how many processes there are.
        worker: the number of this one, from 0.
    """

    address: str
    num_workers: int
    worker: int


def read_job() -> Job | None:
    """Reads the environment variables of Keras' distribution.

    Returns:
        A `Job`, or None where this process is alone.

    Raises:
        InputError: if one of them is missing or wrong.

    Example:
        >>> import os
        >>> os.environ["KERAS_DISTRIBUTION_JOB_ADDRESSES"] = "10.0.0.1:9876"
        >>> os.environ["KERAS_DISTRIBUTION_NUM_PROCESSES"] = "2"
        >>> os.environ["KERAS_DISTRIBUTION_PROCESS_ID"] = "0"
        >>> read_job()
        Job(address='10.0.0.1:9876', num_workers=2, worker=0)
    """
    given = {name: os.environ.get(name, "").strip() for name in VARIABLES}
    if not any(given.values()):
        return None
    for name, text in given.items():
        if not text:
            raise InputError(
                f"`{name}` is not set: processes that train together need "
                f"{', '.join(VARIABLES[:2])} and {PROCESS_ID}."
            )
    addresses = [text.strip() for text in given[ADDRESSES].split(",")]
    num_workers = _number(NUM_PROCESSES, given[NUM_PROCESSES], least=1)
    worker = _number(PROCESS_ID, given[PROCESS_ID], least=0)
    if len(addresses) not in (1, num_workers):
        raise InputError(
            f"`{ADDRESSES}` has {len(addresses)} addresses for {num_workers} "
            "processes; give one for each, or that of the first alone."
        )
    host, _, port = addresses[0].rpartition(":")
    if not host or not port.isdecimal():
        raise InputError(
            f"`{addresses[0]}` in {ADDRESSES} must be HOST:PORT, as in "
            "10.0.0.1:9876; the first process listens there."
        )
    if worker >= num_workers:
        raise InputError(
            f"`{PROCESS_ID}` is {worker}, and {num_workers} processes are "
            f"numbered from 0 to {num_workers - 1}."
        )
    return Job(addresses[0], num_workers, worker) if num_workers > 1 else None


def _number(name: str, text: str, *, least: int) -> int:
    if not text.isdecimal() or int(text) < least:
        raise InputError(
            f"`{name}` must be a whole number of at least {least}; got "
            f"`{text}`."
        )
    return int(text)
