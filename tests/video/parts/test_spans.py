from fractions import Fraction

import pytest

from multistyle.errors import InputError
from multistyle.video.decoding.films import open_film
from multistyle.video.parts.clocks import film_clock
from multistyle.video.parts.spans import Span

pytest.importorskip("av")


def read(path, *times, **options):
    film = open_film(path, note=print)
    return film, Span.read(film, film_clock(film), *times, **options)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ((None, None), range(12)),
        (("0s", "10s"), range(12)),
        ((0.12, None), range(3, 12)),
        (("3f", "5f"), range(3, 5)),
        (("00:00:00:03", "0.2"), range(3, 5)),
        ((None, 0.04), range(1)),
        # Between two frames: from the next one on.
        ((0.1, 0.18), range(3, 5)),
    ],
)
def test_from_one_time_up_to_another(write_film, times, expected):
    film, span = read(write_film(), *times)
    frames = [f for f in span.frames(film) if span.holds(f)]
    assert [frame.index for frame in frames] == list(expected)
    assert span.num_frames(film) == len(expected)
    # The lead-in comes before, as far as there is one.
    numbers = [frame.index for frame in span.frames(film, lead_in=2)]
    assert numbers == list(range(max(0, expected[0] - 2), expected[-1] + 1))
    numbers = [frame.index for frame in span.frames(film, start=2)]
    assert numbers == list(range(2, expected[-1] + 1))


def test_frames_of_unequal_length(write_film, scene):
    times = [0, 40, 400, 440, 480, 900]
    path = write_film(frames=scene(6), times=times)
    film, span = read(path, "2f", "4f")
    assert (span.begin, span.end) == (Fraction(2, 5), Fraction(12, 25))
    frames = [f for f in span.frames(film) if span.holds(f)]
    assert [frame.time * film.time_base for frame in frames] == [
        Fraction(2, 5),
        Fraction(11, 25),
    ]
    assert read(path, "6f")[1].begin > Fraction(9, 10)


def test_a_time_that_the_container_rounds(write_film):
    """Frame 7 of 23.976 a second, in milliseconds."""
    times = [round(n * 1001 / 24) for n in range(12)]
    path = write_film("film.mkv", times=times, rate=Fraction(24000, 1001))
    for time in ("7f", "00:00:00:07", 7 * 1001 / 24000):
        film, span = read(path, time, "9f")
        frames = [f.index for f in span.frames(film) if span.holds(f)]
        assert frames == [7, 8]


def test_a_still_is_one_frame(write_film):
    film, span = read(write_film(), "3f", is_still=True)
    assert [frame.index for frame in span.frames(film, lead_in=2)] == [1, 2, 3]
    assert span.num_frames(film) == 1
    with pytest.raises(InputError, match="A picture is one frame of a film"):
        read(write_film(), 0, 3, is_still=True)


def test_far_into_a_film_it_is_gone_to(write_film, shots):
    """The same frames, under the same numbers, as if all were read."""
    path = write_film(frames=shots(0, 32) * 8, options={"g": "12"}.items())
    film = open_film(path, note=print)
    frames = list(film.frames())
    for begin in (6.01, 9.0):
        part = list(film.frames(begin=begin))
        assert part[0].index == -(-begin * 25 // 1)
        for one, other in zip(part, frames[part[0].index :], strict=True):
            assert one[:3] == other[:3]
            assert (one.pixels == other.pixels).all()
    assert [f.index for f in film.frames(200)] == list(range(200, 256))


def test_options():
    assert Span().options() == {}
    span = Span(Fraction(5, 2), Fraction(3))
    assert span.options() == {"from": 2.5, "to": 3.0}
