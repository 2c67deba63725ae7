"""Notes: what a user should know of a film, told in lines of text."""


def say_nothing(line: str) -> None:
    """Takes a note, and tells nobody."""
