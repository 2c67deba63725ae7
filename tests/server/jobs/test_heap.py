import ctypes
import subprocess
import sys

import pytest

from multistyle.server.jobs.heap import trim_heap

# Small pieces in a thread, of which the last one stays: the thread's part of
# the heap does not shrink by itself.
HELD = """
import os, threading
from pathlib import Path
import numpy as np
from multistyle.server.jobs.heap import trim_heap

def resident():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")

kept = []

def work():
    pieces = [np.ones(10_000, np.uint8) for _ in range(20_000)]
    kept.append(pieces.pop())

thread = threading.Thread(target=work)
thread.start()
thread.join()
before = resident()
trim_heap()
print(before - resident())
"""


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"),
    reason="another C library, which cannot be told",
)
def test_what_is_free_is_given_back():
    done = subprocess.run(
        [sys.executable, "-c", HELD], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 100_000_000


def test_it_does_nothing_elsewhere(monkeypatch):
    def refuse(name):
        raise OSError

    monkeypatch.setattr("ctypes.CDLL", refuse)
    trim_heap()
