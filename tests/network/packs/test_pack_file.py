import base64
import io
import json

import numpy as np
import pytest
from PIL import Image
from safetensors import safe_open
from safetensors.numpy import save_file

from multistyle.errors import InputError
from multistyle.network.packs.exchange import make_pack
from multistyle.network.packs.pack import FinisherRow
from multistyle.network.packs.pack_file import read_pack, write_pack
from multistyle.network.styles import fingerprint

PAINTING = np.random.default_rng(0).integers(0, 255, (150, 300, 3), np.uint8)


@pytest.fixture
def pack(small_network):
    return make_pack(small_network, "great_wave", PAINTING)


@pytest.fixture
def write_file(pack, tmp_path):
    """Returns a function that writes a pack with some parts changed.

    Arrays and facts are replaced by those given; None leaves one out.
    """

    def write(arrays=None, facts=None, metadata=None):
        path = tmp_path / "pack.safetensors"
        write_pack(path, pack, overwrite=True)
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


def test_a_pack_holds_what_it_says(small_network, pack, tmp_path):
    path = tmp_path / "packs" / "wave.safetensors"
    write_pack(path, pack)
    read = read_pack(path)
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
    write_pack(tmp_path / "again.safetensors", pack)
    assert path.read_bytes() == (tmp_path / "again.safetensors").read_bytes()


def test_the_thumbnail_is_the_picture(small_network, tmp_path):
    stripes = np.zeros((60, 80, 3), np.uint8)
    stripes[:, 40:] = (200, 60, 20)
    pack = make_pack(small_network, "the_scream", stripes)
    assert pack.credit == {}
    write_pack(tmp_path / "p.safetensors", pack)
    read = read_pack(tmp_path / "p.safetensors").thumbnail
    assert read.shape == stripes.shape  # A smaller one is not enlarged.
    assert np.abs(read.astype(int) - stripes)[:, [20, 60]].max() < 12


@pytest.fixture
def finished_pack(pack):
    """A pack with the row of a finisher of two layers, of odd numbers."""
    random = np.random.default_rng(4)
    rows = {
        layer: tuple(
            random.normal(size=(1, size)).astype(np.float32) for _ in "gb"
        )
        for layer, size in (("contract_1", 5), ("expand_3", 3))
    }
    return pack._replace(finisher=FinisherRow("ab" * 32, rows))


def test_the_row_of_a_finisher_comes_back_to_the_bit(
    pack, finished_pack, tmp_path
):
    path = tmp_path / "both.safetensors"
    write_pack(path, finished_pack)
    read = read_pack(path).finisher
    assert read.fingerprint == "ab" * 32
    assert list(read.rows) == ["contract_1", "expand_3"]
    for layer, pair in finished_pack.finisher.rows.items():
        np.testing.assert_array_equal(read.rows[layer], pair)
        assert read.rows[layer][0].dtype == np.float32
    write_pack(path, read_pack(path)._replace(thumbnail=pack.thumbnail))
    # What version 0.1 reads of it is what it was: it refuses other arrays,
    # and passes over other facts.
    write_pack(tmp_path / "one.safetensors", pack)
    with (
        safe_open(path, "numpy") as both,
        safe_open(tmp_path / "one.safetensors", "numpy") as one,
    ):
        assert sorted(both.keys()) == sorted(one.keys())
        for key in one.keys():
            np.testing.assert_array_equal(
                both.get_tensor(key), one.get_tensor(key)
            )
        facts, old = (
            json.loads(file.metadata()["multistyle_style"])
            for file in (both, one)
        )
    assert sorted(old) == ["credit", "fingerprint", "name"]
    assert {key: facts[key] for key in old} == old


