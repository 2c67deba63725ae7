from pathlib import Path

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.images.codecs.writing import write_image
from multistyle.inference.output_tree import map_outputs

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
def test_map_outputs(photograph_folder, monkeypatch, specs, expected):
    monkeypatch.chdir(photograph_folder.parent)
    outputs, _ = map_outputs(specs, "out")
    assert [path.as_posix() for path in outputs.values()] == [
        f"out/{name}" for name in expected
    ]


def test_two_folders_stay_apart(photograph_folder, monkeypatch):
    monkeypatch.chdir(photograph_folder.parent)
    pixels = np.zeros((9, 9, 3), np.uint8)
    write_image("other/a.png", pixels)
    outputs, _ = map_outputs(["photographs", "other"], "out")
    assert [path.as_posix() for path in outputs.values()] == [
        *(f"out/photographs/{name}" for name in NAMES),
        "out/other/a.png",
    ]


def test_two_photographs_with_one_output_are_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_image("in/a.ppm.png", np.zeros((9, 9, 3), np.uint8))
    Path("in/a.ppm").write_bytes(b"P6 1 1 255\n\0\0\0")
    with pytest.raises(InputError) as caught:
        map_outputs(["in"], "out")
    assert str(caught.value) == (
        f"`{Path('in/a.ppm')}` and `{Path('in/a.ppm.png')}` would both be "
        f"written to `{Path('out/a.ppm.png')}`: paint them by two commands."
    )


def test_a_folder_of_nothing_but_outputs(photograph_folder):
    with pytest.raises(InputError, match="holds no picture .* outside"):
        map_outputs([photograph_folder.parent], photograph_folder)


def test_a_folder_may_be_painted_into_the_one_around_it(photograph_folder):
    around = photograph_folder.parent
    outputs, _ = map_outputs([photograph_folder], around)
    assert list(outputs.values()) == [around / name for name in NAMES]
