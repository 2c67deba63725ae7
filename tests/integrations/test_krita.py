"""The docker in a real Krita, on a screen of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from multistyle.cli.main import main
from multistyle.images.codecs.reading import read_image

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "integrations" / "krita"
PHOTOGRAPH = ROOT / "docs" / "photographs" / "astronaut.jpg"
BLEND = "starry_night=0.7,great_wave=0.3"
# Seconds; Krita's first start alone takes ten to sixty. It may lock itself, in
# its own progress bar, so it is started again.
PATIENCE = 150
NUM_STARTS = 3
SCREEN = "-screen 0 1280x800x24"
DESKTOP_FILE = """[Desktop Entry]
Type=Service
ServiceTypes=Krita/PythonPlugin
X-KDE-Library=driver
Name=driver
Comment=Works the docker
"""
SETTINGS = """[python]
enable_multistyle_docker=true
enable_driver=true
"""

pytestmark = pytest.mark.skipif(
    not (shutil.which("krita") and shutil.which("xvfb-run")),
    reason="Krita or Xvfb is not installed: `apt-get install krita xvfb`",
)


def work_krita(environment):
    """Lets the driver work; returns whether Krita ended by itself."""
    program = subprocess.Popen(
        ["xvfb-run", "-a", "-s", SCREEN, "krita", "--nosplash"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        program.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(program.pid, signal.SIGKILL)  # Krita and its screen.
        program.wait()
        return False
    return True


@pytest.fixture(scope="module")
def visit(tmp_path_factory):
    """What the driver found in Krita, and the folder of its pictures."""
    home = tmp_path_factory.mktemp("krita")
    plugins = home / ".local" / "share" / "krita" / "pykrita"
    shutil.copytree(PLUGIN, plugins)
    (plugins / "driver").mkdir()
    driver = Path(__file__).with_name("krita_driver.py")
    shutil.copy(driver, plugins / "driver" / "__init__.py")
    (plugins / "driver.desktop").write_text(DESKTOP_FILE)
    (home / ".config").mkdir()
    (home / ".config" / "kritarc").write_text(SETTINGS)
    # Krita's own Python must not be taken for that of the tests.
    command = home / "bin" / "multistyle"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m multistyle "$@"\n')
    command.chmod(0o755)
    found = home / "found"
    found.mkdir()
    environment = {
        "HOME": str(home),
        "KRITA_NO_ASSERT_MSG": "1",  # Else it waits for an answer.
        "LANG": "C.UTF-8",
        "MULTISTYLE_KRITA_FOLDER": str(found),
        "MULTISTYLE_KRITA_PICTURE": str(PHOTOGRAPH),
        "PATH": f"{command.parent}:/usr/bin:/bin",
    }
    for _ in range(NUM_STARTS):
        if work_krita(environment):
            break
    return json.loads((found / "found.json").read_text("utf-8")), found


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """What the command line paints."""
    output = tmp_path_factory.mktemp("expected") / "painted.png"
    flags = [f"--style_weights={BLEND}", "--model=paintings-fast"]
    command = ["interpolate", str(PHOTOGRAPH), *flags, f"--output={output}"]
    assert main(command) == 0
    return read_image(output).astype(int)


def test_nothing_went_wrong(visit):
    found, _ = visit
    assert "error" not in found, found["error"]
    assert found["models"] == ["paintings-fast", "paintings"]


def test_it_says_what_is_missing(visit):
    found, _ = visit
    assert found["without_style"] == "Add a style, and move its slider."
    assert found["no_command"].startswith("`/no/such/multistyle` is not found")


def test_a_painting_that_is_cancelled_changes_nothing(visit):
    found, _ = visit
    assert found["can_cancel"] and found["cancelled"] == "Cancelled."
    assert found["layers_after_cancel"] == 1


def test_a_layer_has_what_the_command_line_paints(visit, expected):
    found, folder = visit
    assert found["blend"] == BLEND and found["painted"] == "Painted."
    assert found["layers"] == ["Background", BLEND]
    painted = read_image(folder / "painted.png").astype(int)
    assert np.abs(painted - expected).mean() < 1


def test_a_selection_alone_is_painted(visit):
    found, folder = visit
    assert found["half"] == "Painted."
    assert "great_wave=0.3" in found["last_layers"]
    photograph = read_image(PHOTOGRAPH).astype(int)
    half = read_image(folder / "half.png").astype(int)
    middle = photograph.shape[1] // 2
    change = np.abs(half - photograph)
    assert change[:, middle:].max() <= 1
    assert change[:, :middle].mean() > 10


def test_a_document_of_another_profile_is_brought_to_srgb(visit):
    found, folder = visit
    assert found["profile"] == found["profile_after"] != "sRGB built-in"
    assert "Wide" in found["profile"]
    photograph = read_image(PHOTOGRAPH).astype(int)
    written = read_image(folder / "wide.png").astype(int)
    # 8 bits of a wide profile are coarser.
    assert np.abs(written - photograph).mean() < 2
    half = read_image(folder / "half.png").astype(int)
    added = read_image(folder / "added.png").astype(int)
    assert np.abs(added - half).max() <= 1


def test_the_screenshot_of_the_documents_is_made_here(visit):
    _, folder = visit
    with Image.open(folder / "screenshot.png") as screenshot:
        assert screenshot.size == (1280, 800)
        # `MULTISTYLE_SCREENSHOTS=docs/pictures pytest ...` keeps it.
        if kept := os.environ.get("MULTISTYLE_SCREENSHOTS"):
            path = Path(kept, "krita.jpg")
            screenshot.convert("RGB").save(path, quality=88)
