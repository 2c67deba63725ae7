import numpy as np
import pytest

from multistyle.blends.paths import parse_path, path_weights
from multistyle.errors import InputError

NAMES = ["starry_night", "great_wave", "the_scream", "udnie"]


@pytest.mark.parametrize(
    ("num_frames", "expected"),
    [
        (3, [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
        (
            5,
            [
                [1, 0, 0],
                [0.5, 0.5, 0],
                [0, 1, 0],
                [0, 0.5, 0.5],
                [0, 0, 1],
            ],
        ),
        # The longer leg comes first.
        (4, [[1, 0, 0], [0.5, 0.5, 0], [0, 1, 0], [0, 0, 1]]),
    ],
)
def test_path_known_answers(num_frames, expected):
    path = path_weights(np.eye(3), num_frames)
    assert path.dtype == np.float32
    assert path.tolist() == expected


@pytest.mark.parametrize("num_frames", [4, 7, 10, 23, 100])
def test_a_path_hits_every_stop_in_order(num_frames):
    path = path_weights(np.eye(4), num_frames)
    hits = [path.tolist().index(row) for row in np.eye(4).tolist()]
    assert hits == sorted(hits)
    assert hits[0] == 0
    assert hits[-1] == num_frames - 1
    legs = np.diff(hits)
    assert legs.max() - legs.min() <= 1
    np.testing.assert_allclose(path.sum(axis=-1), 1, atol=1e-6)


def test_a_path_has_four_frames_a_leg_and_may_return():
    stops = parse_path("udnie > great_wave>udnie", NAMES)
    path = path_weights(stops)
    assert len(path) == 9
    assert path[0].tolist() == path[8].tolist() == [0, 0, 0, 1]
    assert path[5].tolist() == [0, 0.75, 0, 0.25]


def test_a_path_with_fewer_frames_than_stops():
    with pytest.raises(InputError, match="got `3` stops and `2` frames"):
        path_weights(np.eye(3), 2)
    with pytest.raises(InputError, match="got `1` stops"):
        path_weights(np.eye(1), 5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("udnie", "two styles or more; got `udnie`"),
        ("udnie>", "There is no style ``"),
        ("udnie>great_wav", "mean `great_wave`"),
    ],
)
def test_errors_of_a_path(text, message):
    with pytest.raises(InputError, match=message):
        parse_path(text, NAMES)
