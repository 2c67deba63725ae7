import pytest

from multistyle.errors import InputError
from multistyle.video.material.numbered import (
    NumberedName,
    is_numbered,
    name_numbers,
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("in_%04d.png", True),
        ("folder/%d.exr", True),
        ("in.png", False),
        ("in_%s.png", False),
        ("%04d/in.png", False),
        ("100%.mp4", False),
    ],
)
def test_what_is_numbered(path, expected):
    assert is_numbered(path) == expected


def test_names_and_numbers(tmp_path):
    name = NumberedName(tmp_path / "in_%03d.b.png")
    assert name.of(7).name == "in_007.b.png"
    assert name.of(12345).name == "in_12345.b.png"
    for each in ("in_007.b.png", "in_010.b.png", "in_1000.b.png"):
        (tmp_path / each).touch()
    # Fewer digits, other names, and more.
    for each in ("in_8.b.png", "in_0011.b.png", "in_009xb.png", "x.png"):
        (tmp_path / each).touch()
    assert name.numbers() == [7, 10, 1000]
    assert NumberedName(tmp_path / "in_%d.b.png").numbers() == [8, 1000]
    assert NumberedName("nowhere/in_%d.png").numbers() == []


def test_two_numbers_are_refused():
    with pytest.raises(InputError, match="`a_%d_%d.png` has more than one"):
        NumberedName("a_%d_%d.png")


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([3], "3"),
        ([3, 4], "3, 4"),
        ([1, 2, 3], "1 to 3"),
        ([3, 5, 6, 7, 12], "3, 5 to 7 and 12"),
    ],
)
def test_numbers_in_words(numbers, words):
    assert name_numbers(numbers) == words
