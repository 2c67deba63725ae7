import numpy as np
import pytest

from multistyle.images.sheets.captions import captioned


@pytest.mark.parametrize("width", [32, 200])
def test_a_title_stands_under_each_picture(width):
    random = np.random.default_rng(0)
    pictures = list(random.integers(0, 200, (2, 40, width, 3), np.uint8))
    cards = captioned(pictures, ["great_wave", "The Starry Night, 1889"])
    assert cards[0].shape == cards[1].shape
    height, room = cards[0].shape[:2]
    assert room == max(width, 96) and height > 40
    left = (room - width) // 2
    for picture, card in zip(pictures, cards, strict=True):
        np.testing.assert_array_equal(card[:40, left : left + width], picture)
        assert (card[:40, :left] == 255).all()
        title = card[40:]
        assert title.min() < 100 and title.max() == 255
    assert (cards[0][40:] != cards[1][40:]).any()
