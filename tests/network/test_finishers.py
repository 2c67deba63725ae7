import shutil

import pytest

from multistyle.errors import InputError, InputWarning
from multistyle.network.finishers import find_finisher, may_finish
from multistyle.network.growth import (
    append_styles,
    remove_styles,
    rename_style,
    style_rows,
)
from multistyle.network.models import (
    bundled_models,
    load_network,
    save_network,
)
from multistyle.network.styles import check_finisher
from multistyle.network.transform import TransformNetwork


def network(finisher=None):
    return TransformNetwork(
        ["a", "b"], width_multiplier=0.05, finisher=finisher
    )


def test_a_file_names_a_bundled_model_or_one_beside_it(tmp_path):
    path = tmp_path / "own.keras"
    save_network(network("paintings-fast"), path)
    assert load_network(path).finisher == "paintings-fast"
    assert find_finisher(path) == bundled_models()["paintings-fast"]
    save_network(network("narrow.keras"), path)
    with pytest.warns(InputWarning) as caught:
        assert find_finisher(path) is None
    assert str(caught[0].message) == (
        f"`{path}` is finished by `narrow.keras`, which is not there: it "
        "paints large photographs by itself, which takes longer."
    )
    shutil.copy(bundled_models()["paintings-fast"], tmp_path / "narrow.keras")
    assert find_finisher(path) == tmp_path / "narrow.keras"


def test_a_file_without_one_is_as_before(tmp_path):
    assert "finisher" not in network().get_config()
    save_network(network(), tmp_path / "own.keras")
    assert load_network(tmp_path / "own.keras").finisher is None
    assert find_finisher(tmp_path / "own.keras") is None
    (tmp_path / "damaged.keras").write_bytes(b"no archive")
    assert find_finisher(tmp_path / "damaged.keras") is None


@pytest.mark.parametrize("name", ["", "../fast.keras", "/tmp/fast.keras", 3])
def test_a_path_is_no_finisher(name):
    with pytest.raises(InputError, match="`finisher` is the name of a bundled"):
        check_finisher(name)


def test_a_finisher_is_kept_where_its_styles_are_the_same():
    with_finisher = network("paintings-fast")
    rows = style_rows(with_finisher, ["a"])
    assert remove_styles(with_finisher, ["a"]).finisher == "paintings-fast"
    for name, kept in (("mine", "paintings-fast"), ("udnie", None)):
        assert append_styles(with_finisher, [name], rows).finisher == kept
        assert rename_style(with_finisher, "a", name).finisher == kept
    # What another file has is not known.
    assert not may_finish("narrow.keras", ["mine"])
    assert may_finish("narrow.keras", [])
    assert may_finish(None, ["mine"])
