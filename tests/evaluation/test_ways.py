import numpy as np
import pytest

from multistyle.evaluation.judge import Judge
from multistyle.evaluation.ways import (
    WayMeter,
    compare_with_ends,
    pair_weights,
)


def test_weights_move_from_one_style_to_the_other():
    weights = pair_weights(2, 0, 3)
    assert weights.shape == (11, 3)
    np.testing.assert_allclose(weights[:, 2], np.linspace(1, 0, 11), atol=1e-7)
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    assert not weights[:, 1].any()


@pytest.mark.parametrize(
    ("middle", "points", "ratio"),
    [(2.5, [], 2.9 / 3), (3.3, [5], 1.1), (3.0, [], 1.0)],
)
def test_a_point_is_worse_than_both_ends(middle, points, ratio):
    totals = [2, 2.1, 2.2, 2.3, 2.4, middle, 2.6, 2.7, 2.8, 2.9, 3]
    found = compare_with_ends(totals)
    assert found["worse_steps"] == points
    assert found["worst_ratio"] == pytest.approx(ratio)


def test_a_painter_of_the_paintings_themselves(loss_network):
    """It paints each end as the painting itself, and between both halves."""
    random = np.random.default_rng(0)
    first, other, second = (
        random.random((48, 48, 3), np.float32) * scale
        for scale in (1.0, 0.6, 0.2)
    )
    photograph = random.random((48, 48, 3), np.float32)
    painted = []

    def paint(image, weights):
        assert image is photograph
        painted.append(tuple(np.round(weights, 6)))
        columns = round(48 * float(weights[0]))
        return np.concatenate([first[:, :columns], second[:, columns:]], 1)

    judge = Judge(loss_network, [first, other, second])
    meter = WayMeter(judge, paint, photograph)
    points = meter.measure(0, 2)
    assert points.shape == (11, 4)
    content, by_first, by_second, total = points.T
    assert by_first[0] == pytest.approx(0, abs=1e-5)
    assert by_second[-1] == pytest.approx(0, abs=1e-5)
    assert (np.diff(by_first) > 0).all()
    # At the ends the blended target is the painting's own.
    np.testing.assert_allclose(total[[0, -1]], content[[0, -1]], atol=1e-4)
    own = judge.view(photograph)
    middle = judge.view(paint(photograph, [0.5, 0, 0.5]))
    assert content[5] == pytest.approx(judge.content(middle, own), rel=1e-5)
    blended = judge.style(middle, [[0.5, 0, 0.5]])[0]
    assert total[5] == pytest.approx(content[5] + 6 * blended, rel=1e-5)

    # Ends are painted once, however many ways lead to them.
    painted.clear()
    meter.measure(2, 0)
    assert len(painted) == 9
    meter.measure(0, 1)
    assert painted.count((0, 1, 0)) == 1
    assert (1, 0, 0) not in painted
