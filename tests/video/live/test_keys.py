import numpy as np
import pytest

from multistyle.video.live.keys import StyleKeys

STYLES = ["starry_night", "great_wave", "udnie"]


def make_keys(*weights):
    said = []
    return StyleKeys(np.float32(weights), STYLES, said.append), said


def test_a_style_alone():
    keys, said = make_keys(0, 1, 0)
    for key in ("n", "n", "p", "1", "9", "x", None):
        keys.press(key)
    np.testing.assert_array_equal(keys.at(3), [1, 0, 0])
    assert said == [
        "Style: udnie.",
        "Style: starry_night.",
        "Style: udnie.",
        "Style: starry_night.",
    ]
    assert not keys.is_over and not keys.is_recording
    keys.press("r")
    assert keys.is_recording
    keys.press("r")
    keys.press("q")
    assert keys.is_over and not keys.is_recording


@pytest.mark.parametrize(
    ("pressed", "expected"),
    [
        (["up"], [0.6, 0.8 / 3, 0.4 / 3]),
        (["down"], [0.4, 0.4, 0.2]),
        (["right", "right", "up"], [0.44, 0.88 / 3, 0.8 / 3]),
        (["left", "up"], [0.44, 0.88 / 3, 0.8 / 3]),
        (["up"] * 9, [1, 0, 0]),
        (["down"] * 9, [0, 2 / 3, 1 / 3]),
        # Alone it stays: there is nothing to make room for.
        (["1", "down"], [1, 0, 0]),
        (["1", "right", "up", "up"], [0.8, 0.2, 0]),
    ],
)
def test_sliders(pressed, expected):
    keys, _ = make_keys(0.5, 1 / 3, 1 / 6)
    for key in pressed:
        keys.press(key)
    assert keys.weights.sum() == pytest.approx(1)
    np.testing.assert_allclose(keys.weights, expected, atol=1e-6)
    assert keys.weights.dtype == np.float32


def test_what_stands_under_the_picture():
    keys, _ = make_keys(0.7, 0, 0.3)
    keys.press("right")
    assert keys.sliders().splitlines() == [
        "  starry_night  ███████···  70 %",
        "> great_wave    ··········   0 %",
        "  udnie         ███·······  30 %",
    ]
