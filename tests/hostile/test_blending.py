"""What blending promises, for whatever weights."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from multistyle.blends.content_blends import DrawnBlends
from multistyle.blends.gradients import Gradient
from multistyle.blends.grids import grid_weights
from multistyle.blends.keyframes import Course, Keyframes
from multistyle.blends.masks import Mask
from multistyle.blends.paths import path_weights
from multistyle.blends.regions import BlendMasks, Masked, Region
from multistyle.blends.weights import normalize, one_hot, style_weights
from multistyle.images.tiles import Window
from multistyle.network.rows import mean_row

NAMES = ["a", "b", "c"]
EXACT = 1e-6
steady = settings(
    max_examples=80, derandomize=True, deadline=None, database=None
)
weight = st.floats(0, 1e6, allow_subnormal=False)
raw = (
    st.lists(weight, min_size=3, max_size=3)
    .filter(lambda values: max(values) > 1e-3)
    .map(np.array)
)
blend = raw.map(normalize)
side = st.integers(1, 12)


def close(first, second, tolerance=EXACT):
    np.testing.assert_allclose(first, second, atol=tolerance, rtol=0)


@steady
@given(raw, st.floats(1e-3, 1e3))
def test_only_the_ratio_of_weights_counts(values, factor):
    close(normalize(values), normalize(values * factor))


@steady
@given(blend)
def test_what_is_normalised_stays(weights):
    close(normalize(weights), weights)
    assert weights.min() >= 0
    close(weights.sum(), 1)


@steady
@given(raw, st.permutations(range(3)))
def test_the_order_in_which_styles_are_named_does_not_count(values, order):
    pairs = dict(zip(NAMES, values.tolist(), strict=True))
    turned = {NAMES[i]: pairs[NAMES[i]] for i in order}
    np.testing.assert_array_equal(
        style_weights(pairs, NAMES), style_weights(turned, NAMES)
    )


@steady
@given(blend)
def test_a_blend_is_the_weighted_sum_of_its_styles(weights):
    ones = np.stack([one_hot(name, NAMES) for name in NAMES])
    close(weights @ ones, weights)


@steady
@given(st.lists(blend, min_size=2, max_size=5), st.integers(0, 30))
def test_a_path_hits_its_stops_and_stays_between_them(stops, more):
    stops = np.stack(stops)
    frames = path_weights(stops, len(stops) + more)
    np.testing.assert_array_equal(frames[[0, -1]], stops[[0, -1]])
    for stop in stops:
        assert np.abs(frames - stop).max(axis=1).min() < EXACT
    close(frames.sum(axis=1), 1)
    assert (frames >= stops.min(axis=0) - EXACT).all()
    assert (frames <= stops.max(axis=0) + EXACT).all()
    # The way back is the same way.
    if (len(frames) - 1) % (len(stops) - 1) == 0:
        close(path_weights(stops[::-1], len(frames)), frames[::-1])


@steady
@given(
    st.lists(blend, min_size=4, max_size=4),
    st.integers(2, 6),
    st.integers(2, 6),
)
def test_a_grid_is_its_corners_and_what_lies_between(corners, columns, rows):
    corners = np.stack(corners)
    grid = grid_weights(corners, columns=columns, rows=rows)
    close(grid[[0, 0, -1, -1], [0, -1, 0, -1]], corners)
    close(grid.sum(axis=-1), 1)
    turned = grid_weights(corners[[0, 2, 1, 3]], columns=rows, rows=columns)
    close(turned, grid.swapaxes(0, 1))


@steady
@given(
    st.lists(blend, min_size=2, max_size=4),
    st.one_of(
        st.sampled_from(["horizontal", "vertical", "radial"]),
        st.floats(-1e6, 1e6),
    ),
    side,
    side,
    st.data(),
)
def test_a_window_of_a_gradient_is_what_the_whole_has_there(
    stops, direction, height, width, data
):
    gradient = Gradient(stops, direction).fit((height, width))
    whole = gradient.weights()
    close(whole.sum(axis=-1), 1)
    top = data.draw(st.integers(0, height - 1))
    left = data.draw(st.integers(0, width - 1))
    window = Window(top, height, left, width)
    close(gradient.weights(window), window.of(whole))


@steady
@given(
    st.lists(blend, min_size=2, max_size=3),
    st.data(),
    st.integers(2, 9),
    st.integers(2, 9),
)
def test_masks_share_each_pixel_among_their_blends(blends, data, height, width):
    masks = [Mask(data.draw(arrays(np.uint8, (height, width)))) for _ in blends]
    region = BlendMasks(list(zip(blends, masks, strict=True)))
    fitted = region.fit((height, width))
    weights = fitted.weights()
    close(weights.sum(axis=-1), 1, 1e-4)
    stacked = np.stack([mask.at() for mask in masks])
    strength = fitted.strength()
    close(strength, np.minimum(stacked.sum(axis=0), 1))
    assert (weights >= np.min(blends, axis=0) - 1e-4).all()
    assert (weights <= np.max(blends, axis=0) + 1e-4).all()
    # Where one of them is white and the others black, it alone is painted.
    for number, own in enumerate(blends):
        alone = (stacked[number] == 1) & (stacked.sum(axis=0) == 1)
        close(weights[alone], np.broadcast_to(own, weights[alone].shape), 1e-4)


@steady
@given(blend, st.floats(0, 1), side, side)
def test_strength_leaves_the_weights_alone(weights, strength, height, width):
    region = Masked(Region(weights), strength).fit((height, width))
    np.testing.assert_array_equal(region.weights()[0, 0], weights)
    close(region.strength(), strength)


@steady
@given(
    st.lists(
        st.tuples(st.integers(0, 1000), blend),
        min_size=1,
        max_size=5,
        unique_by=lambda key: key[0],
    ),
    st.sampled_from(["linear", "smooth", "hold"]),
    st.floats(-10, 1010),
)
def test_keyframes_hit_their_blends_and_stay_between_them(keys, ease, seconds):
    keys = sorted(keys, key=lambda key: key[0])
    times, blends = zip(*keys, strict=True)
    blends = np.stack(blends).astype(np.float64)
    course = Course(times, blends, [ease] * len(times))
    keyframes = Keyframes({"style_weights": course})
    for time, expected in zip(times, blends, strict=True):
        close(keyframes.at(time), expected)
    found = keyframes.at(seconds)
    close(found.sum(), 1)
    assert (found >= blends.min(axis=0) - EXACT).all()
    assert (found <= blends.max(axis=0) + EXACT).all()
    if seconds <= times[0]:
        close(found, blends[0])


@steady
@given(st.integers(), st.integers(1, 50), st.binary(min_size=32, max_size=32))
def test_a_drawn_blend_is_one_of_two_styles_and_the_same_again(
    seed, copy, content
):
    digest = content.hex()
    drawn = DrawnBlends(NAMES, copies=50, seed=seed).of(digest, copy)
    assert drawn == DrawnBlends(NAMES, copies=1, seed=seed).of(digest, copy)
    assert len(drawn) == 2 and min(drawn.values()) > 0
    assert sum(drawn.values()) == 1


@steady
@given(
    arrays(np.float32, (4, 6), elements=st.floats(-5, 5, width=32)),
    blend,
)
def test_a_blend_of_rows_lies_among_them(table, weights):
    """The mean row is the even blend, and a row's is itself."""
    rows = {"layer": (table[:3], table[:3] * 2)}
    gamma, beta = mean_row(rows)["layer"]
    close(gamma[0], np.full(3, 1 / 3, np.float32) @ table[:3], 1e-5)
    close(beta, 2 * gamma, 1e-5)
    mixed = weights @ table[:3]
    assert (mixed >= table[:3].min(axis=0) - 1e-4).all()
    assert (mixed <= table[:3].max(axis=0) + 1e-4).all()
