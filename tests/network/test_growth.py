import keras
import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.network import growth
from multistyle.network.models import load_network, save_network
from multistyle.network.styles import fingerprint
from multistyle.network.transform import TransformNetwork

NEW = ["udnie", "water_lilies"]
NEW_CREDITS = {"udnie": {"artist": "Francis Picabia", "year": "1913"}}


def fill(network, seed):
    """Gives a network's rows values of their own."""
    random = np.random.default_rng(seed)
    for block in network.blocks:
        layer = block.normalization
        layer.gamma.assign(random.uniform(0.5, 1.5, layer.gamma.shape))
        layer.beta.assign(random.normal(0, 0.3, layer.beta.shape))
    return network


def append_all(network, other):
    """Adds all styles of one network to another."""
    names = other.style_names
    rows = growth.style_rows(other, names)
    return growth.append_styles(network, names, rows, other.credits)


@pytest.fixture
def other(small_network):
    """A network of two other styles on the same shared weights."""
    return fill(
        growth.with_styles(
            small_network,
            NEW,
            growth.style_rows(small_network, small_network.style_names[:2]),
            NEW_CREDITS,
        ),
        seed=1,
    )


@pytest.fixture
def paint(tmp_path):
    """Paints in each style, from a file that was saved and loaded."""

    def paint(network):
        path = tmp_path / "saved.keras"
        save_network(network, path)
        loaded = load_network(path)
        image = np.random.default_rng(2).random((1, 13, 18, 3), np.float32)
        pictures = {}
        for name, one_hot in zip(
            loaded.style_names,
            np.eye(loaded.num_styles, dtype=np.float32),
            strict=True,
        ):
            picture = loaded({"image": image, "style_weights": one_hot[None]})
            pictures[name] = keras.ops.convert_to_numpy(picture).tobytes()
        return pictures

    return paint


def test_old_and_new_styles_paint_bit_for_bit_as_before(
    small_network, other, paint
):
    before = {**paint(small_network), **paint(other)}
    assert len(set(before.values())) == 5
    grown = append_all(small_network, other)
    assert grown.style_names == [*small_network.style_names, *NEW]
    assert grown.credits == {**small_network.credits, **NEW_CREDITS}
    assert fingerprint(grown) == fingerprint(small_network)
    assert paint(grown) == before
    assert small_network.num_styles == 3  # It stays as it is.


def test_styles_that_stay_paint_bit_for_bit_as_before(small_network, paint):
    left = growth.remove_styles(small_network, ["starry_night"])
    assert left.style_names == ["great_wave", "the_scream"]
    assert left.credits == small_network.credits
    assert paint(left).items() < paint(small_network).items()
    alone = growth.remove_styles(left, ["great_wave"])
    assert (alone.style_names, alone.credits) == (["the_scream"], {})


def test_a_renamed_style_paints_bit_for_bit_as_before(small_network, paint):
    renamed = growth.rename_style(small_network, "great_wave", "wave")
    assert renamed.style_names == ["starry_night", "wave", "the_scream"]
    assert renamed.credits == {"wave": small_network.credits["great_wave"]}
    before, after = paint(small_network), paint(renamed)
    assert list(before.values()) == list(after.values())
    again = growth.rename_style(renamed, "wave", "wave")
    assert again.get_config() == renamed.get_config()


def test_the_form_and_the_dtype_stay():
    network = TransformNetwork(
        num_styles=2,
        width_multiplier=0.1,
        skip_connections=False,
        dtype="mixed_bfloat16",
    )
    renamed = growth.rename_style(network, "style_1", "b")
    assert renamed.get_config() == {
        **network.get_config(),
        "style_names": ["style_0", "b"],
    }


def test_rows_are_read_in_the_order_of_the_names(small_network):
    rows = growth.style_rows(small_network, ["the_scream", "starry_night"])
    assert list(rows) == [block.name for block in small_network.blocks]
    gamma, beta = rows["expand_3"]
    layer = small_network.expand[-1].normalization
    np.testing.assert_array_equal(gamma, np.asarray(layer.gamma)[[2, 0]])
    np.testing.assert_array_equal(beta, np.asarray(layer.beta)[[2, 0]])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda network: append_all(network, network),
            "The network has a style `starry_night` already",
        ),
        (
            lambda network: growth.append_styles(
                network,
                ["a", "a"],
                growth.style_rows(network, ["great_wave", "the_scream"]),
            ),
            "`a` is given twice",
        ),
        (
            lambda network: growth.remove_styles(network, ["the_scram"]),
            "no style `the_scram`; did you mean `the_scream`",
        ),
        (
            lambda network: growth.remove_styles(network, network.style_names),
            "at least one style; all `3` would go",
        ),
        (
            lambda network: growth.rename_style(network, "udnie", "a"),
            "no style `udnie`",
        ),
        (
            lambda network: growth.rename_style(network, "great_wave", "a b"),
            "`a b` may hold only letters",
        ),
        (
            lambda network: growth.rename_style(
                network, "great_wave", "the_scream"
            ),
            "has a style `the_scream` already",
        ),
    ],
)
def test_what_cannot_be_is_refused(small_network, change, message):
    with pytest.raises(InputError, match=message):
        change(small_network)
