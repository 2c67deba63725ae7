"""The documents as a site: built without a warning, whole, from here alone."""

import re
import shlex
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

import multistyle

ROOT = Path(__file__).parents[2]
# Attributes by which a page fetches something without a click.
FETCHES = {
    ("script", "src"),
    ("link", "href"),
    ("img", "src"),
    ("source", "src"),
    ("video", "src"),
    ("iframe", "src"),
    ("object", "data"),
}


class Page(HTMLParser):
    """Collects a page's ids, links, and what it fetches by itself."""

    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.fetched = set(), [], []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id":
                self.ids.add(value)
            elif (tag, name) in FETCHES:
                self.fetched.append(value)
            elif (tag, name) == ("a", "href"):
                self.links.append(value)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder into which the command of docs/design.md builds the site."""
    pytest.importorskip("sphinx")
    text = (ROOT / "docs" / "design.md").read_text("utf-8")
    (command,) = re.findall(r"^sphinx-build (.*)$", text, re.M)
    *arguments, _ = shlex.split(command)
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "-q", *arguments),
            *(str(folder / "site"), "-d", str(folder / "doctrees")),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    return folder / "site"


@pytest.fixture(scope="module")
def pages(site):
    return {path: Page(path) for path in site.rglob("*.html")}


def test_every_document_is_a_page(site):
    sources = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
    sources += [
        ROOT / n / "README.md" for n in ("data", "recipes", "benchmarks")
    ]
    for source in sources:
        page = site / source.relative_to(ROOT).with_suffix(".html")
        assert page.is_file(), page
    front = (site / "index.html").read_text("utf-8")
    assert front == (site / "README.html").read_text("utf-8")


def test_links_and_pictures_lead_somewhere(site, pages):
    for path, page in pages.items():
        for target in page.links + page.fetched:
            file, anchor = urldefrag(target)
            file = file.partition("?")[0]
            if urlsplit(file).scheme in ("http", "https", "data", "mailto"):
                continue
            goal = (path.parent / unquote(file)).resolve() if file else path
            assert goal.is_file(), (path.name, target)
            if anchor and goal in pages:
                assert unquote(anchor) in pages[goal].ids, (path.name, target)


def test_nothing_is_fetched_from_elsewhere(site, pages):
    for path, page in pages.items():
        for target in page.fetched:
            parts = urlsplit(target)
            assert not parts.netloc, (path.name, target)
            assert parts.scheme in ("", "data"), (path.name, target)
    for path in site.rglob("*.css"):
        text = path.read_text("utf-8")
        for target in re.findall(r"url\(\s*[\"']?([^\"')]+)", text):
            assert not urlsplit(target).netloc, (path.name, target)
        assert not re.search(r"@import\s+[\"'](https?:)?//", text)


def test_the_reference_holds_the_public_names(pages, site):
    ids = pages[site / "docs" / "reference.html"].ids
    for name in multistyle.__all__:
        assert f"multistyle.{name}" in ids, name
