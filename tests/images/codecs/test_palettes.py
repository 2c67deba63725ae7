import numpy as np
import pytest

from multistyle.images.codecs.palettes import quantize


@pytest.mark.parametrize("num_clear", [0, 3])
def test_few_colours_are_kept_exactly(num_clear):
    colors = np.array([[250, 0, 0], [0, 90, 0], [7, 8, 9], [255, 255, 255]])
    pixels = np.full((4, 6, 4), 255, np.uint8)
    pixels[..., :3] = colors[:, None]
    pixels[0, :num_clear, 3] = 0
    image = quantize(pixels)
    assert image.mode == "P"
    shown = np.asarray(image.convert("RGBA"))
    np.testing.assert_array_equal(shown[..., 3], pixels[..., 3])
    is_there = pixels[..., 3] == 255
    np.testing.assert_array_equal(shown[is_there], pixels[is_there])
    assert ("transparency" in image.info) == (num_clear > 0)


def test_half_transparent_is_laid_on_white_or_left_out():
    pixels = np.array([[[0, 0, 0, 127], [0, 0, 0, 128]]], np.uint8)
    shown = np.asarray(quantize(pixels).convert("RGBA"))
    assert shown[0, 0, 3] == 0
    np.testing.assert_array_equal(shown[0, 1], [127, 127, 127, 255])


def test_many_colours_are_dithered():
    y, x = np.mgrid[0:256:4, 0:256:4]
    pixels = np.stack([x, y, 255 - x], axis=-1).astype(np.uint8)
    shown = np.asarray(quantize(pixels).convert("RGB")).astype(int)
    assert len(np.unique(shown.reshape(-1, 3), axis=0)) <= 256
    blocks = (shown - pixels).reshape(8, 8, 8, 8, 3).mean(axis=(1, 3))
    assert np.abs(blocks).mean() < 1.5
