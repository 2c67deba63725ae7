from fractions import Fraction

import pytest

from multistyle.errors import InputError
from multistyle.video.decoding.films import open_film, parse_fps


@pytest.mark.parametrize(
    ("fps", "rate"),
    [
        (24, Fraction(24)),
        ("25", Fraction(25)),
        ("24000/1001", Fraction(24000, 1001)),
        ("23.976", Fraction(24000, 1001)),
        ("23.98", Fraction(24000, 1001)),
        (29.97, Fraction(30000, 1001)),
        ("12.5", Fraction(25, 2)),
    ],
)
def test_frames_a_second(fps, rate):
    assert parse_fps(fps) == rate


@pytest.mark.parametrize("fps", ["soon", "0", "-24", "24/0", "2000", ""])
def test_what_is_no_rate(fps):
    with pytest.raises(InputError, match=f"`{fps}` is no --fps"):
        parse_fps(fps)


def test_a_film_has_a_rate_of_its_own(write_film):
    with pytest.raises(InputError, match="--fps is for numbered frames"):
        open_film(write_film(), fps=24, note=print)


def test_a_film_with_a_percent_sign_in_its_name(write_film):
    path = write_film("a_%d.mp4")
    assert open_film(path, note=print).num_frames == 12
