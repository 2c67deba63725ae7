import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.whole_numbers import check_whole_number


def test_whole_numbers_of_each_kind_are_ints():
    for value in (3, np.int64(3), np.uint8(3), np.array(3)):
        number = check_whole_number("seed", value, least=3)
        assert number == 3
        assert type(number) is int
    assert check_whole_number("seed", -(2**70)) == -(2**70)


@pytest.mark.parametrize(
    "value", [None, True, False, 1.0, np.float32(1), "1", b"1", [1]]
)
def test_what_is_none_is_refused(value):
    with pytest.raises(InputError) as error:
        check_whole_number("seed", value)
    assert str(error.value) == f"`seed` must be a whole number; got `{value}`."


def test_less_is_refused():
    with pytest.raises(InputError) as error:
        check_whole_number("seed", -1, least=0)
    assert str(error.value) == "`seed` must be at least 0; got `-1`."
