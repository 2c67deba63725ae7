import numpy as np
import pytest

from multistyle.images.codecs.reading import read_image
from multistyle.images.resizing import resize
from multistyle.images.samples import sample_photographs

SIZE = (64, 96)


@pytest.fixture(scope="session")
def shots():
    """Returns a function that pans over a photograph, by its number."""
    photographs = [
        resize(read_image(path), (80, 160)) for path in sample_photographs()[:3]
    ]

    def pan(number, num_frames):
        photograph = photographs[number]
        return [
            np.ascontiguousarray(photograph[:64, 2 * n : 2 * n + 96])
            for n in range(num_frames)
        ]

    return pan
