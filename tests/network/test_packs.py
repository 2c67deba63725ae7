import io
import json

import keras
import numpy as np
import pytest
from PIL import Image
from safetensors import safe_open
from safetensors.numpy import save_file

from multistyle.errors import InputError
from multistyle.network import packs
from multistyle.network.growth import remove_styles
from multistyle.network.models import load_network, save_network
from multistyle.network.styles import fingerprint
from multistyle.network.transform import TransformNetwork

PAINTING = np.random.default_rng(0).integers(0, 255, (150, 300, 3), np.uint8)


@pytest.fixture
def pack(small_network):
    return packs.make_pack(small_network, "great_wave", PAINTING)


@pytest.fixture
def write_file(pack, tmp_path):
    """Returns a function that writes a pack with some parts changed.

    Arrays and facts are replaced by those given; None leaves one out.
    """

    def write(arrays=None, facts=None, metadata=None):
        path = tmp_path / "pack.safetensors"
        packs.write_pack(path, pack, overwrite=True)
        with safe_open(path, "numpy") as file:
            parts = {key: file.get_tensor(key) for key in file.keys()}
            own_facts = json.loads(file.metadata()["multistyle_style"])
        parts.update(arrays or {})
        own_facts.update(facts or {})
        kept = {k: v for k, v in own_facts.items() if v is not None}
        if metadata is None:
            metadata = {"multistyle_style": json.dumps(kept)}
        parts = {k: v for k, v in parts.items() if v is not None}
        save_file(parts, path, metadata)
        return path

    return write


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
    packs.write_pack(
        tmp_path / "wave.safetensors",
        packs.make_pack(network, "great_wave", PAINTING),
    )
    without = remove_styles(network, ["great_wave"])
    pack = packs.read_pack(tmp_path / "wave.safetensors")
    save_network(packs.add_pack(without, pack), tmp_path / "b.keras")
    again = load_network(tmp_path / "b.keras")
    assert again.style_names == ["starry_night", "the_scream", "great_wave"]
    assert again.credits == network.credits
    for name in network.style_names:
        assert paint(again, name) == paint(network, name)


def test_a_pack_holds_what_it_says(small_network, pack, tmp_path):
    path = tmp_path / "packs" / "wave.safetensors"
    packs.write_pack(path, pack)
    read = packs.read_pack(path)
    assert read.name == "great_wave"
    assert read.credit == {"artist": "Hokusai", "year": "1831"}
    assert read.fingerprint == fingerprint(small_network)
    assert read.thumbnail.shape == (48, 96, 3)
    for block in small_network.blocks:
        layer = block.normalization
        for row, table in zip(
            read.rows[block.name], (layer.gamma, layer.beta), strict=True
        ):
            np.testing.assert_array_equal(row, np.asarray(table)[1:2])
    packs.write_pack(tmp_path / "again.safetensors", pack)
    assert path.read_bytes() == (tmp_path / "again.safetensors").read_bytes()


def test_the_thumbnail_is_the_picture(small_network, tmp_path):
    stripes = np.zeros((60, 80, 3), np.uint8)
    stripes[:, 40:] = (200, 60, 20)
    pack = packs.make_pack(small_network, "the_scream", stripes)
    assert pack.credit == {}
    packs.write_pack(tmp_path / "p.safetensors", pack)
    read = packs.read_pack(tmp_path / "p.safetensors").thumbnail
    assert read.shape == stripes.shape  # A smaller one is not enlarged.
    assert np.abs(read.astype(int) - stripes)[:, [20, 60]].max() < 12


def test_a_pack_takes_another_name(small_network, pack):
    grown = packs.add_pack(small_network, pack, "wave")
    assert grown.style_names[-1] == "wave"
    assert grown.credits["wave"] == pack.credit
    assert paint(grown, "wave") == paint(small_network, "great_wave")
    with pytest.raises(InputError, match="a style `great_wave` already"):
        packs.add_pack(small_network, pack)


def test_files_may_stand_for_what_they_hold(
    small_network, small_model_path, pack, tmp_path
):
    picture_path = tmp_path / "wave.png"
    Image.fromarray(PAINTING).save(picture_path)
    for picture in (picture_path, Image.fromarray(PAINTING)):
        made = packs.make_pack(small_model_path, "great_wave", picture)
        np.testing.assert_array_equal(made.thumbnail, pack.thumbnail)
        assert made.fingerprint == pack.fingerprint
    packs.write_pack(tmp_path / "wave.safetensors", pack)
    grown = packs.add_pack(
        small_model_path, tmp_path / "wave.safetensors", "again"
    )
    assert paint(grown, "again") == paint(small_network, "great_wave")


def test_what_is_no_network_is_named(pack):
    message = "or the name of a model; got a `Pack`"
    with pytest.raises(InputError, match=message):
        packs.make_pack(pack, "great_wave", PAINTING)
    with pytest.raises(InputError, match=message):
        packs.add_pack(pack, pack)


