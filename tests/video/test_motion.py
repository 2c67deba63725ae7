import cv2
import numpy as np
import pytest

from multistyle.images.codecs.reading import read_image
from multistyle.images.resizing import resize_long_side
from multistyle.images.samples import sample_photographs
from multistyle.video.motion import MotionEstimator, deformation, warp


@pytest.fixture(scope="module")
def photograph():
    return resize_long_side(read_image(sample_photographs()[0]), 160)


@pytest.fixture(params=[False, True], ids=["thorough", "quick"])
def estimator(request):
    return MotionEstimator(is_quick=request.param)


def window(photograph, right, down, size=96):
    place = np.float32([[1, 0, 10 + right], [0, 1, 10 + down]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(photograph, place, (size, size), flags=flags)


def test_the_flow_leads_to_where_a_pixel_was(estimator, photograph):
    before, after = window(photograph, 0, 0), window(photograph, 2.3, -1.4)
    motion = estimator.estimate(before, after)
    # A window that goes to the right has a pixel further left than before.
    inner = motion.flow[12:-12, 12:-12]
    assert np.abs(np.median(inner, axis=(0, 1)) - (2.3, -1.4)).max() < 0.15
    moved = warp(before, motion.flow, is_smooth=True)
    left, stood = (
        np.abs(frame.astype(int) - after)[12:-12, 12:-12].mean()
        for frame in (moved, before)
    )
    assert left < 0.25 * stood
    assert not motion.is_cut
    assert motion.confidence[12:-12, 12:-12].mean() > 0.9


def test_what_comes_from_outside_is_not_trusted(estimator, photograph):
    motion = estimator.estimate(
        window(photograph, 0, 0), window(photograph, 6, 0)
    )
    assert motion.confidence[:, -4:].max() < 0.2
    assert motion.confidence[20:-20, 20:60].mean() > 0.9


def test_what_a_thing_uncovers_is_let_go(estimator, photograph):
    frames = []
    for place in (30, 42):
        frame = window(photograph, 0, 0)
        frame[30:60, place : place + 24] = (250, 20, 30)
        frames.append(frame)
    motion = estimator.estimate(*frames)
    assert motion.confidence[34:56, 32:40].mean() < 0.2
    assert motion.confidence[:20].mean() > 0.9
    assert not motion.is_cut


def test_noise_deforms_little(photograph):
    """All moves alike; with the smoothness of OpenCV it is 0.0076."""
    noise = np.random.default_rng(0)
    blurred = cv2.GaussianBlur(photograph, (0, 0), 3)
    frames = [
        (window(blurred, *place) + noise.normal(0, 3, (96, 96, 3)))
        .clip(0, 255)
        .astype(np.uint8)
        for place in ((0, 0), (4.3, -2.4))
    ]
    motion = MotionEstimator().estimate(*frames)
    assert deformation(motion.flow)[12:-12, 12:-12].mean() < 0.0065


@pytest.mark.parametrize(
    ("jacobian", "expected"),
    [
        ([[0, 0], [0, 0]], 0),
        # Grown by a fifth, turned by 12 degrees, and sheared.
        ([[0.2, 0], [0, 0.2]], 0.2 * np.sqrt(2)),
        (
            [
                [np.cos(np.pi / 15) - 1, -np.sin(np.pi / 15)],
                [np.sin(np.pi / 15), np.cos(np.pi / 15) - 1],
            ],
            np.sqrt(8) * np.sin(np.pi / 30),
        ),
        ([[0, 0.5], [0, 0]], 0.5),
    ],
)
def test_deformation(jacobian, expected):
    rows, columns = np.mgrid[:24, :32]
    places = np.stack([columns, rows], axis=2)
    flow = (places @ np.float32(jacobian).T + (3, -7)).astype(np.float32)
    found = deformation(flow)[4:-4, 4:-4]
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_noise_is_trusted(estimator, photograph):
    random = np.random.default_rng(0)
    frame = window(photograph, 0, 0)
    noisy = [
        np.rint(frame + random.normal(0, 2, frame.shape))
        .clip(0, 255)
        .astype(np.uint8)
        for _ in range(2)
    ]
    motion = estimator.estimate(*noisy)
    assert motion.confidence[2:-2, 2:-2].mean() > 0.85


def test_a_flat_place_stands_still_in_its_noise(estimator, photograph):
    random = np.random.default_rng(0)
    frames = []
    for number in range(2):
        frame = window(photograph, 3 * number, 0).astype(float)
        frame[:40] = 12
        noise = random.normal(0, 1.5, frame.shape)
        frames.append(np.rint(frame + noise).clip(0, 255).astype(np.uint8))
    motion = estimator.estimate(*frames)
    assert motion.confidence[:30].mean() > 0.85
    lost = ~motion.is_visible[:30]
    assert lost.mean() > 0.3
    assert np.abs(motion.flow[:30][lost]).mean() < 0.1
    # What can be followed is followed.
    assert np.median(motion.flow[60:90, 20:80, 0]) == pytest.approx(3, abs=0.2)


def test_black_noise_is_no_cut(estimator):
    random = np.random.default_rng(0)
    frames = [
        np.rint(8 + random.normal(0, 1.5, (96, 96, 3))).astype(np.uint8)
        for _ in range(2)
    ]
    motion = estimator.estimate(*frames)
    assert not motion.is_cut
    brighter = frames[1] + np.uint8(40)
    assert estimator.estimate(frames[0], brighter).is_cut


def test_a_cut_is_seen(estimator, photograph):
    other = read_image(sample_photographs()[2])
    motion = estimator.estimate(window(photograph, 0, 0), window(other, 0, 0))
    assert motion.is_cut


@pytest.mark.parametrize("size", [(8, 8), (9, 40), (13, 12)])
def test_small_frames_have_motion(estimator, size):
    frame = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    motion = estimator.estimate(frame, frame)
    assert motion.flow.shape == (*size, 2)
    assert motion.confidence.shape == size
    assert np.abs(motion.flow).max() < 0.1


def test_warp_fetches_from_where_the_flow_points():
    picture = np.arange(12, dtype=np.float32).reshape(3, 4)
    flow = np.zeros((3, 4, 2), np.float32)
    flow[..., 0] = 1
    expected = [[1, 2, 3, 3], [5, 6, 7, 7], [9, 10, 11, 11]]
    for is_smooth in (False, True):
        np.testing.assert_allclose(
            warp(picture, flow, is_smooth=is_smooth), expected, atol=1e-5
        )
