"""The service worker keeps all that the page is made of."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_it_lists_the_files_of_the_page():
    spec = importlib.util.spec_from_file_location(
        "page_files", ROOT / "recipes" / "page_files.py"
    )
    recipe = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recipe)
    text = recipe.WORKER.read_text("utf-8")
    assert recipe.list_files() in text, "run `python recipes/page_files.py`"
