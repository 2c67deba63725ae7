import base64
import io
import json
import re
from html.parser import HTMLParser

import pytest
from PIL import Image

from multistyle.errors import InputError
from multistyle.evaluation.report import appendix, sections
from multistyle.evaluation.report.document import (
    check_folder,
    render,
    write_report,
)

# What makes a browser ask for something; a link to a place in the page is
# `href="#..."`.
ADDRESSES = {
    "action",
    "background",
    "cite",
    "data",
    "formaction",
    "href",
    "manifest",
    "ping",
    "poster",
    "src",
    "srcdoc",
    "srcset",
    "xlink:href",
}
ASKING_TAGS = {"link", "iframe", "object", "embed", "base", "form", "use"}
ASKING_STYLES = ("url(", "@import", "image-set(", "src(", "expression(")
ASKING_SCRIPTS = (
    "fetch",
    "XMLHttpRequest",
    "WebSocket",
    "EventSource",
    "sendBeacon",
    "import",
    "Worker",
    "location",
    "open(",
    "createElement",
    "innerHTML",
)
VOID = {"meta", "img", "br"}


class Page(HTMLParser):
    """Collects what may ask for something, and checks that tags match."""

    def __init__(self, content):
        super().__init__()
        self.requests, self.styles, self.scripts = [], [], []
        self.pictures, self.text, self.policy = [], "", None
        self._open = []
        self.feed(content)
        assert self._open == []

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self._open.append(tag)
        if tag in ASKING_TAGS:
            self.requests.append(tag)
        attributes = dict(attributes)
        if attributes.get("http-equiv") == "Content-Security-Policy":
            self.policy = attributes["content"]
        elif "http-equiv" in attributes:
            self.requests.append(attributes["http-equiv"])
        for name, value in attributes.items():
            if name.startswith("on"):
                self.scripts.append(value)
            elif name == "style":
                self.styles.append(value)
            elif name in ADDRESSES:
                if tag == "img" and value.startswith("data:image/jpeg;base64,"):
                    self.pictures.append(value.partition(",")[2])
                elif not value.startswith("#"):
                    self.requests.append(value)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        inside = self._open[-1] if self._open else None
        {"style": self.styles, "script": self.scripts}.get(inside, []).append(
            data
        )
        if inside not in ("style", "script"):
            self.text += data


@pytest.fixture(scope="module")
def page(evaluated):
    record, album, _ = evaluated
    return Page(render(record, album))


def test_the_page_asks_for_nothing(page):
    assert page.requests == []
    for style in page.styles:
        assert not any(word in style.lower() for word in ASKING_STYLES)
    for script in page.scripts:
        assert not any(word in script for word in ASKING_SCRIPTS)
        # Nothing that is assigned comes from elsewhere than a picture.
        sources = re.findall(r"\.(?:src|href) = (.*);", script)
        assert sources == ["small.src"]
    assert "default-src 'none'" in page.policy
    assert "http" not in page.text


def test_its_pictures_are_whole(page):
    # One sheet; two paintings; for each of two styles the three photographs,
    # their pastiches, and for two of them those by both references.
    assert len(page.pictures) == 1 + 2 + 2 * (3 + 3 + 2 * 2)
    for data in page.pictures:
        with Image.open(io.BytesIO(base64.b64decode(data))) as image:
            image.load()
            assert image.format == "JPEG"


def test_it_says_what_was_judged_and_what_is_missing(page):
    for text in (
        "Evaluation of a <model>",
        "3 styles on 3 photographs, judged by pocket",
        "`<i>x.jpg` is empty.",
        "Without a painting, and so without a style loss: the_scream.",
        "<b>cat & dog.png",
        "This network over gatys:1",
        "worst 1: total",
        "ways have such a step",
    ):
        assert text in page.text


def test_one_style_on_one_photograph(evaluated):
    record, _, _ = evaluated
    one = {key: record[key][:1] for key in ("styles", "photographs")}
    assert "1 style on 1 photograph, judged by" in sections.head(
        {**record, **one}
    )


def test_without_paintings_it_says_so(evaluated):
    record, album, _ = evaluated
    styles = record["styles"]
    figures = record["figures"]
    bare = {
        **record,
        "without_painting": styles,
        "figures": {
            "styles": {
                style: {"content": figures["styles"][style]["content"]}
                for style in styles
            },
            "mean": {"content": figures["mean"]["content"]},
        },
        "zero_lines": {},
        "references": {"photographs": [], "figures": {}, "ratios": {}},
        "extremes": {},
        "blends": {"photographs": [], "paths": []},
        "artefacts": {**record["artefacts"], "paintings": {}},
    }
    page = Page(render(bare, album))
    assert "No paintings were given" in page.text
    for text in ("total:", "Best and worst", "Blends", "its painting"):
        assert text not in page.text
    assert "Artefacts" in page.text


def test_many_styles_have_no_table_of_all_distances(evaluated, monkeypatch):
    record, album, _ = evaluated
    assert "All distances\n" in render(record, album).replace("<", "\n")
    monkeypatch.setattr(appendix, "MOST_DISTANCES", 2)
    page = Page(render(record, album))
    assert "All distances stand in report.json." in page.text
    assert record["diversity"]["nearest"]["the_scream"]["style"] in page.text


def test_both_files_are_written_and_kept(evaluated, tmp_path):
    record, album, _ = evaluated
    check_folder(tmp_path / "new")
    paths = write_report(tmp_path / "new", record, album)
    assert [path.name for path in paths] == ["report.json", "report.html"]
    assert json.loads(paths[0].read_text("utf-8")) == record
    assert paths[1].read_text("utf-8") == render(record, album)
    with pytest.raises(InputError, match=r"report\.json` exists already"):
        check_folder(tmp_path / "new")
    check_folder(tmp_path / "new", overwrite=True)
    paths[0].unlink()
    with pytest.raises(InputError, match=r"report\.html` exists already"):
        check_folder(tmp_path / "new")
