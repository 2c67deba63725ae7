import pytest

from multistyle.choices import check_choice
from multistyle.errors import InputError


def test_what_is_allowed_passes():
    for value in ("a", "b", None):
        check_choice("way", value, ("a", "b", None))
    check_choice("way", "b", {"a": 1, "b": 2})


@pytest.mark.parametrize("value", ["c", "A", "", 0, None, ["a"], {"a": 1}])
def test_anything_else_is_told_what_is_allowed(value):
    with pytest.raises(InputError) as error:
        check_choice("way", value, {"a": 1, "b": 2})
    assert str(error.value) == f"`way` is one of a, b; got `{value}`."


def test_a_default_is_no_name():
    with pytest.raises(InputError, match="`thaw` is one of last; got `x`"):
        check_choice("thaw", "x", (None, "last"))
