import numpy as np

from multistyle.learning.photographs import CROP_SIZE, crops


def test_crops_come_with_their_mirror_images():
    images = crops()
    assert images.shape == (16, CROP_SIZE, CROP_SIZE, 3)
    assert images.dtype == np.float32
    np.testing.assert_array_equal(images[8:], images[:8, :, ::-1])
    assert all(image.std() > 0.05 for image in images)
