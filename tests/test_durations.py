"""Lengths of time, in words."""

import pytest

from multistyle.durations import show_duration


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        *((0.2, "0 s"), (99, "99 s"), (99.9, "100 s"), (100, "2 min")),
        *((720, "12 min"), (6577, "1 h 50 min"), (12000, "3 h 20 min")),
    ],
)
def test_lengths_in_words(seconds, text):
    assert show_duration(seconds) == text
