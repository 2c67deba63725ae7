"""A stylizer and a photograph for every composition."""

import numpy as np
import pytest

from multistyle.images.codecs.writing import write_image
from multistyle.inference.stylizer import Stylizer


@pytest.fixture(scope="module")
def stylizer(small_network):
    return Stylizer(small_network)


@pytest.fixture(scope="module")
def photograph():
    random = np.random.default_rng(0)
    return random.integers(0, 256, (96, 128, 3), np.uint8)


@pytest.fixture
def photograph_path(photograph, tmp_path):
    path = tmp_path / "photo.png"
    write_image(path, photograph)
    return path


@pytest.fixture(scope="session")
def contains():
    """Returns a function that finds a picture, pixel for pixel, on a page."""

    def contains(page, picture):
        height, width = picture.shape[:2]
        corners = np.argwhere((page == picture[0, 0]).all(axis=2))
        return any(
            np.array_equal(page[y : y + height, x : x + width], picture)
            for y, x in corners
        )

    return contains
