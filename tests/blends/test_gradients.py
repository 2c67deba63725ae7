"""Known answers of gradients."""

import numpy as np
import pytest

from multistyle.blends.gradients import Gradient, parse_gradient
from multistyle.errors import InputError

STYLES = ["starry_night", "great_wave", "the_scream"]
STOPS = np.eye(3)


def weights_at(gradient, size, places):
    weights = gradient.fit(size).weights()
    assert weights.shape == (*size, 3) and weights.dtype == np.float32
    np.testing.assert_allclose(weights.sum(axis=2), 1, atol=1e-6)
    return [weights[place].tolist() for place in places]


TOP_LEFT, TOP_RIGHT, MIDDLE = (0, 0), (0, 8), (2, 4)
BOTTOM_LEFT, BOTTOM_RIGHT = (4, 0), (4, 8)
PLACES = (TOP_LEFT, TOP_RIGHT, MIDDLE, BOTTOM_LEFT, BOTTOM_RIGHT)

# A picture of 5 rows and 9 columns; how far along the gradient its top left,
# top right, middle, bottom left and bottom right are.
POSITIONS = {
    "horizontal": (0, 1, 0.5, 0, 1),
    "vertical": (0, 0, 0.5, 1, 1),
    "radial": (1, 1, 0, 1, 1),
    "0": (0, 1, 0.5, 0, 1),
    "180": (1, 0, 0.5, 1, 0),
    "-90": (1, 1, 0.5, 0, 0),
    # From corner to corner; half of 8 columns and 4 rows against each other.
    "45": (0, 8 / 12, 0.5, 4 / 12, 1),
    "135": (8 / 12, 0, 0.5, 1, 4 / 12),
    45: (0, 8 / 12, 0.5, 4 / 12, 1),
}


@pytest.mark.parametrize("direction", POSITIONS)
def test_a_gradient_of_two_styles(direction):
    found = weights_at(Gradient(STOPS[:2], direction), (5, 9), PLACES)
    wanted = [(1 - t, t, 0) for t in POSITIONS[direction]]
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_a_gradient_of_three_styles_passes_the_second_in_the_middle():
    found = weights_at(
        Gradient(STOPS, "horizontal"), (1, 9), [(0, i) for i in range(9)]
    )
    wanted = [
        (max(0, 1 - t), 1 - abs(t - 1), max(0, t - 1))
        for t in np.linspace(0, 2, 9)
    ]
    np.testing.assert_allclose(found, wanted, atol=1e-6)


@pytest.mark.parametrize("direction", ["horizontal", "radial", "30"])
def test_a_gradient_on_one_pixel(direction):
    (weights,) = weights_at(Gradient(STOPS[:2], direction), (1, 1), [(0, 0)])
    assert weights in ([0.5, 0.5, 0], [1, 0, 0])


@pytest.mark.parametrize("direction", ["diagonal", "", "nan", "inf", None])
def test_an_unknown_direction(direction):
    with pytest.raises(InputError) as caught:
        Gradient(STOPS, direction)
    assert str(caught.value) == (
        f"`{direction}` is not a direction of a gradient: use horizontal, "
        "vertical, radial or degrees, such as 45."
    )


def test_a_gradient_of_one_stop():
    with pytest.raises(InputError, match="2 stops or more; got `1`"):
        Gradient(STOPS[:1], "horizontal")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "great_wave:horizontal",
            "A gradient is given as `A>B:horizontal`, two styles or more and "
            "a direction; got `great_wave:horizontal`.",
        ),
        ("great_wave>the_scream", "and a direction; got `great_wave>the_sc"),
        ("great_wave>udnie:vertical", "There is no style `udnie`"),
        (
            "great_wave>the_scream:up",
            "`up` is not a direction of a gradient: use horizontal, vertical, "
            "radial or degrees, such as 45.",
        ),
    ],
)
def test_errors_of_gradients(text, message):
    with pytest.raises(InputError) as caught:
        parse_gradient(text, STYLES)
    assert message in str(caught.value)
