import numpy as np

from multistyle.images.resizing import resize
from multistyle.images.tiles import Window
from multistyle.inference.passes.enlargements import (
    BROAD,
    SETTLING_MARGIN,
    Enlargement,
    settle,
)


def test_an_enlargement_is_the_painting_with_the_fine_detail():
    ramp = np.linspace(0.3, 0.7, 64, dtype=np.float32)
    photograph = np.zeros((48, 64, 3), np.float32) + ramp[:, None]
    photograph[20] += 0.2  # A line, which the smaller picture half loses.
    reduced = resize(photograph, (24, 32))
    whole = Window.whole((48, 64))
    # What is painted as it is, is the photograph again.
    same = Enlargement(photograph, reduced, reduced.astype(np.float16))
    assert np.abs(whole.of(same) - photograph).max() < 1e-3
    # Another colour has the line and the ramp, too.
    darker = Enlargement(photograph, reduced, reduced - 0.25)
    expected = photograph - 0.25
    np.testing.assert_allclose(whole.of(darker), expected, atol=1e-5, rtol=0)
    # A flat painting has what the smaller photograph did not have: no ramp.
    flat = whole.of(Enlargement(photograph, reduced, 0 * reduced + 0.5))
    np.testing.assert_allclose(flat[:10, 3:-3], 0.5, atol=0.01)
    assert flat[20, 10:-10].min() > 0.55


def test_parts_of_an_enlargement_are_those_of_the_whole():
    random = np.random.default_rng(0)
    photograph = random.integers(0, 256, (97, 131, 3), np.uint8)
    reduced = resize(photograph, (41, 56))
    enlarged = Enlargement(photograph, reduced, random.random((41, 56, 3)))
    assert enlarged.shape == (97, 131, 3)
    whole = Window.whole((97, 131)).of(enlarged)
    for window in (Window(0, 9, 0, 131), Window(13, 97, 30, 77)):
        np.testing.assert_allclose(
            window.of(enlarged), window.of(whole), atol=1e-5, rtol=0
        )


def test_settling_takes_fine_strokes_and_leaves_broad_colours():
    image = np.full((120, 120, 3), 0.5, np.float32)
    columns = np.arange(120)
    fine = 0.1 * np.cos(np.pi * columns)[None, :, None]  # Two pixels a wave.
    broad = 0.1 * np.cos(2 * np.pi * columns / 120)[None, :, None]
    inside = (slice(12, -12), slice(12, -12))
    for strength in (0.5, 1.0):
        settled = settle(image, image + fine, strength, (0, 0))
        expected = (image + strength * fine)[inside]
        np.testing.assert_allclose(settled[inside], expected, atol=2e-3)
        settled = settle(image, image + broad, strength, (0, 0))
        np.testing.assert_allclose(settled[inside], 0.5, atol=3e-3)
    brighter = settle(image, image + np.float32(0.3), 1.0, (0, 0))
    np.testing.assert_allclose(brighter, image, atol=1e-6)
    np.testing.assert_array_equal(
        settle(image, image + fine, 0.0, (0, 0)), image
    )


def test_settled_parts_are_those_of_the_whole():
    random = np.random.default_rng(0)
    image, painted = random.random((2, 150, 143, 3), np.float32)
    whole = settle(image, painted, 0.9, (0, 0))
    assert SETTLING_MARGIN % 4 == 0 and SETTLING_MARGIN >= 5 * BROAD
    for window in (Window(40, 71, 44, 80), Window(100, 150, 100, 143)):
        around = window.grown(SETTLING_MARGIN, (150, 143))
        part = settle(
            around.of(image),
            around.of(painted),
            0.9,
            (around.top, around.left),
        )
        np.testing.assert_allclose(
            window.within(around).of(part), window.of(whole), atol=1e-5
        )
