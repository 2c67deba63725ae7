import numpy as np
import onnxruntime
import pytest
from PIL import Image

from multistyle.export.onnx.levels import build_enlarge, build_settle
from multistyle.images.samples import PHOTOGRAPHS_FOLDER
from multistyle.inference.passes.enlargements import Enlargement, settle
from multistyle.inference.passes.levels import level_strength

SIZE, SIZE_BEFORE = (151, 202), (86, 115)


def run(graph, **inputs):
    session = onnxruntime.InferenceSession(
        graph.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return session.run(None, inputs)[0][0]


def read(name, size):
    with Image.open(PHOTOGRAPHS_FOLDER / f"{name}.jpg") as photo:
        photo = photo.convert("RGB").resize(size[::-1], Image.Resampling.BOX)
    return np.asarray(photo, np.float32) / 255


def test_a_painting_is_enlarged_with_the_photographs_detail():
    photograph, reduced = read("cat", SIZE), read("cat", SIZE_BEFORE)
    painting = read("coffee", SIZE_BEFORE)
    enlarged = run(
        build_enlarge(),
        photograph=photograph[None],
        reduced=reduced[None],
        painting=painting[None],
    )
    expected = Enlargement(photograph, reduced, painting)[:, :]
    np.testing.assert_allclose(enlarged, expected, atol=1e-4)


@pytest.mark.parametrize("ratio", [1.0, 1.1, 2.0])
def test_strokes_are_settled(ratio):
    enlarged, painted = read("cat", SIZE), read("coffee", SIZE)
    settled = run(
        build_settle(),
        enlarged=enlarged[None],
        painted=painted[None],
        ratio=np.array([ratio], np.float32),
    )
    before = round(10_000 / ratio)
    strength = level_strength((10_000, 10_000), (before, before))
    expected = settle(enlarged, painted, strength, (0, 0))
    # At the borders an edge is continued, in Pillow weights are fewer.
    inner = slice(15, -15)
    np.testing.assert_allclose(
        settled[inner, inner], expected[inner, inner], atol=1e-3
    )
    assert np.abs(settled - expected).max() < 0.05
