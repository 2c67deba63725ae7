"""Sizes, known answers and the edges of resizing."""

import numpy as np
import pytest

from multistyle.images import resizing


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_a_constant_stays_constant(channels, dtype):
    value = np.array(0.25 if dtype is np.float32 else 77, dtype)
    image = np.full((9, 14, channels), value)
    if channels == 4:
        image[..., 3] = 255 if dtype is np.uint8 else 1
    resized = resizing.resize(image, (5, 31))
    assert resized.shape == (5, 31, channels)
    assert resized.dtype == dtype
    np.testing.assert_allclose(resized[..., :3][..., 0], value, atol=1e-6)


def test_one_size_is_the_same_picture():
    image = np.zeros((4, 6, 3), np.uint8)
    assert resizing.resize(image, (4, 6)) is image


def test_shrinking_is_antialiased():
    # Every second column is white: a filter must give grey, not stripes.
    image = np.zeros((32, 256, 3), np.float32)
    image[:, ::2] = 1
    shrunk = resizing.resize(image, (4, 32))
    np.testing.assert_allclose(shrunk, 0.5, atol=0.03)


def test_a_ramp_keeps_its_place():
    # Sample centres: a linear ramp, enlarged, is the ramp at the new centres.
    ramp = (np.arange(64, dtype=np.float32) + 0.5) / 64
    image = np.broadcast_to(ramp[None, :, None], (8, 64, 3))
    enlarged = resizing.resize(image, (8, 128))
    expected = (np.arange(128) + 0.5) / 128
    np.testing.assert_allclose(enlarged[0, 8:-8, 0], expected[8:-8], atol=1e-3)


def test_uint8_and_float_agree():
    # Not so bright and dark that a pass over the rows overshoots uint8.
    image = np.random.default_rng(0).integers(80, 176, (40, 30, 3), np.uint8)
    small = resizing.resize(image, (17, 23))
    small_float = resizing.resize(image / np.float32(255), (17, 23))
    assert np.abs(small - small_float * 255).max() < 1.5


def test_edges_stay_sharp():
    # Lanczos' filter overshoots at an edge; a softer one would not.
    image = np.full((16, 16, 3), 0.25, np.float32)
    image[:, 8:] = 0.75
    assert 0.77 < resizing.resize(image, (64, 64)).max() < 0.85


def test_overshoot_is_clipped():
    image = np.zeros((16, 16, 3), np.float32)
    image[:, 8:] = 1
    enlarged = resizing.resize(image, (64, 64))
    assert enlarged.min() == 0 and enlarged.max() == 1


def test_float64_gives_float32():
    assert resizing.resize(np.zeros((4, 4, 3)), (2, 2)).dtype == np.float32


def test_the_result_can_be_written_to():
    resizing.resize(np.zeros((4, 4, 3), np.uint8), (2, 2))[:] = 1


def test_transparent_pixels_lend_no_colour():
    image = np.zeros((8, 8, 4), np.uint8)
    image[:, :4] = [255, 0, 0, 255]
    image[:, 4:] = [0, 255, 0, 0]
    shrunk = resizing.resize(image, (3, 3))
    visible = shrunk[shrunk[..., 3] > 16]
    assert visible[:, 0].min() > 250 and visible[:, 1].max() < 5


@pytest.mark.parametrize(
    ("size", "px", "short", "long"),
    [
        ((30, 40), 15, (15, 20), (11, 15)),
        ((40, 30), 60, (80, 60), (60, 45)),
        ((1, 1000), 10, (10, 10000), (1, 10)),
    ],
)
def test_sides(size, px, short, long):
    image = np.zeros((*size, 3), np.uint8)
    assert resizing.resize_short_side(image, px).shape[:2] == short
    assert resizing.resize_long_side(image, px).shape[:2] == long


def test_a_wrong_rank_is_named():
    with pytest.raises(ValueError, match=r"\(4, 4\)"):
        resizing.resize(np.zeros((4, 4)), (2, 2))


def test_sixteen_bits_stay_sixteen():
    y, x = np.mgrid[0:1:64j, 0:1:96j]
    image = np.rint(np.stack([x, y, x * y], -1) * 65535).astype(np.uint16)
    small = resizing.resize(image, (16, 24))
    assert small.dtype == np.uint16
    means = image.reshape(16, 4, 24, 4, 3).mean(axis=(1, 3))
    # The filter looks over the edge; inside a slope keeps its values.
    assert np.abs(small - means)[2:-2, 2:-2].max() < 100
    assert len(np.unique(small)) > 256


def test_transparent_pixels_of_sixteen_bits_lend_no_colour():
    image = np.zeros((16, 16, 4), np.uint16)
    image[:, :8] = [60000, 0, 0, 65535]
    image[:, 8:] = [0, 60000, 0, 0]
    small = resizing.resize(image, (8, 5))
    assert small.dtype == np.uint16
    assert (small[..., 1] == 0).all()
    # At the edge the filter of the one overshoots, not that of the other.
    is_there = small[..., 3] == 65535
    assert np.abs(small[is_there][:, 0].astype(int) - 60000).max() < 6000
