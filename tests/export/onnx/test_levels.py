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


@pytest.mark.parametrize("size_before", [SIZE, (137, 184), (75, 101)])
def test_strokes_are_settled(size_before):
    enlarged, painted = read("cat", SIZE), read("coffee", SIZE)
    settled = run(
        build_settle(),
        enlarged=enlarged[None],
        painted=painted[None],
        reduced=np.zeros((1, *size_before, 3), np.float32),
    )
    strength = level_strength(SIZE, size_before)
    expected = settle(enlarged, painted, strength, (0, 0))
    np.testing.assert_allclose(settled, expected, atol=1e-4)
