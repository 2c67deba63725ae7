from fractions import Fraction

import pytest

from multistyle.blends.times import (
    Clock,
    advance_timecode,
    count_frames,
    split_time,
)
from multistyle.errors import InputError

NTSC = Fraction(30000, 1001)


@pytest.mark.parametrize(
    ("time", "seconds"),
    [
        (3, 3),
        (2.5, 2.5),
        ("3", 3),
        (" .5 s ", 0.5),
        ("1:02.5", 62.5),
        ("1:00:02", 3602),
        ("75", 75),
        ("75:59.9", 4559.9),
        ("26:59:59", 97199),
        ("50f", 2),
        ("00:00:02:05", 2.2),
        ("scene 3", 30),
        ("scene1", 10),
    ],
)
def test_every_form_of_a_time(time, seconds):
    clock = Clock(Fraction(25), scene_seconds=lambda number: 10.0 * number)
    assert clock.seconds(time) == pytest.approx(seconds, abs=1e-12)


def test_a_film_that_begins_at_one_hour():
    clock = Clock(Fraction(24), "01:00:00:00")
    assert clock.seconds("01:00:02:12") == 2.5
    assert clock.seconds("2.5s") == 2.5
    with pytest.raises(InputError) as caught:
        clock.seconds("00:59:59:23")
    assert str(caught.value) == (
        "`00:59:59:23` lies before the film's first frame, whose timecode is "
        "`01:00:00:00`; seconds count from there."
    )


def test_frames_that_are_not_equally_long():
    clock = Clock(Fraction(25), frame_seconds=[0, 0.5, 0.6].__getitem__)
    assert clock.seconds("1f") == 0.5
    assert clock.seconds("00:00:00:02") == 0.6


@pytest.mark.parametrize(
    ("timecode", "rate", "number"),
    [
        ("00:00:00:00", Fraction(25), 0),
        ("00:00:59:24", Fraction(25), 1499),
        ("01:00:00:00", Fraction(24), 86400),
        ("00:00:59;29", NTSC, 1799),
        # 0 and 1 of each minute are left out.
        ("00:01:00;02", NTSC, 1800),
        ("00:10:00;00", NTSC, 17982),
        # An hour has 107,892 frames at 29.97, where 108,000 are counted.
        ("01:00:00;00", NTSC, 107892),
        ("01:00:00:00", NTSC, 108000),
        ("00:01:00;04", Fraction(60000, 1001), 3600),
    ],
)
def test_timecodes_count_frames(timecode, rate, number):
    assert count_frames(timecode, rate) == number


@pytest.mark.parametrize(
    ("timecode", "rate"),
    [("00:58:00:00", Fraction(24)), ("00:00:00;00", NTSC)],
)
def test_a_timecode_goes_on(timecode, rate):
    """Minute by minute over two hours, and around each."""
    first = count_frames(timecode, rate)
    for number in range(0, 2 * 60 * 1800, 1798):
        later = advance_timecode(timecode, rate, number)
        assert count_frames(later, rate) == first + number


@pytest.mark.parametrize(
    ("number", "timecode"),
    [(1799, "00:00:59;29"), (1800, "00:01:00;02"), (17982, "00:10:00;00")],
)
def test_a_timecode_goes_on_and_drops_frames(number, timecode):
    assert advance_timecode("00:00:00;00", NTSC, number) == timecode


@pytest.mark.parametrize(
    ("time", "message"),
    [
        ("soon", r"A time is given as seconds \(`2.5s`\), .*; got `soon`"),
        (-1, "got `-1`"),
        ("1:2:3:4", "got `1:2:3:4`"),
        ("00:00:00:25", "no timecode `00:00:00:25` at 25 frames a second"),
        ("00:00:61:00", "no timecode `00:00:61:00`"),
        ("1:75", "no time `1:75`: an hour has 60 minutes, and a minute 60"),
        ("0:60.5", "no time `0:60.5`"),
        ("1:60:00", "no time `1:60:00`"),
        ("00:00:00;01", "drops frames, as films of 29.97 a second do; this"),
        ("scene 2", "`scene 2`: scenes are found in films that are files"),
    ],
)
def test_what_is_no_time_is_named(time, message):
    with pytest.raises(InputError, match=message):
        Clock(Fraction(25)).seconds(time)


def test_a_number_that_is_dropped_is_no_timecode():
    with pytest.raises(InputError, match="There is no timecode `00:01:00;01`"):
        count_frames("00:01:00;01", NTSC)


@pytest.mark.parametrize("time", ["3f", "00:00:01:00"])
def test_without_a_rate_frames_are_refused(time):
    with pytest.raises(InputError, match=f"`{time}` needs a film of a known"):
        Clock().seconds(time)


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("0s:udnie", ("0s", "udnie")),
        ("0:udnie", ("0", "udnie")),
        ("0:12", ("0", "12")),
        (" 5 : udnie=1", ("5", " udnie=1")),
        ("1:02.5: udnie", ("1:02.5", " udnie")),
        ("00:00:02:05:udnie", ("00:00:02:05", "udnie")),
        ("00:00:02;05 :udnie", ("00:00:02;05", "udnie")),
        ("scene 2: a:b.json", ("scene 2", " a:b.json")),
        ("62f:udnie", ("62f", "udnie")),
        ("udnie", None),
        ("0s udnie", None),
        ("soon:udnie", None),
    ],
)
def test_a_time_before_a_colon(text, pair):
    assert split_time(text) == pair
