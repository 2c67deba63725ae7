"""Sentences: what went wrong, without the server's own paths."""

import re

# Of a visitor's file; see `visitors`, `uploads` and `routes`.
_FOLDER = re.compile(
    r"((?<=`)[^`]*|[^\s`]*)[/\\]visitors[/\\][0-9a-f]{16}[/\\]"
    r"([0-9a-f]{16}[/\\])?"
)


def to_sentence(error: object) -> str:
    """Returns one line for a visitor.

    Args:
        error: an exception, or a line of text.
    """
    if isinstance(error, OSError) and error.strerror:
        text = f"The server's disk refuses: {error.strerror}."
    else:
        text = str(error)
    return _FOLDER.sub("", " ".join(text.split()))
