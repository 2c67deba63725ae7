"""The program `multistyle app`, watched by what Linux tells of processes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

# Seconds in which it ends.
_STOP_SECONDS = 240


class Program:
    """The server, as anyone starts it, with folders of its own.

    Args:
        folder: for its temporary files and its cache.
        flags: dict of what it is started with.
    """

    def __init__(self, folder, flags):
        self.folder = folder / "tmp"
        self.folder.mkdir()
        self._errors = folder / "errors.txt"
        environment = {
            **os.environ,
            "TMPDIR": str(self.folder),
            "XDG_CACHE_HOME": str(folder / "cache"),
        }
        with open(self._errors, "w") as errors:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "multistyle", "app"),
                    *("--nobrowser", "--port=0", "--quiet"),
                    *(f"--{name}={value}" for name, value in flags.items()),
                ],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.address = self._process.stdout.readline().strip().rstrip("/")
        self._seen = {}

    def processes(self):
        """Returns the ids of the server's process and of those below it."""
        found = [self._process.pid]
        for pid in found:
            for path in Path(f"/proc/{pid}/task").glob("*/children"):
                found += map(int, _read(path).split())
        self._seen |= {pid: _started(pid) for pid in found}
        return found

    def memory(self):
        """Returns the bytes that are resident, of all its processes."""
        pages = [
            int(_read(f"/proc/{pid}/statm").split()[1] or 0)
            for pid in self.processes()
        ]
        return sum(pages) * os.sysconf("SC_PAGE_SIZE")

    def files(self):
        """Returns the files that it holds for visitors."""
        return [
            path
            for path in self.folder.rglob("visitors/**/*")
            if path.is_file()
        ]

    def threads(self):
        """Returns the number of its threads."""
        return len(list(Path(f"/proc/{self._process.pid}/task").iterdir()))

    def end(self):
        """Asks it to end."""
        self._process.send_signal(signal.SIGTERM)

    def wait(self):
        """Returns the exit status."""
        return self._process.wait(_STOP_SECONDS)

    def kill(self):
        self._process.kill()
        self._process.wait()

    def orphans(self):
        """Returns the ids of its processes that are still there."""
        return [
            pid
            for pid, started in self._seen.items()
            if started and _started(pid) == started
        ]

    def leftovers(self):
        """Returns what it left in its folder for temporary files."""
        return [str(path) for path in self.folder.iterdir()]

    def complaints(self):
        """Returns the lines that it printed of what went wrong."""
        return self._errors.read_text().splitlines()


def _read(path):
    try:
        return Path(path).read_text("ascii")
    except OSError:  # It has ended.
        return "0 0"


def _started(pid):
    """Returns when a process was started, by which ids are told apart."""
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 else None