def test_numbers_stand_in_the_file_as_it_is_described(pack, tmp_path):
    gamma = np.array([[1.0, -2.0]], np.float32)
    rows = {"expand_3": (gamma, np.zeros((1, 2), np.float32))}
    path = tmp_path / "both.safetensors"
    write_pack(path, pack._replace(finisher=FinisherRow("0" * 64, rows)))
    with safe_open(path, "numpy") as file:
        facts = json.loads(file.metadata()["multistyle_style"])
    assert facts["finisher"] == {
        "fingerprint": "0" * 64,
        # 1.0 is 3f800000, and -2.0 c0000000.
        "rows": {
            "expand_3/gamma": base64.b64encode(
                bytes.fromhex("0000803f 000000c0")
            ).decode(),
            "expand_3/beta": "AAAAAAAAAAA=",
        },
    }


def test_a_pack_is_not_written_over_a_file(pack, tmp_path):
    path = tmp_path / "pack.safetensors"
    path.write_text("mine")
    with pytest.raises(InputError, match="exists already"):
        write_pack(path, pack)
    assert path.read_text() == "mine"
    write_pack(path, pack, overwrite=True)
    assert read_pack(path).name == "great_wave"


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
        read_pack(path)
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
        read_pack(write_file(facts=facts))


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
        read_pack(path)


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
        read_pack(path)
    assert "\n" not in str(raised.value)


def test_other_safetensors_files_are_refused(write_file, tmp_path):
    path = write_file(metadata={"format": "pt"})
    with pytest.raises(InputError, match="not written by `styles export`"):
        read_pack(path)
    for missing in (tmp_path, tmp_path / "gone.safetensors"):
        with pytest.raises(InputError, match="There is no style pack"):
            read_pack(missing)


def as_base64(*numbers):
    data = np.array(numbers, np.float32).tobytes()
    return base64.b64encode(data).decode()


OF = {"fingerprint": "0" * 64}
TABLES = {"expand_3/gamma": as_base64(1, 2), "expand_3/beta": as_base64(3, 4)}


@pytest.mark.parametrize(
    ("finisher", "message"),
    [
        ([], "its finisher must be a fingerprint and rows of text"),
        ({"fingerprint": "0" * 64}, "its finisher must be a fingerprint and"),
        ({"rows": [1], **OF}, "its finisher must be a fingerprint and rows"),
        ({"rows": {"expand_3/gamma": [1.0]}, **OF}, "its finisher must be"),
        ({"rows": TABLES}, "the fingerprint of its finisher must be 64"),
        (
            {"rows": TABLES, "fingerprint": "../" + "0" * 61},
            "the fingerprint of its finisher must be 64",
        ),
        (
            {"rows": {"expand_3/gamma": "?"}, **OF},
            "`expand_3/gamma` is no float32 in base64",
        ),
        (
            {"rows": {"expand_3/gamma": "AAAA"}, **OF},
            "`expand_3/gamma` is no float32 in base64",
        ),
        (
            {"rows": {"expand_3/gamma": as_base64(1)}, **OF},
            "of its finisher, it lacks `expand_3/beta`",
        ),
        (
            {"rows": {**TABLES, "expand_3/beta": as_base64(1)}, **OF},
            "of its finisher, `expand_3` has 2 numbers of gamma and 1 of beta",
        ),
        (
            {"rows": {**TABLES, "expand_3/beta": as_base64(1, np.nan)}, **OF},
            "of its finisher, `expand_3/beta` holds a number that is not fini",
        ),
        (
            {"rows": {**TABLES, "expand_3/beta": as_base64(1, -np.inf)}, **OF},
            "of its finisher, `expand_3/beta` holds a number that is not fini",
        ),
        (
            {"rows": {"../x": as_base64(1)}, **OF},
            "of its finisher, `../x` is no row",
        ),
    ],
)
def test_a_hostile_finisher_is_refused(write_file, finisher, message):
    path = write_file(facts={"finisher": finisher})
    with pytest.raises(InputError, match=message) as raised:
        read_pack(path)
    assert str(raised.value).startswith(f"`{path}` is no style pack: ")
    assert "\n" not in str(raised.value)
