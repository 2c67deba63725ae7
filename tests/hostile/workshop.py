"""A process that is handed hostile files, one after another.

It reads lines of JSON, {"work": ..., "path": ..., "output": ...}, and answers
each by one: how it ended, what was said, how long it took and how much memory
the process has. Who asks therefore knows at which file it died, or went on
without end.
"""

import functools
import json
import logging
import os
import sys
import time
import traceback
import warnings
from pathlib import Path

from multistyle.errors import InputError


@functools.cache
def composition():
    """Returns a painting of 32 px in one style; the model is loaded once."""
    from multistyle.inference.compositions.blend import Blend
    from multistyle.inference.compositions.look import Look
    from multistyle.inference.stylizer import Stylizer

    stylizer = Stylizer.load("paintings-fast", precision="float32")
    return Blend(stylizer, "udnie", look=Look(max_size=32))


def paint(path, output):
    """Paints a picture, as a run over a folder does."""
    from multistyle.inference.runs.records import make

    record = make(composition(), path, output, overwrite=True)
    if record["status"] == "failed":
        raise InputError(record["error"])


def read_film(path, output):
    """Reads all frames of a film."""
    from multistyle.video.decoding.films import open_film

    film = open_film(path, max_size=32, note=warnings.warn)
    for count, frame in enumerate(film.frames()):
        assert frame.pixels.shape[:2] == film.size
        assert count < 10_000


def call(path, output):
    """Calls the verb that is given, as words."""
    from multistyle.cli.main import main

    code = main(path)
    if code not in (0, 1, 2):
        raise AssertionError(f"It ended by {code}.")


WORKS = {"paint": paint, "read_film": read_film, "call": call}


def most_megabytes():
    """Returns the most memory of this process, 0 where it is not Linux.

    `ru_maxrss` counts that of the process which started this one, too.
    """
    if sys.platform != "linux":
        return 0
    status = Path("/proc/self/status").read_text("utf-8")
    (line,) = (x for x in status.splitlines() if x.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def main():
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What libraries write by themselves is no less noise.
    heard = os.path.join(os.getcwd(), "heard.txt")
    number = os.open(heard, os.O_RDWR | os.O_CREAT | os.O_APPEND)
    os.dup2(number, 1)
    os.dup2(number, 2)
    # As the command line has it.
    logging.getLogger("PIL").addHandler(logging.NullHandler())
    warnings.filterwarnings("ignore", module=r"PIL\b")
    for line in sys.stdin:
        task = json.loads(line)
        os.truncate(heard, 0)
        start = time.monotonic()
        answer = {"refused": None, "fault": None}
        with warnings.catch_warnings(record=True) as notes:
            try:
                WORKS[task["work"]](task["path"], task.get("output"))
            except InputError as error:
                answer["refused"] = str(error)
            except BaseException:
                answer["fault"] = traceback.format_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        with open(heard, encoding="utf-8", errors="replace") as file:
            answer["heard"] = file.read()
        answer["notes"] = [str(note.message) for note in notes]
        answer["seconds"] = time.monotonic() - start
        answer["megabytes"] = most_megabytes()
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
