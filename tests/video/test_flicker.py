import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.video.flicker import measure_flicker


def test_what_moves_along_does_not_flicker(scene):
    film = scene(5, (64, 80))
    flicker = measure_flicker(film, [255 - frame for frame in film])
    assert flicker.num_pairs == 4
    assert flicker.figure == pytest.approx(0, abs=1e-4)
    assert flicker.film < 0.01


def test_a_known_amount_is_found(scene):
    film = scene(1, (64, 80)) * 6
    # Every second frame is brighter by ten levels.
    stylized = [
        frame // 2 + np.uint8(10 * (number % 2))
        for number, frame in enumerate(film)
    ]
    flicker = measure_flicker(film, stylized)
    assert flicker.film == pytest.approx(0, abs=1e-4)
    assert flicker.figure == pytest.approx(10 / 255, abs=2e-4)


def test_the_films_own_noise_is_taken_away(scene):
    random = np.random.default_rng(0)
    (still,) = scene(1, (64, 80))
    film = [
        (still // 2 + 60 + random.normal(0, 2, still.shape)).astype(np.uint8)
        for _ in range(4)
    ]
    flicker = measure_flicker(film, film)
    assert flicker.film > 0.004
    assert flicker.figure == 0


def test_what_stands_while_the_film_moves_flickers(scene):
    film = scene(5, (64, 80), speed=2)
    flicker = measure_flicker(film, film[:1] * 5)
    assert flicker.figure > 0.03


def test_cuts_are_left_out(scene):
    film = [
        *scene(3, (64, 80)),
        *(f[::-1, ::-1] // 2 for f in scene(3, (64, 80))),
    ]
    film = [np.ascontiguousarray(frame) for frame in film]
    flicker = measure_flicker(film, film)
    assert flicker.num_pairs == 4


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ((5, 4), "differ in their numbers of frames"),
        ((4, 5), "differ in their numbers of frames"),
        ((1, 1), "needs two frames that belong together"),
        ((0, 0), "needs two frames that belong together"),
    ],
)
def test_what_cannot_be_measured(scene, numbers, message):
    with pytest.raises(InputError, match=message):
        measure_flicker(*(scene(number) for number in numbers))
