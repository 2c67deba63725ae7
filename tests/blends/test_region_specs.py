from pathlib import Path

import numpy as np
import pytest

from multistyle.blends.masks import Mask
from multistyle.blends.region_specs import (
    read_region,
    split_masks,
)
from multistyle.blends.regions import Region
from multistyle.errors import InputError
from multistyle.images.codecs import sources
from multistyle.images.codecs.writing import write_image

STYLES = ["starry_night", "great_wave", "the_scream"]
SIZE = (4, 6)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, with masks of two halves."""
    monkeypatch.chdir(tmp_path)
    half = np.zeros((*SIZE, 3), np.uint8)
    half[:, :3] = 255
    for name, pixels in (
        ("left.png", half),
        ("right.png", 255 - half),
        ("a,b.png", half),
        ("C:left.png", half),
    ):
        write_image(name, pixels)
    return tmp_path


def halves(region):
    """Returns weights and strength in a left and in a right pixel."""
    region = region.fit(SIZE)
    weights = np.broadcast_to(region.weights(), (*SIZE, 3))
    strength = np.broadcast_to(region.strength(), SIZE)
    return [(weights[0, x].round(6).tolist(), strength[0, x]) for x in (0, 5)]


def test_weights_alone_paint_everything():
    region = read_region(STYLES, "great_wave=2")
    assert halves(region) == [([0, 1, 0], 1)] * 2
    assert read_region(STYLES, region) is region


def test_weights_with_a_mask(folder):
    for mask in ("left.png", folder / "left.png", "a,b.png", "C:left.png"):
        (weights, left), (_, right) = halves(
            read_region(STYLES, "great_wave", mask=mask)
        )
        assert (weights, left, right) == ([0, 1, 0], 1, 0)


def test_a_mask_may_be_an_array():
    mask = np.zeros(SIZE)
    mask[:, 5] = 0.5
    for given in (mask, Mask(mask), mask.tolist()):
        region = read_region(STYLES, [0, 1, 0], mask=given)
        (_, left), (_, right) = halves(region)
        assert (left, right) == (0, 0.5)


def test_a_mask_for_each_style(folder):
    wanted = [([0, 1, 0], 1), ([1, 0, 0], 1)]
    for mask in (
        "great_wave:left.png,starry_night:right.png",
        " great_wave : left.png , starry_night:right.png,",
        {"great_wave": "left.png", "starry_night": folder / "right.png"},
    ):
        assert halves(read_region(STYLES, mask=mask)) == wanted


def test_one_style_with_a_mask(folder):
    for mask in ("great_wave:left.png", "great_wave:a,b.png"):
        region = read_region(STYLES, mask=mask)
        assert halves(region) == [([0, 1, 0], 1), ([0, 1, 0], 0)]
        # One blend suffices: the network need not be given a map.
        assert region.fit(SIZE).weights().shape == (1, 1, 3)


def test_a_gradient_with_a_mask(folder):
    region = read_region(
        STYLES, mask="left.png", gradient="starry_night > great_wave:horizontal"
    )
    assert halves(region) == [([1, 0, 0], 1), ([0, 1, 0], 0)]
    assert region.options(STYLES)["gradient"] == (
        "starry_night > great_wave:horizontal"
    )
    assert region.options(STYLES)["mask"].startswith("left.png@")


def test_the_path_is_what_follows_the_first_colon(folder):
    assert split_masks(r"great_wave:C:\masks\left.png") == [
        ("great_wave", r"C:\masks\left.png")
    ]
    assert split_masks(r"a:C:\l.png,b:D:\r.png") == [
        ("a", r"C:\l.png"),
        ("b", r"D:\r.png"),
    ]
    assert split_masks("great_wave:a,b.png") == [("great_wave", "a,b.png")]
    assert split_masks("C:left.png") == [(None, "C:left.png")]
    assert split_masks("a,b.png") == [(None, "a,b.png")]
    assert split_masks("no.png") == [(None, "no.png")]


def test_many_masks_may_be_longer_than_a_name_of_a_file():
    pairs = [(f"style_{i:03}", f"mask_{i:03}.png") for i in range(20)]
    text = ",".join(":".join(pair) for pair in pairs)
    assert len(text) > 255 and split_masks(text) == pairs


def test_a_resized_mask_is_noted(folder):
    notes = []
    region = read_region(STYLES, mask="great_wave:left.png", note=notes.append)
    region.fit((8, 12))
    (note,) = notes
    assert "6 x 4 pixels is resized to the picture's 12 x 8" in note


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "by a mask for each; got `none`."),
        ({"mask": "left.png"}, "by a mask for each; got `none`."),
        (
            {"weights": "great_wave", "gradient": "great_wave>udnie:0"},
            "got `weights, gradient`.",
        ),
        (
            {"weights": "great_wave", "mask": "great_wave:left.png"},
            "got `weights, mask`.",
        ),
        ({"mask": {}}, "No mask is given: the dict is empty."),
        (
            {"mask": "great_wav:left.png"},
            "There is no style `great_wav`; did you mean `great_wave`?",
        ),
        (
            {"mask": "great_wave:left.png,great_wave:right.png"},
            "The style `great_wave` has two masks: give one.",
        ),
        (
            {"mask": "great_wave:left.png,right.png"},
            "A mask for each style is given as `A:left.png,B:right.png`; got "
            "`great_wave:left.png,right.png`.",
        ),
        (
            {"mask": "great_wave:"},
            "is given as `A:left.png,B:right.png`; got `great_wave:`.",
        ),
        ({"mask": "great_wave:no.png"}, "`no.png` does not exist."),
        (
            {"weights": "great_wave", "mask": "no.png"},
            "`no.png` does not exist.",
        ),
        (
            {"weights": "great_wave", "mask": np.zeros((2, 2, 3))},
            "has the shape `[H, W]`; got `[2, 2, 3]`.",
        ),
        (
            {"weights": "great_wave=-1,udnie=2"},
            "There is no style `udnie`",
        ),
    ],
)
def test_errors(folder, given, message):
    with pytest.raises(InputError) as caught:
        read_region(STYLES, **given)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_extrapolation_goes_on_to_the_weights():
    spec = {"starry_night": 1.5, "great_wave": -0.5}
    with pytest.raises(InputError, match="extrapolate"):
        read_region(STYLES, spec)
    region = read_region(STYLES, spec, extrapolate=True)
    assert isinstance(region, Region)
    assert halves(region)[0] == ([1.5, -0.5, 0], 1)


def test_a_large_mask_needs_leave_like_a_large_photograph(
    tmp_path, monkeypatch
):
    write_image(tmp_path / "mask.png", np.full((20, 30, 3), 255, np.uint8))
    monkeypatch.setattr(sources, "MAX_PIXELS", 500)
    for spec in (tmp_path / "mask.png", f"the_scream:{tmp_path / 'mask.png'}"):
        weights = "great_wave" if isinstance(spec, Path) else None
        with pytest.raises(InputError, match=r"mask\.png` has .* most 500"):
            read_region(STYLES, weights, mask=spec)
        region = read_region(STYLES, weights, mask=spec, max_pixels=600)
        assert region.masks[0].size == (20, 30)


def test_the_home_folder(tmp_path, monkeypatch):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    write_image(tmp_path / "mask.png", np.zeros((2, 3, 3), np.uint8))
    for spec in ("~/mask.png", Path("~/mask.png")):
        (mask,) = read_region(STYLES, "the_scream", mask=spec).masks
        assert (mask.name, mask.path) == ("~/mask.png", tmp_path / "mask.png")
