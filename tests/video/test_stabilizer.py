import itertools

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.video.motion import Motion, motion_size
from multistyle.video.stabilizer import Stabilizer, draw_order, frames_held

SIZE = (24, 32)


def stand_still(confidence=1.0, is_cut=False):
    flow = np.zeros((*SIZE, 2), np.float32)
    known = np.full(SIZE, confidence, np.float32)
    return Motion(flow, known > 0, known, is_cut)


@pytest.fixture
def paintings():
    random = np.random.default_rng(0)
    return [
        random.random((*SIZE, 3), np.float32).clip(0.1, 0.9) for _ in range(24)
    ]


def run(stabilizer, paintings, motion):
    return [
        stabilizer.stabilize(painting, motion if number else None)
        for number, painting in enumerate(paintings)
    ]


def change(frames):
    pairs = itertools.pairwise(frames)
    return np.mean([np.abs(b - a).mean() for a, b in pairs])


def test_0_shows_each_frames_own_painting(paintings):
    shown = run(Stabilizer(0), paintings, stand_still())
    for picture, painting in zip(shown, paintings, strict=True):
        assert picture is painting


def test_flicker_falls_by_the_frames_that_it_holds(paintings):
    flicker = change(paintings)
    for stability, hold in ((0.25, 2), (0.5, 4), (1, 9)):
        stabilizer = Stabilizer(stability)
        assert frames_held(stability) == hold
        shown = run(stabilizer, paintings, stand_still())
        assert change(shown[hold:]) == pytest.approx(flicker / hold, rel=0.25)
        # It does not blur: the contrast of one painting stays.
        assert np.std(shown[-3:]) > 0.93 * np.std(paintings[0])


def test_each_anchor_is_a_painting_of_the_film(paintings):
    stabilizer = Stabilizer(0.5)
    shown = run(stabilizer, paintings, stand_still())
    for number in range(4):
        np.testing.assert_allclose(shown[number], paintings[0], atol=1e-6)
    np.testing.assert_allclose(shown[7], paintings[4], atol=1e-6)
    np.testing.assert_allclose(shown[11], paintings[8], atol=1e-6)
    for number in (8, 9, 10):  # Patch by patch.
        assert np.abs(shown[number] - paintings[4]).mean() > 0.02
        assert np.abs(shown[number] - paintings[8]).mean() > 0.02


def test_a_cut_lets_all_go(paintings):
    stabilizer = Stabilizer(1)
    run(stabilizer, paintings[:6], stand_still())
    shown = stabilizer.stabilize(paintings[6], stand_still(is_cut=True))
    np.testing.assert_array_equal(shown, paintings[6])
    shown = stabilizer.stabilize(paintings[7], stand_still())
    np.testing.assert_allclose(shown, paintings[6], atol=1e-6)


def test_what_is_not_certain_is_painted_anew_and_held_from_then_on(paintings):
    stabilizer = Stabilizer(1)
    run(stabilizer, paintings[:3], stand_still())
    motion = stand_still()
    motion.confidence[:, :10] = 0
    shown = stabilizer.stabilize(paintings[3], motion)
    np.testing.assert_array_equal(shown[:, :10], paintings[3][:, :10])
    # Its edge, inside, is soft.
    np.testing.assert_allclose(shown[:, 12:], paintings[0][:, 12:], atol=1e-6)
    # What was let go once is not taken up again from before.
    shown = stabilizer.stabilize(paintings[4], stand_still())
    np.testing.assert_allclose(shown[:, :10], paintings[3][:, :10], atol=1e-6)


def test_what_was_shown_is_forgotten(paintings):
    """Also where no anchor ever fits: here it is never certain enough."""
    motion = stand_still(confidence=0.93)
    motion.confidence[:, 10:20] = 0.7
    early, late = Stabilizer(0.5), Stabilizer(0.5)
    for number in range(40):
        own = paintings[number % len(paintings)]
        shown = early.stabilize(own, motion if number else None)
        if number < 18:
            continue
        other = late.stabilize(
            own, motion if number > 18 else None, index=number
        )
        if number == 18:
            assert (other != shown).any()
        if number >= 32:
            np.testing.assert_array_equal(other, shown)


def test_what_is_never_certain_is_not_held(paintings):
    motion = stand_still(confidence=0.2)
    shown = run(Stabilizer(1), paintings, motion)
    np.testing.assert_array_equal(shown, paintings)


@pytest.mark.parametrize("speed", [0.4, 1, 4, 40])
def test_light_follows_the_frames_own_painting(paintings, speed):
    """However slowly it changes, and though each pixel is certain."""
    gains = np.maximum(1 - speed / 100 * np.arange(60), 0.1)
    own = [
        paintings[number % len(paintings)] * np.float32(gain)
        for number, gain in enumerate(gains)
    ]
    shown = run(Stabilizer(1), own, stand_still())
    for first, second in zip(own, shown, strict=True):
        assert abs(first.mean() - second.mean()) < 12 / 255
    # Where it stands still, paintings are held again.
    assert change(shown[-12:]) < 0.4 * change(own[-12:])


