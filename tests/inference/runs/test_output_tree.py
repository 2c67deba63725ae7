from pathlib import Path

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.images.codecs.writing import write_image
from multistyle.inference.runs.output_tree import find_works

NAMES = ["a.png", "b.jpg", "sub/c.png"]


@pytest.mark.parametrize(
    ("specs", "expected"),
    [
        (["photographs"], NAMES),
        (["photographs/sub"], ["c.png"]),
        (["photographs/a.png", "photographs/b.jpg"], ["a.png", "b.jpg"]),
        (
            ["photographs/sub/c.png", "photographs/a.png"],
            ["sub/c.png", "a.png"],
        ),
        (["photographs/*.png"], ["a.png"]),
        (["photographs", "photographs/a.png"], NAMES),
    ],
)
def test_outputs_stand_as_photographs_do(
    photograph_folder, monkeypatch, specs, expected
):
    monkeypatch.chdir(photograph_folder.parent)
    works, _ = find_works(specs, "out")
    assert [work.name for work in works] == expected
    assert [work.output for work in works] == [
        str(Path("out", name)) for name in expected
    ]


def test_two_folders_stay_apart(photograph_folder, monkeypatch):
    monkeypatch.chdir(photograph_folder.parent)
    pixels = np.zeros((9, 9, 3), np.uint8)
    write_image("other/a.png", pixels)
    works, _ = find_works(["photographs", "other"], "out")
    assert [work.name for work in works] == [
        *(f"photographs/{name}" for name in NAMES),
        "other/a.png",
    ]


def test_two_photographs_with_one_output_are_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_image("in/a.ppm.png", np.zeros((9, 9, 3), np.uint8))
    Path("in/a.ppm").write_bytes(b"P6 1 1 255\n\0\0\0")
    with pytest.raises(InputError) as caught:
        find_works(["in"], "out")
    assert str(caught.value) == (
        f"`{Path('in/a.ppm')}` and `{Path('in/a.ppm.png')}` would both be "
        f"written to `{Path('out/a.ppm.png')}`: paint them by two commands."
    )


def test_a_folder_of_nothing_but_outputs(photograph_folder):
    with pytest.raises(InputError, match="holds no picture .* outside"):
        find_works([photograph_folder.parent], photograph_folder)


def test_a_folder_may_be_painted_into_the_one_around_it(photograph_folder):
    around = photograph_folder.parent
    works, _ = find_works([photograph_folder], around)
    assert [work.output for work in works] == [
        str(around / name) for name in NAMES
    ]


def test_copies_are_numbered(photograph_folder):
    works, _ = find_works([photograph_folder], "out", copies=2)
    assert [(work.name, work.output, work.copy) for work in works[2:4]] == [
        ("b.jpg", str(Path("out", "b_1.jpg")), 1),
        ("b.jpg", str(Path("out", "b_2.jpg")), 2),
    ]
