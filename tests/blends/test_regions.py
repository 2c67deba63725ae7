"""Known answers of masks and what they leave as it is."""

import numpy as np
import pytest

from multistyle.blends.gradients import Gradient
from multistyle.blends.masks import Mask
from multistyle.blends.regions import (
    BlendMasks,
    Masked,
    Region,
    StyleMasks,
    WeightMap,
)
from multistyle.errors import InputError
from multistyle.images.tiles import Window

STYLES = ["starry_night", "great_wave", "the_scream"]
STOPS = np.eye(3)


def test_one_blend_is_the_same_everywhere():
    region = Region([0.25, 0.75, 0]).fit((5, 9))
    np.testing.assert_array_equal(region.weights(), [[[0.25, 0.75, 0]]])
    np.testing.assert_array_equal(region.strength(), [[1]])
    assert region.options(STYLES) == {
        "style_weights": {"starry_night": 0.25, "great_wave": 0.75}
    }


def test_a_map_has_the_size_of_its_picture():
    region = WeightMap(np.ones((4, 6, 3), np.float32) / 3)
    assert region.fit((4, 6)).weights().shape == (4, 6, 3)
    with pytest.raises(InputError, match=r"`6 x 4` \(height.*got `4 x 6`"):
        region.fit((6, 4))


def make_masks(*rows):
    """Masks of one row each, as `StyleMasks` takes them."""
    return {
        name: Mask(np.array([row], np.float32))
        for name, row in zip(STYLES, rows, strict=False)
    }


def test_masks_are_normalised_where_they_overlap():
    region = StyleMasks(make_masks([1, 1, 0.5, 0], [0, 1, 1, 1]), STYLES).fit(
        (1, 4)
    )
    np.testing.assert_allclose(
        region.weights()[0],
        [[1, 0, 0], [1 / 2, 1 / 2, 0], [1 / 3, 2 / 3, 0], [0, 1, 0]],
        atol=1e-6,
    )
    np.testing.assert_array_equal(region.strength(), [[1, 1, 1, 1]])


def test_masks_leave_the_photograph_where_their_sum_is_below_1():
    region = StyleMasks(
        make_masks([1, 0.25, 0, 0.125], [0, 0.25, 0, 0.125]), STYLES
    ).fit((1, 4))
    np.testing.assert_allclose(region.strength(), [[1, 0.5, 0, 0.25]])
    weights = region.weights()[0]
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(weights[0], [1, 0, 0], atol=1e-6)


def test_where_nothing_is_painted_the_nearest_style_goes_on():
    left, right = np.zeros((2, 40, 300), np.float32)
    left[:, :30] = 1
    right[:, -30:] = 1
    region = StyleMasks(
        {"the_scream": Mask(left), "great_wave": Mask(right)}, STYLES
    ).fit((40, 300))
    weights = region.weights()
    np.testing.assert_allclose(weights[:, :30], [[[0, 0, 1]] * 30] * 40)
    np.testing.assert_allclose(weights[:, -30:], [[[0, 1, 0]] * 30] * 40)
    # A style goes on beyond its edge, so that none else bleeds over it.
    assert weights[:, 30:42, 2].min() > 0.9
    assert weights[:, -42:-30, 1].min() > 0.9
    assert (region.strength()[:, 30:-30] == 0).all()


def test_black_masks_paint_nothing():
    region = StyleMasks(make_masks([0] * 9, [0] * 9), STYLES).fit((1, 9))
    np.testing.assert_array_equal(region.strength(), np.zeros((1, 9)))
    np.testing.assert_allclose(region.weights(), [[[0.5, 0.5, 0]] * 9])


def test_masks_of_other_sizes_fit_and_say_so():
    notes = []
    masks = {
        "great_wave": Mask(np.ones((4, 4)), name="a.png", note=notes.append),
        "the_scream": Mask(np.ones((8, 8)), name="b.png", note=notes.append),
    }
    region = StyleMasks(masks, STYLES).fit((8, 8))
    np.testing.assert_allclose(region.weights()[3, 5], [0, 0.5, 0.5])
    (note,) = notes
    assert "`a.png` of 4 x 4 pixels is resized" in note


def test_masks_of_an_unknown_style():
    with pytest.raises(InputError, match="did you mean `great_wave`"):
        StyleMasks({"great_wav": Mask(np.ones((2, 2)))}, STYLES)


