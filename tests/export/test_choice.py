import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.export.choice import choose_styles
from multistyle.network.styles import fingerprint

IMAGE = np.random.default_rng(0).random((1, 24, 32, 3), np.float32)


def paint(network, *weights):
    inputs = {"image": IMAGE, "style_weights": np.array([weights], np.float32)}
    return np.array(network(inputs))


def test_all_styles_are_those_of_the_network(small_network):
    chosen, listed = choose_styles(small_network)
    assert [style["name"] for style in listed] == small_network.style_names
    assert fingerprint(chosen) == fingerprint(small_network)
    np.testing.assert_array_equal(
        paint(chosen, 0.2, 0.5, 0.3), paint(small_network, 0.2, 0.5, 0.3)
    )


def test_some_styles_in_the_order_asked_for(small_network):
    chosen, listed = choose_styles(small_network, ["the_scream", "great_wave"])
    assert chosen.style_names == ["the_scream", "great_wave"]
    assert listed == [
        {"name": "the_scream"},
        {"name": "great_wave", "artist": "Hokusai", "year": "1831"},
    ]
    np.testing.assert_allclose(
        paint(chosen, 0.75, 0.25),
        paint(small_network, 0, 0.25, 0.75),
        atol=1e-5,
    )


def test_a_blend_becomes_the_one_style(small_network):
    chosen, listed = choose_styles(
        small_network, bake="great_wave=3,starry_night=1"
    )
    assert chosen.num_styles == 1
    assert listed == [
        {"name": "starry_night", "weight": 0.25},
        {
            "name": "great_wave",
            "artist": "Hokusai",
            "year": "1831",
            "weight": 0.75,
        },
    ]
    np.testing.assert_allclose(
        paint(chosen, 1), paint(small_network, 0.25, 0.75, 0), atol=1e-5
    )


@pytest.mark.parametrize(
    ("styles", "bake", "message"),
    [
        (["great_wvae"], None, "great_wave"),
        ([], None, "names none"),
        (["the_scream"], "great_wave", "no style `great_wave`"),
        (None, np.ones((2, 2, 3)) / 3, "the same all over"),
    ],
)
def test_wrong_choices_are_named(small_network, styles, bake, message):
    with pytest.raises(InputError, match=message):
        choose_styles(small_network, styles, bake)
