"""The service worker keeps all that the page is made of, and it is named."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_it_lists_the_files_of_the_page():
    spec = importlib.util.spec_from_file_location(
        "page_files", ROOT / "recipes" / "page_files.py"
    )
    recipe = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recipe)
    for path, listed in (
        (recipe.WORKER, recipe.list_files()),
        (recipe.INDEX, recipe.list_modules()),
    ):
        text = path.read_text("utf-8")
        assert listed in text, "run `python recipes/page_files.py`"


def test_the_page_with_the_small_model_is_small(tmp_path):
    from multistyle.export.web import write_page

    write_page("paintings-fast", tmp_path)
    sizes = {
        path.relative_to(tmp_path).parts[0]: 0 for path in tmp_path.rglob("*")
    }
    for path in tmp_path.rglob("*"):
        if path.is_file():
            sizes[path.relative_to(tmp_path).parts[0]] += path.stat().st_size
    # The reader is fetched when a painting is dropped.
    assert sizes.pop("reader") > 2e6
    assert sum(sizes.values()) < 1.5e6, sizes
    print(sizes)
