import json

import pytest

from multistyle.cli.main import main
from multistyle.network import models

CARD = {"description": "Three styles, untrained.", "licence": "Apache-2.0"}


@pytest.fixture
def bundled(small_network, tmp_path, monkeypatch):
    """A folder of bundled models with one in it."""
    monkeypatch.setattr(models, "BUNDLED_FOLDER", tmp_path)
    path = tmp_path / "small.keras"
    models.save_network(small_network, path, half_precision=True)
    path.with_suffix(".json").write_text(json.dumps(CARD), "utf-8")
    return path


def test_list(bundled, capsys):
    assert main(["models"]) == 0
    size = bundled.stat().st_size / 1e6
    assert capsys.readouterr().out.splitlines() == [
        f"small: 3 styles, {size:.1f} MB, Apache-2.0",
        "  Three styles, untrained.",
        "  starry_night",
        "  great_wave    Hokusai, 1831",
        "  the_scream",
    ]


def test_json(bundled, capsys):
    assert main(["models", "--json"]) == 0
    entry = json.loads(capsys.readouterr().out)
    assert entry == {
        "name": "small",
        "path": str(bundled),
        "bytes": bundled.stat().st_size,
        "styles": [
            {"name": "starry_night"},
            {"name": "great_wave", "artist": "Hokusai", "year": "1831"},
            {"name": "the_scream"},
        ],
        "card": CARD,
    }


def test_an_argument_is_wrong_use(capsys):
    assert main(["models", "small"]) == 2
    assert "`small` is not a flag" in capsys.readouterr().err
