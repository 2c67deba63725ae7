"""Hostile model files and packs of every kind, the same in every run."""

import functools
import io
import json
import os
import pickle
import stat
import struct
import zipfile
import zlib

import h5py
import numpy as np
from safetensors.numpy import save

from multistyle.network.models import find_model
from multistyle.network.stored_weights import read_weights
from tests.hostile.cases import SEED, Case, cut, flip, overwrite
from tests.hostile.picture_cases import good_pictures, png

FAST = find_model("paintings-fast")
CONFIG, ARRAYS = "config.json", "model.weights.h5"
_BLOCK = "blocks/styled_convolution"
_KERNEL = f"{_BLOCK}/convolution/vars/0"
_GAMMA = f"{_BLOCK}/normalization/vars/0"
_MARKUP = "<img src=x onerror=alert(1)>"
_ESCAPES = "\x1b]0;title\x07\x1b[2Jall is well\n"


class _Touch:
    """What runs a command where it is unpickled."""

    def __reduce__(self):
        return os.system, ("touch touched",)


@functools.cache
def good_parts():
    """Returns the parts of a small model's file: name -> bytes."""
    with zipfile.ZipFile(FAST) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack_parts(parts, *, compression=zipfile.ZIP_DEFLATED):
    """Returns a ZIP file of parts; a name may be a `zipfile.ZipInfo`."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression, compresslevel=1) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def with_config(change):
    """Returns a model's file of which a function changed the config."""
    described = json.loads(good_parts()[CONFIG])
    changed = change(described)
    described = described if changed is None else changed
    return pack_parts({**good_parts(), CONFIG: json.dumps(described).encode()})


def with_option(name, value):
    """Returns a model's file of which an argument of the network is another."""

    def change(described):
        described["config"][name] = value

    return with_config(change)


def with_arrays(change):
    """Returns a model's file of which a function changed the arrays."""
    file = io.BytesIO(good_parts()[ARRAYS])
    with h5py.File(file, "r+") as arrays:
        change(arrays)
    return pack_parts({**good_parts(), ARRAYS: file.getvalue()})


def with_styles(names, *, credits=None):
    """Returns a whole model of some styles, whose rows are those of one."""

    def change(described):
        described["config"]["style_names"] = names
        described["config"]["credits"] = credits or {}

    parts = good_parts()
    described = json.loads(parts[CONFIG])
    change(described)
    file = io.BytesIO(parts[ARRAYS])
    with h5py.File(file, "r+") as arrays:
        for number in range(16):
            block = f"{_BLOCK}_{number}" if number else _BLOCK
            for table in ("0", "1"):
                key = f"{block}/normalization/vars/{table}"
                row = arrays[key][:1]
                del arrays[key]
                arrays.create_dataset(
                    key,
                    data=np.repeat(row, len(names), axis=0),
                    compression="gzip",
                )
    data = json.dumps(described).encode()
    return pack_parts({**parts, CONFIG: data, ARRAYS: file.getvalue()})


@functools.cache
def hostile_models():
    """Returns the `Case`s of `.keras` files, about 70."""
    cases = [*_damaged(), *_archives(), *_configs(), *_arrays(), *_links()]
    assert len({case.name for case in cases}) == len(cases)
    return cases


def _damaged():
    random = np.random.default_rng(SEED)
    data = FAST.read_bytes()
    for number in range(3):
        yield Case(f"cut_{number}.keras", cut(random, data))
        yield Case(f"flipped_{number}.keras", flip(random, data, 40))
        yield Case(f"noisy_{number}.keras", overwrite(random, data, 5000))
    for name, other in {
        "empty": b"",
        "words": b"This is no model.",
        "pickle": pickle.dumps(_Touch()),
        "picture": good_pictures()["png"],
        "page": b"<html><script>alert(1)</script></html>",
        "hdf5": good_parts()[ARRAYS],
        "numpy": b"\x93NUMPY\1\0v\0{'descr': '|O', 'fortran_order': False, "
        b"'shape': (1,)}" + pickle.dumps(_Touch()),
    }.items():
        yield Case(f"{name}.keras", other)


