import numpy as np
import pytest

from multistyle.export.parity import (
    FLAT_COLORS,
    SIZES,
    Parity,
    ParityError,
    check_parity,
)
from multistyle.network.transform import TransformNetwork

SMALL = ((33, 47), (64, 64))


@pytest.fixture
def paint(small_network):
    """The network itself, as an export that is exact."""

    def paint(image, style_weights):
        inputs = {"image": image, "style_weights": style_weights}
        return np.array(small_network(inputs))

    return paint


def test_the_network_equals_itself(small_network, paint):
    agreement = check_parity(small_network, paint, sizes=SMALL)
    assert agreement.rows == [
        Parity(height, width, 0, 0) for height, width in SMALL
    ]
    assert [flat.color for flat in agreement.flat] == list(FLAT_COLORS)
    assert all(flat.largest == 0 for flat in agreement.flat)
    assert all(flat.deviation < 1e-5 for flat in agreement.flat)


def test_three_sizes_an_odd_one_and_a_large_one():
    assert SIZES == ((190, 253), (512, 512), (1024, 1024))


def test_one_style_is_compared_as_many_are():
    network = TransformNetwork(["one"], width_multiplier=0.25)

    def paint(image, style_weights):
        np.testing.assert_array_equal(style_weights, [[1]])
        inputs = {"image": image, "style_weights": style_weights}
        return np.array(network(inputs))

    assert len(check_parity(network, paint, sizes=SMALL).rows) == 2


def test_a_known_difference_is_measured(small_network, paint):
    def paint_top_row_brighter(image, style_weights):
        painted = paint(image, style_weights)
        painted[:, 0] += 0.002
        return painted

    (row,) = check_parity(
        small_network, paint_top_row_brighter, sizes=[(16, 9)]
    ).rows
    assert row.largest == pytest.approx(0.002, rel=1e-3)
    assert row.mean == pytest.approx(0.002 / 16, rel=1e-3)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            lambda painted: painted + 1.01 / 255,
            r"At 33 x 47 .* by up to 0\.004; allowed is 1/255\.",
        ),
        (
            lambda painted: np.where(painted > 0.5, np.nan, painted),
            r"At 33 x 47 .* by up to nan",
        ),
        (
            lambda painted: painted[:, :32],
            r"\(1, 33, 47, 3\)` as `\(1, 32, 47, 3\)",
        ),
    ],
)
def test_another_picture_fails(small_network, paint, spoil, message):
    def paint_otherwise(image, style_weights):
        return spoil(paint(image, style_weights))

    with pytest.raises(ParityError, match=message):
        check_parity(small_network, paint_otherwise, sizes=[(33, 47)])


def test_styles_in_another_order_fail(small_network, paint):
    def paint_swapped(image, style_weights):
        return paint(image, style_weights[:, ::-1])

    with pytest.raises(ParityError):
        check_parity(small_network, paint_swapped, sizes=[(32, 32)])


def is_flat(image):
    return np.ptp(image, axis=(1, 2)).max() == 0


def make_greener(painted):
    return painted + np.asarray([0, 0.03, 0])


def make_a_lattice(painted):
    lattice = np.indices(painted.shape[1:3]).sum(axis=0) % 2
    return painted + 0.02 * lattice[:, :, None]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (make_greener, r"has another colour .* by 0\.03"),
        (make_a_lattice, r"\(0, 0, 0\) is not flat in the export: .* 0\.01"),
        (lambda painted: painted * np.nan, "is not flat in the export: .* nan"),
    ],
)
def test_flat_pictures_are_compared_by_colour_and_by_deviation(
    small_network, paint, spoil, message
):
    def paint_flat_otherwise(image, style_weights):
        painted = paint(image, style_weights)
        return spoil(painted) if is_flat(image) else painted

    with pytest.raises(ParityError, match=message):
        check_parity(small_network, paint_flat_otherwise, sizes=SMALL)


def test_flat_pictures_may_differ_by_what_no_eye_sees(small_network, paint):
    def paint_flat_brighter(image, style_weights):
        painted = paint(image, style_weights)
        return painted + 0.01 if is_flat(image) else painted

    agreement = check_parity(small_network, paint_flat_brighter, sizes=SMALL)
    for flat in agreement.flat:
        assert flat.largest == pytest.approx(0.01, rel=1e-3)
