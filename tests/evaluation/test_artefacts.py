import numpy as np
import pytest

from multistyle.evaluation.artefacts import (
    FLAT_COLORS,
    border_contrast,
    dots,
    flat_regions,
    flatness,
    measure,
    saturated_share,
)

# What photographs have.
ORDINARY = {
    "lattice_2": 1.5,
    "lattice_4": 1.5,
    "weave": 3,
    "dots": 2,
    "border": 1,
    "saturated": 0.01,
}
HEIGHT, WIDTH = 144, 192
Y, X = np.mgrid[:HEIGHT, :WIDTH]


@pytest.fixture
def clean():
    """Noise whose power falls with frequency as that of photographs does."""
    random = np.random.default_rng(0)
    frequency = np.hypot(
        np.fft.fftfreq(HEIGHT)[:, None], np.fft.rfftfreq(WIDTH)[None]
    )
    amplitude = np.maximum(frequency, 1 / WIDTH) ** -1.5
    noise = np.fft.rfft2(random.normal(size=(3, HEIGHT, WIDTH)))
    planes = np.fft.irfft2(noise * amplitude, (HEIGHT, WIDTH))
    planes *= 0.1 / planes.std(axis=(1, 2), keepdims=True)
    return np.moveaxis(0.5 + planes, 0, 2).clip(0.05, 0.95)


def paint_dots(image):
    """Dots of up to 2 x 2 px, one in each square of 16 px."""
    random = np.random.default_rng(1)
    for y in range(8, HEIGHT - 16, 16):
        for x in range(8, WIDTH - 16, 16):
            row, column = y + random.integers(12), x + random.integers(12)
            height, width = random.integers(1, 3, 2)
            image[row : row + height, column : column + width, 0] += 0.25


def paint_line(image):
    """A line of 2 px along two sides, a little inside."""
    image[1:3] = image[:, 1:3] = 0.7


def paint_lattice(image):
    image += 0.01 * np.cos(np.pi / 2 * X)[..., None]


def paint_checkerboard(image):
    image += 0.01 * ((-1.0) ** (X + Y))[..., None]


def paint_stripes(image):
    image += 0.015 * np.cos(2 * np.pi * (X + Y) / 10.6)[..., None]


def paint_clipped(image):
    """A highlight."""
    image += 1.5 * np.exp(-((X - 90) ** 2 + (Y - 60) ** 2) / 800)[..., None]


@pytest.mark.parametrize(
    ("paint", "raised"),
    [
        (paint_dots, {"dots"}),
        (paint_line, {"border"}),
        (paint_lattice, {"lattice_4"}),
        (paint_checkerboard, {"lattice_2"}),
        (paint_stripes, {"weave"}),
        (paint_clipped, {"saturated"}),
    ],
)
def test_an_artefact_raises_its_own_figure_alone(clean, paint, raised):
    before = measure(clean)
    paint(clean)
    after = measure(clean.clip(0, 1))
    grown = {
        name
        for name, scale in ORDINARY.items()
        if after[name] > 2 * max(before[name], scale)
    }
    assert grown == raised


def test_a_clean_picture_has_none(clean):
    measured = measure(clean)
    assert set(measured) == set(ORDINARY)
    for name, value in measured.items():
        assert value < 1.5 * ORDINARY[name]


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("channel", [0, 1, 2])
def test_dots_of_any_colour_are_counted(sign, channel):
    image = np.full((100, 100, 3), 0.5)
    image[20:23, 20:23, channel] += sign * 0.2
    image[50, 70, channel] += sign * 0.2
    image[70:74, 30, channel] += sign * 0.2
    assert dots(image) == 3


def test_lines_blots_and_faint_dots_are_no_dots():
    image = np.full((100, 100, 3), 0.5)
    image[10] = 0.8
    image[np.arange(60), np.arange(60)] = 0.8
    image[70:80, 70:80] -= 0.3
    image[30, 80] += 0.09
    assert dots(image) == 0


def test_dots_are_counted_where_the_photograph_is_flat():
    random = np.random.default_rng(0)
    photograph = np.full((100, 100, 3), 0.5)
    photograph[:, 50:] = random.random((100, 50, 3))
    image = np.full((100, 100, 3), 0.5)
    image[30, 20] = image[60, 80] = 1
    area = flat_regions(photograph).sum()
    assert 4500 <= area <= 5000
    assert dots(image) == 2
    assert dots(image, photograph) == pytest.approx(1e4 / area)
    assert dots(image, random.random((100, 100, 3))) == 0


def test_border_contrast_of_a_frame_is_the_quotient_of_steps():
    image = np.full((128, 128, 3), 0.5)
    assert border_contrast(image) == pytest.approx(1)
    image[:4] = 0.6
    # One side of four steps by 0.1, or 0.1 sqrt(3) over three channels, and
    # its ends by the same in two segments of the sides next to it.
    outer = 0.1 * 3**0.5 / 4
    assert border_contrast(image) > outer / 0.001 * 0.9


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, 1), (1, 1), (2, 0), (128, 0), (253, 0), (254, 1), (255, 1)],
)
def test_saturated_share_counts_the_last_two_steps(value, expected):
    image = np.full((10, 10, 3), 100 / 255, np.float32)
    image[:5, :, 1] = np.float32(value) / 255
    assert saturated_share(image) == expected / 2


def test_flatness_of_what_paints_nothing():
    measured = flatness(lambda image: image)
    assert set(measured) == {
        color + suffix for color in FLAT_COLORS for suffix in ("", "_noise")
    }
    for name, flat in measured.items():
        # Half a step of 8 bits, from the noise itself.
        noise = 0.5 / 255 if name.endswith("_noise") else 0
        assert flat.deviation == pytest.approx(noise, abs=1e-5)
        assert flat.lattice < 3


def test_flatness_sees_a_lattice_inside_and_not_the_border():
    def framed(image):
        image = image.copy()
        image[:8] = 1 - image[:8]
        return image

    def latticed(image):
        rows = np.cos(np.pi / 2 * np.arange(len(image)))
        return 0.9 * image + 0.01 * rows[:, None, None]

    assert flatness(framed)["grey"].deviation == 0
    grey = flatness(latticed)["grey"]
    assert grey.deviation == pytest.approx(0.01 * 0.5**0.5, rel=1e-3)
    assert grey.lattice > 100


def test_small_pictures_are_measured(clean):
    assert set(measure(clean[:48, :64])) == set(measure(clean))
