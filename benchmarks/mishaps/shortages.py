"""Memory that runs out, a clock that jumps, a download that breaks off."""

import contextlib
import hashlib
import http.server
import os
import re
import resource
import threading
from collections.abc import Iterator
from pathlib import Path

from mishaps.outcomes import Outcome
from mishaps.processes import Place, run
from mishaps.references import Reference
from PIL import Image

MEMORY = "out of memory"
ENDED = "a library ends the process"
CLOCK = "a clock that jumps"
DOWNLOAD = "interrupted download"
_ENOUGH = 180_000_000
_VARIABLE = "MULTISTYLE_VGG16_WEIGHTS"
# That make each work need gigabytes.
_MORE = {
    "training": [
        "--overwrite",
        "--batch_size=64",
        "--image_size=512",
        "--width_multiplier=1",
    ],
    "folder run": [
        "large.png",
        "--overwrite",
        "--strokes=pixels",
        "--max_memory=9GB",
    ],
}


def leave_little_memory() -> None:
    """Lets this process take little more memory than it has."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + _ENOUGH
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def run_out(reference: Reference) -> Outcome:
    """Gives a work less memory than it needs; what was there stays."""
    reference.renew()
    reference.run()
    large = Image.new("RGB", (2000, 2000), (90, 60, 30))
    large.save(reference.place.folder / "large.png")
    ended = reference.run(
        prepare=leave_little_memory, more=_MORE[reference.work.name]
    )
    line = (ended.complaints() or ended.lines or [""])[-1]
    problem = ""
    if not re.search("memory.*(lower|fewer)", line) or "Trace" in ended.said():
        problem = f"{ended.code}: {ended.said()}"
    problem = problem or reference.find_torn()
    return Outcome(MEMORY, reference.work.name, "", line, "nothing", problem)


def abort_later() -> None:
    """Ends the process as a library does that gets no memory."""
    threading.Timer(1.0, os.abort).start()


def end_by_library(reference: Reference) -> Outcome:
    """Ends a work by SIGABRT: its witness says what to lower."""
    reference.renew()
    ended = reference.run(prepare=abort_later)
    line = (ended.complaints() or ended.lines or [""])[-1]
    problem, gap = "", 0.0
    if ended.code != -6 or not re.search("memory.*(lower|fewer|close)", line):
        problem = f"{ended.code}: {ended.said()}"
    problem = problem or reference.find_torn()
    if not problem:
        problem, gap, _ = reference.ends_as_unbroken()
    return Outcome(
        ENDED, reference.work.name, "", line, "nothing", problem, gap
    )


def jump() -> None:
    """Lets the clock go back ten years, then on twenty, at every call."""
    import time

    tell, tell_ns = time.time, time.time_ns
    calls = 0

    def offset() -> int:
        nonlocal calls
        calls += 1
        return (-10, 10)[calls % 2] * 365 * 86400

    time.time = lambda: tell() + offset()
    time.time_ns = lambda: tell_ns() + offset() * 10**9


def jump_clock(reference: Reference) -> Outcome:
    """Runs a work by a clock that jumps: it ends as any other."""
    reference.renew()
    ended = reference.run(prepare=jump)
    problem, gap = "", 0.0
    if ended.code:
        problem = f"{ended.code}: {ended.said()}"
    else:
        problem, gap = reference.compare()
    return Outcome(CLOCK, reference.work.name, "", "", "nothing", problem, gap)


def fetch_from_here() -> None:
    """Lets Keras fetch VGG-16 from the server of this campaign."""
    from keras.src.applications import vgg16

    os.environ.pop(_VARIABLE, None)
    fetch = vgg16.file_utils.get_file

    def fetch_here(name, origin, **given):
        given["file_hash"] = os.environ["FAULTS_HASH"]
        # Keras read where its home is when it was imported.
        given["cache_dir"] = os.environ["KERAS_HOME"]
        # The name says of which of Keras' kinds the file is.
        name = os.environ["FAULTS_NAME"]
        return fetch(name, os.environ["FAULTS_URL"], **given)

    vgg16.file_utils.get_file = fetch_here


def break_download(folder: Path, weights: Path) -> Outcome:
    """Breaks off the download of VGG-16's weights, and lets it begin again.

    Args:
        folder: path, of a `training` reference's place with its inputs.
        weights: path of the file.
    """
    place = Place(folder)
    arguments = [
        "optimize",
        "photographs/photo_00.png",
        "--style_image=paintings/red.png",
        "--loss_network=vgg16",
        "--steps=1",
        "--image_size=48",
        "--output=outputs/optimized.png",
        "--overwrite",
    ]
    (folder / "keras").mkdir()
    data = weights.read_bytes()
    with serving(data, broken=1) as (url, asked):
        place.variables = {
            "FAULTS_HASH": hashlib.md5(data, usedforsecurity=False).hexdigest(),
            "FAULTS_NAME": weights.name,
            "FAULTS_URL": url,
            "KERAS_HOME": str(folder / "keras"),
        }
        first, second, third = (
            run(arguments, place, prepare=fetch_from_here) for _ in range(3)
        )
    line = (first.complaints() or [""])[0]
    problem = ""
    if first.code != 2 or "could not be downloaded" not in line:
        problem = f"the first: {first.code}, {first.said()}"
    elif second.code or third.code:
        problem = f"then: {second.said()}, {third.said()}"
    elif len(asked) != 2:
        problem = f"the server was asked {len(asked)} times"
    return Outcome(DOWNLOAD, "training", "", line, "what was fetched", problem)


@contextlib.contextmanager
def serving(data: bytes, *, broken: int) -> Iterator[tuple[str, list[str]]]:
    """Serves some bytes, of which the first answers are cut short."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            is_broken = len(asked) <= broken
            self.wfile.write(data[: len(data) // 3] if is_broken else data)

        def log_message(self, *_) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/weights.h5", asked
        server.shutdown()