def _archives():
    """Archives that lie, lead out, or swell."""
    parts = good_parts()
    escapes = {
        "../../escaped.txt": b"out",
        "/tmp/multistyle_escaped.txt": b"out",
        "..\\escaped.txt": b"out",
        "assets/../../escaped.txt": b"out",
    }
    yield Case("slip.keras", pack_parts({**parts, **escapes}))
    link = zipfile.ZipInfo(ARRAYS)
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    linked = {**parts}
    del linked[ARRAYS]
    yield Case("link.keras", pack_parts({**linked, link: b"/etc/passwd"}))
    yield Case("bomb_arrays.keras", _bomb(ARRAYS, b"\0" * 210_000_000))
    yield Case("bomb_config.keras", _bomb(CONFIG, b" " * 210_000_000))
    yield Case("bomb_beside.keras", _bomb("assets/zeros", b"\0" * 9_000_000))
    many = {f"assets/{number}": b"" for number in range(20_000)}
    yield Case("bomb_entries.keras", pack_parts({**parts, **many}))
    lying = bytearray(pack_parts(parts, compression=zipfile.ZIP_STORED))
    place = lying.rindex(ARRAYS.encode()) - 46 + 20
    lying[place : place + 8] = struct.pack("<II", 2**31, 2**31)
    yield Case("lying_size.keras", bytes(lying))
    for name in (CONFIG, ARRAYS, "metadata.json"):
        rest = {key: data for key, data in parts.items() if key != name}
        yield Case(f"without_{name}.keras", pack_parts(rest))
    encrypted = bytearray(pack_parts(parts))
    for sign, offset in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        start = 0
        while (start := encrypted.find(sign, start)) >= 0:
            encrypted[start + offset] |= 1
            start += 4
    yield Case("encrypted.keras", bytes(encrypted))
    method = bytearray(pack_parts(parts))
    place = method.rindex(CONFIG.encode()) - 46 + 10
    method[place : place + 2] = struct.pack("<H", 97)
    yield Case("method.keras", bytes(method))
    yield Case("behind.keras", good_pictures()["png"] + FAST.read_bytes())
    yield Case(
        "pickles.keras",
        pack_parts({**parts, "data.pkl": pickle.dumps(_Touch())}),
    )


def _bomb(name, data):
    """Returns a model's file in which a part is large, and compressed well."""
    return pack_parts({**good_parts(), name: data})


def _configs():
    def lambda_layer(described):
        code = "aW1wb3J0IG9zCm9zLnN5c3RlbSgndG91Y2ggdG91Y2hlZCcp"
        function = {"class_name": "__lambda__", "config": {"code": code}}
        layer = {
            "module": "keras.layers",
            "class_name": "Lambda",
            "config": {"name": "l", "function": function},
            "registered_name": None,
        }
        return {
            "module": "keras",
            "class_name": "Sequential",
            "config": {"name": "s", "layers": [layer]},
            "registered_name": None,
        }

    def call(module, name, config=None, inside=False):
        def change(described):
            other = {
                "module": module,
                "class_name": name,
                "config": config or {},
                "registered_name": None,
            }
            if not inside:
                return other
            described["config"]["name"] = other

        return change

    command = {"command": "touch touched"}
    for name, change in {
        "lambda": lambda_layer,
        "system": call("os", "system", command),
        "system_inside": call("os", "system", command, inside=True),
        "function": call("builtins", "function", {"config": "os.system"}),
        "get_file": call(
            "keras.utils", "get_file", {"origin": "http://127.0.0.1:9/x"}
        ),
        "get_file_inside": call(
            "keras.utils",
            "get_file",
            {"origin": "http://127.0.0.1:9/x"},
            inside=True,
        ),
        "lookup": call(
            "keras.layers", "StringLookup", {"vocabulary": "/etc/passwd"}
        ),
        "saved_model": call(
            "keras.layers", "TFSMLayer", {"filepath": "/tmp", "name": "x"}
        ),
        "dense": call("keras.layers", "Dense", {"units": 10**9}),
    }.items():
        yield Case(f"class_{name}.keras", with_config(change))
    for number, value in enumerate(
        (b"", b"[]", b"null", b"7", b'"x"', b"{", b"[" * 100_000, b"\xff\xfe{")
    ):
        parts = {**good_parts(), CONFIG: value}
        yield Case(f"config_{number}.keras", pack_parts(parts))
    names = read_weights(FAST).style_names
    for number, (name, value) in enumerate(
        (
            ("style_names", []),
            ("style_names", "abc"),
            ("style_names", None),
            ("style_names", {"a": 1}),
            ("style_names", names[:-1]),
            ("style_names", [*names[:-1], names[0]]),
            ("style_names", [*names[:-1], "../../escaped"]),
            ("style_names", [*names[:-1], ".."]),
            ("style_names", [*names[:-1], _MARKUP]),
            ("style_names", [*names[:-1], _ESCAPES]),
            ("style_names", [*names[:-1], "x" * 1_000_000]),
            ("style_names", [f"style_{number}" for number in range(10_000)]),
            ("style_names", [*names[:-1], ["nested"]]),
            ("width_multiplier", 1e9),
            ("width_multiplier", -1),
            ("width_multiplier", 40),
            ("width_multiplier", "wide"),
            ("width_multiplier", None),
            ("credits", {names[0]: {"artist": _ESCAPES}}),
            ("credits", {names[0]: {"artist": "x" * 1_000_000}}),
            ("credits", {"nobody": {"artist": "x"}}),
            ("credits", {names[0]: {"script": _MARKUP}}),
            ("credits", {names[0]: 7}),
            ("credits", []),
            ("skip_connections", {"class_name": "eval"}),
            (
                "dtype",
                {"module": "builtins", "class_name": "eval", "config": {}},
            ),
            ("dtype", "string"),
            (
                "trainable",
                {"module": "os", "class_name": "system", "config": {}},
            ),
            ("unknown", 1),
        )
    ):
        yield Case(f"option_{number}_{name}.keras", with_option(name, value))


