"""A worker: a process that loads the model once, and paints work after work."""

import contextlib
import multiprocessing
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

from multistyle.inference.compositions.composition import Composition
from multistyle.inference.runs.records import Outcome, paint_work
from multistyle.inference.runs.work import Work

# A fresh interpreter each: engines have threads, which a fork would break.
_context = multiprocessing.get_context("spawn")
# From the end of its connection to that of the process.
_SECONDS_TO_END = 10
# By which libraries are told how many threads to have.
_THREADS = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")


class WorkerDiedError(Exception):
    """The process of a worker is gone."""


class Worker:
    """A process that paints, seen from the one that has it.

    It asks for what it needs, one thing after another: the function, the
    composition, and then works.

    Args:
        prepare: function of a module, which it calls first, or None.
        composition: what it makes, a `Composition`.
        work: the `Work` to paint first.
        num_threads: about how many threads it shall have.

    Attributes:
        work: what it has in hand, or None.
        is_ready: whether it has loaded the model.
        connection: for `multiprocessing.connection.wait`.
    """

    def __init__(
        self,
        prepare: Callable[[], None] | None,
        composition: Composition,
        work: Work,
        num_threads: int,
    ) -> None:
        self.connection, other = _context.Pipe()
        self.work: Work | None = work
        self.is_ready = False
        self._needed: list[Any] = [prepare, composition]
        self._process = _context.Process(
            target=_serve, args=(other, num_threads), daemon=True
        )
        self._process.start()
        other.close()  # So that its death closes the connection.

    def give(self, work: Work) -> None:
        """Hands a work to a worker that has none."""
        self.work = work
        # Of one that died meanwhile the next hearing tells.
        with contextlib.suppress(OSError):
            self.connection.send(work)

    def hear(self) -> Outcome | None:
        """Waits for what became of its work; None of one that gets ready.

        Raises:
            WorkerDiedError: if the process is gone.
            Exception: what it raised.
        """
        try:
            said = self.connection.recv()
            if said is None and self._needed:
                self.connection.send(self._needed.pop(0))
            elif said is None:
                self.is_ready = True
                self.connection.send(self.work)
        except (EOFError, OSError) as error:
            # So that its exit code is its own.
            self._process.join(_SECONDS_TO_END)
            raise WorkerDiedError from error
        if said is not None:
            self.work = None
        if isinstance(said, Exception):
            raise said
        return said

    def end(self) -> int | None:
        """Ends the process, at once if it has a work; returns its exit code."""
        if self.work is not None:
            self._process.kill()
        self.connection.close()
        self._process.join()
        return self._process.exitcode


def _serve(connection: Any, num_threads: int) -> None:
    """Paints what comes by a connection, until that is closed."""
    for name in _THREADS:
        os.environ.setdefault(name, str(num_threads))
    # Of a terminal and of schedulers all processes of a job hear that they are
    # to end. Whoever has the workers lets them finish what they paint.
    _ignore("SIGINT")
    _ignore("SIGHUP")
    try:
        with contextlib.suppress(EOFError, BrokenPipeError):
            _paint_all(connection)
    except MemoryError:
        sys.exit(1)  # As where the system ends it: it is tried once more.
    except Exception as error:
        error.add_note(traceback.format_exc())
        connection.send(error)


def _paint_all(connection):
    connection.send(None)
    prepare = connection.recv()
    if prepare is not None:
        prepare()
    connection.send(None)
    composition = connection.recv()
    connection.send(None)
    while True:
        work = connection.recv()
        before = _ignore("SIGTERM")
        connection.send(paint_work(composition, work))
        signal.signal(signal.SIGTERM, before)


def _ignore(name):
    number = getattr(signal, name, None)  # Windows lacks one.
    return number and signal.signal(number, signal.SIG_IGN)