def test_a_stranger_is_refused_with_both_fingerprints(pack):
    stranger = TransformNetwork(["udnie"], width_multiplier=0.25)
    found = fingerprint(stranger)[:12]
    message = f"`great_wave` .*`{pack.fingerprint[:12]}`.*`{found}`"
    with pytest.raises(InputError, match=message):
        packs.add_pack(stranger, pack)


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
        packs.add_pack(small_network, forged, "wave")


def test_a_pack_is_not_written_over_a_file(pack, tmp_path):
    path = tmp_path / "pack.safetensors"
    path.write_text("mine")
    with pytest.raises(InputError, match="exists already"):
        packs.write_pack(path, pack)
    assert path.read_text() == "mine"
    packs.write_pack(path, pack, overwrite=True)
    assert packs.read_pack(path).name == "great_wave"


def as_jpeg(width, height):
    buffer = io.BytesIO()
    Image.new("RGB", (width, height)).save(buffer, "JPEG")
    return np.frombuffer(buffer.getvalue(), np.uint8)


GAMMA = "expand_3/gamma"


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({GAMMA: np.array([1, np.nan, 1], np.float32)}, "not finite"),
        ({GAMMA: np.array([1, np.inf, 1], np.float32)}, "not finite"),
        ({GAMMA: np.ones(3)}, r"`expand_3/gamma` is F64 \[3\], where F32"),
        ({GAMMA: np.ones((1, 3), np.float32)}, r"is F32 \[1, 3\]"),
        ({GAMMA: np.ones(2, np.float32)}, "2 numbers of gamma and 3 of beta"),
        ({GAMMA: None}, "lacks `expand_3/gamma`"),
        (
            {"expand_3/delta": np.ones(3, np.float32)},
            "`expand_3/delta` is no row",
        ),
        ({"\x1b[2J": np.ones(3, np.float32)}, r"pack: `\[2J` is no row"),
        ({"weight": np.ones(3, np.float32)}, "`weight` is no row"),
        ({"thumbnail": None}, "lacks `thumbnail`"),
        ({"thumbnail": np.ones(9, np.float32)}, "is F32"),
        ({"thumbnail": np.ones(9, np.uint8)}, "thumbnail is no whole JPEG"),
        ({"thumbnail": as_jpeg(97, 20)}, "has 97 x 20 pixels; allowed are 96"),
        ({"thumbnail": as_jpeg(60, 20)[:-90]}, "thumbnail is no whole JPEG"),
        ({"extra/gamma": np.ones(300_000, np.float32)}, "more than 1,000,000"),
    ],
)
def test_hostile_arrays_are_refused(write_file, arrays, message):
    path = write_file(arrays)
    with pytest.raises(InputError, match=message) as raised:
        packs.read_pack(path)
    assert str(raised.value).startswith(f"`{path}` is no style pack: ")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"name": None}, "The style name ``"),
        ({"name": "../../x"}, "may hold only letters"),
        ({"credit": "Hokusai"}, "its credit must be lines"),
        ({"credit": {"artist": 7}}, "its credit must be lines"),
        ({"credit": {"artist": "\x1b[2J"}}, "characters that print"),
        ({"credit": {"artist": "a" * 501}}, "at most 500 characters"),
        ({"credit": {"painter": "Hokusai"}}, "has the field `painter`"),
        ({"fingerprint": None}, "64 hexadecimal digits"),
        ({"fingerprint": "0" * 63 + "g"}, "64 hexadecimal digits"),
    ],
)
def test_hostile_facts_are_refused(write_file, facts, message):
    with pytest.raises(InputError, match=message):
        packs.read_pack(write_file(facts=facts))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is no style pack: Expecting property name"),
        ("[]", "`multistyle_style` is no JSON object"),
        ("[" * 100_000, "is no style pack: maximum recursion"),
    ],
)
def test_facts_that_are_no_object_are_refused(write_file, text, message):
    path = write_file(metadata={"multistyle_style": text})
    with pytest.raises(InputError, match=message):
        packs.read_pack(path)


def with_header(text, size=None):
    data = text.encode()
    return (size or len(data)).to_bytes(8, "little") + data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no pack at all",
        with_header("{}", size=2**40),
        with_header("{"),
        with_header(
            '{"__metadata__":{"multistyle_style":"{}"},'
            '"a":{"dtype":"F32","shape":[9],"data_offsets":[0,36]}}'
        ),
        with_header(
            '{"__metadata__":{"multistyle_style":"{}"},'
            '"a":{"dtype":"BF16","shape":[0],"data_offsets":[0,0]}}'
        ),
    ],
)
def test_damaged_files_are_refused_in_one_line(tmp_path, data):
    path = tmp_path / "pack.safetensors"
    path.write_bytes(data)
    with pytest.raises(InputError, match="is no style pack: ") as raised:
        packs.read_pack(path)
    assert "\n" not in str(raised.value)


def test_other_safetensors_files_are_refused(write_file, tmp_path):
    path = write_file(metadata={"format": "pt"})
    with pytest.raises(InputError, match="not written by `styles export`"):
        packs.read_pack(path)
    for missing in (tmp_path, tmp_path / "gone.safetensors"):
        with pytest.raises(InputError, match="There is no style pack"):
            packs.read_pack(missing)
