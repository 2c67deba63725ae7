"""What a colour transfer is measured on, and applies to."""

import numpy as np

from multistyle.images import color_transfer
from multistyle.images.color_transfer import ColorTransfer
from multistyle.images.colors import keep_colors


def random_picture(seed, size=(24, 32)):
    return np.random.default_rng(seed).random((*size, 3), np.float32)


def test_a_transfer_measured_once_applies_to_parts():
    photograph, stylized = random_picture(0), random_picture(1) ** 2
    whole = keep_colors(photograph, stylized, "histogram")
    transfer = ColorTransfer(stylized, photograph)
    for part in (slice(0, 9), slice(9, 24)):
        np.testing.assert_array_equal(
            keep_colors(
                photograph[part], stylized[part], "histogram", transfer=transfer
            ),
            whole[part],
        )


def test_what_does_not_count_is_not_measured():
    source, target = random_picture(0), random_picture(1) ** 2
    weights = np.zeros(source.shape[:2])
    weights[:, :16] = 1
    other = [image.copy() for image in (source, target)]
    for image in other:
        image[:, 16:] = (0, 1, 0)
    np.testing.assert_array_equal(
        ColorTransfer(*other, source_weights=weights, target_weights=weights)(
            source
        ),
        ColorTransfer(source[:, :16], target[:, :16])(source),
    )
    # A weight of 2 is as good as the pixel twice.
    weights[:, :16] = 2
    np.testing.assert_allclose(
        ColorTransfer(
            source, target, source_weights=weights, target_weights=weights
        )(source),
        ColorTransfer(source[:, :16], target[:, :16])(source),
        atol=1e-5,
    )


def test_where_nothing_counts_all_counts_alike():
    source, target = random_picture(0), random_picture(1) ** 2
    nothing = np.zeros(source.shape[:2])
    np.testing.assert_array_equal(
        ColorTransfer(
            source, target, source_weights=nothing, target_weights=nothing
        )(source),
        ColorTransfer(source, target)(source),
    )


def test_large_pictures_are_sampled(monkeypatch):
    source, target = random_picture(0, (99, 100)), random_picture(1, (99, 100))
    whole = ColorTransfer(source, target)(source)
    monkeypatch.setattr(color_transfer, "NUM_SAMPLES", 3000)
    sampled = ColorTransfer(source, target)(source)
    assert 0 < np.abs(sampled - whole).mean() < 0.03
