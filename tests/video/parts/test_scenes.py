import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.video.decoding.films import open_film
from multistyle.video.material.film_source import Frame
from multistyle.video.parts.scenes import (
    Scene,
    SceneFinder,
    SceneTimes,
    find_scenes,
)

pytest.importorskip("av")


def find(frames, finder=None, start=0):
    """Returns the numbers of the frames that begin scenes, all by the end."""
    finder = finder or SceneFinder()
    for number, pixels in enumerate(frames, start):
        finder.look(Frame(number, number, number / 25, pixels))
    finder.finish()
    return [scene.index for scene in finder.scenes]


def test_cuts_are_found(shots):
    frames = [*shots(0, 9), *shots(1, 8), *shots(2, 7), *shots(0, 2)]
    assert find(frames) == [0, 9, 17, 24]
    deep = [frame.astype(np.uint16) * 257 for frame in frames]
    assert find(deep) == [0, 9, 17, 24]


def test_what_is_no_cut(shots):
    """A flash, a fade, a change of exposure, noise, a fast pan."""
    frames = shots(0, 12)
    flash = [*frames[:6], np.full_like(frames[0], 250), *frames[7:]]
    assert find(flash) == [0]
    flash[7] = flash[6]
    assert find(flash) == [0]
    gains = np.linspace(1, 0, 12)
    fade = [
        (f * g).astype(np.uint8) for f, g in zip(frames, gains, strict=True)
    ]
    assert find(fade) == [0]
    assert find([*fade[:8], *fade[7::-1]]) == [0]
    noise = np.random.default_rng(0)
    noisy = [
        (f + noise.normal(0, 6, f.shape)).clip(0, 255).astype(np.uint8)
        for f in frames
    ]
    assert find(noisy) == [0]
    assert find(shots(0, 32)[::4]) == [0]


def test_a_scene_is_certain_some_frames_later_or_at_the_end(shots):
    finder = SceneFinder()
    found = [
        finder.look(Frame(number, number, number / 25, pixels))
        for number, pixels in enumerate([*shots(0, 5), *shots(1, 5)])
    ]
    assert found[0] == Scene(1, 0, 0.0)
    assert found[8] == Scene(2, 5, 0.2)
    assert [scene for scene in found if scene] == [found[0], found[8]]
    assert str(found[8]) == "Scene 2 begins at 0.20 s, frame 5."
    assert find([*shots(0, 5), *shots(1, 1)]) == [0, 5]


@pytest.mark.parametrize("stop", [4, 9, 10, 14])
def test_it_goes_on_from_its_state(shots, stop):
    frames = [*shots(0, 9), *shots(1, 8)]
    first, second = SceneFinder(), SceneFinder()
    for number, pixels in enumerate(frames[:stop]):
        first.look(Frame(number, number, number / 25, pixels))
    second.restore(first.state())
    assert find(frames[stop:], second, stop) == [0, 9]
    # Version 0.1 kept no scenes.
    third = SceneFinder()
    third.restore({})
    assert find(frames[12:], third, 12) == [12]


def test_the_scenes_of_a_film(write_film, shots):
    frames = [*shots(0, 10), *shots(1, 8)]
    film = open_film(write_film(frames=frames), note=print)
    assert list(find_scenes(film)) == [Scene(1, 0, 0.0), Scene(2, 10, 0.4)]
    times = SceneTimes(film)
    assert [times(number) for number in (1, 2)] == [0, 0.4]
    with pytest.raises(InputError, match="no scene 3 in `.*`: 2 are found"):
        times(3)
