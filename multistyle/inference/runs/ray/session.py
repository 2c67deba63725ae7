"""A session of Ray: a cluster that is there, or processes on this machine."""

import contextlib
import logging
import os
import signal
import socket
import threading
import warnings
from typing import Any, NamedTuple

from multistyle.errors import InputError

# Where a user says which cluster; Ray itself reads it.
ADDRESS = "RAY_ADDRESS"
# For works and outcomes, which are lines of text.
_OBJECT_STORE_BYTES = 100_000_000
# What an actor gets where there is no GPU and nobody says how many there are.
_CPUS_OF_ACTOR = 2
# What actors on other machines are told of this process.
_TOLD = ("KERAS_BACKEND",)
# Ray's libraries set handlers of their own.
_SIGNALS = ("SIGHUP", "SIGINT", "SIGTERM")


class Share(NamedTuple):
    """How many actors paint, and what each of them holds.

    Attributes:
        num_actors: int.
        num_cpus: float.
        num_gpus: int.
    """

    num_actors: int
    num_cpus: float
    num_gpus: int


def start_ray() -> None:
    """Connects to the cluster of `RAY_ADDRESS`, or starts Ray here.

    What is started here calls nobody, and listens on this machine alone where
    Ray was not imported before. A session that is there already is used. It
    lasts until this process ends, or calls `ray.shutdown`.

    Raises:
        InputError: if Ray is not installed, or no cluster answers.
    """
    address = os.environ.get(ADDRESS)
    ray = _import_ray(is_local=not address)
    if ray.is_initialized():
        return
    options: dict[str, Any] = {
        "address": "local",
        "include_dashboard": False,
        "object_store_memory": _OBJECT_STORE_BYTES,
    }
    if address:
        told = {name: os.environ[name] for name in _TOLD if name in os.environ}
        options = {"address": address, "runtime_env": {"env_vars": told}}
    try:
        if address:
            _knock(address)
        with _kept_handlers(), _without_api_server():
            ray.init(
                logging_level=logging.ERROR, log_to_driver=False, **options
            )
    except (OSError, RuntimeError, ValueError) as error:
        where = f"at `{ADDRESS}={address}`" if address else "on this machine"
        raise InputError(
            f"Ray cannot be reached {where}: {first_line(error)} "
            f"`{ADDRESS}` is the address of a cluster, which may want "
            "`RAY_AUTH_MODE=token`; without it Ray runs on this machine."
        ) from error


def count_gpus() -> int:
    """Returns how many GPUs the session has."""
    return int(sum(node.get("GPU", 0) for node in _nodes()))


def find_share(jobs: int | None, uses_gpus: bool) -> Share:
    """Divides what the session has among actors.

    Args:
        jobs: how many actors there shall be; None is one for each GPU, or for
            each two processors.
        uses_gpus: whether an actor paints on a GPU where there are some.
    """
    num_gpus = count_gpus()
    if uses_gpus and num_gpus:
        return Share(jobs or num_gpus, 0, 1)
    cpus = [node["CPU"] for node in _nodes() if node.get("CPU")]
    if not cpus:  # They come when they are asked for.
        return Share(jobs or 1, 1, 0)
    wanted = max(1, sum(cpus) // jobs) if jobs else _CPUS_OF_ACTOR
    num_cpus = min(wanted, *cpus)
    num_fitting = sum(int(node // num_cpus) for node in cpus)
    return Share(jobs or num_fitting, num_cpus, 0)


def first_line(error: Exception) -> str:
    """Returns the first line of what an error of Ray says, as a sentence."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".") + "."


def _nodes():
    """Returns what each machine of the session has, a list of dicts."""
    import ray

    return [node["Resources"] for node in ray.nodes() if node["Alive"]]


def _import_ray(is_local):
    quiet = {
        "RAY_USAGE_STATS_ENABLED": "0",
        # Else its libraries write straight to standard error.
        "RAY_BACKEND_LOG_LEVEL": "fatal",
        "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
    }
    if is_local:
        # Ray's own way to stay on the loopback interface.
        quiet["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
    for name, value in quiet.items():
        os.environ.setdefault(name, value)
    logging.getLogger("ray").setLevel(logging.ERROR)
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise InputError(
            "Ray is not installed, which `--runner=ray` needs: pip install "
            '"multistyle[ray]".'
        ) from error
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    # What it says of an actor that dies would stand among the records, on
    # standard output.
    ray._private.worker._worker_logs_enabled = False
    # Of a few works for many actors.
    warnings.filterwarnings(
        "ignore", "The minimum number of concurrent actors", UserWarning
    )
    return ray


def _knock(address):
    """Raises OSError where nobody listens; Ray itself tries for minutes."""
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host.strip("[]"), int(port)), 10).close()


@contextlib.contextmanager
def _without_api_server():
    """Leaves one of Ray's processes out of what is started in a block.

    It serves the dashboard. Without one, too, it asks the network in which
    cloud the machine is, whatever `RAY_USAGE_STATS_ENABLED` says, and nothing
    turns that off (Ray 2.60).
    """
    from ray._private import services

    start = services.start_api_server
    services.start_api_server = lambda *args, **options: (None, None)
    try:
        yield
    finally:
        services.start_api_server = start


@contextlib.contextmanager
def _kept_handlers():
    """Gives signals their handlers back when the block ends."""
    handlers = {}
    if threading.current_thread() is threading.main_thread():
        for name in _SIGNALS:
            number = getattr(signal, name, None)  # Windows lacks one.
            handler = number and signal.getsignal(number)
            if handler is not None:  # Python did not set it.
                handlers[number] = handler
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
