"""The page's resizing, beside Pillow's."""

import numpy as np
import pytest
from PIL import Image

from tests.page.javascript import needs_node, run_javascript

pytestmark = needs_node
FILTERS = ("lanczos", "bicubic", "bilinear")
RESIZE = """
const { resize } = await engine("images/resizing.mjs");
const { data, height, width, channels, jobs } = inputs;
const image = { data, height, width, channels };
return jobs.map(([w, h, filter, box]) => resize(image, w, h, filter, box).data);
"""


def resize_by_pillow(image, width, height, filter, box):
    resampling = Image.Resampling[filter.upper()]
    planes = [
        Image.fromarray(np.ascontiguousarray(plane)).resize(
            (width, height), resampling, box=box
        )
        for plane in np.moveaxis(image, 2, 0)
    ]
    return np.stack(planes, axis=2)


def run(tmp_path, image, jobs):
    found = run_javascript(
        tmp_path,
        RESIZE,
        data=image,
        height=image.shape[0],
        width=image.shape[1],
        channels=image.shape[2],
        jobs=jobs,
    )
    return [
        array.reshape(height, width, -1)
        for array, (width, height, _, _) in zip(found, jobs, strict=True)
    ]


# Where height shrinks by far more than width, newer Pillows begin with it. That
# is seen in whole numbers, which are clipped in between; no photograph is so
# tall.
@pytest.mark.parametrize(
    ("dtype", "tolerance"), [("uint8", 0), ("float32", 4e-6)]
)
def test_it_is_pillow_s(tmp_path, dtype, tolerance):
    random = np.random.default_rng(0)
    image = random.integers(0, 256, (53, 71, 3)).astype(np.uint8)
    if dtype == "float32":
        # Beyond 0 and 1, as a change of colours is.
        image = (image / 100 - 0.7).astype(np.float32)
    jobs = [
        (width, height, filter, box)
        for filter in FILTERS
        for width, height, box in (
            (20, 17, None),
            (142, 130, None),
            (9, 53, None),
            (64, 83, (3.25, 7.5, 40.75, 51.125)),
            (5, 90, (0, 12.3, 71, 19.9)),
        )
    ]
    for found, job in zip(run(tmp_path, image, jobs), jobs, strict=True):
        expected = resize_by_pillow(image, *job)
        np.testing.assert_allclose(
            found, expected, rtol=0, atol=tolerance, err_msg=str(job)
        )


def test_a_stride_skips_alpha(tmp_path):
    rgba = np.random.default_rng(0).integers(0, 256, (12, 15, 4), np.uint8)
    found = run_javascript(
        tmp_path,
        """
        const { resize } = await engine("images/resizing.mjs");
        const image = {
          data: inputs.data, width: 15, height: 12, channels: 3, stride: 4,
        };
        return resize(image, 7, 5, "lanczos").data;
        """,
        data=rgba,
    )
    expected = resize_by_pillow(rgba[..., :3], 7, 5, "lanczos", None)
    np.testing.assert_array_equal(found.reshape(5, 7, 3), expected)


def test_halves_are_rounded_to_even(tmp_path):
    found = run_javascript(
        tmp_path,
        """
        const { roundEven } = await engine("images/resizing.mjs");
        return [0.5, 1.5, 2.5, 2.4, 2.6, 3].map(roundEven);
        """,
    )
    assert found == [0, 2, 2, 2, 3, 3]
