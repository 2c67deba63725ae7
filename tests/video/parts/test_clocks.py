from fractions import Fraction

import pytest
from PIL import Image

from multistyle.errors import InputError
from multistyle.video.decoding.films import open_film
from multistyle.video.parts.clocks import film_clock

pytest.importorskip("av")


def test_frames_that_are_equally_long_are_counted(write_film):
    clock = film_clock(open_film(write_film(), note=print))
    assert clock.rate == 25 and clock.frame_seconds is None
    assert clock.seconds("3f") == clock.seconds("00:00:00:03") == 0.12
    # There is no end to counting.
    assert clock.seconds("100f") == 4


def test_frames_that_are_not_are_looked_up(write_film, scene):
    times = [100, 140, 500, 540, 580, 1000]
    path = write_film(frames=scene(6), times=times)
    clock = film_clock(open_film(path, note=print))
    found = [clock.seconds(f"{number}f") for number in range(6)]
    assert found == pytest.approx([(time - 100) / 1000 for time in times])
    assert clock.seconds("6f") > 0.9
    # Another film of the same name has times of its own.
    path.unlink()
    write_film(path.name, frames=scene(6), times=[2 * each for each in times])
    film = open_film(path, note=print)
    assert film_clock(film).seconds("5f") == pytest.approx(1.8)


def test_scenes_of_films_and_of_numbered_frames(write_film, shots, tmp_path):
    frames = [*shots(0, 6), *shots(1, 6)]
    assert film_clock(open_film(write_film(frames=frames), note=print)).seconds(
        "scene 2"
    ) == pytest.approx(0.24)
    for number, pixels in enumerate(frames):
        Image.fromarray(pixels).save(tmp_path / f"f_{number + 7}.png")
    film = open_film(tmp_path / "f_%d.png", fps=12, note=print)
    clock = film_clock(film)
    assert clock.rate == Fraction(12)
    assert clock.seconds("scene 2") == clock.seconds("6f") == 0.5
    with pytest.raises(InputError, match="There is no scene 3 in"):
        clock.seconds("scene 3")


def test_a_pipe_cannot_be_looked_through(write_film):
    film = open_film(write_film(), note=print)
    film.film, film.path = None, "-"
    with pytest.raises(InputError, match="found in films that are files"):
        film_clock(film).seconds("scene 2")