def _arrays():
    def replace(key, array):
        def change(arrays):
            del arrays[key]
            arrays.create_dataset(key, data=array)

        return change

    def fill(key, place, value):
        def change(arrays):
            arrays[key][place] = value

        return change

    def elsewhere(arrays):
        shape = arrays[_KERNEL].shape
        del arrays[_KERNEL]
        external = [("/etc/passwd", 0, h5py.h5f.UNLIMITED)]
        arrays.create_dataset(_KERNEL, shape, "f4", external=external)

    def linked(arrays):
        del arrays[_KERNEL]
        arrays[_KERNEL] = h5py.ExternalLink("/etc/passwd", "/x")

    def swell(arrays):
        del arrays[_KERNEL]
        arrays.create_dataset(
            _KERNEL, (9, 9, 3, 10_000_000), "f4", compression="gzip"
        )

    def circle(arrays):
        del arrays[_KERNEL]
        arrays[_KERNEL] = h5py.SoftLink(f"/{_KERNEL}")

    def group(arrays):
        del arrays[_KERNEL]
        arrays.create_group(_KERNEL)

    def remove(arrays):
        del arrays["blocks"]

    shape = read_weights(FAST).layers[0].kernel.shape
    for name, change in {
        "nan_kernel": fill(_KERNEL, (0, 0, 0, 0), np.nan),
        "nan_row": fill(_GAMMA, (3, 1), np.nan),
        "infinite_row": fill(_GAMMA, (3, 1), np.inf),
        "wide_kernel": replace(_KERNEL, np.zeros((9, 9, 3, 9), "f4")),
        "flat_kernel": replace(_KERNEL, np.zeros(3, "f4")),
        "large_kernel": replace(_KERNEL, np.zeros((11, 11, 3, 8), "f4")),
        "text_kernel": replace(_KERNEL, b"kernel"),
        "object_kernel": replace(_KERNEL, np.full(shape, b"x", "S9")),
        "complex_kernel": replace(_KERNEL, np.zeros(shape, "c8")),
        "few_rows": replace(_GAMMA, np.ones((2, 8), "f4")),
        "many_rows": replace(_GAMMA, np.ones((10_000, 8), "f4")),
        "no_rows": replace(_GAMMA, np.ones((0, 8), "f4")),
        "elsewhere": elsewhere,
        "linked": linked,
        "swell": swell,
        "circle": circle,
        "group": group,
        "removed": remove,
    }.items():
        yield Case(f"arrays_{name}.keras", with_arrays(change))


def _links():
    yield Case("zero.keras", lambda path: os.symlink("/dev/zero", path))
    yield Case("pipe.keras", lambda path: os.mkfifo(path))
    yield Case("circle.keras", lambda path: os.symlink("circle.keras", path))
    yield Case("folder.keras", lambda path: path.mkdir())
    yield Case("a\nb\x1b]0;title\x07.keras", b"no model")


def pack_bytes(change=None, arrays=None, facts=None):
    """Returns a style pack for the fast model.

    Args:
        change: a function of its facts, a dict.
        arrays: of its arrays, by name.
        facts: its facts as text.
    """
    weights = read_weights(FAST)
    tables = {}
    for layer in weights.layers:
        tables[f"{layer.name}/gamma"] = layer.gamma[0]
        tables[f"{layer.name}/beta"] = layer.beta[0]
    jpeg = good_pictures()["jpg"]
    tables["thumbnail"] = np.frombuffer(jpeg, np.uint8)
    described = {
        "name": "stranger",
        "credit": {"artist": "Anyone"},
        "fingerprint": "0" * 64,
    }
    if change is not None:
        change(described)
    if arrays is not None:
        arrays(tables)
    facts = json.dumps(described) if facts is None else facts
    return save(tables, {"multistyle_style": facts})


