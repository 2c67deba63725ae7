"""The compiled kernels are those of the source."""

import importlib.util
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECIPE = runpy.run_path(str(ROOT / "recipes" / "kernels.py"))


@pytest.mark.skipif(
    importlib.util.find_spec("ziglang") is None, reason="needs ziglang"
)
@pytest.mark.parametrize("name", RECIPE["VARIANTS"])
def test_the_source_gives_the_same_bytes(name, tmp_path):
    path = tmp_path / name
    RECIPE["compile_kernels"](path, RECIPE["VARIANTS"][name])
    assert path.read_bytes() == (RECIPE["NETWORK"] / name).read_bytes()


def test_the_kernels_are_small():
    sizes = [
        (RECIPE["NETWORK"] / name).stat().st_size for name in RECIPE["VARIANTS"]
    ]
    assert max(sizes) < 20_000
