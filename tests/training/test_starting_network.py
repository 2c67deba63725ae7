import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.network.growth import style_rows
from multistyle.network.rows import mean_row, single_rows
from multistyle.training.starting_network import StartingNetwork


def test_nothing(small_options):
    start = StartingNetwork(small_options(init_from="none"))
    assert start.network is None and start.name == "none"
    assert not start.knows(["starry_night"])


def test_known_styles_keep_their_rows_and_others_get_the_mean(
    small_options, small_model_path, small_network
):
    options = small_options(
        init_from=str(small_model_path), width_multiplier=None
    )
    start = StartingNetwork(options)
    assert start.knows(["great_wave", "starry_night"])
    assert not start.knows(["great_wave", "new"])
    network = start.make_network(["new", "great_wave"], {}, options, "float32")
    assert network.style_names == ["new", "great_wave"]
    for mine, theirs in zip(network.blocks, small_network.blocks, strict=True):
        np.testing.assert_array_equal(
            mine.convolution.get_weights()[0],
            theirs.convolution.get_weights()[0],
        )
        for new, old in zip(
            mine.normalization.get_weights(),
            theirs.normalization.get_weights(),
            strict=True,
        ):
            np.testing.assert_allclose(new[0], old.mean(axis=0), rtol=1e-6)
            index = small_network.style_names.index("great_wave")
            np.testing.assert_array_equal(new[1], old[index])


def test_a_row_that_is_given_is_where_a_new_style_begins(
    small_options, small_model_path, small_network
):
    options = small_options(
        init_from=str(small_model_path), width_multiplier=None
    )
    old = style_rows(small_network, ["the_scream", "starry_night"])
    scream, night = single_rows(old)
    network = StartingNetwork(options).make_network(
        ["x", "great_wave", "y"],
        {},
        options,
        "float32",
        begin_at={"x": night, "great_wave": scream},
    )
    rows = style_rows(network, ["x", "great_wave", "y"])
    known = style_rows(small_network, ["starry_night", "great_wave"])
    mean = mean_row(style_rows(small_network, small_network.style_names))
    for name, (gamma, _) in rows.items():
        # A style that the start knows keeps its row all the same.
        np.testing.assert_array_equal(gamma[:2], known[name][0])
        np.testing.assert_allclose(gamma[2:], mean[name][0], rtol=1e-6)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"width_multiplier": 0.5}, "--width_multiplier=0.5 where it has 0.25"),
        (
            {"width_multiplier": None, "skip_connections": False},
            "--skip_connections=False where it has True",
        ),
    ],
)
def test_another_form_is_refused(
    small_options, small_model_path, given, message
):
    options = small_options(init_from=str(small_model_path), **given)
    with pytest.raises(InputError) as error:
        StartingNetwork(options)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"width_multiplier": None}, "paintings"),
        ({"width_multiplier": 1.0}, "paintings"),
        ({"width_multiplier": 0.25}, "paintings-fast"),
        ({"width_multiplier": 0.5}, "none"),
        ({"width_multiplier": None, "skip_connections": False}, "none"),
    ],
)
def test_without_a_word_a_bundled_model_of_that_form(
    small_options, given, name
):
    assert StartingNetwork(small_options(init_from=None, **given)).name == name


def test_rows_alone_need_a_start_of_that_form(small_options):
    options = small_options(init_from=None, train="rows", width_multiplier=0.5)
    with pytest.raises(InputError, match="0.5 where it has 1.0"):
        StartingNetwork(options)


def test_the_seed_decides_weights_from_nothing(small_options):
    kernels = []
    for seed in (0, 0, 2**32 + 1):
        options = small_options(seed=seed)
        network = StartingNetwork(options).make_network(
            ["a"], {}, options, "float32"
        )
        kernels.append(network.blocks[0].convolution.get_weights()[0])
    np.testing.assert_array_equal(kernels[0], kernels[1])
    assert np.abs(kernels[0] - kernels[2]).max() > 0.01
