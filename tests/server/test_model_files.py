import io
import json
import os
import zipfile

import h5py
import numpy as np
import pytest

from multistyle.network.models import find_model
from multistyle.network.packs.exchange import make_pack
from multistyle.network.packs.pack import Pack
from multistyle.network.packs.pack_file import write_pack
from multistyle.network.rows import flatten_row, round_rows, single_rows
from multistyle.network.stored_weights import read_weights
from multistyle.network.styles import fingerprint_kernels
from multistyle.server.model_files import read_safely
from multistyle.server.orders.lessons import row_numbers

FAST = find_model("paintings-fast")
PAINTING = np.zeros((9, 9, 3), np.uint8)


def rewrite(path, config=None, weights=None, name="config.json"):
    """Writes the fast model's file with a part of it changed."""
    with zipfile.ZipFile(FAST) as archive:
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    if config is not None:
        described = json.loads(parts["config.json"])
        config(described)
        parts["config.json"] = json.dumps(described).encode()
    if weights is not None:
        data = io.BytesIO(parts["model.weights.h5"])
        with h5py.File(data, "r+") as arrays:
            weights(arrays)
        parts["model.weights.h5"] = data.getvalue()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, part in parts.items():
            archive.writestr(entry, part)
    return path


def set_class(described):
    described["class_name"] = "Lambda"


def set_dtype(described):
    described["config"]["dtype"] = {
        "module": "builtins",
        "class_name": "eval",
        "config": {"name": "float32"},
    }


def set_nested(described):
    described["config"]["name"] = {"class_name": "Lambda"}


def set_names(described):
    described["config"]["style_names"][0] = "../../etc"


KERNEL = "blocks/styled_convolution/convolution/vars/0"


def link_elsewhere(arrays):
    del arrays[KERNEL]
    arrays[KERNEL] = h5py.ExternalLink("other.h5", "/x")


def store_elsewhere(arrays):
    shape = arrays[KERNEL].shape
    del arrays[KERNEL]
    arrays.create_dataset(
        KERNEL,
        shape,
        "f4",
        external=[("/etc/passwd", 0, h5py.h5f.UNLIMITED)],
    )


def swell(arrays):
    del arrays[KERNEL]
    arrays.create_dataset(
        KERNEL, (30_000_000,), "f4", chunks=True, fillvalue=1.0
    )


def set_infinite(arrays):
    arrays[KERNEL][0, 0, 0, 0] = np.inf


def set_shape(arrays):
    gamma = "blocks/styled_convolution/normalization/vars/0"
    del arrays[gamma]
    arrays[gamma] = np.zeros((3, 8), np.float32)


@pytest.mark.parametrize(
    ("config", "weights", "reason"),
    [
        (set_class, None, "it holds a `Lambda`"),
        (set_dtype, None, "its `dtype` is not float32"),
        (set_nested, None, "its `name` is no plain value"),
        (set_names, None, "The style name `../../etc` may hold only"),
        (None, link_elsewhere, "`x.keras` is refused"),
        (None, store_elsewhere, "lies in another file"),
        (None, swell, "is float32 [30000000], where [9, 9, 3, 8]"),
        (None, set_infinite, "numbers that are not finite"),
        (None, set_shape, "has another shape"),
    ],
)
def test_what_is_unsafe_is_refused_with_the_reason(
    tmp_path, config, weights, reason
):
    with h5py.File(tmp_path / "other.h5", "w") as other:
        other["x"] = np.zeros((9, 9, 3, 8), np.float32)
    path = rewrite(tmp_path / "x.keras", config, weights)
    here = os.getcwd()
    os.chdir(tmp_path)
    try:
        with pytest.raises(ValueError) as caught:
            read_safely(path)
    finally:
        os.chdir(here)
    assert str(caught.value).startswith("`x.keras` is refused: ")
    assert reason in str(caught.value)
    assert "hold numbers and names alone" in str(caught.value)


def test_a_file_that_is_far_larger_unpacked_is_refused(tmp_path):
    path = tmp_path / "x.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", b" " * 210_000_000)
    with pytest.raises(ValueError, match="unpacked it has 210 MB"):
        read_safely(path)


