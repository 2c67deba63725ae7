import types

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.video.decoding.films import open_film
from multistyle.video.film_painter import FilmPainter
from multistyle.video.parts import previews
from multistyle.video.parts.clocks import film_clock
from multistyle.video.parts.previews import (
    Estimate,
    estimate_time,
    paint_sheet,
)
from multistyle.video.parts.spans import Span

pytest.importorskip("av")


@pytest.fixture
def film(write_film, scene):
    """The frames are of one grey each, ten levels apart."""
    frames = [np.full((32, 48, 3), 10 * n, np.uint8) for n in range(24)]
    return open_film(write_film("film.mkv", frames, "ffv1", "bgr0"), note=print)


@pytest.fixture
def painter(negative):
    return FilmPainter(negative, lambda _: np.ones(1, np.float32))


def test_a_sheet_shows_eight_frames_over_the_film(film, painter):
    sheet = paint_sheet(film, Span(), painter)
    # In the middle of each eighth: 1.5, 4.5, 7.5, ... of 24.
    expected = [255 - 10 * number for number in (1, 4, 7, 10, 13, 16, 19, 22)]
    grey = (sheet == sheet[..., :1]).all(axis=2)
    found = [
        value
        for value in expected
        if ((sheet[..., 0] == value) & grey).sum() > 32 * 40
    ]
    assert found == expected
    # In two rows of four, from left to right.
    middles = [
        [np.median(place) for place in np.nonzero(sheet[..., 0] == value)]
        for value in expected
    ]
    rows, columns = np.round(middles).T.reshape(2, 2, 4)
    # Text has some of these greys, too.
    assert np.abs(np.diff(rows, axis=1)).max() <= 2
    assert rows[0, 0] < rows[1, 0] - 32 and (np.diff(columns) > 48).all()
    assert np.abs(columns[0] - columns[1]).max() <= 2


def test_a_sheet_of_a_part(film, painter):
    span = Span.read(film, film_clock(film), "4f", "7f")
    sheet = paint_sheet(film, span, painter)
    for number in range(1, 24):  # The page is white.
        count = (sheet == 255 - 10 * number).all(axis=2).sum()
        assert (count >= 32 * 48) == (4 <= number < 7), number


def test_a_film_of_no_known_length(film, painter):
    film.num_frames = None
    with pytest.raises(
        InputError, match="does not say how long it is: a sheet"
    ):
        paint_sheet(film, Span(), painter)


def test_a_part_without_a_frame(film, painter):
    span = Span.read(film, film_clock(film), "24f")
    for look in (paint_sheet, estimate_time):
        with pytest.raises(InputError, match="There is no frame from 0.96 s"):
            look(film, span, painter)


def test_the_time_is_that_of_a_measured_second(film, painter, monkeypatch):
    """Of frames that take a quarter of a second, by a clock of our own."""
    clock = iter(np.arange(0, 100, 0.25))
    own = types.SimpleNamespace(monotonic=lambda: next(clock))
    monkeypatch.setattr(previews, "time", own)
    estimate = estimate_time(film, Span(), painter)
    assert estimate == Estimate(pytest.approx(4), 24)
    assert estimate.seconds == pytest.approx(6)
    assert str(estimate) == (
        "Painting 24 frames takes about 6 s: 4 frames a second, measured."
    )
    # It stopped after a second; the first two frames do not count.
    assert next(clock) == 0.25 * (1 + 2 + 4)


def test_a_film_that_ends_before_the_second(film, painter, monkeypatch):
    span = Span.read(film, film_clock(film), "20f")
    estimate = estimate_time(film, span, painter)
    assert estimate.num_frames == 4 and estimate.rate > 0
    # Frames of which there are few all count.
    clock = iter(np.arange(0, 100, 0.25))
    own = types.SimpleNamespace(monotonic=lambda: next(clock))
    monkeypatch.setattr(previews, "time", own)
    still = Span.read(film, film_clock(film), "20f", is_still=True)
    estimate = estimate_time(film, still, painter)
    assert estimate == Estimate(pytest.approx(4), 1)
    assert str(estimate) == (
        "Painting 1 frame takes about 1 s: 4 frames a second, measured."
    )
    unknown = Estimate(12.34, None)
    assert unknown.seconds is None
    assert str(unknown) == "It is painted at 12.3 frames a second, measured."