def test_strengths_multiply():
    mask = Mask(np.array([[0, 0.5, 1]]), name="m.png")
    inner = StyleMasks(make_masks([1, 1, 0.5], [0, 0, 0]), STYLES)
    region = Masked(Masked(inner, mask), 0.5).fit((1, 3))
    np.testing.assert_allclose(region.strength(), [[0, 0.25, 0.25]])
    assert region.weights().shape == (1, 3, 3)
    assert len(region.masks) == 3


def test_a_strength_that_is_none():
    with pytest.raises(InputError, match=r"from 0 to 1; got `1\.5`"):
        Masked(Region(STOPS[0]), 1.5)


def test_what_a_mask_holds_is_an_option():
    mask = Mask(np.array([[0, 0.5, 1]]), name="m.png")
    masked = Masked(Region(STOPS[1]), mask).options(STYLES)
    assert masked == {
        "style_weights": {"great_wave": 1},
        "mask": mask.fingerprint(),
    }
    masks = StyleMasks({"great_wave": mask, "the_scream": mask}, STYLES)
    assert masks.options(STYLES) == {
        "mask": dict.fromkeys(("great_wave", "the_scream"), mask.fingerprint())
    }


SIZE = (37, 53)
RANDOM = np.random.default_rng(0)
FIRST, SECOND = RANDOM.random((2, *SIZE), np.float32) / 2
SECOND[:20] = 0
FIRST[:12] = 0


@pytest.mark.parametrize(
    "region",
    [
        Region(STOPS[0]),
        WeightMap(RANDOM.random((*SIZE, 3), np.float32)),
        Gradient(STOPS, "horizontal"),
        Gradient(STOPS, "radial"),
        Gradient(STOPS, 30),
        StyleMasks(
            {"great_wave": Mask(FIRST), "the_scream": Mask(SECOND)}, STYLES
        ),
        Masked(Gradient(STOPS, "vertical"), Mask(FIRST[::2, ::2])),
    ],
    ids=lambda region: type(region).__name__,
)
def test_windows_are_parts_of_the_whole(region):
    region = region.fit(SIZE)
    whole = np.broadcast_to(region.weights(), (*SIZE, 3))
    strength = np.broadcast_to(region.strength(), SIZE)
    for window in (
        Window(0, 16, 0, 53),
        Window(16, 37, 7, 40),
        Window(36, 37, 52, 53),
    ):
        shape = window.size
        np.testing.assert_array_equal(
            np.broadcast_to(region.weights(window), (*shape, 3)),
            window.of(whole),
        )
        np.testing.assert_array_equal(
            np.broadcast_to(region.strength(window), shape), window.of(strength)
        )


def test_two_styles_side_by_side_are_each_its_own_far_from_the_border(
    small_network,
):
    """With the same moments, a style's part is that style's picture.

    The moments are those of the whole picture, in which both styles are, and
    so they are handed on; beyond what the layers after the first moments see,
    56 pixels, nothing of the other style is left.
    """
    photograph = RANDOM.random((1, 24, 256, 3), np.float32)
    left = np.zeros((24, 256), np.float32)
    left[:, :128] = 1
    region = StyleMasks(
        {"starry_night": Mask(left), "the_scream": Mask(1 - left)}, STYLES
    ).fit((24, 256))
    both, moments = small_network.measure(
        {"image": photograph, "style_weights": region.weights()[None]}
    )
    both = np.asarray(both)
    for style, far, near in (
        (0, slice(0, 72), slice(110, 128)),
        (2, slice(184, 256), slice(128, 146)),
    ):
        alone, _ = small_network.measure(
            {"image": photograph, "style_weights": STOPS[None, style]},
            moments,
        )
        difference = np.abs(both - np.asarray(alone))[0].max(axis=(0, 2))
        assert difference[far].max() < 1e-5
        assert difference[near].max() > 1e-2


def test_each_mask_may_have_a_blend():
    blend = np.float32([0.5, 0.5, 0])
    other = np.float32([0, 0, 1])
    masks = [Mask(np.float32([[1, 0, 0.5]])), Mask(np.float32([[0, 1, 0.5]]))]
    region = BlendMasks(list(zip((blend, other), masks, strict=True))).fit(
        (1, 3)
    )
    np.testing.assert_allclose(
        region.weights()[0],
        [blend, other, (blend + other) / 2],
        atol=1e-6,
    )
    assert region.masks == masks
    first, second = region.options(STYLES)["mask"]
    assert list(first["style_weights"].values()) == [0.5, 0.5]
    assert list(second["style_weights"].values()) == [1]
