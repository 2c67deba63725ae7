import ctypes
import subprocess
import sys

import pytest

from multistyle.server.heap import keep_one_heap, trim_heap

RESIDENT = """
import os, sys, threading
from pathlib import Path
import numpy as np
from multistyle.server.heap import keep_one_heap, trim_heap

def resident():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
"""
# Small pieces in a thread, of which the last one stays: the thread's part of
# the heap does not shrink by itself.
HELD = f"""{RESIDENT}
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
# Parts of pictures in four threads at a time. What is freed of the first array
# tells the C library that such sizes are usual.
CROWD = f"""{RESIDENT}
if sys.argv[1] == "one":
    keep_one_heap()
together = threading.Barrier(4)

def work():
    for _ in range(3):
        parts = [np.ones(12_000_000, np.uint8) for _ in range(3)]
        together.wait()

before = resident()
np.ones(30_000_000, np.uint8)
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
trim_heap()
print(resident() - before)
"""

only_glibc = pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"),
    reason="another C library, which cannot be told",
)


def run(program, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@only_glibc
def test_what_is_free_is_given_back():
    assert run(HELD) > 100_000_000


@only_glibc
def test_threads_keep_nothing_of_one_heap():
    assert run(CROWD, "one") < 10_000_000
    assert run(CROWD, "many") > 20_000_000  # So that there is a reason for it.


def test_it_does_nothing_elsewhere(monkeypatch):
    def refuse(name):
        raise OSError

    monkeypatch.setattr("ctypes.CDLL", refuse)
    keep_one_heap()
    trim_heap()
