"""What `multistyle app` does under a crowd of visitors; on this machine alone.

    python benchmarks/load.py --minutes=10 --seed=0

Visitors come and go: they paint pictures of all sizes, bring photographs of
many megapixels, paintings to learn and films, cancel, dawdle, and ask for what
is refused. Printed are the requests, with their median and 99th percentile;
the memory of the server at rest, after a tenth of the time and at the end; how
it refuses; and what is left when it is ended by SIGTERM while it paints. The
exit status is 1 where something is not as it should be. Linux only; see
benchmarks/README.md.
"""

import argparse
import asyncio
import contextlib
import signal
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from app_program import Program
from crowd import (
    KINDS,
    LIMITS,
    MOST_VISITORS,
    MOST_WAITING,
    NIGHT,
    STYLES,
    Files,
    Ledger,
    Visitor,
)

# The memory at rest at the end, beside that of the first mark; and how long a
# run has to be for it to mean something.
MOST_GROWTH = 1.05
LEAST_MINUTES = 5
MARKS = (0.1, 0.5, 1.0)
# Seconds in which what is painted at the end is finished.
GRACE = 120
MEMORY = "3GB"
# Seconds after which nothing is left of jobs that were cancelled.
LAST_FILES = 20
# Seconds after which the server lets go what it holds to paint again soon.
REST = 40
# Seconds after which a visitor who does not move is none.
STILL = 60


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(";")[0])
    parser.add_argument("--minutes", type=float, default=10, help="default: 10")
    parser.add_argument("--seed", type=int, default=0, help="default: 0")
    parser.add_argument(
        "--megapixels",
        type=float,
        default=8,
        help="of a large photograph; default: 8",
    )
    parser.add_argument(
        "--model", default="paintings-fast", help="default: paintings-fast"
    )
    options = parser.parse_args()
    # So that the server ends with it, whatever ends it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    flags = {
        **LIMITS,
        "model": options.model,
        "grace": GRACE,
        # So that how it paints does not depend on what else is running.
        "max_memory": MEMORY,
    }
    with tempfile.TemporaryDirectory() as folder:
        program = Program(Path(folder), flags)
        try:
            load = Load(program, options)
            asyncio.run(load.run())
        finally:
            program.kill()
        load.report()
    sys.exit(1 if load.ledger.faults else 0)


