"""The pictures of the page in the documents are those that it gives."""

import importlib.util

import numpy as np
from PIL import Image

from tests.page.conftest import CHROMIUM, ROOT
from tests.page.static_server import StaticServer

# Fonts differ from system to system; layout and paintings do not.
MEAN = 12


def test_the_documents_show_the_page_as_it_is(exported_page, tmp_path):
    spec = importlib.util.spec_from_file_location(
        "page_pictures", ROOT / "recipes" / "page_pictures.py"
    )
    recipe = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recipe)
    with StaticServer(exported_page) as server:
        recipe.make_pictures(tmp_path, CHROMIUM, server.address)
    for name in recipe.PICTURE_MAKERS:
        made, shown = (
            np.asarray(Image.open(folder / name), int)
            for folder in (tmp_path, recipe.PICTURES)
        )
        assert made.shape == shown.shape, name
        assert np.abs(made - shown).mean() < MEAN, name
