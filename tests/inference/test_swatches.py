import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.inference.stylizer import Stylizer
from multistyle.inference.swatches import paint_swatch, show_style
from multistyle.network.thumbnails import painting_credits, painting_thumbnail
from multistyle.network.transform import TransformNetwork


def test_a_swatch_shows_one_style(small_network):
    stylizer = Stylizer(small_network)
    swatches = [
        paint_swatch(stylizer, name, 24) for name in stylizer.style_names
    ]
    for swatch in swatches:
        assert (swatch.shape, swatch.dtype) == ((24, 24, 3), np.uint8)
        assert swatch.std() > 1
    assert len({swatch.tobytes() for swatch in swatches}) == 3
    again = paint_swatch(stylizer, "starry_night", 24)
    np.testing.assert_array_equal(again, swatches[0])
    with pytest.raises(InputError, match="no style `udnie`"):
        paint_swatch(stylizer, "udnie", 24)


def test_a_style_is_shown_by_its_painting_where_that_is_known():
    credit = painting_credits()["udnie"]
    network = TransformNetwork(
        ["mine", "named"], width_multiplier=0.25, credits={"named": credit}
    )
    stylizer = Stylizer(network)
    painting = read_image(painting_thumbnail(credit))
    np.testing.assert_array_equal(show_style(stylizer, "named", 96), painting)
    np.testing.assert_array_equal(
        show_style(stylizer, "mine", 96), paint_swatch(stylizer, "mine", 96)
    )
    assert max(show_style(stylizer, "named", 48).shape) == 48
