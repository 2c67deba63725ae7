"""What an installation brings agrees with what the package uses."""

import ast
import configparser
import fnmatch
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import multistyle
from multistyle.images.samples import PAINTINGS_FOLDER, PHOTOGRAPHS_FOLDER

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "multistyle"
WORKFLOW = ROOT / ".github" / "workflows" / "tests.yml"
# Where the name of a distribution is not that of what is imported.
DISTRIBUTIONS = {
    "PIL": "pillow",
    "absl": "absl-py",
    "ai_edge_litert": "ai-edge-litert",
    "cv2": "opencv-python-headless",
    "pillow_heif": "pillow-heif",
    "tensorflow_datasets": "tensorflow-datasets",
    "tensorflow_serving": "tensorflow-serving-api",
}
MAX_WHEEL_BYTES = 13_000_000
# Chosen by whoever sets KERAS_BACKEND to it.
BACKENDS = {"jax", "torch"}


def read_setup():
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", "utf-8")
    return config


def read_names(requirements):
    """Returns the names in lines such as `numpy>=1.26`."""
    return {re.split("[<>=~!]", line)[0] for line in requirements.split()}


def read_imports():
    names = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                names.add(node.module)
    return {name.split(".")[0] for name in names}


def test_what_is_imported_is_declared():
    config = read_setup()
    imported = read_imports() - set(sys.stdlib_module_names) - {"multistyle"}
    needed = {DISTRIBUTIONS.get(name, name) for name in imported} - BACKENDS
    extras = config["options.extras_require"]
    declared = read_names(config["options"]["install_requires"])
    for extra in set(extras) - {"docs", "test"}:
        declared |= read_names(extras[extra])
    assert needed - declared == set()


# Runs the command line where what only the extras bring is not installed.
WITHOUT_EXTRAS = """
import sys
from importlib.machinery import PathFinder

class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.split(".")[0] not in MISSING:
            return PathFinder.find_spec(name, path, target)

MISSING = set(sys.argv.pop(1).split(","))
sys.meta_path[:] = [
    Finder if finder is PathFinder else finder for finder in sys.meta_path
]
from multistyle.cli.main import main
sys.exit(main())
"""


@pytest.mark.parametrize(
    "verb",
    [
        ["--style_weights=udnie"],
        ["--style_images=mine:great_wave.jpg", "--learning=instant"],
    ],
)
def test_the_command_line_needs_no_extra(verb, tmp_path):
    config = read_setup()
    extras = config["options.extras_require"]
    in_extras = set().union(
        *(read_names(extras[extra]) for extra in extras if extra != "test")
    )
    distributions = in_extras - read_names(
        config["options"]["install_requires"]
    )
    modules = {name: module for module, name in DISTRIBUTIONS.items()}
    missing = [modules.get(name, name) for name in sorted(distributions)]
    assert {"av", "cv2", "openvino", "pillow_heif"} <= set(missing)
    photograph = PHOTOGRAPHS_FOLDER / "coffee.jpg"
    painting = PAINTINGS_FOLDER / "great_wave.jpg"
    (tmp_path / "great_wave.jpg").write_bytes(painting.read_bytes())
    command = [sys.executable, "-c", WITHOUT_EXTRAS, ",".join(missing)]
    flags = ["--model=paintings-fast", "--max_size=64", "--output=out.png"]
    done = subprocess.run(
        [*command, "interpolate", str(photograph), *verb, *flags],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.png").is_file()


def test_the_tests_have_every_extra():
    extras = read_setup()["options.extras_require"]
    together = {
        line for extra in extras for line in extras[extra].split()
    } - set(extras["test"].split())
    assert together == set()


def test_every_file_of_the_package_is_installed():
    patterns = read_setup()["options.package_data"]["multistyle"].split()
    for path in PACKAGE.rglob("*"):
        name = path.relative_to(PACKAGE).as_posix()
        if path.is_file() and "__pycache__" not in name:
            assert path.suffix == ".py" or any(
                fnmatch.fnmatch(name, pattern.replace("**/", "*"))
                for pattern in patterns
            ), name
    for folder in {path.parent for path in PACKAGE.rglob("*.py")}:
        assert (folder / "__init__.py").is_file(), folder


def test_the_wheel_holds_the_package(tmp_path):
    pytest.importorskip("build")
    copy = tmp_path / "checkout"
    copy.mkdir()
    names = "setup.py", "setup.cfg", "README.md", "LICENSE"
    for name in names:
        (copy / name).write_bytes((ROOT / name).read_bytes())
    files = [p for p in PACKAGE.rglob("*") if p.is_file()]
    files = [p for p in files if "__pycache__" not in p.parts]
    for path in files:
        target = copy / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    # The source's archive, and the wheel out of that.
    built = subprocess.run(
        [
            *(sys.executable, "-m", "build", "--no-isolation"),
            *("--outdir", str(tmp_path), str(copy)),
        ],
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    assert len(list(tmp_path.glob("*.tar.gz"))) == 1
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {n for n in archive.namelist() if "dist-info/" not in n}
    assert names == {path.relative_to(ROOT).as_posix() for path in files}
    assert wheel.stat().st_size < MAX_WHEEL_BYTES
    paint_by_wheel(wheel, tmp_path)


def paint_by_wheel(wheel, folder):
    """Installs a wheel by itself, and paints with nothing else of ours."""
    site = folder / "site"
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "-q", "install", "--no-deps"),
            *("--no-index", "--target", str(site), str(wheel)),
        ],
        check=True,
    )
    photograph = site / PHOTOGRAPHS_FOLDER.relative_to(ROOT) / "coffee.jpg"
    script = (
        "import sys, multistyle; print(multistyle.__file__); "
        "multistyle.Stylizer.load('paintings-fast')"
        ".stylize(sys.argv[1], 'udnie').save('out.png')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(photograph)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(site))
    assert (folder / "out.png").is_file()


def test_the_pythons_are_the_same_everywhere():
    config = read_setup()
    pythons = re.findall(
        r"Python :: (3\.\d+)", config["metadata"]["classifiers"]
    )
    assert config["options"]["python_requires"] == f">={pythons[0]}"
    assert config["mypy"]["python_version"] == pythons[0]
    ruff = tomllib.loads((ROOT / "ruff.toml").read_text("utf-8"))
    assert ruff["target-version"] == "py" + pythons[0].replace(".", "")
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f"Python {pythons[0]} to {pythons[-1]}" in readme
    (matrix,) = re.findall(r"python: \[(.*)\]", WORKFLOW.read_text("utf-8"))
    assert re.findall(r'"([\d.]+)"', matrix) == pythons


def test_the_workflow_runs_the_test_command_of_the_readme():
    (command,) = re.findall(
        r"^pip install .*pytest$",
        (ROOT / "README.md").read_text("utf-8"),
        re.M,
    )
    assert f"- run: {command}\n" in WORKFLOW.read_text("utf-8")


def test_the_citation_has_the_version():
    text = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"\nversion: {multistyle.__version__}\n" in text
    assert f"\nlicense: {read_setup()['metadata']['license']}\n" in text


def test_the_page_and_its_server_are_small():
    """With what the extra `app` brings, of 2.0 MB, they add 3 MB at most."""
    folders = [PACKAGE / name for name in ("page", "server")]
    files = [path for folder in folders for path in folder.rglob("*")]
    own = [p for p in files if p.is_file() and p.parent.name != "__pycache__"]
    assert len(own) > 50
    assert sum(path.stat().st_size for path in own) < 1e6
