"""What many small pictures cost, by one process, by several, and on a cluster.

python benchmarks/many.py

See benchmarks/README.md. Linux only.
"""

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image

STYLE = "great_wave"
# The ways that are compared, by the flags that ask for them.
WAYS = {
    "one job": ["--jobs=1"],
    "two jobs": ["--jobs=2"],
    "Ray, two jobs": ["--jobs=2", "--runner=ray"],
}
# What the command lines of processes that paint hold.
WORKERS = ("spawn_main", "ray::MapWorker")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--pictures", type=int, default=2000, help="default: 2000"
    )
    parser.add_argument(
        "--long", type=int, default=10_000, help="to watch memory; 10000"
    )
    parser.add_argument(
        "--size", type=int, default=64, help="pixels a side; default: 64"
    )
    parser.add_argument(
        "--model", default="paintings-fast", help="default: paintings-fast"
    )
    parser.add_argument(
        "--processor_time",
        action="store_true",
        help="count the processors' time in place of the clock's",
    )
    parser.add_argument(
        "--only",
        choices=("kill", "speed", "memory"),
        help="one of the three; default: all",
    )
    options = parser.parse_args()
    parts = {"kill": show_kill, "speed": show_speed, "memory": show_memory}
    for name, show in parts.items():
        if options.only in (None, name):
            with tempfile.TemporaryDirectory() as folder:
                show(options, Path(folder))


def show_kill(options, folder):
    """Kills one of two processes in the middle, and counts the outputs."""
    names = make_photographs(options.pictures, options.size, folder)
    for way in ("two jobs", "Ray, two jobs"):
        show_kill_of(way, options, folder, names)
        shutil.rmtree(folder / "out")


def show_kill_of(way, options, folder, names):
    run = FolderPainting(options, folder, WAYS[way])
    for count, _ in enumerate(run.records(), 1):
        if count == options.pictures // 2:
            os.kill(run.workers()[0], signal.SIGKILL)
            before = inodes(folder / "out")
    after = inodes(folder / "out")
    whole = sum(
        read_image(folder / "out" / name).shape == (options.size,) * 2 + (3,)
        for name in names
    )
    twice = sum(after[name] != inode for name, inode in before.items())
    outputs = [Path(record["output"]).name for record in run.said]
    print(f"{way}: one killed, {options.pictures} pictures")
    print(f"  outputs that are whole              {whole}")
    print(f"  records, of different outputs       {len(set(outputs))}")
    print(f"  records in all                      {len(outputs)}")
    print(f"  outputs that were written again     {twice}")
    print(f"  exit code                           {run.exit_code}")


def show_speed(options, folder):
    """Prints pictures a second, from the first record to the last."""
    make_photographs(options.pictures, options.size, folder)
    unit = "processor second" if options.processor_time else "second"
    print(f"Pictures of {options.size} px a {unit}, beside one job")
    first = None
    for way, flags in WAYS.items():
        run = FolderPainting(options, folder, flags)
        marks = [0.0, 0.0]
        for count, _ in enumerate(run.records(), 1):
            if count in (1, options.pictures - 5):
                marks[count > 1] = run.clock(options.processor_time)
        speed = (options.pictures - 6) / (marks[1] - marks[0])
        first = first or speed
        print(f"  {way:<22} {speed:8.1f}   {speed / first:.2f}")


def show_memory(options, folder):
    """Prints the memory of a long run near its end, beside its begin."""
    make_photographs(options.long, options.size, folder)
    run = FolderPainting(options, folder, WAYS["two jobs"])
    marks = {1000: 0, options.long - 10: 0}
    for count, _ in enumerate(run.records(), 1):
        if count in marks:
            marks[count] = run.resident_bytes()
    early, late = marks.values()
    print(f"Resident memory of all processes, {options.long} pictures")
    print(f"  after 1,000    {early / 1e6:.1f} MB")
    print(f"  at the end     {late / 1e6:.1f} MB, {late / early:.3f} of that")


class FolderPainting:
    """A call of the command line, watched while it goes on."""

    def __init__(self, options, folder, flags):
        self._folder = folder
        self._flags = flags
        self._model = options.model
        self.said = []

    def records(self):
        """Yields the records as they are printed, and waits for the end."""
        with subprocess.Popen(
            [
                *(sys.executable, "-m", "multistyle", "interpolate"),
                str(self._folder / "in"),
                f"--output={self._folder / 'out'}",
                f"--style_weights={STYLE}",
                f"--model={self._model}",
                *("--json", "--quiet", "--overwrite"),
                *self._flags,
            ],
            stdout=subprocess.PIPE,
        ) as process:
            self._process = process
            for line in process.stdout:
                self.said.append(json.loads(line))
                yield self.said[-1]
        self.exit_code = process.returncode

    def workers(self):
        """Returns the numbers of the processes that paint."""
        return [
            number
            for number in descendants(self._process.pid)
            if any(text in command_line(number) for text in WORKERS)
        ]

    def clock(self, counts_processors):
        """Returns the seconds now, or those that its processes computed."""
        if not counts_processors:
            return time.perf_counter()
        numbers = [self._process.pid, *descendants(self._process.pid)]
        return sum(map(processor_seconds, numbers))

    def resident_bytes(self):
        """Returns the bytes that all of its processes hold."""
        numbers = [self._process.pid, *children(self._process.pid)]
        return sum(map(resident_bytes, numbers))


def make_photographs(count, size, folder):
    """Writes noise of as many shapes as there are photographs."""
    random = np.random.default_rng(0)
    names = [f"{number:05d}.jpg" for number in range(count)]
    for name in names:
        coarse = random.integers(0, 256, (8, 8, 3), np.uint8)
        pixels = coarse.repeat(size // 8, 0).repeat(size // 8, 1)
        write_image(folder / "in" / name, pixels)
    return names


def inodes(folder):
    return {path.name: path.stat().st_ino for path in folder.glob("[!.]*.jpg")}


def children(number):
    """Returns the numbers of a process's children."""
    path = Path("/proc", str(number), "task", str(number), "children")
    return [int(child) for child in path.read_text().split()]


def descendants(number):
    """Returns the numbers of all that a process has started."""
    found = children(number)
    for child in list(found):
        with contextlib.suppress(OSError):  # It ended meanwhile.
            found += descendants(child)
    return found


def command_line(number):
    with contextlib.suppress(OSError):
        return Path("/proc", str(number), "cmdline").read_text()
    return ""


def processor_seconds(number):
    with contextlib.suppress(OSError):
        text = Path("/proc", str(number), "stat").read_text()
        fields = text.rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def resident_bytes(number):
    with contextlib.suppress(OSError):
        for line in Path("/proc", str(number), "status").open():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) * 1024
    return 0


if __name__ == "__main__":
    main()
