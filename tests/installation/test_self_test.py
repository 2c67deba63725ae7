import numpy as np
import pytest
from PIL import Image

from multistyle.images.codecs.reading import read_image
from multistyle.installation import self_test
from multistyle.installation.self_test import (
    SIZE,
    expected_path,
    run_self_test,
)
from multistyle.network.models import bundled_models


@pytest.mark.parametrize("model", bundled_models())
def test_the_expected_pictures_are_those_of_the_bundled_models(model):
    # `python recipes/self_test.py` makes them anew.
    outcome = run_self_test(model, "keras")
    assert outcome.precision == "float32" and outcome.is_right
    assert outcome.difference < 0.1
    assert read_image(expected_path(model)).shape == (*SIZE, 3)


def test_openvino_paints_what_is_expected():
    pytest.importorskip("openvino")
    assert run_self_test("paintings-fast", "openvino").is_right


def test_another_picture_is_not_what_is_expected(tmp_path, monkeypatch):
    expected = read_image(expected_path("paintings-fast"))
    other = np.clip(expected.astype(int) + 3, 0, 255).astype(np.uint8)
    Image.fromarray(other).save(tmp_path / "paintings-fast.png")
    monkeypatch.setattr(self_test, "EXPECTED_FOLDER", tmp_path)
    outcome = run_self_test("paintings-fast", "keras")
    assert not outcome.is_right
    assert outcome.difference == pytest.approx(3, abs=0.3)
