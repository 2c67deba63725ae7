"""Recipes, benchmarks and examples import what the package has today."""

import ast
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPTS = [
    path
    for folder in ("recipes", "benchmarks", "examples")
    for path in sorted((ROOT / folder).glob("*.py"))
]


def read_own_imports(source):
    """Yields (module, name or None) of each import of ours, at any depth."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, None
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node.module, alias.name


@pytest.mark.parametrize(
    "path", SCRIPTS, ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_a_script_imports_what_is_there(path):
    for name, attribute in read_own_imports(path.read_text("utf-8")):
        if name.split(".")[0] != "multistyle":
            continue
        module = importlib.import_module(name)
        if attribute is not None and not hasattr(module, attribute):
            # A module of a package.
            importlib.import_module(f"{name}.{attribute}")
