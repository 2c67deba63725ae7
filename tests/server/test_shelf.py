import shutil

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.network.models import find_model
from multistyle.server.shelf import Shelf


def test_the_default_is_first():
    shelf = Shelf()
    assert shelf.default == "paintings" == next(iter(shelf.models))
    assert {model.kind for model in shelf.models.values()} == {"bundled"}


def test_a_run_folder_is_named_after_its_folder(small_model_path):
    shelf = Shelf(str(small_model_path.parent))
    assert shelf.default == "small" == next(iter(shelf.models))
    small = shelf.models["small"]
    assert small.kind == "given" and small.width_multiplier == 0.25
    assert small.describe()["card"] is None


def test_the_browser_paints_by_the_finisher(small_model_path, tmp_path):
    assert Shelf().browser_model.name == "paintings-fast"
    assert Shelf("paintings-fast").browser_model.name == "paintings-fast"
    # Else by the model itself, so that the styles are the same.
    small = Shelf(str(small_model_path)).browser_model
    assert small.name == "small" and "the_scream" in small.style_names


def test_a_file_does_not_hide_a_bundled_model(tmp_path):
    path = tmp_path / "paintings.keras"
    shutil.copy(find_model("paintings-fast"), path)
    shelf = Shelf(str(path))
    assert shelf.default == "paintings_given"
    assert shelf.models["paintings"].kind == "bundled"


def test_a_model_that_there_is_not_is_named():
    with pytest.raises(InputError, match="There is no model `monet`"):
        Shelf("monet")


def test_engines_are_loaded_once_and_the_oldest_goes(tmp_path):
    shelf = Shelf("paintings-fast")
    paths = []
    for number in range(4):
        paths.append(tmp_path / f"{number}.keras")
        shutil.copy(find_model("paintings-fast"), paths[-1])
    first = shelf.engine(paths[0])
    assert shelf.engine(paths[0]) is first
    for path in paths[1:]:
        shelf.engine(path)
    assert shelf.engine(paths[0]) is not first
    last = shelf.engine(paths[-1])
    shelf.forget(paths[-1])
    assert shelf.engine(paths[-1]) is not last


def test_what_is_cancelled_paints_no_more(shelf):
    class Stop(BaseException):
        pass

    def check():
        raise Stop

    model = shelf.models["paintings-fast"]
    stylizer = shelf.stylizer(model, {}, check)
    with pytest.raises(Stop):
        stylizer.stylize(np.zeros((16, 16, 3), np.uint8), "udnie")
