import warnings

import keras
import numpy as np
import pytest
from PIL import Image

from multistyle.errors import InputError, InputWarning
from multistyle.network.growth import remove_styles, style_rows
from multistyle.network.models import load_network, save_network
from multistyle.network.packs.exchange import add_pack, finish_pack, make_pack
from multistyle.network.packs.pack import FinisherRow
from multistyle.network.packs.pack_file import read_pack, write_pack
from multistyle.network.styles import fingerprint
from multistyle.network.transform import TransformNetwork

PAINTING = np.random.default_rng(0).integers(0, 255, (150, 300, 3), np.uint8)


@pytest.fixture
def pack(small_network):
    return make_pack(small_network, "great_wave", PAINTING)


def paint(network, name):
    image = np.random.default_rng(2).random((1, 13, 18, 3), np.float32)
    one_hot = np.zeros((1, network.num_styles), np.float32)
    one_hot[0, network.style_names.index(name)] = 1
    picture = network({"image": image, "style_weights": one_hot})
    return keras.ops.convert_to_numpy(picture).tobytes()


@pytest.mark.parametrize("half_precision", [False, True])
def test_a_round_trip_is_exact(small_network, tmp_path, half_precision):
    save_network(
        small_network, tmp_path / "a.keras", half_precision=half_precision
    )
    network = load_network(tmp_path / "a.keras")
    write_pack(
        tmp_path / "wave.safetensors",
        make_pack(network, "great_wave", PAINTING),
    )
    without = remove_styles(network, ["great_wave"])
    pack = read_pack(tmp_path / "wave.safetensors")
    save_network(add_pack(without, pack), tmp_path / "b.keras")
    again = load_network(tmp_path / "b.keras")
    assert again.style_names == ["starry_night", "the_scream", "great_wave"]
    assert again.credits == network.credits
    for name in network.style_names:
        assert paint(again, name) == paint(network, name)


def test_a_pack_takes_another_name(small_network, pack):
    grown = add_pack(small_network, pack, "wave")
    assert grown.style_names[-1] == "wave"
    assert grown.credits["wave"] == pack.credit
    assert paint(grown, "wave") == paint(small_network, "great_wave")
    with pytest.raises(InputError, match="a style `great_wave` already"):
        add_pack(small_network, pack)


def test_files_may_stand_for_what_they_hold(
    small_network, small_model_path, pack, tmp_path
):
    picture_path = tmp_path / "wave.png"
    Image.fromarray(PAINTING).save(picture_path)
    for picture in (picture_path, Image.fromarray(PAINTING)):
        made = make_pack(small_model_path, "great_wave", picture)
        np.testing.assert_array_equal(made.thumbnail, pack.thumbnail)
        assert made.fingerprint == pack.fingerprint
    write_pack(tmp_path / "wave.safetensors", pack)
    grown = add_pack(small_model_path, tmp_path / "wave.safetensors", "again")
    assert paint(grown, "again") == paint(small_network, "great_wave")


def test_what_is_no_network_is_named(pack):
    message = "or the name of a model; got a `Pack`"
    with pytest.raises(InputError, match=message):
        make_pack(pack, "great_wave", PAINTING)
    with pytest.raises(InputError, match=message):
        add_pack(pack, pack)


def test_a_stranger_is_refused_with_both_fingerprints(pack):
    stranger = TransformNetwork(["udnie"], width_multiplier=0.25)
    found = fingerprint(stranger)[:12]
    message = f"`great_wave` .*`{pack.fingerprint[:12]}`.*`{found}`"
    with pytest.raises(InputError, match=message):
        add_pack(stranger, pack)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({}, "rows of `0` in `contract_1`; the network has `8`"),
        ({"contract_1": (np.ones((1, 9)),) * 2}, "rows of `9` in `contract_1`"),
        ({"extra": (np.ones((1, 4)),) * 2}, "rows of `4` in `extra`; .* `0`"),
    ],
)
def test_rows_of_another_form_are_refused(small_network, pack, rows, message):
    """A file may lie about the weights that it belongs to."""
    forged = pack._replace(rows={**pack.rows, **rows} if rows else {})
    with pytest.raises(InputError, match=message):
        add_pack(small_network, forged, "wave")


@pytest.fixture
def narrow():
    """What finishes for `small_network`: two of its styles, and another."""
    keras.utils.set_random_seed(1)
    network = TransformNetwork(
        ["other", "great_wave", "starry_night"], width_multiplier=0.05
    )
    random = np.random.default_rng(3)
    for block in network.blocks:
        layer = block.normalization
        layer.gamma.assign(random.uniform(0.5, 1.5, layer.gamma.shape))
    return network


