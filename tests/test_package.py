import ast
import configparser
import inspect
import pydoc
import subprocess
import sys
from pathlib import Path

import pytest
from mypy import api

import multistyle

SOURCE = Path(multistyle.__file__)
PUBLIC = {
    "FinisherRow": "multistyle.network.packs.pack",
    "InputError": "multistyle.errors",
    "InputWarning": "multistyle.errors",
    "OutputError": "multistyle.errors",
    "Pack": "multistyle.network.packs.pack",
    "RandomStylization": "multistyle.inference.augmentation",
    "Stylizer": "multistyle.inference.stylizer",
    "TransformNetwork": "multistyle.network.transform",
    "add_pack": "multistyle.network.packs.exchange",
    "evaluate_network": "multistyle.evaluation.evaluation",
    "examine_installation": "multistyle.installation.examination",
    "export_network": "multistyle.export.network_export",
    "load_network": "multistyle.network.models",
    "make_pack": "multistyle.network.packs.exchange",
    "optimize_picture": "multistyle.perceptual.optimization.picture",
    "paint_film": "multistyle.video.film",
    "painting_thumbnail": "multistyle.network.thumbnails",
    "read_pack": "multistyle.network.packs.pack_file",
    "remove_styles": "multistyle.network.growth",
    "rename_style": "multistyle.network.growth",
    "save_network": "multistyle.network.models",
    "train_network": "multistyle.training.network_training",
    "write_pack": "multistyle.network.packs.pack_file",
}


def read_imports_for_editors():
    """Returns name -> module of what stands under `if TYPE_CHECKING:`."""
    homes = {}
    for node in ast.parse(SOURCE.read_text("utf-8")).body:
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name):
            assert node.test.id == "TYPE_CHECKING"
            for line in node.body:
                for alias in line.names:
                    # Without `as` a checker takes it for a private name.
                    assert alias.asname == alias.name
                    homes[alias.name] = line.module
    return homes


def test_the_import_alone_is_light():
    code = (
        "import sys; start = {*sys.modules}; import multistyle; "
        "print({'keras', 'numpy', 'typing'} & {*sys.modules} - start)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


@pytest.mark.parametrize(("name", "home"), PUBLIC.items())
def test_public_names(name, home):
    assert getattr(multistyle, name).__module__ == home
    assert name in dir(multistyle)


def test_the_public_names_are_the_same_to_everyone():
    assert multistyle.__all__ == sorted(PUBLIC)
    assert multistyle._HOMES == PUBLIC
    assert read_imports_for_editors() == PUBLIC


def test_no_public_name_is_a_folder_or_a_module():
    for name in PUBLIC:
        assert not (SOURCE.parent / name).exists()
        assert not (SOURCE.parent / f"{name}.py").exists()


def test_dir_gives_the_public_names_alone():
    names = [name for name in dir(multistyle) if not name.startswith("__")]
    assert names == sorted(PUBLIC)
    assert "__version__" in dir(multistyle)


def test_help_shows_each_public_name():
    text = pydoc.plain(pydoc.render_doc(multistyle))
    _, text = text.split("PACKAGE CONTENTS")
    for name in PUBLIC:
        value = getattr(multistyle, name)
        line = f"class {name}(" if inspect.isclass(value) else f"    {name}("
        assert line in text, name


def test_the_docstring_says_a_line_of_each_public_name():
    lines = multistyle.__doc__.splitlines()
    for name in PUBLIC:
        assert any(line.startswith(f"    {name}: ") for line in lines), name


def test_a_type_checker_sees_the_public_names(tmp_path):
    code = tmp_path / "code.py"
    names = sorted(PUBLIC)
    code.write_text(
        "import multistyle\n"
        + "".join(f"reveal_type(multistyle.{name})\n" for name in names)
        + "multistyle.no_such_name\n"
    )
    out, _, _ = api.run(
        [
            str(code),
            "--config-file=",
            "--ignore-missing-imports",
            "--follow-imports=silent",
            f"--cache-dir={tmp_path}",
        ]
    )
    lines = [line for line in out.splitlines() if "code.py:" in line]
    *shown, unknown = [line for line in lines if "note: See " not in line]
    assert 'has no attribute "no_such_name"' in unknown
    assert len(shown) == len(names)
    for name, line in zip(names, shown, strict=True):
        assert 'is "Any"' not in line, name


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute `Stylist`"):
        _ = multistyle.Stylist


def test_the_type_check_is_strict_where_the_public_names_are():
    config = configparser.ConfigParser()
    config.read(SOURCE.parents[1] / "setup.cfg")
    (section,) = [name for name in config if name.startswith("mypy-")]
    assert config[section]["disallow_untyped_defs"] == "true"
    modules = section.removeprefix("mypy-").split(",")
    assert modules == sorted({"multistyle", *PUBLIC.values()})
