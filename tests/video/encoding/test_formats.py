import pytest

from multistyle.errors import InputError
from multistyle.video.encoding.formats import find_format


@pytest.mark.parametrize(
    ("name", "container"),
    [("a.mp4", "mp4"), ("A.MOV", "mov"), ("a.webm", "webm"), ("a.gif", "gif")],
)
def test_the_suffix_decides(name, container):
    assert find_format(name).container == container


@pytest.mark.parametrize(
    ("name", "crf", "message"),
    [
        ("a.avi", None, "`a.avi` .*: use .mp4, .mov, .webm, .gif."),
        ("a", None, "`a` has no suffix of a film"),
        ("a.gif", 20, "a GIF takes no --crf"),
        ("a.mp4", 52, "`52` is no --crf of .mp4: use 0, the best, to 51."),
        ("a.webm", -1, "`-1` is no --crf of .webm"),
    ],
)
def test_what_cannot_be_written(name, crf, message):
    with pytest.raises(InputError, match=message):
        find_format(name, crf=crf)