@functools.cache
def hostile_packs():
    """Returns the `Case`s of `.safetensors` files, about 40."""
    cases = [*_broken_packs(), *_strange_packs()]
    assert len({case.name for case in cases}) == len(cases)
    return cases


def _broken_packs():
    random = np.random.default_rng(SEED)
    data = pack_bytes()
    for number in range(3):
        yield Case(f"cut_{number}.safetensors", cut(random, data))
        yield Case(f"flipped_{number}.safetensors", flip(random, data, 200))
    header = json.dumps({"a": {"dtype": "F32", "shape": [2**40]}}).encode()
    offsets = {"dtype": "F32", "shape": [2], "data_offsets": [0, 2**40]}
    outside = json.dumps({"a": offsets}).encode()
    for name, other in {
        "empty": b"",
        "words": b"This is no pack.",
        "pickle": pickle.dumps(_Touch()),
        "model": FAST.read_bytes(),
        "length": struct.pack("<Q", 2**63) + b"{}",
        "shape": struct.pack("<Q", len(header)) + header,
        "outside": struct.pack("<Q", len(outside)) + outside,
        "deep": struct.pack("<Q", 100_000) + b"[" * 100_000,
        "large": data + b"\0" * 2_000_000,
        "zip": pack_parts({"../../escaped.txt": b"out"}),
        "packed": zlib.compress(data),
    }.items():
        yield Case(f"{name}.safetensors", other)
    yield Case("zero.safetensors", lambda path: os.symlink("/dev/zero", path))
    yield Case("pipe.safetensors", lambda path: os.mkfifo(path))


def _strange_packs():
    def fact(name, value):
        def change(facts):
            facts[name] = value

        return change

    def array(name, value):
        def change(arrays):
            arrays[name] = value

        return change

    def finisher(key, text):
        beta = "contract_1/beta"
        rows = {key: text, beta: "AAAAAA=="}
        return {"fingerprint": "f" * 64, "rows": rows}

    gamma = "contract_1/gamma"
    large = png(50_000, 50_000)
    jpeg = bytearray(good_pictures()["jpg"])
    place = jpeg.index(b"\xff\xc0") + 5
    jpeg[place : place + 4] = struct.pack(">HH", 60_000, 60_000)
    for number, change in enumerate(
        (
            fact("name", ""),
            fact("name", "../../escaped"),
            fact("name", ".."),
            fact("name", _MARKUP),
            fact("name", _ESCAPES),
            fact("name", "x" * 100_000),
            fact("name", ["nested"]),
            fact("credit", {"artist": _ESCAPES}),
            fact("credit", {"artist": "x" * 10_000}),
            fact("credit", {"artist": 7}),
            fact("credit", {"script": _MARKUP}),
            fact("credit", []),
            fact("fingerprint", "Z" * 64),
            fact("fingerprint", None),
            fact("fingerprint", "f" * 64),
            fact("finisher", "paintings-fast"),
            fact("finisher", {"fingerprint": "f" * 64}),
            fact("finisher", finisher("../x/gamma", "AAAAAA==")),
            fact("finisher", finisher(gamma, "AADAfw==")),  # Not a number.
            fact("finisher", finisher(gamma, _ESCAPES)),
            fact("finisher", finisher(_ESCAPES, "AAAAAA==")),
            fact("finisher", finisher(gamma, "A" * 900_000)),
        )
    ):
        yield Case(f"fact_{number}.safetensors", pack_bytes(change))
    for number, change in enumerate(
        (
            array(gamma, np.full(8, np.nan, "f4")),
            array(gamma, np.full(8, np.inf, "f4")),
            array(gamma, np.zeros(9, "f4")),
            array(gamma, np.zeros((2, 4), "f4")),
            array(gamma, np.zeros(8, "f8")),
            array("elsewhere/gamma", np.zeros(8, "f4")),
            array("../x", np.zeros(8, "f4")),
            array("thumbnail", np.frombuffer(large, np.uint8)),
            array("thumbnail", np.frombuffer(bytes(jpeg), np.uint8)),
            array("thumbnail", np.zeros(5, np.uint8)),
            lambda arrays: arrays.pop(gamma),
            lambda arrays: arrays.pop("thumbnail"),
        )
    ):
        yield Case(f"array_{number}.safetensors", pack_bytes(arrays=change))
    for number, facts in enumerate(("", "null", "[]", "{", "[" * 100_000)):
        yield Case(f"json_{number}.safetensors", pack_bytes(facts=facts))
