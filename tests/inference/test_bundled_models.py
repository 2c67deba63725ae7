import numpy as np
import pytest

from multistyle.images.codecs.reading import read_image
from multistyle.images.samples import sample_photographs
from multistyle.images.values import to_float
from multistyle.inference.stylizer import Stylizer
from multistyle.network.models import bundled_models
from multistyle.perceptual.spectrum import mean_spectrum
from multistyle.perceptual.weave import weave_loss


def mean_weave(images):
    return np.mean(
        [float(weave_loss(mean_spectrum(image[None]))[0]) for image in images]
    )


# Trained without the weave loss, these had 1.0 to 1.8, the photographs 0.91.
@pytest.mark.parametrize(
    "style", ["composition_vii", "the_scream", "starry_night"]
)
@pytest.mark.parametrize("name", bundled_models())
def test_pictures_have_no_more_of_a_weave_than_photographs(name, style):
    stylizer = Stylizer.load(name)
    photographs = [to_float(read_image(path)) for path in sample_photographs()]
    pastiches = [stylizer.stylize(image, style) for image in photographs]
    assert mean_weave(pastiches) < mean_weave(photographs)
