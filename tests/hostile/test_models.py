"""Hostile models and packs: each serves, or is refused by one line."""

import json
import os
import socket
import threading

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.inference.stylizer import Stylizer
from multistyle.network.models import load_network
from multistyle.network.packs.exchange import add_pack
from multistyle.network.packs.pack_file import read_pack
from multistyle.network.stored_weights import read_weights
from tests.hostile.conftest import files_under
from tests.hostile.model_cases import (
    FAST,
    hostile_models,
    hostile_packs,
    pack_bytes,
    with_styles,
)

pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="needs links, pipes and devices"
)
# Nothing in these is another than in a model of ours, but for what stands
# before the archive.
HARMLESS = {"behind.keras", "without_metadata.json.keras"}


def test_every_hostile_model_is_refused_by_all_loaders(tmp_path, monkeypatch):
    """In one process, which would be touched if anything ran."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    folder = tmp_path / "hostile"
    folder.mkdir()
    faults, taken = [], set()
    for case in hostile_models():
        path = case.write(folder)
        for load in (read_weights, load_network, Stylizer.load):
            try:
                load(path)
                taken.add(case.name)
            except InputError as error:
                lines = str(error).splitlines()
                if len(lines) > 1 and "\n" not in case.name:
                    faults.append(f"{case.name}: {error}")
                if len(str(error)) > 700 or path.name not in str(error):
                    faults.append(f"{case.name}: {str(error)[:300]}")
            except ValueError as error:
                if load is not read_weights:
                    faults.append(f"{case.name}: {error}")
    assert not faults, "\n".join(faults)
    assert taken == HARMLESS
    assert files_under(here) == set()
    assert not [name for name in files_under(tmp_path) if "escaped" in name]
    assert not os.path.exists("/tmp/multistyle_escaped.txt")


def test_every_hostile_pack_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    network = load_network(FAST)
    folder = tmp_path / "hostile"
    folder.mkdir()
    before = files_under(tmp_path) | {"hostile"}
    for case in hostile_packs():
        path = case.write(folder)
        with pytest.raises(InputError) as caught:
            add_pack(network, path)
        message = str(caught.value)
        assert path.name in message and message.isprintable(), message
        assert len(message) < 500 + len(str(path))
    after = {name for name in files_under(tmp_path) if "/" not in name}
    assert after == before


def test_what_is_no_more_than_odd_is_taken(tmp_path):
    """The refusals above are of what they change, not of the way it is made."""
    path = tmp_path / "styles.keras"
    names = [f"style_{number}" for number in range(10_000)]
    path.write_bytes(with_styles(names))
    stylizer = Stylizer.load(path)
    assert stylizer.style_names == names
    pixels = np.random.default_rng(0).uniform(size=(16, 16, 3))
    first, last = (
        np.asarray(stylizer.stylize(pixels.astype(np.float32), name))
        for name in ("style_0", "style_9999")
    )
    np.testing.assert_array_equal(first, last)

    pack = tmp_path / "pack.safetensors"
    weights = read_weights(FAST)
    from multistyle.network.styles import fingerprint_kernels

    digits = fingerprint_kernels(layer.kernel for layer in weights.layers)
    pack.write_bytes(pack_bytes(lambda facts: facts.update(fingerprint=digits)))
    assert read_pack(pack).name == "stranger"
    assert add_pack(FAST, pack).style_names[-1] == "stranger"


def test_no_model_makes_a_request(tmp_path):
    """Not even to this machine, where something listens."""
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        port = server.getsockname()[1]

        def listen():
            try:
                asked.append(server.accept())
            except OSError:
                pass

        listener = threading.Thread(target=listen)
        listener.start()
        from tests.hostile.model_cases import with_config

        config = {"origin": f"http://127.0.0.1:{port}/x", "fname": "x"}
        for place in ("whole", "name"):

            def change(described, place=place):
                other = {
                    "module": "keras.utils",
                    "class_name": "get_file",
                    "config": config,
                    "registered_name": None,
                }
                if place == "whole":
                    return json.loads(json.dumps(other))
                described["config"]["name"] = other
                return None

            path = tmp_path / f"{place}.keras"
            path.write_bytes(with_config(change))
            with pytest.raises(InputError, match="cannot be read as a model"):
                load_network(path)
        listener.join()
    assert asked == []
