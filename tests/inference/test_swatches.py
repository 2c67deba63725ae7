import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.inference.stylizer import Stylizer
from multistyle.inference.swatches import paint_swatch


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
