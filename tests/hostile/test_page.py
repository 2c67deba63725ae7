"""The page: names are text in it, and no request leads to another file."""

import contextlib
import http.client
import os
import subprocess
import sys
import urllib.parse

import pytest

from multistyle.evaluation.report import markup
from multistyle.network.stored_weights import read_weights
from multistyle.page.listing import page_files
from tests.hostile.model_cases import FAST, with_option, with_styles

MARKUP = "<img src=x onerror=\"document.title='run'\">'&amp;"
SECRET = "the secret of another file"


@pytest.fixture(scope="module")
def hostile_model(tmp_path_factory):
    """A whole model, of which all texts that are free are markup."""
    names = read_weights(FAST).style_names[:2]
    credits = {
        name: {"artist": MARKUP, "title": MARKUP, "year": MARKUP}
        for name in names
    }
    path = tmp_path_factory.mktemp("models") / "<b>&'.keras"
    path.write_bytes(with_styles(names, credits=credits))
    return path


@pytest.fixture(scope="module")
def address(hostile_model, tmp_path_factory):
    """Where `multistyle app` serves the page, with the hostile model."""
    pytest.importorskip("starlette")
    pytest.importorskip("uvicorn")
    folder = tmp_path_factory.mktemp("work")
    (folder / "secret.txt").write_text(SECRET)
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "multistyle", "app", "--nobrowser"),
            *("--port=0", f"--model={hostile_model}"),
        ],
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder)},
    ) as program:
        yield program.stdout.readline().strip()
        program.terminate()
        assert program.wait(60) == 0


def ask(address, path):
    """Asks for a path as it is written, which no client tidies."""
    place = urllib.parse.urlsplit(address)
    with contextlib.closing(
        http.client.HTTPConnection(place.hostname, place.port, timeout=60)
    ) as connection:
        connection.putrequest("GET", path, skip_accept_encoding=True)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read()


WAYS_OUT = [
    "/../secret.txt",
    "/../../../../../../../../etc/passwd",
    "/%2e%2e/secret.txt",
    "/%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "/..%2f..%2f..%2f..%2f..%2fetc/passwd",
    "/%252e%252e%252fsecret.txt",
    "/..%5c..%5csecret.txt",
    "/..\\..\\secret.txt",
    "//etc/passwd",
    "/etc/passwd",
    "/page/../../secret.txt",
    "/page/%2e%2e/%2e%2e/secret.txt",
    "/page//../index.html/..",
    "/model/../../secret.txt",
    "/model/%2e%2e/%2e%2e/secret.txt",
    "/reader/..%2f..%2fsecret.txt",
    "/secret.txt",
    "/index.html%00.txt",
    "/%c0%ae%c0%ae/secret.txt",
    "/./secret.txt",
    "/api/../secret.txt",
    "/api/jobs/..%2f..%2fsecret.txt/result",
    "/file:///etc/passwd",
]


@pytest.mark.parametrize("path", WAYS_OUT)
def test_no_path_leads_out(address, path):
    status, body = ask(address, path)
    assert status in (400, 404)
    assert SECRET.encode() not in body and b"root:" not in body
    assert b"Traceback" not in body


def test_what_is_served_is_what_is_listed(address):
    for path in ("index.html", "engine/engine.mjs"):
        status, body = ask(address, f"/{path}")
        assert status == 200 and body == page_files()[path].read_bytes()


def test_names_of_models_and_styles_are_text_in_the_page(address):
    sync_api = pytest.importorskip("playwright.sync_api")
    from tests.page.conftest import CHROMIUM, wait_for_picture

    if CHROMIUM is None:
        pytest.skip("needs Chromium (`apt-get install chromium`)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.goto(address)
        wait_for_picture(page)
        page.wait_for_function(
            "text => document.body.textContent.includes(text)", arg=MARKUP
        )
        assert page.locator("img[src=x]").count() == 0
        assert page.locator("[onerror]").count() == 0
        assert page.title() != "run"
        browser.close()


def test_the_page_makes_no_markup_of_text():
    makers = (
        *("innerHTML", "outerHTML", "insertAdjacentHTML", "DOMParser"),
        *("document.write", "createContextualFragment", "srcdoc"),
        *("eval(", "new Function"),
    )
    scripts = {
        name: file.read_bytes().decode()
        for name, file in page_files().items()
        if name.endswith((".mjs", ".js", ".html"))
    }
    assert len(scripts) > 50
    found = [
        (name, maker)
        for name, text in scripts.items()
        for maker in makers
        if maker in text
    ]
    assert found == []


def test_a_report_holds_names_as_text():
    document = markup.page(
        MARKUP, [(MARKUP, markup.paragraph(MARKUP) + markup.bullets([MARKUP]))]
    )
    assert "<img src" not in document
    assert document.count("&lt;img src=x onerror=&quot;") >= 5


def test_a_model_s_names_are_checked_before_they_are_shown(tmp_path):
    names = read_weights(FAST).style_names
    path = tmp_path / "model.keras"
    path.write_bytes(with_option("style_names", [*names[:-1], MARKUP]))
    with pytest.raises(ValueError, match="may hold only letters"):
        read_weights(path)