def test_a_model_of_one_s_own_paints(visit, png, small_model_path):
    visitor = visit()
    upload = visitor.upload(
        "model", small_model_path.read_bytes(), "paintings.keras"
    )
    model = upload["model"]
    assert model["name"] == "paintings-2" and model["kind"] == "uploaded"
    styles = {style["name"]: style for style in model["styles"]}
    assert styles["great_wave"]["artist"] == "Hokusai"
    assert model["width_multiplier"] == 0.25 and model["upload"] == upload["id"]
    names = [
        m["name"] for m in visitor.client.get("/api/info").json()["models"]
    ]
    assert "paintings-2" in names
    photograph = visitor.upload("picture", png)["id"]
    order = {
        "kind": "picture",
        "content": photograph,
        "look": {"weights": {"the_scream": 1}},
        "model": "paintings-2",
    }
    visitor.make(**order)
    # It is nobody else's, and goes with its file.
    other = visit().client.get("/api/info").json()
    assert "paintings-2" not in [m["name"] for m in other["models"]]
    visitor.client.delete(f"/api/uploads/{upload['id']}")
    assert "There is no model `paintings-2` here" in visitor.refusal(
        400, "POST", "/api/jobs", json=order
    )


def test_a_pack_becomes_a_style_of_one_s_own(visit, png, tmp_path, pixels):
    visitor = visit()
    weights = read_weights(FAST)
    row = round_rows(next(single_rows(weights.rows)))
    digits = fingerprint_kernels(layer.kernel for layer in weights.layers)
    path = tmp_path / "friend.safetensors"
    pack = Pack("friend", {"artist": "Ann"}, digits, row, pixels)
    write_pack(path, pack)
    upload = visitor.upload("model", path.read_bytes(), "friend.safetensors")
    assert upload["style"] == {
        "name": "friend",
        "credit": {"artist": "Ann"},
        "models": ["paintings-fast"],
        "row": row_numbers(flatten_row(row)),
    }
    photograph = visitor.upload("picture", png)["id"]
    order = {"kind": "picture", "content": photograph}
    first = weights.style_names[0]
    theirs, ours = (
        visitor.picture(**order, look={"weights": {name: 1}})
        for name in ("friend", first)
    )
    np.testing.assert_array_equal(theirs, ours)

    path.unlink()
    write_pack(path, pack._replace(fingerprint="0" * 64))
    assert "which no model here has" in visitor.refusal(
        400, "POST", "/api/uploads?kind=model", content=path.read_bytes()
    )
    path.unlink()
    write_pack(path, pack._replace(name=first))
    assert "already" in visitor.refusal(
        400, "POST", "/api/uploads?kind=model", content=path.read_bytes()
    )
    assert "is neither a `.keras` file nor a style pack" in visitor.refusal(
        400, "POST", "/api/uploads?kind=model", content=b"hello"
    )


def test_a_pack_with_the_row_of_the_finisher_serves_both(visit, tmp_path):
    visitor = visit()
    pack = make_pack("paintings", "udnie", PAINTING)
    path = tmp_path / "udnie.safetensors"
    write_pack(path, pack._replace(name="friend"))
    upload = visitor.upload("model", path.read_bytes(), "udnie.safetensors")
    assert set(upload["style"]["models"]) == {"paintings", "paintings-fast"}
    assert upload["style"]["row"] == row_numbers(
        flatten_row(pack.finisher.rows)
    )
    # A row of another form is said, and nothing of the pack is taken.
    gamma, beta = pack.finisher.rows["expand_1"]
    rows = {**pack.finisher.rows, "expand_1": (gamma[:, 1:], beta[:, 1:])}
    forged = pack._replace(
        name="other", finisher=pack.finisher._replace(rows=rows)
    )
    write_pack(path, forged, overwrite=True)
    assert "The style `other` lacks rows of `expand_1`." in visitor.refusal(
        400, "POST", "/api/uploads?kind=model", content=path.read_bytes()
    )
    learned = visitor.client.get("/api/info").json()["learned"]
    assert [style["name"] for style in learned] == ["friend"]
