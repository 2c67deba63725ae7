import pytest

from multistyle.errors import InputError
from multistyle.perceptual.optimization.scales import Scale, plan_scales


@pytest.mark.parametrize(
    ("long_side", "num_steps", "sizes", "steps"),
    [
        (256, 200, [256], [200]),
        (100, 1, [100], [1]),
        (512, 200, [256, 362, 512], [67, 67, 66]),
        (400, 7, [200, 283, 400], [3, 2, 2]),
        (257, 10, [182, 257], [5, 5]),
        (512, 2, [362, 512], [1, 1]),
    ],
)
def test_scales(long_side, num_steps, sizes, steps):
    scales = plan_scales(long_side, num_steps)
    assert [scale.of((8, long_side))[1] for scale in scales] == sizes
    assert [scale.num_steps for scale in scales] == steps


def test_a_scale_of_a_thin_picture_keeps_a_pixel():
    assert Scale(0.1, 1).of((3, 55)) == (1, 6)


def test_no_steps_are_refused():
    with pytest.raises(InputError, match="must be at least 1; got `0`"):
        plan_scales(512, 0)
