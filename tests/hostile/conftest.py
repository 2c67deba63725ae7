"""Hostile files are given to another process, which may die of them."""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# What each file may take, on a machine that does other things, too.
MOST_SECONDS = 120
# Of the process: a picture of 200 million pixels alone would be 600.
MOST_MEGABYTES = 3000


class Workshop:
    """A process that works on files, and what is known of it from outside.

    Args:
        folder: where it works; what it leaves there is looked at.
    """

    def __init__(self, folder):
        self.folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile.workshop"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            text=True,
        )
        self._answers = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def ask(self, work, path, output=None):
        """Returns the answer to a work; see `workshop`."""
        task = {"work": work, "path": path, "output": output}
        print(json.dumps(task), file=self._process.stdin, flush=True)
        try:
            answer = self._answers.get(timeout=MOST_SECONDS)
        except queue.Empty:
            self._process.kill()
            pytest.fail(f"It goes on without end: {task}")
        if answer is None:
            code = self._process.wait()
            pytest.fail(f"The process died, {code}: {task}")
        return answer

    def close(self):
        self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=60)
        self._process.kill()

    def _listen(self):
        for line in self._process.stdout:
            self._answers.put(json.loads(line))
        self._answers.put(None)


@pytest.fixture
def workshop(tmp_path):
    """A `Workshop` in a folder of its own, `tmp_path / "work"`."""
    folder = tmp_path / "work"
    folder.mkdir()
    own = Workshop(folder)
    yield own
    own.close()


def find_fault(answer, name):
    """Returns what is wrong with the answer to a hostile file, or None.

    The file is taken, or refused by a line that names it.
    """
    if answer["fault"]:
        return answer["fault"]
    if answer["heard"]:
        return f"something else is said: {answer['heard']}"
    refused = answer["refused"]
    for line in [*([] if refused is None else [refused]), *answer["notes"]]:
        if name not in line:
            return f"this does not name it: {line}"
        if not line.replace(name, "").isprintable():
            return f"this is more than a line: {line}"
        if len(line) > 800:
            return f"this is long: {line}"
    if answer["seconds"] > MOST_SECONDS:
        return f"it took {answer['seconds']:.0f} s"
    if answer["megabytes"] > MOST_MEGABYTES:
        return f"it took {answer['megabytes']:.0f} MB"
    return None


def shown(name):
    """Returns a file's name as a terminal shows it."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in name)


def files_under(folder):
    """Returns all that is in a folder, as paths relative to it."""
    return {
        os.path.relpath(os.path.join(place, name), folder)
        for place, folders, names in os.walk(folder)
        for name in (*folders, *names)
    }
