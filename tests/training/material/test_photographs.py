import pytest
from PIL import Image

from multistyle.errors import InputError
from multistyle.training.material.photographs import (
    PhotographFiles,
    open_photographs,
)


def test_no_readable_photograph_is_an_error(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    with pytest.raises(InputError, match="None of the 1 content images"):
        open_photographs(tmp_path)


def test_one_readable_photograph_is_enough(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    Image.new("RGB", (40, 40)).save(tmp_path / "b.png")
    assert len(open_photographs(tmp_path)) == 2


def test_photographs_are_known_by_names_and_sizes(tmp_path):
    folders = tmp_path / "here", tmp_path / "there"
    for folder in folders:
        folder.mkdir()
        Image.new("RGB", (40, 40)).save(folder / "a.png")
        Image.new("RGB", (30, 30)).save(folder / "b.png")
    here, there = (PhotographFiles(folder).digest() for folder in folders)
    assert here == there
    (folders[1] / "b.png").rename(folders[1] / "c.png")
    renamed = PhotographFiles(folders[1]).digest()
    Image.effect_noise((30, 30), 9).save(folders[0] / "b.png")
    edited = PhotographFiles(folders[0]).digest()
    assert len({here, renamed, edited}) == 3
