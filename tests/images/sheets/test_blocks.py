import numpy as np
import pytest

from multistyle.images.sheets.blocks import blocks
from multistyle.images.sheets.sheet import sheet


def picture(shade):
    """A colour that no letter has."""
    return np.full((40, 60, 3), (shade, 0, 255), np.uint8)


def make(num_rows):
    """Blocks under one picture of 200; row n is of 2 n."""
    return blocks(
        [picture(200)],
        [[picture(2 * n)] for n in range(num_rows)],
        header_title="header",
        row_titles=[f"row {n}" for n in range(num_rows)],
        cell_size=60,
    )


def columns_of(page, shade):
    """Left edges of all pictures of a shade."""
    found = (page == (shade, 0, 255)).all(axis=2).sum(axis=0) >= 40
    return np.flatnonzero(np.diff(found.astype(int), prepend=0) == 1)


def test_few_rows_are_a_plain_sheet():
    expected = sheet(
        [[picture(200)], [picture(0)], [picture(2)]],
        row_titles=["header", "row 0", "row 1"],
        cell_size=60,
    )
    np.testing.assert_array_equal(make(2), expected)


@pytest.mark.parametrize(
    ("num_rows", "num_blocks", "last_of_first"), [(24, 1, 23), (25, 2, 12)]
)
def test_many_rows_go_on_beside(num_rows, num_blocks, last_of_first):
    page = make(num_rows)
    headers = columns_of(page, 200)
    assert len(headers) == num_blocks
    assert [*columns_of(page, 2 * last_of_first)] == [*headers[:1]]
    for shade in range(2 * last_of_first + 2, 2 * num_rows, 2):
        assert [*columns_of(page, shade)] == [*headers[1:]]
    assert page.shape[0] < (last_of_first + 3) * 70
