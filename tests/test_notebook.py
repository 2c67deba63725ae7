"""The notebook runs from top to bottom, as a visitor runs it."""

import ast
import json
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "examples" / "multistyle.ipynb"


@pytest.fixture(scope="module")
def notebook():
    return json.loads(NOTEBOOK.read_text("utf-8"))


def run_cell(source, names):
    """Runs a cell, and returns the value of its last line, as Jupyter does."""
    *body, last = ast.parse(source).body
    if not isinstance(last, ast.Expr):
        body, last = [*body, last], None
    module = ast.Module(body, [])
    exec(compile(module, NOTEBOOK.name, "exec"), names)
    if last is not None:
        line = compile(ast.Expression(last.value), NOTEBOOK.name, "eval")
        return eval(line, names)


def test_it_is_a_notebook_without_results(notebook):
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    cells = notebook["cells"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    for cell in cells:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None
            lines = "".join(cell["source"]).splitlines()
            assert max(map(len, lines)) <= 80


def test_every_cell_runs(notebook, monkeypatch):
    monkeypatch.chdir(NOTEBOOK.parent)
    names = {}
    shown = [
        run_cell("".join(cell["source"]), names)
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]
    pictures = [value for value in shown if isinstance(value, Image.Image)]
    assert [picture.size for picture in pictures] == [
        (512, 512),
        (3 * 512, 512),
        *[(512, 512)] * 3,
    ]
    assert names["grown"].style_names[-1] == "mine"
    assert names["run"].model_path.is_file()
