"""Stages that run side by side, each in a thread of its own."""

import queue
import threading
from collections.abc import Callable, Generator, Iterable
from typing import Any

# Seconds after which a waiting thread looks whether all has stopped.
_PATIENCE = 0.1
_END = object()


class _Failure:
    """What a stage raised, on its way to the caller."""

    def __init__(self, error):
        self.error = error


def run_stages(
    source: Iterable[Any],
    stages: list[Callable[[Any], Any]],
    *,
    depth: int = 2,
) -> Generator[Any, None, None]:
    """Sends each item of a source through all stages, in order.

    Each stage runs in a thread of its own and is given one item after the
    other, so it may keep what it likes from one to the next. The queues
    between stages are short: a fast stage waits for a slow one, and memory is
    bounded.

    An error in the source or in a stage stops everything; it is raised here
    after the items before it have come out. Leaving the loop early stops
    everything, too.

    Args:
        source: iterable of items; it is read in a thread of its own.
        stages: list of functions; each takes what the one before it returns.
        depth: int, how many items may wait before each stage.

    Yields:
        What the last stage returns for each item, in the order of the source.
    """
    stopped = threading.Event()
    queues: list[queue.Queue] = [
        queue.Queue(depth) for _ in range(len(stages) + 1)
    ]

    def put(line, item):
        while not stopped.is_set():
            try:
                return line.put(item, timeout=_PATIENCE)
            except queue.Full:
                continue

    def take(line):
        while not stopped.is_set():
            try:
                return line.get(timeout=_PATIENCE)
            except queue.Empty:
                continue
        return _END

    def read():
        try:
            for item in source:
                if stopped.is_set():
                    return
                put(queues[0], item)
            put(queues[0], _END)
        except BaseException as error:
            put(queues[0], _Failure(error))

    def work(stage, before, after):
        while True:
            item = take(before)
            if item is _END or isinstance(item, _Failure):
                return put(after, item)
            try:
                item = stage(item)
            except BaseException as error:
                return put(after, _Failure(error))
            put(after, item)

    threads = [threading.Thread(target=read, daemon=True)]
    threads += [
        threading.Thread(target=work, args=(stage, *pair), daemon=True)
        for stage, *pair in zip(stages, queues[:-1], queues[1:], strict=True)
    ]
    for thread in threads:
        thread.start()
    try:
        while True:
            item = queues[-1].get()
            if item is _END:
                return
            if isinstance(item, _Failure):
                raise item.error
            yield item
    finally:
        stopped.set()
        for thread in threads:
            thread.join()
