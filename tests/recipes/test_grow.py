import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.network import models
from multistyle.network.growth import append_styles, style_rows, with_styles
from multistyle.network.styles import fingerprint
from multistyle.network.transform import TransformNetwork

RECIPES = Path(__file__).parents[2] / "recipes"
NAMES = ["sunflowers", "red_fuji"]


@pytest.fixture
def grow(monkeypatch, tmp_path):
    """Function of arguments that runs the recipe on a copy of a model."""
    monkeypatch.syspath_prepend(RECIPES)
    import grow

    fast = models.find_model("paintings-fast")
    monkeypatch.setattr(models, "BUNDLED_FOLDER", tmp_path / "bundled")
    models.BUNDLED_FOLDER.mkdir()
    shutil.copy(fast, models.BUNDLED_FOLDER)

    def run(*arguments):
        argv = ["grow.py", "paintings-fast", *map(str, arguments)]
        monkeypatch.setattr(sys, "argv", argv)
        grow.main()
        return models.load_network("paintings-fast")

    return run


def test_styles_follow_the_first_twelve(grow, tmp_path):
    before = models.load_network("paintings-fast")
    first = before.style_names[:12]
    kept = style_rows(before, first)
    base = with_styles(before, first, kept)
    random = np.random.default_rng(0)
    rows = {
        layer: tuple(
            random.normal(0, 1, (2, table.shape[1])).astype(np.float32)
            for table in tables
        )
        for layer, tables in kept.items()
    }
    source = tmp_path / "source.keras"
    models.save_network(append_styles(base, NAMES, rows), source)

    grown = grow(source, f"--styles={','.join(reversed(NAMES))}")
    assert grown.style_names == [*first, "red_fuji", "sunflowers"]
    assert fingerprint(grown) == fingerprint(before)
    gallery = json.loads((RECIPES / "gallery.json").read_text("utf-8"))
    assert grown.credits["red_fuji"] == gallery["red_fuji"]
    assert grown.credits["udnie"] == before.credits["udnie"]
    for layer, tables in style_rows(grown, first).items():
        for now, then in zip(tables, kept[layer], strict=True):
            np.testing.assert_array_equal(now, then)
    for layer, tables in style_rows(grown, NAMES).items():
        for now, given in zip(tables, rows[layer], strict=True):
            np.testing.assert_array_equal(now, given.astype(np.float16))

    # In the order of the gallery; and back.
    assert grow(source).style_names == [*first, *NAMES]
    assert grow().style_names == first


def test_what_does_not_belong_is_refused(grow, tmp_path):
    stranger = tmp_path / "stranger.keras"
    models.save_network(
        TransformNetwork(["udnie"], width_multiplier=0.25), stranger
    )
    with pytest.raises(InputError, match="has other shared weights"):
        grow(stranger)
    with pytest.raises(InputError, match="no style `sunflowers`"):
        grow("--styles=sunflowers")
