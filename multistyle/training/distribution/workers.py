"""The processes that train one network together."""

import contextlib
import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any

import keras
import numpy as np

from multistyle.errors import InputError
from multistyle.training.distribution.job import LOST, Job, read_job
from multistyle.training.options import DATA_PARALLEL, STABILITY_PART

# A worker that says nothing for so long is lost.
SECONDS_OF_SILENCE = 45
# At the end all leave together.
SECONDS_TO_LEAVE = 60
# What messages are padded to, since each length is compiled for.
BLOCK = 4096
# How a lost connection begins what it says, on processors and on GPUs.
SIGNS_OF_LOSS = ("gloo", "nccl", "unavailable", "coordination")


class WorkersLost(InputError):
    """A worker has ended, or cannot be reached any more."""

    def __init__(self) -> None:
        super().__init__(LOST)


class Workers:
    """The processes that train one network together, this one among them.

    Each sees the same weights and a part of every batch. What `together`,
    `agree`, `gather`, `wait`, `share` and `any` do, all of them must do, in
    the same order.

    Args:
        distribution: a `keras.distribution.DataParallel` over the devices of
            all workers; None is this process alone, as Keras runs by itself.

    Attributes:
        number: of this process, from 0.
        num_workers: W, how many processes there are.
        num_devices: D, how many devices all of them have.
        is_first: whether this is the process that writes.
    """

    def __init__(
        self, distribution: keras.distribution.DataParallel | None = None
    ) -> None:
        self._distribution = distribution
        self.number, self.num_workers, self.num_devices = 0, 1, 1
        if distribution is not None:
            import jax  # Distribution is for this backend alone.

            self.number = jax.process_index()
            self.num_workers = jax.process_count()
            self.num_devices = distribution.num_model_replicas
        self.is_first = self.number == 0

    def __str__(self) -> str:
        return (
            f"{_count(self.num_devices, 'device')} of "
            f"{_count(self.num_workers, 'worker')}"
        )

    def check_shares(self, batch_size: int, num_shifted: int) -> None:
        """Refuses batches that cannot be divided.

        Args:
            batch_size: pictures a batch.
            num_shifted: how many of them also come moved.

        Raises:
            InputError: which names a size that can be divided.
        """
        if batch_size % self.num_devices or num_shifted % self.num_devices:
            least = self.num_devices * (STABILITY_PART if num_shifted else 1)
            reason = " with a stability loss" if num_shifted else ""
            raise InputError(
                f"`batch_size` is {batch_size}, which {self} cannot share "
                f"evenly{reason}: give a multiple of {least}."
            )

    def scope(self) -> AbstractContextManager[None]:
        """Within it, variables are made on all devices, and batches shared."""
        if self._distribution is None:
            return contextlib.nullcontext()
        return self._distribution.scope()

    @contextlib.contextmanager
    def by_itself(self) -> Iterator[None]:
        """Within it, what this process makes is its own, in `scope`, too."""
        before = keras.distribution.distribution()
        keras.distribution.set_distribution(None)
        try:
            yield
        finally:
            keras.distribution.set_distribution(before)

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Ends all workers where an `InputError` in the block ends one.

        Raises:
            InputError: the worker's own, or what another one's says.
        """
        own = None
        try:
            yield
        except InputError as error:
            own = error
        messages = self.gather(None if own is None else str(own))
        if own is not None:
            raise own
        for number, message in enumerate(messages):
            if message is not None:
                raise InputError(f"Worker {number} cannot go on: {message}")

    def agree(self, facts: Mapping[str, Any]) -> None:
        """Refuses workers that would not train the same.

        Args:
            facts: from what is compared, in words, to a value for JSON.

        Raises:
            InputError: which names the first difference.
        """
        if self.num_workers == 1:
            return
        import jax

        devices = {"numbers of devices": jax.local_device_count()}
        all_facts = self.gather({**devices, **facts})
        for number, others in enumerate(all_facts):
            for name, value in all_facts[0].items():
                if others[name] != value:
                    raise InputError(
                        f"Worker {number} has other {name} than worker 0: "
                        "each machine needs the same files, flags and "
                        "packages."
                    )

    def gather(self, value: Any) -> list[Any]:
        """Returns what each worker gave, in the order of their numbers.

        Args:
            value: of this one, for JSON.
        """
        if self.num_workers == 1:
            return [value]
        data = json.dumps(value).encode()
        lengths = _gather(np.asarray(len(data), np.int32))
        size = -(-int(lengths.max()) // BLOCK) * BLOCK
        padded = np.frombuffer(data.ljust(size), np.uint8)
        return [json.loads(row.tobytes()) for row in _gather(padded)]

    def wait(self) -> None:
        """Returns when all workers are as far."""
        self.gather(None)

    def share(self, data: bytes | None) -> bytes | None:
        """Returns the bytes that the first worker gives, on all of them."""
        (length, *_) = self.gather(None if data is None else len(data))
        if self.num_workers == 1 or length is None:
            return data
        from jax.experimental import multihost_utils

        own = np.zeros(length, np.uint8)
        if self.is_first and data is not None:
            own = np.frombuffer(data, np.uint8)
        return np.asarray(multihost_utils.broadcast_one_to_all(own)).tobytes()

    def any(self, is_true: bool) -> bool:
        """Returns whether it is so on any of the workers."""
        if self.num_workers == 1:
            return is_true
        return bool(_gather(np.asarray(is_true)).any())

    @contextlib.contextmanager
    def noticing_loss(self) -> Iterator[None]:
        """Makes `WorkersLost` of what a backend says of a lost connection."""
        try:
            yield
        except InputError:
            raise
        except Exception as error:
            text = str(error).lower()
            if self.num_workers > 1 and any(s in text for s in SIGNS_OF_LOSS):
                raise WorkersLost from None
            raise


def join_workers(distribute: str) -> Workers:
    """Finds the devices that a training is to use, and the other workers.

    Where `job.read_job` finds a job, this waits for all of its processes.

    Args:
        distribute: one of `options.DISTRIBUTE`.

    Returns:
        The `Workers`.

    Raises:
        InputError: if Keras runs on another backend than JAX, or too late.
    """
    if distribute != DATA_PARALLEL:
        return Workers()
    backend = keras.backend.backend()
    if backend != "jax":
        raise InputError(
            f"`distribute={distribute}` is for Keras on JAX, and it runs on "
            f"`{backend}` here: install jax, and set the environment variable "
            "KERAS_BACKEND=jax."
        )
    job = read_job()
    if job is not None:
        _connect(job)
    devices = keras.distribution.list_devices()
    if len(devices) == 1:
        return Workers()
    return Workers(
        keras.distribution.DataParallel(
            devices=devices, auto_shard_dataset=False
        )
    )


def _connect(job: Job) -> None:
    import jax

    if jax.distributed.is_initialized():
        return
    jax.config.update("jax_cpu_collectives_implementation", "gloo")
    try:
        # As `keras.distribution.initialize` does, which leaves no choice how
        # soon a lost worker is noticed.
        jax.distributed.initialize(
            job.address,
            job.num_workers,
            job.worker,
            cluster_detection_method="deactivate",
            heartbeat_timeout_seconds=SECONDS_OF_SILENCE,
            shutdown_timeout_seconds=SECONDS_TO_LEAVE,
        )
    except RuntimeError as error:
        raise InputError(
            f"Worker {job.worker} cannot join the others at `{job.address}`: "
            f"{str(error).strip().splitlines()[0]}"
        ) from error


def _gather(array: np.ndarray) -> np.ndarray:
    from jax.experimental import multihost_utils

    return np.asarray(multihost_utils.process_allgather(array))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
