import json
import os

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.evaluation.picture_folders import picture_folders
from multistyle.images.codecs.reading import read_image

KINDS = ["content", "style", "stylized"]


def flat(value, size=(20, 30)):
    return np.full((*size, 3), value / 255, np.float32)


def fill(path, names, **options):
    """Adds a photograph for each name, in two styles."""
    with picture_folders(path, **options) as folders:
        for number, name in enumerate(names):
            for style, value in (("night", 100), ("wave", 150)):
                folders.add(
                    name,
                    style,
                    photograph=flat(number),
                    style_image=flat(value, (40, 40)),
                    pastiche=flat(value + number),
                )


def test_three_folders_hold_files_of_the_same_names(tmp_path):
    path = tmp_path / "new" / "pictures"
    # Of two files of one name, and of one as long as a name can be.
    names = ["a/x.jpg", "b/x.jpg", "é" * 120 + ".jpg"]
    fill(path, names)
    assert sorted(os.listdir(path)) == [*KINDS[:1], "pictures.json", *KINDS[1:]]
    index = json.loads((path / "pictures.json").read_text("utf-8"))
    assert [(e["photograph"], e["style"]) for e in index] == [
        (name, style) for name in names for style in ("night", "wave")
    ]
    files = [entry["file"] for entry in index]
    for kind in KINDS:
        # The order by name, in which ArtFID pairs them, is that of the index.
        assert sorted(os.listdir(path / kind)) == files
    assert files[:3] == [
        "00001_x_night.png",
        "00002_x_wave.png",
        "00003_x_night.png",
    ]
    for kind, value, size in (
        ("content", 1, (20, 30)),
        ("style", 150, (40, 40)),
        ("stylized", 151, (20, 30)),
    ):
        pixels = read_image(path / kind / files[3])
        assert pixels.shape == (*size, 3) and (pixels == value).all()


def test_nothing_is_left_of_what_is_broken_off(tmp_path):
    with (
        pytest.raises(KeyboardInterrupt),
        picture_folders(tmp_path / "pictures") as folders,
    ):
        folders.add(
            "x",
            "night",
            photograph=flat(0),
            style_image=flat(0),
            pastiche=flat(0),
        )
        raise KeyboardInterrupt
    assert os.listdir(tmp_path) == []


def test_only_its_own_files_are_replaced(tmp_path):
    path = tmp_path / "pictures"
    path.mkdir()
    fill(path, ["x.jpg", "y.jpg"])
    with pytest.raises(InputError, match="exists already"):
        fill(path, ["z.jpg"])
    fill(path, ["z.jpg"], overwrite=True)
    assert len(os.listdir(path / "content")) == 2
    for mine in (path / "style" / "mine.png", path / "notes.txt"):
        mine.write_bytes(b"mine")
        with pytest.raises(InputError, match=f"`.*{mine.name}` is none of its"):
            fill(path, ["x.jpg"], overwrite=True)
        assert mine.read_bytes() == b"mine"
        mine.unlink()
    assert (path / "content" / "00001_z_night.png").exists()


@pytest.mark.parametrize("index", [None, b"{", b'[{"files": 1}]', b"3"])
def test_a_folder_of_others_stays(tmp_path, index):
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "mine.png").write_bytes(b"mine")
    if index is not None:
        (tmp_path / "pictures.json").write_bytes(index)
    with pytest.raises(InputError, match="is not replaced"):
        fill(tmp_path, ["x.jpg"], overwrite=True)
    assert (tmp_path / "content" / "mine.png").read_bytes() == b"mine"