class Load:
    """A run of the crowd against the server.

    Args:
        program: the `Program`.
        options: of the command line.
    """

    def __init__(self, program, options):
        self.ledger = Ledger()
        self._program = program
        self._minutes = options.minutes
        self._seed = options.seed
        self._files = Files(options.seed, options.megapixels)
        self._open = asyncio.Event()
        self._inside = 0
        self._rests = []
        self._samples = []
        self._loads = []
        # Of a short run the memory is not judged.
        is_long = options.minutes >= LEAST_MINUTES
        self._pause = REST if is_long else 0
        self._lines = []

    async def run(self):
        print(f"{self._minutes:g} minutes, seed {self._seed}", flush=True)
        await self._warm_up()
        if self._pause:
            # After a rest what paints is loaded from the cache: another way.
            await asyncio.sleep(self._pause)
            await self._warm_up()
        self._open.set()
        began = time.monotonic()
        crowd = [
            asyncio.create_task(self._come(number))
            for number in range(len(KINDS))
        ]
        crowd.append(asyncio.create_task(self._watch_memory()))
        still = asyncio.create_task(self._be_still())
        for number, mark in enumerate(MARKS):
            left = began + mark * 60 * self._minutes - time.monotonic()
            await asyncio.sleep(max(0, left))
            await self._rest()
            if number == 0:
                await self._rush_orders()
                await self._rush_visitors()
            if mark < 1:
                self._open.set()
        self._seconds = time.monotonic() - began
        for task in crowd:
            task.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
        await still
        await self._end()

    async def _warm_up(self):
        """Uses all that is loaded late, and as much as is ever held."""
        warm = Ledger()
        for kind in dict.fromkeys((Visitor.paint_largest, *KINDS)):
            await self._visit(kind, np.random.default_rng(0), warm)
        self.ledger.faults += warm.faults

    async def _come(self, number):
        random = np.random.default_rng([self._seed, number])
        while True:
            await self._open.wait()
            await self._visit(KINDS[number], random, self.ledger)

    async def _visit(self, kind, random, ledger):
        self._inside += 1
        try:
            async with self._visitor(random, ledger) as visitor:
                await kind(visitor)
        except Exception as error:
            ledger.faults.append(f"{kind.__name__}: {error!r}")
        finally:
            self._inside -= 1

    def _visitor(self, random, ledger):
        return Visitor(self._program.address, ledger, self._files, random)

    @contextlib.asynccontextmanager
    async def _visitors(self, count):
        """Yields several visitors, who come and go together."""
        random = np.random.default_rng(self._seed)
        async with contextlib.AsyncExitStack() as stack:
            yield [
                await stack.enter_async_context(
                    self._visitor(random, self.ledger)
                )
                for _ in range(count)
            ]

    async def _watch_memory(self):
        while True:
            if self._open.is_set():
                self._samples.append(self._program.memory())
            await asyncio.sleep(0.5)

    async def _rest(self):
        """Waits until nobody is there, and reads the server's memory."""
        self._open.clear()
        while self._inside:
            await asyncio.sleep(0.1)
        end = time.monotonic() + LAST_FILES
        while self._program.files() and time.monotonic() < end:
            await asyncio.sleep(0.5)
        for path in self._program.files():
            self.ledger.faults.append(f"Nobody's file: {path.name}")
        await asyncio.sleep(self._pause)
        self._rests.append(self._program.memory())
        self._loads.append(np.median(self._samples))
        self._samples.clear()
        print(f"at rest {self._rests[-1] / 1e6:.0f} MB", flush=True)

    async def _rush_orders(self):
        """More jobs than the server lets wait."""
        count = MOST_WAITING // LIMITS["max_jobs"] + 4
        async with self._visitors(count) as visitors:
            for visitor in visitors:
                content = await visitor.bring(
                    "picture", self._files.pictures[0]
                )
                for _ in range(LIMITS["max_jobs"]):
                    await visitor.order(
                        (202, 503),
                        noun="order in a rush",
                        kind="path",
                        content=content,
                        points=[{STYLES[0]: 1}, {STYLES[1]: 1}],
                        seconds=60,
                    )
        if not self.ledger.refusals[503, "order in a rush"]:
            self.ledger.faults.append("A rush of orders is not refused.")

    async def _rush_visitors(self):
        """More visitors with files than the server takes."""
        async with self._visitors(MOST_VISITORS + 5) as visitors:
            for visitor in visitors:
                await visitor.ask(
                    "upload in a rush",
                    "POST",
                    "/api/uploads?kind=picture",
                    (201, 503),
                    content=self._files.pictures[0],
                )
        if self.ledger.refusals[503, "upload in a rush"] < 5:
            self.ledger.faults.append("A rush of visitors is not refused.")

    async def _be_still(self):
        """Begins a request, and then sends nothing: it is to be ended."""
        port = int(self._program.address.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("localhost", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: loc")
        began = time.monotonic()
        try:
            await asyncio.wait_for(reader.read(), STILL)
            self._lines.append(
                "a request that stops in its headers is ended after "
                f"{time.monotonic() - began:.0f} s"
            )
        except TimeoutError:
            self.ledger.faults.append(
                f"A request that stops in its headers lives for {STILL} s."
            )
        writer.close()

    async def _end(self):
        """Ends the server while it paints, and while jobs wait."""
        async with self._visitors(3) as (painting, walking, late):
            large = await painting.bring("picture", self._files.largest)
            small = await walking.bring("picture", self._files.pictures[1])
            points = [{STYLES[0]: 1}, {STYLES[1]: 1}]
            job = await painting.order(
                kind="picture", content=large, look=NIGHT, format="jpeg"
            )
            watched = asyncio.create_task(
                painting.take("picture while it ends", job)
            )
            waiting = await walking.order(
                kind="path", content=small, points=points, seconds=60
            )
            while (await painting.look_at(job))["state"] == "queued":
                await asyncio.sleep(0.05)
            self._program.end()
            began = time.monotonic()
            # It hears at its next look.
            answered = 201
            while answered == 201:
                answer = await late.ask(
                    "upload while it ends",
                    "POST",
                    "/api/uploads?kind=picture",
                    (201, 503),
                    content=self._files.pictures[0],
                )
                answered = answer.status_code
                await asyncio.sleep(0.2)
            state = await walking.look_at(waiting)
            if state["state"] != "failed":
                self.ledger.faults.append(f"It waits for ever: {state}")
            await watched
            status = await asyncio.to_thread(self._program.wait)
            self._lines.append(
                f"ended by SIGTERM in {time.monotonic() - began:.1f} s, the "
                "picture finished and taken, the walk that waited handed back"
            )
        if status:
            self.ledger.faults.append(f"The exit status is {status}.")

    def report(self):
        ledger = self.ledger
        print(f"{'':30}{'count':>8}{'a minute':>10}{'median':>10}{'99 %':>10}")
        for kind, seconds in sorted(ledger.seconds.items()):
            median, slow = np.percentile(seconds, [50, 99])
            print(
                f"{kind:30}{len(seconds):8}"
                f"{60 * len(seconds) / self._seconds:10.1f}"
                f"{median:8.3f} s{slow:8.3f} s"
            )
        count = sum(map(len, ledger.seconds.values()))
        print(f"{count} in all, {count / self._seconds:.1f} a second")
        for (status, kind), number in sorted(ledger.refusals.items()):
            print(f"{status}  {kind}: {number}")
        growth = self._rests[-1] / self._rests[0]
        for line, amounts in (
            ("memory at rest", self._rests),
            ("median of it under load", self._loads),
        ):
            megabytes = ", ".join(f"{each / 1e6:.0f}" for each in amounts)
            print(f"{line}: {megabytes} MB")
        print(f"at rest the last is {growth:.3f} of the first")
        if self._minutes < LEAST_MINUTES:
            print(f"(memory is judged from {LEAST_MINUTES} minutes)")
        elif growth > MOST_GROWTH:
            ledger.faults.append(f"Memory grew by {growth - 1:.1%}.")
        if ledger.foresights:
            ratios = np.percentile(ledger.foresights, [50, 10, 90])
            print(
                "a large picture's time beside what was said before it: "
                "median {:.2f}, four fifths from {:.2f} to {:.2f}".format(
                    *ratios
                )
            )
        for line in self._lines:
            print(line)
        orphans, left = self._program.orphans(), self._program.leftovers()
        print(f"orphan processes: {len(orphans)}; temporary files: {len(left)}")
        ledger.faults += [f"An orphan: {pid}" for pid in orphans]
        ledger.faults += [f"Left: {path}" for path in left]
        ledger.faults += self._program.complaints()
        print(f"faults: {len(ledger.faults)}")
        for fault in ledger.faults[:50]:
            print(f"  {fault}")


if __name__ == "__main__":
    main()
