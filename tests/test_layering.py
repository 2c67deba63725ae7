"""Reads the imports of the package and holds them to its layering."""

import ast
import graphlib
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "multistyle"

# A folder imports only folders of a lower rank.
RANKS = {
    "errors": -2,
    "keywords": -2,
    "durations": -2,
    "choices": -1,
    "whole_numbers": -1,
    "files": 0,
    "images": 1,
    "page": 1,
    "blends": 2,
    "network": 3,
    "perceptual": 3,
    "learning": 4,
    "training": 5,
    "inference": 5,
    "export": 6,
    "video": 6,
    "evaluation": 6,
    "installation": 7,
    "server": 7,
    "cli": 8,
    "__main__": 9,
}
TENSORFLOW_MODULES = {
    "inference.augmentation",
    "network.magenta",
    "training.material.datasets",
}
TENSORFLOW_FOLDERS = {"export"}
# All that a folder may import besides the standard library and our own.
PACKAGES_OF_FOLDERS = {
    "files": {"platformdirs"},
    "images": {"numpy", "PIL"},
    "blends": {"numpy", "PIL"},
    "page": set(),
    "server": {"numpy", "PIL", "h11", "starlette", "uvicorn"},
}
PACKAGES_OF_MODULES = {
    "files.remote": {"fsspec"},
    "images.codecs.deep": {"cv2"},
    "images.codecs.sources": {"pillow_heif"},
}
NAMES_WITHOUT_A_NOUN = {"utils", "common", "helpers"}
MAX_LINES = 300
MAX_MODULES = 16


def read_modules(package):
    """Returns {dotted name under the package, "" for `__init__`: source}."""
    modules = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        if parts[-1] == "__init__":
            parts = parts[:-1]
        modules[".".join(parts)] = path.read_text("utf-8")
    return modules


def read_imports(source, at_run_time=False):
    """Yields (module, name or None) of each absolute import, at any depth.

    At run time, without those that editors and type checkers alone see.
    """
    tree = ast.parse(source)
    for_types = [
        node
        for block in tree.body
        if isinstance(block, ast.If)
        and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in block.body
    ]
    for node in ast.walk(tree):
        if at_run_time and node in for_types:
            continue
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, None
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(f"line {node.lineno} imports relatively")
            for alias in node.names:
                yield node.module, alias.name


def find_faults(package):
    """Returns a line for each departure from the layering."""
    modules = read_modules(package)
    faults = check_folders(package)
    graph = {}
    for name, source in modules.items():
        folder = name.split(".")[0]
        if name and folder not in RANKS:
            faults.append(f"{name}: its folder has no rank")
            continue
        if name.split(".")[-1] in NAMES_WITHOUT_A_NOUN:
            faults.append(f"{name}: its name is no noun")
        if source.count("\n") >= MAX_LINES:
            faults.append(f"{name}: it has {MAX_LINES} lines or more")
        graph[name] = set()
        # The facade shows editors all public names, and imports none.
        for imported, member in read_imports(source, at_run_time=not name):
            root, _, rest = imported.partition(".")
            if root != package.name:
                faults += check_foreign(name, folder, root)
                continue
            target = f"{rest}.{member}".strip(".")
            target = target if target in modules else rest
            if not target:
                if member is not None:
                    faults.append(f"{name}: imports `{member}` by the facade")
            elif target.split(".")[0] == folder:
                graph[name].add(target)
            elif RANKS[target.split(".")[0]] >= RANKS.get(folder, -2):
                faults.append(f"{name}: imports {target}, of no lower rank")
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        faults.append("cycle: " + " -> ".join(error.args[1]))
    return faults


def check_folders(package):
    """Returns a line for each folder that holds more than one noun."""
    faults = []
    for folder in sorted({path.parent for path in package.rglob("*.py")}):
        modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
        if len(modules) > MAX_MODULES:
            name = ".".join(folder.relative_to(package).parts)
            faults.append(
                f"{name}: it holds {len(modules)} modules, above {MAX_MODULES}"
            )
    return faults


