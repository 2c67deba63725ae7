"""Known answers of what fills a hole."""

import numpy as np
import pytest

from multistyle.images.holes import fill_holes


@pytest.fixture
def random():
    return np.random.default_rng(0)


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (7, 5), (32, 32), (33, 70)])
def test_what_counts_stays_to_the_bit(random, size):
    image = random.random((*size, 3), np.float32)
    confidence = (random.random(size) < 0.3).astype(np.float32)
    confidence[0, 0] = 1
    filled = fill_holes(image, confidence)
    assert filled.shape == image.shape and filled.dtype == np.float32
    kept = confidence == 1
    np.testing.assert_array_equal(filled[kept], image[kept])


@pytest.mark.parametrize("size", [(1, 9), (7, 5), (33, 70)])
def test_what_does_not_count_takes_no_part(random, size):
    image = random.random((*size, 3), np.float32)
    confidence = random.random(size, np.float32)
    confidence[random.random(size) < 0.6] = 0
    other = np.where(confidence[..., None] > 0, image, 1 - image)
    np.testing.assert_array_equal(
        fill_holes(image, confidence), fill_holes(other, confidence)
    )


def test_one_colour_fills_everything(random):
    image = random.random((50, 41, 3), np.float32)
    image[20:24, 30:33] = (0.2, 0.5, 0.9)
    confidence = np.zeros((50, 41))
    confidence[20:24, 30:33] = 1
    filled = fill_holes(image, confidence)
    np.testing.assert_allclose(
        filled, np.broadcast_to((0.2, 0.5, 0.9), filled.shape), atol=1e-6
    )


def test_a_hole_between_two_colours_leads_from_one_to_the_other():
    image = np.zeros((16, 64, 1))
    image[:, 48:] = 1
    confidence = np.ones((16, 64))
    confidence[:, 16:48] = 0
    row = fill_holes(image, confidence)[8, :, 0]
    assert row[16] < 0.1 and row[47] > 0.9
    assert 0.3 < row[31:33].mean() < 0.7
    assert (np.diff(row) >= -1e-6).all()


def test_a_pixel_that_counts_half_is_half_its_own():
    image = np.zeros((8, 8, 1))
    image[4, 4] = 1
    confidence = np.ones((8, 8))
    confidence[4, 4] = 0.5
    # Its block of four counts 3.5, of which it is 0.5; the rest is far.
    value = fill_holes(image, confidence)[4, 4, 0]
    assert 0.5 < value < 0.5 + 0.5 / 3.5


def test_where_nothing_counts_the_picture_stays(random):
    image = random.random((6, 7, 3), np.float32)
    np.testing.assert_array_equal(fill_holes(image, np.zeros((6, 7))), image)
