"""A witness: it says what to do where a command dies without a word."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from typing import IO, cast

# What to lower, of each verb that may need more memory than there is.
_LESS = {
    "train": (
        "make room, and the same command goes on from the last checkpoint; or "
        "start anew with a lower --batch_size or --image_size"
    ),
    "interpolate": "give a lower --max_memory or --max_size, or fewer --jobs",
    "video": "give a lower --max_size",
    "optimize": "give a lower --image_size",
    "evaluate": "give fewer --content_images",
    "export": "close other programs",
    "styles": "close other programs, or choose --learning=instant",
}
# Bare names of exceptions, and what their texts hold, lower case.
_SIGNS = (
    "resourceexhausted",
    "resource_exhausted",
    "bad_alloc",
    "bad allocation",
    "out of memory",
    "not enough memory",
    "allocate memory",
)
# It reads until the other's end closes; what says goodbye writes before. Any
# other line is what to say from then on.
_PROGRAM = """
import sys
line = sys.argv[1]
for text in sys.stdin:
    line = text.rstrip("\\n")
if line != "goodbye":
    print(line, file=sys.stderr)
"""
_witnesses: list[subprocess.Popen[bytes]] = []


@contextlib.contextmanager
def witnessed(verb: str) -> Iterator[None]:
    """Has a small process say what to do if this one is killed in the block.

    The system kills what takes too much memory, and some libraries end the
    process where they get none; neither leaves it the time to speak.

    Args:
        verb: of the command line; those that need little have no witness.
    """
    if verb not in _LESS:
        yield
        return
    line = (
        f"multistyle {verb}: Ended from outside, as the system does where "
        f"memory runs out: {_LESS[verb]}."
    )
    try:
        witness = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _PROGRAM, line],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            # Ctrl-C is not for it.
            start_new_session=True,
        )
    except OSError:  # Where no process can be made, none is told of.
        yield
        return
    _witnesses.append(witness)
    try:
        yield
    finally:
        _witnesses.remove(witness)
        with contextlib.suppress(OSError):
            witness.communicate(b"goodbye")


def instruct_witness(line: str) -> None:
    """Has the witness of this process, if there is one, say another line."""
    for witness in _witnesses[-1:]:
        with contextlib.suppress(OSError):
            stream = cast(IO[bytes], witness.stdin)
            stream.write(f"{line}\n".encode())
            stream.flush()


def lack_of_memory(error: BaseException, verb: str) -> str | None:
    """Returns what to say of an error that says that memory ran out, or None.

    Libraries that lack memory fail anew while they say so: then an error in
    whose handling it was raised says it.

    Args:
        error: of Python, or of a library, each of which has its own.
        verb: of the command line.
    """
    found: BaseException | None = error
    while found is not None and not _is_of_memory(found):
        found = found.__cause__ or found.__context__
    if found is None:
        return None
    return f"There is not enough memory: {_LESS.get(verb, 'make room')}."


def _is_of_memory(error: BaseException) -> bool:
    text = f"{type(error).__name__} {error}".lower()
    return isinstance(error, MemoryError) or any(
        sign in text for sign in _SIGNS
    )
