import pytest

from multistyle.errors import InputError
from multistyle.export import formats
from multistyle.export.formats import FORMATS, Format, find_format


@pytest.fixture
def brush(monkeypatch):
    """A format of its own, whose demands are all of them."""
    format = Format(
        noun="a brush",
        mark="brush.bin",
        summary="for tests",
        module="saved_model",
        packages=("no_such_package",),
        extra="brushes",
        bakes="must",
        stores=("float16",),
    )
    monkeypatch.setitem(FORMATS, "brush", format)
    return format


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({}, "holds one blend: name it by --bake"),
        ({"baked": True, "store": "float32"}, "float16; got `float32`"),
        ({"baked": True, "sized": True}, "leave --size away"),
        (
            {"baked": True},
            r'needs `no_such_package`: `pip install "multistyle\[brushes\]"`',
        ),
    ],
)
def test_what_a_format_cannot_is_said(brush, asked, message):
    with pytest.raises(InputError, match=message):
        find_format("brush", **asked)


def test_a_format_that_holds_all_styles_bakes_none(brush, monkeypatch):
    monkeypatch.setitem(FORMATS, "brush", brush._replace(bakes="never"))
    with pytest.raises(InputError, match="leave --bake away"):
        find_format("brush", baked=True)


def test_a_format_that_can_is_found(brush, monkeypatch):
    able = brush._replace(packages=("numpy",), sized=True)
    monkeypatch.setitem(formats.FORMATS, "brush", able)
    assert find_format("brush", baked=True, store="float16", sized=True) is able
