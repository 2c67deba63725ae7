import gzip
import importlib.util
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from multistyle.network.models import find_model, load_network

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture
def texture_shift(monkeypatch):
    """The example, with a training of one step."""
    spec = importlib.util.spec_from_file_location(
        "texture_shift", EXAMPLES / "texture_shift.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("NUM_TRAINING", "NUM_TEST", "ROUNDS", "EPOCHS"):
        monkeypatch.setattr(module, name, 8 if name.startswith("NUM") else 1)
    return module


@pytest.fixture
def fashion_mnist(tmp_path):
    """A folder like that of Debian's package, with noise for pictures."""
    random = np.random.default_rng(0)
    for part in ("train", "t10k"):
        pictures = random.integers(0, 256, 20 * 28 * 28, np.uint8)
        for kind, start, data in (
            ("images-idx3", 16, pictures),
            ("labels-idx1", 8, np.arange(20, dtype=np.uint8) % 10),
        ):
            with gzip.open(tmp_path / f"{part}-{kind}-ubyte.gz", "w") as file:
                file.write(bytes(start) + data.tobytes())
    return tmp_path


def run(module, monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["texture_shift.py", *arguments])
    module.main()


def test_texture_shift_runs(texture_shift, fashion_mnist, monkeypatch, capsys):
    run(texture_shift, monkeypatch, f"--data={fashion_mnist}", "--seeds=2")
    table = capsys.readouterr().out.split("\n\n")[-1]
    assert "2 seeds" in table
    rows = [re.findall(r"[\d.]+", line) for line in table.splitlines()[1:]]
    assert [len(row) for row in rows] == [10] * 4
    assert all(0 <= float(value) <= 100 for row in rows for value in row)


def test_texture_shift_keeps_its_test_styles_apart(texture_shift):
    names = load_network(find_model("paintings")).style_names
    trained, kept = {*texture_shift.STYLES}, {*texture_shift.KEPT_STYLES}
    assert trained | kept == {*names[:12]} and not trained & kept


def test_texture_shift_says_where_its_data_is(
    texture_shift, monkeypatch, tmp_path, capsys
):
    with pytest.raises(SystemExit):
        run(texture_shift, monkeypatch, f"--data={tmp_path}")
    assert "install the package dataset-fashion-mnist" in (
        capsys.readouterr().err
    )
