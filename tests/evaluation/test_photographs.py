import os

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.evaluation.photographs import Photographs
from multistyle.images.codecs.writing import write_image


@pytest.fixture
def write(tmp_path):
    def write(name, height, width):
        pixels = np.full((height, width, 3), 100, np.uint8)
        write_image(tmp_path / name, pixels)

    return write


def test_what_cannot_be_judged_is_named(write, tmp_path):
    write("good.png", 60, 80)
    write("small.png", 47, 300)
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8 no more")
    (tmp_path / "film.mp4").write_bytes(b"film")
    photographs = Photographs(tmp_path)
    assert photographs.names == ["good.png"]
    assert photographs.num_others == 1
    broken, small = photographs.unreadable
    assert "broken.jpg` is empty" in broken
    assert small.endswith(
        "small.png` has 300 x 47 pixels; at least 48 on the short side can "
        "be judged."
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_a_pipe_is_left_alone(write, tmp_path):
    """It would be empty, or wait for ever, when it is read again."""
    write("good.png", 60, 80)
    os.mkfifo(tmp_path / "pipe")
    photographs = Photographs([tmp_path / "good.png", tmp_path / "pipe"])
    assert photographs.names == ["good.png"]
    assert "pipe` is a pipe or a device" in photographs.unreadable[0]


def test_nothing_to_judge(write, tmp_path):
    write("small.png", 20, 20)
    with pytest.raises(InputError, match="None of the 1 photographs .* 20 x"):
        Photographs(tmp_path)


def test_files_of_one_name_are_told_apart(write, tmp_path):
    for name in ("a/x.png", "b/x.png", "y.png"):
        write(name, 50, 50)
    names = Photographs(tmp_path).names
    assert names == [
        (tmp_path / "a/x.png").as_posix(),
        (tmp_path / "b/x.png").as_posix(),
        "y.png",
    ]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((300, 600), (256, 512)),
        ((600, 300), (512, 256)),
        ((90, 400), (90, 400)),
    ],
)
def test_large_photographs_are_reduced_and_none_enlarged(
    write, tmp_path, size, expected
):
    write("x.png", *size)
    image = Photographs(tmp_path).read("x.png")
    assert image.shape == (*expected, 3)
    assert image.dtype == np.float32
    np.testing.assert_allclose(image, 100 / 255, atol=1e-6)


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, []), (1, "a"), (2, "ac"), (3, "abd"), (5, "abcde"), (9, "abcde")],
)
def test_some_are_spread_evenly(write, tmp_path, count, expected):
    for name in "abcde":
        write(f"{name}.png", 50, 50)
    names = [f"{name}.png" for name in expected]
    assert Photographs(tmp_path).spread(count) == names
