"""The page with its server, in a Chromium: one for all of these tests."""

import contextlib
import os
import subprocess
import sys

import pytest

from tests.page.conftest import CHROMIUM, wait_for_picture
from tests.page.static_server import StaticServer

# A name that comes to mean this machine: DNS rebinding.
REBOUND = "rebound.example"


@pytest.fixture(scope="module")
def chromium():
    sync_api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("needs Chromium (`apt-get install chromium`)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                f"--host-resolver-rules=MAP {REBOUND} 127.0.0.1",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address that `multistyle app` prints."""
    command = [sys.executable, "-m", "multistyle", "app"]
    with subprocess.Popen(
        [*command, "--nobrowser", "--port=0"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path_factory.mktemp("tmp"))},
    ) as program:
        yield program.stdout.readline().strip()
        program.terminate()
        assert program.wait(30) == 0


@pytest.fixture
def open_page(chromium, address):
    """Opens the page as a new visitor; waits until the server painted."""
    with contextlib.ExitStack() as stack:

        def open_(photograph=None):
            context = chromium.new_context(reduced_motion="reduce")
            stack.callback(context.close)
            page = context.new_page()
            page.problems = []
            page.on("pageerror", lambda fault: page.problems.append(str(fault)))
            page.on(
                "console",
                lambda line: (
                    page.problems.append(line.text)
                    if line.type == "error"
                    else None
                ),
            )
            page.requested = []
            context.on(
                "request", lambda asked: page.requested.append(asked.url)
            )
            page.goto(address)
            wait_for_picture(page)
            return page

        yield open_


def ask(page, path):
    return page.evaluate(f"fetch('{path}').then((r) => r.json())")


def test_the_page_finds_its_server_and_asks_nobody_else(open_page, address):
    page = open_page()
    assert page.evaluate("crossOriginIsolated")
    page.wait_for_function(
        "fetch('api/info').then((r) => r.json()).then(({jobs}) => "
        "jobs.some(({kind, state}) => kind === 'preview' && state === 'done')"
        " || jobs.length === 0)"
    )
    info = ask(page, "api/info")
    assert info["model"] == "paintings" and len(info["uploads"]) == 1
    assert page.problems == []
    foreign = [
        url
        for url in page.requested
        if not url.startswith((address, "blob:", "data:"))
    ]
    assert foreign == []


def test_two_visitors_are_apart(open_page):
    first, second = open_page(), open_page()
    mine, theirs = (
        {each["id"] for each in ask(page, "api/info")["uploads"]}
        for page in (first, second)
    )
    assert mine and theirs and mine.isdisjoint(theirs)
    (upload, *_) = theirs
    status = first.evaluate(
        f"fetch('api/uploads/{upload}', {{method: 'DELETE'}})"
        ".then((r) => r.status)"
    )
    assert status == 404


def test_another_page_gets_nothing(chromium, address, tmp_path):
    (tmp_path / "index.html").write_text("<!doctype html><title>x</title>")
    port = address.rpartition(":")[2].strip("/")
    context = chromium.new_context()
    page = context.new_page()
    # By a name that now means this machine.
    answer = page.goto(f"http://{REBOUND}:{port}/api/info")
    assert answer.status == 403
    assert REBOUND in answer.json()["error"]
    # By a request that a page elsewhere forges, from a site and its neighbour.
    with StaticServer(tmp_path) as other:
        page.goto(other.address)
        for path, options in [
            ("api/info", "{mode: 'no-cors', credentials: 'include'}"),
            ("api/jobs", "{mode: 'no-cors', method: 'POST', body: '{}'}"),
            ("api/info", "{}"),
        ]:
            outcome = page.evaluate(
                f"fetch('{address}{path}', {options})"
                ".then((r) => r.type, () => 'refused')"
            )
            assert outcome == "refused"
    context.close()