def check_foreign(name, folder, root):
    """Returns a line if a module may not import the foreign package."""
    if root in ("tensorflow", "tensorflow_datasets") and not (
        name in TENSORFLOW_MODULES or folder in TENSORFLOW_FOLDERS
    ):
        return [f"{name}: imports {root}"]
    if folder in PACKAGES_OF_FOLDERS and not (
        root in sys.stdlib_module_names
        or root in PACKAGES_OF_FOLDERS[folder]
        or root in PACKAGES_OF_MODULES.get(name, ())
    ):
        return [f"{name}: imports {root}"]
    return []


def test_the_package_keeps_its_layering():
    assert len(read_modules(PACKAGE)) > 10
    assert find_faults(PACKAGE) == []


GOOD = {
    "__init__": (
        "if TYPE_CHECKING:\n    from multistyle.errors import InputError"
    ),
    "errors": "",
    "images.values": "import os\nimport numpy as np\nfrom PIL import Image",
    "images.codecs.deep": "def f():\n    import cv2",
    "network.styles": "from multistyle.errors import InputError",
    "network.models": "import keras\nimport multistyle.network.styles",
    "export.parity": "from multistyle.network import models",
    "export.saved_model": "import tensorflow as tf",
    "cli.main": "import multistyle\nfrom multistyle.export import parity",
    "cli.export": "def run():\n    from multistyle.cli import main",
}


@pytest.fixture
def make_package(tmp_path):
    """Returns a function that writes a small package and gives its folder."""

    def make(changes):
        package = tmp_path / "multistyle"
        for name, source in {**GOOD, **changes}.items():
            path = package.joinpath(*name.split(".")).with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source, "utf-8")
        return package

    return make


def test_a_good_package_has_no_faults(make_package):
    assert find_faults(make_package({})) == []


@pytest.mark.parametrize(
    ("name", "source", "fault"),
    [
        (
            "network.models",
            "from multistyle.export.parity import check_parity",
            "network.models: imports export.parity, of no lower rank",
        ),
        (
            "network.models",
            "def f():\n    import multistyle.cli.main",
            "network.models: imports cli.main, of no lower rank",
        ),
        (
            "perceptual.losses",
            "from multistyle.network import styles",
            "perceptual.losses: imports network.styles, of no lower rank",
        ),
        (
            "network.models",
            "import tensorflow.data",
            "network.models: imports tensorflow",
        ),
        (
            "images.values",
            "import keras",
            "images.values: imports keras",
        ),
        (
            "images.values",
            "def f():\n    import cv2",
            "images.values: imports cv2",
        ),
        (
            "cli.main",
            "from multistyle import Stylizer",
            "cli.main: imports `Stylizer` by the facade",
        ),
        ("network.utils", "", "network.utils: its name is no noun"),
        ("extras.films", "", "extras.films: its folder has no rank"),
        ("errors", "\n" * 300, "errors: it has 300 lines or more"),
        (
            "__init__",
            "from multistyle.errors import InputError",
            ": imports errors, of no lower rank",
        ),
        (
            "blends.weights",
            "import keras",
            "blends.weights: imports keras",
        ),
        (
            "files.locks",
            "import numpy",
            "files.locks: imports numpy",
        ),
    ],
)
def test_a_departure_is_a_fault(make_package, name, source, fault):
    assert find_faults(make_package({name: source})) == [fault]


def test_a_relative_import_is_a_fault(make_package):
    package = make_package({"network.models": "from . import styles"})
    with pytest.raises(ValueError, match="line 1 imports relatively"):
        find_faults(package)


def test_a_cycle_inside_a_folder_is_a_fault(make_package):
    source = "from multistyle.network.models import load_network"
    (fault,) = find_faults(make_package({"network.styles": source}))
    assert fault in (
        "cycle: network.styles -> network.models -> network.styles",
        "cycle: network.models -> network.styles -> network.models",
    )


def test_a_folder_of_too_many_modules_is_a_fault(make_package):
    modules = {f"network.noun_{i}": "" for i in range(MAX_MODULES)}
    (fault,) = find_faults(make_package(modules))
    assert (
        fault
        == f"network: it holds {MAX_MODULES + 2} modules, above {MAX_MODULES}"
    )
