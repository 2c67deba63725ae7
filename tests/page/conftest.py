"""The page as it is installed: from the built wheel, in a Chromium."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.page.static_server import StaticServer

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
# Where axe-core lies: a folder of npm packages.
NODE_MODULES = os.environ.get("MULTISTYLE_NODE_MODULES")


@pytest.fixture(scope="session")
def installed_package(tmp_path_factory):
    """A folder with the package as the wheel holds it."""
    pytest.importorskip("setuptools")
    pytest.importorskip("playwright")
    if CHROMIUM is None:
        pytest.skip("needs Chromium (`apt-get install chromium`)")
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "checkout"
    shutil.copytree(
        ROOT / "multistyle",
        copy / "multistyle",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for name in ("setup.py", "setup.cfg", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "-q", "wheel", "--no-deps"),
            *("--no-build-isolation", "-w", str(folder), str(copy)),
        ],
        check=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


@pytest.fixture(scope="session")
def run_installed(installed_package, tmp_path_factory):
    """Runs the command line of the installed package; returns its output."""

    def run(*arguments, cwd=None):
        done = subprocess.run(
            [sys.executable, "-m", "multistyle", *map(str, arguments)],
            env={**os.environ, "PYTHONPATH": str(installed_package)},
            cwd=cwd or tmp_path_factory.mktemp("cwd"),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session")
def exported_page(run_installed, tmp_path_factory):
    """The folder that `multistyle export --format=web` writes."""
    folder = tmp_path_factory.mktemp("export") / "page"
    run_installed(
        *("export", "--format=web", "--model=paintings-fast"),
        f"--output={folder}",
    )
    return folder


@pytest.fixture(scope="session")
def page_server(exported_page):
    with StaticServer(exported_page) as server:
        yield server


@pytest.fixture(scope="module")
def chromium(installed_package):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, page_server):
    """Opens the page in a new context and waits for its first picture."""
    contexts = []

    def open_(
        fragment="",
        *,
        server=page_server,
        width=1280,
        height=800,
        service_workers="block",
        **options,
    ):
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            service_workers=service_workers,
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.requested = []
        context.on("request", lambda asked: page.requested.append(asked.url))
        page.goto(server.address + fragment)
        wait_for_picture(page)
        return page

    yield open_
    for context in contexts:
        context.close()


def wait_for_picture(page):
    """Waits until the strokes of the file are to be seen."""
    page.wait_for_selector(
        "#stage[data-painted=preview][aria-busy=false]", timeout=60_000
    )


@pytest.fixture(scope="session")
def axe_source():
    """The text of axe-core, which checks accessibility."""
    if NODE_MODULES is None:
        pytest.skip("needs axe-core: set MULTISTYLE_NODE_MODULES")
    path = Path(NODE_MODULES, "axe-core", "axe.min.js")
    return path.read_text("utf-8")