def test_what_would_be_deformed_is_not_held(paintings):
    """The right half is folded; the left one is held."""
    motion = stand_still()
    motion.flow[:, 16:, 0] = 3 * np.sin(np.arange(16))
    first, second = paintings[:2]
    stabilizer = Stabilizer(1)
    stabilizer.stabilize(first, None)
    shown = stabilizer.stabilize(second, motion)
    np.testing.assert_array_equal(shown[:, 18:], second[:, 18:])
    np.testing.assert_allclose(shown[:, :10], first[:, :10], atol=1e-6)


def test_what_has_vanished_is_not_held(paintings):
    """Though each pixel is certain, and the light is as before."""
    flat = np.full_like(paintings[0], paintings[0].mean(axis=(0, 1)))
    shown = run(Stabilizer(1), [*paintings[:4], flat], stand_still())
    np.testing.assert_allclose(shown[3], paintings[0], atol=0.01)
    np.testing.assert_array_equal(shown[4], flat)


def test_a_painting_moves_along(paintings):
    stabilizer = Stabilizer(1)
    stabilizer.stabilize(paintings[0], None)
    flow = np.zeros((*SIZE, 2), np.float32)
    flow[..., 0] = 2
    known = np.ones(SIZE, np.float32)
    for number in (1, 2):
        shown = stabilizer.stabilize(
            paintings[number], Motion(flow, known > 0, known, False)
        )
    np.testing.assert_allclose(shown[:, :-4], paintings[0][:, 4:], atol=1e-4)


def test_it_goes_on_from_its_state(paintings):
    first, second = Stabilizer(0.5), Stabilizer(0.5)
    run(first, paintings[:9], stand_still())
    second.restore(first.state())
    for painting in paintings[9:]:
        np.testing.assert_array_equal(
            first.stabilize(painting, stand_still()),
            second.stabilize(painting, stand_still()),
        )


def test_it_goes_on_from_what_version_0_1_kept(paintings):
    """Which knew nothing but anchors, and how old the last one was."""
    stabilizer = Stabilizer(0.5)
    run(stabilizer, paintings[:9], stand_still())
    kept = {
        name: array
        for name, array in stabilizer.state().items()
        if not name.startswith("shown_") and not name.endswith("_manner")
    }
    kept["age"] = kept.pop("index") % 4
    again = Stabilizer(0.5)
    again.restore(kept)
    manner = np.float32([[[0, 1, 0, 2]]])  # Of whatever is painted since.
    for painting in paintings[9:]:
        np.testing.assert_allclose(
            again.stabilize(painting, stand_still(), manner=manner),
            stabilizer.stabilize(painting, stand_still()),
            atol=1e-6,
        )


def test_anchors_follow_from_the_numbers_of_frames(paintings):
    """A part that is painted by itself soon shows what the whole shows."""
    whole, part = Stabilizer(0.5), Stabilizer(0.5)
    expected = run(whole, paintings, stand_still())
    for number in range(8, 24):
        motion = None if number == 8 else stand_still()
        shown = part.stabilize(paintings[number], motion, index=number)
        if number >= 15:
            np.testing.assert_allclose(shown, expected[number], atol=1e-6)


def test_stability_changes_from_frame_to_frame(paintings):
    stabilizer = Stabilizer(1)
    for number, painting in enumerate(paintings):
        stability = 0 if 4 <= number < 8 else None
        motion = stand_still() if number else None
        shown = stabilizer.stabilize(painting, motion, stability=stability)
        if 4 <= number <= 8:
            np.testing.assert_array_equal(shown, painting)
        elif number < 9:
            held = paintings[0 if number < 4 else 8]
            np.testing.assert_allclose(shown, held, atol=1e-6)


def two_styles(edge):
    """Returns a map of two styles, the second from a column on."""
    manner = np.zeros((*SIZE, 2), np.float32)
    manner[:, :edge, 0] = manner[:, edge:, 1] = 1
    return manner


