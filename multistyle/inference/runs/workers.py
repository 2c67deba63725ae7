"""Workers: several processes that share the works of a run."""

import collections
import contextlib
import signal
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import connection

from multistyle.errors import InputError
from multistyle.inference.compositions.composition import Composition
from multistyle.inference.runs.processors import count_processors
from multistyle.inference.runs.records import Outcome, failed
from multistyle.inference.runs.work import Work
from multistyle.inference.runs.worker import Worker, WorkerDiedError

# So many in a row that die before they have loaded the model end the run.
_MAX_LOST_STARTS = 2


class Workers:
    """Paints works by processes of their own; see `Runner`.

    A process that dies is started again, and its work painted once more; where
    it dies again, the work is given up. They import the script that started
    them, so what that does stands under `if __name__ == "__main__":`.

    Args:
        jobs: how many processes.
        prepare: function of a module, which each calls before it loads the
            model; or None.
    """

    def __init__(
        self, jobs: int, *, prepare: Callable[[], None] | None = None
    ) -> None:
        self._jobs = jobs
        self._prepare = prepare

    def __call__(
        self,
        composition: Composition,
        works: Iterable[Work],
        note: Callable[[Outcome], None],
    ) -> Iterator[Outcome]:
        """See `Runner`.

        Raises:
            InputError: if processes die before they have loaded the model.
        """
        # More of them than processors wait for each other: 1.2 times the
        # processor time at 64 px, 1.05 times at 512.
        num_threads = max(1, count_processors() // self._jobs)

        def start(work: Work) -> Worker:
            return Worker(self._prepare, composition, work, num_threads)

        team = _Team(start, self._jobs, iter(works), note)
        try:
            while team.take_works():
                yield from team.listen()
        finally:
            # What is being painted is finished; nothing more is begun.
            team.disband()


class _Team:
    """The workers of one run."""

    def __init__(self, start, jobs, works, note):
        self._start = start
        self._jobs = jobs
        self._works = works
        self._note = note
        self._workers = []
        # The works whose worker died, to be painted once more.
        self._again = collections.deque()
        self._given_up_next = set()
        self._num_lost_starts = 0

    def take_works(self):
        """Gives a work to each worker; False where there is none any more."""
        for worker in self._workers:
            if worker.work is None and (work := self._next()):
                worker.give(work)
        while len(self._workers) < self._jobs and (work := self._next()):
            self._workers.append(self._start(work))
        return any(worker.work for worker in self._workers)

    def listen(self):
        """Waits until a worker says something, and returns the outcomes."""
        return list(filter(None, map(self._hear, _ready(self._workers))))

    def disband(self):
        """Waits for what is being painted, and ends all."""
        try:
            while busy := [w for w in self._workers if w.is_ready and w.work]:
                for worker in _ready(busy):
                    # Why the run ends is known already.
                    with contextlib.suppress(Exception):
                        self._hear(worker)
        finally:
            for worker in self._workers:
                worker.end()

    def _next(self):
        return self._again.popleft() if self._again else next(self._works, None)

    def _hear(self, worker):
        try:
            outcome = worker.hear()
        except WorkerDiedError:
            outcome = self._lose(worker)
        if outcome is not None:
            self._note(outcome)
        return outcome

    def _lose(self, worker):
        """Takes leave of a worker; returns the outcome of what is given up."""
        self._workers.remove(worker)
        work = worker.work
        cause = _cause(worker.end())
        if not worker.is_ready:
            self._num_lost_starts += 1
            if self._num_lost_starts == _MAX_LOST_STARTS:
                raise InputError(
                    "The processes that are to paint end before they have "
                    f"loaded the model ({cause}): give fewer --jobs."
                )
            self._again.append(work)
            return None
        self._num_lost_starts = 0
        if work is None:
            return None
        if work.output in self._given_up_next:
            return failed(
                work,
                f"`{work.photograph}` ended the process that paints it, twice "
                f"({cause}): where memory is short, give fewer --jobs or a "
                "lower --max_memory.",
            )
        self._given_up_next.add(work.output)
        # What stands there now is the work of the one that died.
        self._again.append(work._replace(may_write=True))
        return None


def _ready(workers):
    ready = connection.wait([worker.connection for worker in workers])
    return [worker for worker in workers if worker.connection in ready]


def _cause(exit_code):
    """Says how a process ended."""
    if exit_code is not None and exit_code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-exit_code).name
    return f"exit code {exit_code}"
