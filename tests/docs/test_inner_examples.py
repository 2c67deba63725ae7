"""The examples of names that are not public; `test_runs.py` has the others."""

import ast
import doctest
import importlib
import inspect
import io
import os
import unittest.mock
from pathlib import Path

import pytest

import multistyle

PACKAGE = Path(multistyle.__file__).parent


def find_examples():
    """Yields the module and the name of each inner thing with an example."""
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text("utf-8")
        if ">>>" not in text:
            continue
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        module = ".".join(parts)
        for node in ast.parse(text).body:
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                is_public = multistyle._HOMES.get(node.name) == module
                if ">>>" in (ast.get_docstring(node) or "") and not is_public:
                    yield module, node.name


@pytest.mark.parametrize(("module", "name"), list(find_examples()))
def test_an_example_gives_what_it_shows(module, name, tmp_path, monkeypatch):
    found = getattr(importlib.import_module(module), name)
    monkeypatch.chdir(tmp_path)
    known = {"multistyle": multistyle, name: found}
    example = doctest.DocTestParser().get_doctest(
        inspect.getdoc(found), known, name, "", 0
    )
    told = io.StringIO()
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    runner = doctest.DocTestRunner(optionflags=flags)
    with unittest.mock.patch.dict(os.environ):  # An example may set some.
        failed = runner.run(example, out=told.write).failed
    assert failed == 0, told.getvalue()