def test_what_is_held_is_held_under_its_own_mask(paintings):
    """A mask that moves over a scene that stands still, and back."""
    stabilizer = Stabilizer(1)
    for number, edge in enumerate((16, 16, 20, 24, 16)):
        shown = stabilizer.stabilize(
            paintings[number],
            stand_still() if number else None,
            manner=two_styles(edge),
        )
        kept, new = paintings[0], paintings[number]
        if number in (2, 3):
            # Where the style is another now, the frame's own painting, or the
            # one since when it is.
            before = 16 if number == 2 else 20
            np.testing.assert_array_equal(
                shown[:, before:edge], new[:, before:edge]
            )
        np.testing.assert_allclose(shown[:, :16], kept[:, :16], atol=1e-6)
        np.testing.assert_allclose(shown[:, 24:], kept[:, 24:], atol=1e-6)
    # Back in its first style, it is what was first painted in that.
    np.testing.assert_allclose(shown, paintings[0], atol=1e-6)


def test_a_mask_that_moves_along_holds_all(paintings):
    stabilizer = Stabilizer(1)
    stabilizer.stabilize(paintings[0], None, manner=two_styles(16))
    flow = np.zeros((*SIZE, 2), np.float32)
    flow[..., 0] = 2
    known = np.ones(SIZE, np.float32)
    for number in (1, 2):
        shown = stabilizer.stabilize(
            paintings[number],
            Motion(flow, known > 0, known, False),
            manner=two_styles(16 - 2 * number),
        )
    np.testing.assert_allclose(shown[:, :-4], paintings[0][:, 4:], atol=1e-4)


def test_another_blend_everywhere_lets_all_go(paintings):
    """A little of another holds on, as where blends lead to each other."""
    one, other = np.eye(2, dtype=np.float32)[:, None, None]
    near = 0.8 * one + 0.2 * other
    stabilizer = Stabilizer(1)
    stabilizer.stabilize(paintings[0], None, manner=one)
    shown = stabilizer.stabilize(paintings[1], stand_still(), manner=near)
    np.testing.assert_allclose(shown, paintings[0], atol=1e-6)
    shown = stabilizer.stabilize(paintings[2], stand_still(), manner=other)
    np.testing.assert_array_equal(shown, paintings[2])


@pytest.mark.parametrize("stability", [-0.1, 1.1, float("nan")])
def test_a_number_out_of_its_range(stability):
    with pytest.raises(InputError, match="is a number from 0 to 1; got"):
        Stabilizer(stability)


def test_the_order_is_even_and_in_patches():
    order = draw_order(64, 80)
    np.testing.assert_array_equal(order, draw_order(64, 80))
    counts, _ = np.histogram(order, bins=4, range=(0, 1))
    assert set(counts) == {64 * 80 // 4}
    assert np.abs(np.diff(order, axis=1)).mean() < 0.05


def test_large_frames_move_by_the_motion_of_small_ones():
    """Which is sought at 640 pixels; here all moves 6 of 1,280 to the left."""
    size = motion_size((320, 1280))
    assert size == (160, 640) and motion_size((640, 360)) == (640, 360)
    rows, columns = np.mgrid[:320, :1280].astype(np.float32)
    first = 0.5 + 0.3 * np.sin(columns / 9 + rows / 15)
    second = 1 - first[::-1]
    pictures = [np.repeat(each[..., None], 3, 2) for each in (first, second)]
    known = np.ones(size, np.float32)
    flow = np.zeros((*size, 2), np.float32)
    flow[..., 0] = 3
    manner = np.zeros((*size, 2), np.float32)
    manner[:80, :, 0] = manner[80:, :, 1] = 1
    stabilizer = Stabilizer(1)
    stabilizer.stabilize(pictures[0], None, manner=manner)
    state = stabilizer.state()
    shown = stabilizer.stabilize(
        pictures[1], Motion(flow, known > 0, known, False), manner=manner
    )
    np.testing.assert_allclose(shown[:, :-12], pictures[0][:, 6:-6], atol=1e-3)
    # A film that was stopped when motion was sought in whole frames.
    for name in ("flow", "confidence", "manner"):
        for held in ("shown", "anchor_0"):
            whole = state[f"{held}_{name}"].repeat(2, 0).repeat(2, 1)
            state[f"{held}_{name}"] = whole
    again = Stabilizer(1)
    again.restore(state)
    np.testing.assert_array_equal(
        again.stabilize(
            pictures[1], Motion(flow, known > 0, known, False), manner=manner
        ),
        shown,
    )


def test_at_any_time_nearly_all_is_one_painting(paintings):
    """Of mixtures there are few: they have half the contrast."""
    black, white = np.zeros_like(paintings[0]), np.ones_like(paintings[0])
    near = [0.5 + 0.02 * (each - 0.5) for each in (black, white)]
    stabilizer = Stabilizer(1)
    shown = [
        stabilizer.stabilize(
            near[number % 18 >= 9], stand_still() if number else None
        )
        for number in range(36)
    ]
    for picture in shown:
        mixed = np.abs(picture - 0.5) < 0.009
        assert mixed.mean() < 0.12
    assert {picture.mean() > 0.5 for picture in shown} == {False, True}
