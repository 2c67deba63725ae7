"""Processors: how many of a machine's are a process's own."""

import os


def count_processors() -> int:
    """Returns how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Windows and macOS have none.
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