@pytest.fixture
def finished_pack(small_network, narrow):
    return make_pack(small_network, "great_wave", PAINTING, finisher=narrow)


def assert_same_rows(first, second):
    assert first.keys() == second.keys()
    for layer, pair in first.items():
        np.testing.assert_array_equal(pair, second[layer])


def test_a_pack_takes_the_row_of_the_finisher_along(
    small_network, narrow, finished_pack
):
    row = finished_pack.finisher
    assert row.fingerprint == fingerprint(narrow) != finished_pack.fingerprint
    assert_same_rows(row.rows, style_rows(narrow, ["great_wave"]))
    assert finished_pack.rows_for(row.fingerprint) is row.rows
    own = finished_pack.rows_for(fingerprint(small_network))
    assert own is finished_pack.rows
    assert finished_pack.rows_for("0" * 64) is None
    # It has no such style.
    lacking = make_pack(small_network, "the_scream", PAINTING, finisher=narrow)
    assert lacking.finisher is None


def test_the_finisher_that_a_file_names_is_found(
    small_network, narrow, finished_pack, tmp_path
):
    named = TransformNetwork.from_config(
        {**small_network.get_config(), "finisher": "narrow.keras"}
    )
    named.set_weights(small_network.get_weights())
    save_network(named, tmp_path / "wide.keras")
    save_network(narrow, tmp_path / "narrow.keras")
    pack = make_pack(tmp_path / "wide.keras", "great_wave", PAINTING)
    assert pack.finisher.fingerprint == fingerprint(narrow)
    assert_same_rows(pack.finisher.rows, finished_pack.finisher.rows)
    # A network that is in memory stands beside no file.
    assert make_pack(named, "great_wave", PAINTING).finisher is None


def test_a_finisher_takes_its_own_row_of_a_pack(narrow, finished_pack):
    grown = add_pack(narrow, finished_pack, "wave")
    assert grown.style_names[-1] == "wave"
    assert grown.credits["wave"] == finished_pack.credit
    assert paint(grown, "wave") == paint(narrow, "great_wave")
    assert paint(grown, "other") == paint(narrow, "other")
    finished = finish_pack(narrow, finished_pack, "wave")
    assert finished.style_names == grown.style_names
    assert paint(finished, "wave") == paint(narrow, "great_wave")


def test_the_same_row_changes_nothing(narrow, finished_pack):
    assert finish_pack(narrow, finished_pack, "great_wave") is narrow


def test_another_style_of_that_name_gives_way(narrow, finished_pack):
    finished = finish_pack(narrow, finished_pack, "other")
    assert finished.style_names == ["great_wave", "starry_night", "other"]
    assert paint(finished, "other") == paint(narrow, "great_wave")
    assert paint(finished, "starry_night") == paint(narrow, "starry_night")
    alone = remove_styles(narrow, ["great_wave", "starry_night"])
    finished = finish_pack(alone, finished_pack, "other")
    assert finished.style_names == ["other"]
    assert finished.credits == {"other": finished_pack.credit}
    assert paint(finished, "other") == paint(narrow, "great_wave")


def test_a_pack_without_a_row_for_it_leaves_the_finisher(narrow, pack):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert finish_pack(narrow, pack, "wave") is narrow
        without = finish_pack(narrow, pack, "other")
    assert without.style_names == ["great_wave", "starry_night"]
    alone = remove_styles(narrow, ["great_wave", "starry_night"])
    assert finish_pack(alone, pack, "other") is None


def test_a_row_for_another_finisher_gets_a_line(narrow, finished_pack):
    row = finished_pack.finisher._replace(fingerprint="0" * 64)
    other = finished_pack._replace(finisher=row)
    message = f"shared weights `000000000000`, .*`{fingerprint(narrow)[:12]}`"
    with pytest.warns(InputWarning, match=message):
        assert finish_pack(narrow, other, "wave") is narrow


def test_a_row_of_the_finisher_of_another_form_is_refused(
    narrow, finished_pack
):
    rows = {**finished_pack.finisher.rows, "expand_3": (np.ones((1, 4)),) * 2}
    forged = finished_pack._replace(
        finisher=FinisherRow(fingerprint(narrow), rows)
    )
    message = "rows of `4` in `expand_3`; the network has `3`"
    with pytest.raises(InputError, match=message):
        finish_pack(narrow, forged, "wave")
