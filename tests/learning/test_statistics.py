import numpy as np
import pytest

from multistyle.learning.statistics import (
    COLOR_STEPS,
    LONGEST,
    READING_SIZE,
    color_table,
    fit_painting,
    painting_statistics,
)


def noise(seed, size=(READING_SIZE, 400)):
    return np.random.default_rng(seed).integers(
        0, 256, (*size, 3), dtype=np.uint8
    )


@pytest.mark.parametrize(
    "color, place",
    [([0, 0, 0], (0, 0, 0)), ([1, 0, 1], (5, 0, 5)), ([0.4, 1, 0], (2, 5, 0))],
)
def test_a_color_on_the_table_has_its_place(color, place):
    image = np.full((3, 5, 3), color, np.float32)
    wanted = np.zeros((COLOR_STEPS,) * 3)
    wanted[place] = 1
    np.testing.assert_allclose(color_table(image), wanted, atol=1e-6)


def test_a_color_between_two_is_shared():
    table = color_table(np.full((2, 2, 3), [0.1, 0, 0], np.float32))
    assert table[0, 0, 0] == pytest.approx(0.5)
    assert table[1, 0, 0] == pytest.approx(0.5)
    assert table.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    "size, wanted",
    [
        ((768, 1000), (READING_SIZE, 500)),
        ((100, 50), (768, READING_SIZE)),
        ((100, 10_000), (10, LONGEST)),
        ((3, 3), (READING_SIZE, READING_SIZE)),
    ],
)
def test_the_size_that_is_read(size, wanted):
    assert fit_painting(noise(0, size)).shape == (*wanted, 3)


def test_two_works_are_read_as_both_side_by_side():
    """Where the features do not mix at the seam: in the table of colours."""
    one, two = noise(0), noise(1)
    both = painting_statistics([one, two])
    each = [painting_statistics([work]) for work in (one, two)]
    for part, first, second in zip(both, *each, strict=True):
        np.testing.assert_allclose(part, (first + second) / 2)


def test_the_numbers_are_means_deviations_and_roots():
    statistics = painting_statistics([noise(2)])
    numbers = statistics.numbers()
    channels = len(statistics.means)
    assert numbers.dtype == np.float32
    assert numbers.shape == (2 * channels + COLOR_STEPS**3,)
    deviations = numbers[channels : 2 * channels]
    np.testing.assert_allclose(
        deviations**2 + numbers[:channels] ** 2, statistics.powers, rtol=1e-4
    )
    np.testing.assert_allclose(np.sum(numbers[2 * channels :] ** 2), 1, 1e-5)
