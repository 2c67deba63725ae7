import numpy as np
import pytest

from multistyle.images.codecs.reading import read_image
from multistyle.images.resizing import resize
from multistyle.images.samples import sample_photographs
from multistyle.images.tiles import Window, cut
from multistyle.images.upsampling import GuidedUpsampling
from multistyle.images.values import to_float


@pytest.fixture(scope="module")
def photograph():
    return read_image(sample_photographs()[0])[:101, :90]


def whole(upsampling, image):
    return upsampling.of(Window(0, image.shape[0], 0, image.shape[1]))


def test_the_photograph_itself_comes_back_sharper(photograph):
    """Painting and photograph are one, so that all that was lost returns."""
    grey = np.repeat(photograph[..., :1], 3, axis=2)
    small = resize(grey, (50, 45))
    back = whole(GuidedUpsampling(grey, small, to_float(small)), grey)
    plain = resize(to_float(small), grey.shape[:2])
    error = np.abs(back - to_float(grey)).mean()
    assert error < 0.5 * np.abs(plain - to_float(grey)).mean()


def test_an_edge_is_as_sharp_as_the_photograph_s():
    photograph = np.full((64, 64, 3), 50, np.uint8)
    photograph[:, 31:] = 200
    small = resize(photograph, (16, 16))
    # The painting has the edge, too, but its colours are others.
    painting = to_float(small)[..., :1] * np.float32([-0.5, 0, 1])
    painting = painting + np.float32([0.6, 0.3, 0])
    made = whole(GuidedUpsampling(photograph, small, painting), photograph)
    expected = to_float(photograph)[..., :1] * np.float32([-0.5, 0, 1])
    expected = expected + np.float32([0.6, 0.3, 0])
    np.testing.assert_allclose(made, expected, atol=0.03)


def test_strokes_where_the_photograph_is_flat_are_kept():
    photograph = np.full((64, 64, 3), 128, np.uint8)
    small = resize(photograph, (16, 16))
    painting = np.random.default_rng(0).random((16, 16, 3), np.float32)
    made = whole(GuidedUpsampling(photograph, small, painting), photograph)
    np.testing.assert_allclose(made, resize(painting, (64, 64)), atol=1e-4)


@pytest.mark.parametrize("small_size", [(50, 45), (34, 30), (20, 18)])
def test_windows_agree_with_the_whole(photograph, small_size):
    small = resize(photograph, small_size)
    painting = np.random.default_rng(0).random(small.shape).astype(np.float16)
    upsampling = GuidedUpsampling(photograph, small, painting)
    expected = whole(upsampling, photograph)
    for window in cut(photograph.shape[:2], 40):
        np.testing.assert_allclose(
            upsampling.of(window), window.of(expected), atol=1e-5
        )
