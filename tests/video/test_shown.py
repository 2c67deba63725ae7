import cv2
import numpy as np
import pytest

from multistyle.video.held_painting import ONE_MANNER, HeldPainting
from multistyle.video.motion import fit, fit_flow, motion_size, warp
from multistyle.video.shown import Shown


@pytest.mark.parametrize("size", [(9, 11), (64, 80), (200, 1280)])
def test_only_what_is_seen_is_fetched_and_nothing_is_missing(size):
    """Beside all layers laid one over the other, whole."""
    random = np.random.default_rng(0)
    rows, columns = motion_size(size)
    own, *paintings = random.random((4, *size, 3), np.float32)
    shown = Shown(
        own,
        HeldPainting.new(own, ONE_MANNER).look,
        wanted=ONE_MANNER,
        manner=ONE_MANNER,
    )
    layers = []
    expected = own
    for painting in paintings:
        held = HeldPainting.new(painting, ONE_MANNER)
        held.flow[:] = random.normal(size=2)
        share = np.float32(random.random((rows, columns)) > 0.98)
        share = cv2.blur(cv2.dilate(share, np.ones((5, 5), np.uint8)), (3, 3))
        layers.append((held, share.clip(0, 1)))
        moved = warp(painting, fit_flow(held.flow, size), is_smooth=True)
        expected = expected + (moved - expected) * fit(share, size)[..., None]
    picture = shown._replace(layers=tuple(layers)).picture()
    # OpenCV rounds places to 32nds of a pixel, a few of them otherwise in a
    # part than in the whole.
    differences = np.abs(picture - expected)
    assert np.mean(differences > 1e-5) < 1e-3 and differences.max() < 0.04
    assert np.abs(picture - own).max() > 0.1
