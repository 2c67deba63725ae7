import re

import pytest

from multistyle.evaluation.report.markup import (
    Entry,
    bullets,
    page,
    paragraph,
    picture,
    table,
)

HOSTILE = "<script>alert(\"x\" + 'y')</script> & co"
ESCAPED = (
    "&lt;script&gt;alert(&quot;x&quot; + &#x27;y&#x27;)&lt;/script&gt; &amp; co"
)


@pytest.mark.parametrize(
    "make",
    [
        paragraph,
        lambda text: bullets([text]),
        lambda text: table([text], [["1"]]),
        lambda text: table(["x"], [[text]]),
        lambda text: table(["x"], [[Entry(text)]]),
        lambda text: table(["x"], [[Entry("1", below=text)]]),
        lambda text: table(["x"], [[Entry(text, is_high=True)]]),
        lambda text: picture(b"jpeg", text),
        lambda text: page(text, []),
        lambda text: page("title", [(text, "")]),
    ],
)
def test_text_is_escaped(make):
    content = make(HOSTILE)
    assert ESCAPED in content
    assert HOSTILE not in content


def test_sections_are_listed_and_linked():
    content = page("A", [(None, "<p>head</p>"), ("One", "1"), ("Two", "2")])
    links = dict(re.findall(r'<a href="#(\w+)">(\w+)</a>', content))
    assert list(links.values()) == ["One", "Two"]
    for place, heading in links.items():
        assert f'<section id="{place}"><h2>{heading}</h2>' in content


def test_sums_are_the_last_rows():
    content = table(["x"], [["1"], ["2"], ["3"]], num_sums=1)
    assert content.count("<tr class=sum>") == 1
    assert "<tr class=sum><td>3</td></tr>" in content


def test_an_entry_can_stand_out():
    assert Entry("1").html == "<td>1</td>"
    assert "high" in Entry("1", is_high=True).html
    assert "25%" in Entry("1", shade=0.25).html


def test_a_picture_is_in_the_page():
    assert 'src="data:image/jpeg;base64,anBlZw=="' in picture(b"jpeg", "x")
