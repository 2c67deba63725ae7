"""Workers that are killed, by real processes and real signals."""

import os
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from multistyle.errors import InputError, OutputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.inference.compositions.composition import Composition
from multistyle.inference.runs.records import failed
from multistyle.inference.runs.work import Work
from multistyle.inference.runs.workers import Workers

SIZE = (8, 9, 3)


class Copying(Composition):
    """Copies a photograph, and leaves the number of its process beside.

    Where a photograph's name says so it does what is wrong, as often as there
    are numbers in its name.
    """

    def __init__(self):
        pass

    def check(self, output, overwrite=False):
        pass

    def write(self, photograph, output, overwrite=False):
        told = Path(photograph).stem.split("_")
        tries = Path(f"{output}.tries")
        with open(tries, "a") as file:
            file.write(f"{os.getpid()}\n")
        if told[0] == "deadly":
            if len(tries.read_text().split()) <= int(told[1]):
                os.kill(os.getpid(), signal.SIGKILL)
        if told[0] == "large":
            raise MemoryError
        if told[0] == "full":
            raise OutputError(f"`{output}` cannot be written.")
        if told[0] == "broken":
            raise RuntimeError("A fault of the program.")
        if told[0] in ("slow", "endless"):
            time.sleep(1 if told[0] == "slow" else 60)
        write_image(output, read_image(photograph), overwrite=overwrite)


def never_ready():
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def works(tmp_path):
    """Returns a function that makes the works of photographs of names."""

    def make(*names):
        made = []
        for name in names:
            path = tmp_path / f"{name}.png"
            write_image(path, np.zeros(SIZE, np.uint8))
            output = tmp_path / "out" / f"{name}.png"
            output.parent.mkdir(exist_ok=True)
            made.append(Work(path.name, str(path), str(output)))
        return made

    return make


def tries(work):
    """Returns the numbers of the processes that painted a work."""
    return Path(f"{work.output}.tries").read_text().split()


def test_each_work_is_painted_once(works):
    noted = []
    made = works(*map(str, range(12)))
    outcomes = list(Workers(2)(Copying(), made, noted.append))
    assert outcomes == noted
    assert {outcome.work for outcome in outcomes} == set(made)
    for work in made:
        assert len(tries(work)) == 1
        assert read_image(work.output).shape == SIZE
    processes = {number for work in made for number in tries(work)}
    assert 1 <= len(processes) <= 2
    assert str(os.getpid()) not in processes


def test_a_worker_that_is_killed_is_started_again(works):
    made = works("a", "deadly_1", "b", "c", "d")
    outcomes = list(Workers(2)(Copying(), made, lambda outcome: None))
    assert {outcome.record["status"] for outcome in outcomes} == {"painted"}
    assert {o.work.output for o in outcomes} == {w.output for w in made}
    assert [len(tries(work)) for work in made] == [1, 2, 1, 1, 1]
    first, second = tries(made[1])
    assert first != second


@pytest.mark.parametrize(
    ("name", "cause"), [("deadly_9", "SIGKILL"), ("large", "exit code 1")]
)
def test_what_kills_twice_is_given_up_and_named(works, name, cause):
    made = works("a", name, "b")
    outcomes = list(Workers(1)(Copying(), made, lambda outcome: None))
    given_up = [o for o in outcomes if o.record["status"] == "failed"]
    assert given_up == [
        failed(
            made[1]._replace(may_write=True),
            f"`{made[1].photograph}` ended the process that paints it, twice "
            f"({cause}): where memory is short, give fewer --jobs or a lower "
            "--max_memory.",
        )
    ]
    assert len(outcomes) == 3
    assert [len(tries(work)) for work in made] == [1, 2, 1]


def test_processes_that_never_get_ready_end_the_run(works):
    paint = Workers(2, prepare=never_ready)
    with pytest.raises(InputError, match=r"end before .* \(SIGKILL\)"):
        list(paint(Copying(), works("a", "b"), lambda outcome: None))


@pytest.mark.parametrize(
    ("name", "error"), [("full", OutputError), ("broken", RuntimeError)]
)
def test_what_is_no_photographs_fault_ends_the_run(works, name, error):
    noted = []
    made = works("slow", name, *map(str, range(20)))
    with pytest.raises(error):
        list(Workers(2)(Copying(), made, noted.append))
    begun = [work for work in made if Path(f"{work.output}.tries").exists()]
    assert len(begun) < len(made)
    # What the other had in hand was finished.
    for outcome in noted:
        assert read_image(outcome.work.output).shape == SIZE
    assert len(noted) == len(begun) - 1


def test_who_stops_listening_hears_of_what_was_begun(works):
    noted = []
    made = works(*(f"slow_{number}" for number in range(6)))
    outcomes = Workers(2)(Copying(), made, noted.append)
    next(outcomes)
    outcomes.close()
    begun = {w.output for w in made if Path(f"{w.output}.tries").exists()}
    assert {outcome.work.output for outcome in noted} == begun
    assert len(begun) < len(made)
    for output in begun:
        assert read_image(output).shape == SIZE


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_while_all_finish_ends_them_at_once(works):
    endless, *slow = works("endless", *(f"slow_{i}" for i in range(20)))
    outcomes = Workers(2)(Copying(), [endless, *slow], lambda outcome: None)
    path = Path(f"{endless.output}.tries")
    for _ in outcomes:
        if path.exists():
            break
    main = threading.main_thread().ident
    threading.Timer(1, signal.pthread_kill, (main, signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        outcomes.close()
    assert not Path(endless.output).exists()
    # The one that painted it is gone.
    with pytest.raises(ProcessLookupError):
        os.kill(int(path.read_text()), 0)
