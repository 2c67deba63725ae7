import pytest

from multistyle.server.fields import Fields


def test_fields_are_what_they_say():
    fields = Fields({"a": "x", "b": 2, "c": {"d": 1}, "e": [1, 2], "f": None})
    assert fields.text("a") == "x" and fields.text("f", "y") == "y"
    assert fields.choice("a", ("x", "z")) == "x"
    assert fields.number("b", 0, 3, 1) == 2 and fields.number("g", 0, 3, 1) == 1
    assert fields.whole("b", 0, 3, 1) == 2
    assert Fields({"h": True}).flag("h") and not fields.flag("f")
    assert fields.optional_whole("f", 0, 3) is None
    assert fields.inner("c").get("d") == 1 and fields.inner("f") is None
    assert fields.items("e", 2, 2) == [1, 2] and fields.items("f", 0, 2) == []
    fields.check_all_known()


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda f: f.text("n"), "`n` is text of at most 200 letters"),
        (lambda f: f.text("long"), "`long` is text"),
        (lambda f: f.choice("t", ("a", "b")), "`t` is one of a, b; got `x`"),
        (lambda f: f.number("t", 0, 1, 0), "`t` is a number from 0 to 1"),
        (lambda f: f.number("n", 0, 1, 0), "`n` is a number from 0 to 1"),
        (lambda f: f.number("nan", 0, 1, 0), "`nan` is a number"),
        (lambda f: f.number("yes", 0, 1, 0), "`yes` is a number"),
        (lambda f: f.number("no", 0, 1, 0), "`no` is a number"),
        (lambda f: f.whole("half", 0, 1, 0), "`half` is a whole number"),
        (lambda f: f.flag("n"), "`n` is true or false"),
        (lambda f: f.inner("n"), "The `n` is a JSON object"),
        (lambda f: f.items("n", 2, 2), "`n` is a list of 2"),
        (lambda f: f.items("none", 1, 3), "`none` is a list of 1 to 3"),
        (lambda f: f.check_all_known(), "has no `n`; it may have"),
    ],
)
def test_what_is_wrong_is_named(ask, sentence):
    fields = Fields(
        {
            "n": 7,
            "t": "x",
            "long": "x" * 201,
            "nan": float("nan"),
            "yes": True,
            "no": False,
            "half": 0.5,
        }
    )
    with pytest.raises(ValueError, match=sentence):
        ask(fields)


def test_a_list_is_no_request():
    with pytest.raises(ValueError, match="The request is a JSON object"):
        Fields([])
