import itertools

import numpy as np
import onnxruntime
import pytest

from multistyle.export.onnx.plan import build_plan
from multistyle.inference.passes.levels import level_sizes

FILTERS = [8, 16, *[32] * 11, 16, 8, 3]


@pytest.fixture(scope="module")
def plan():
    """Returns a function of the graph's inputs."""
    session = onnxruntime.InferenceSession(
        build_plan(FILTERS).SerializeToString(),
        providers=["CPUExecutionProvider"],
    )
    return lambda *size, **feed: session.run(
        None, {"size": np.array(size), **feed}
    )


@pytest.mark.parametrize("scale", [0.5, 1, 2.5])
@pytest.mark.parametrize(
    "size",
    [(80, 120), (999, 998), (1365, 2048), (3000, 4000), (12_001, 9_003)],
)
def test_levels_are_those_of_the_command_line(plan, size, scale):
    scales = np.array([scale], np.float32)
    levels, _, _ = plan(*size, stroke_scale=scales)
    assert levels.tolist() == [
        list(level) for level in level_sizes(size, scale)
    ]


def test_what_fits_is_one_window_painted_once(plan):
    levels, windows, rounds = plan(600, 1000)
    assert levels.tolist() == [[600, 1000]]
    assert windows.tolist() == [[0, 0, 600, 1000]]
    assert rounds.tolist() == [[403, 403]]


def test_windows_are_nearly_equal_and_cover_the_picture(plan):
    _, windows, rounds = plan(1501, 600, tile_size=np.array([512]))
    sides = [0, 504, 1008, 1501]
    assert windows.tolist() == [
        [top, left, bottom, right]
        for top, bottom in itertools.pairwise(sides)
        for left, right in ((0, 300), (300, 600))
    ]
    # After 3, 9, 13 and 16 layers; then it is painted.
    ends = [0, 56, 248, 376, 403, 403]
    assert rounds.tolist() == [list(pair) for pair in itertools.pairwise(ends)]
