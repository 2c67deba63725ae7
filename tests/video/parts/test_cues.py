import numpy as np
import pytest

from multistyle.blends.keyframes import Keyframes
from multistyle.errors import InputError
from multistyle.images.values import to_float
from multistyle.video.decoding.films import open_film
from multistyle.video.film_painter import FilmPainter
from multistyle.video.parts.cues import read_cues

pytest.importorskip("av")
NAMES = ["red", "green", "blue"]
COLORS = np.diag([0.9, 0.8, 0.7])
SIZE = (32, 48)


@pytest.fixture
def film(write_film, scene):
    """A film that stands still."""
    frames = scene(1) * 12
    return open_film(write_film("film.mkv", frames, "ffv1", "bgr0"), note=print)


def paint(film, engine, *, stability=0.5, keyframes=None, **options):
    """Returns the painted frames, float32, and the cues."""
    if keyframes is not None:
        keyframes = Keyframes.parse(keyframes, NAMES)
    cues = read_cues(NAMES, film, keyframes=keyframes, note=print, **options)
    painter = FilmPainter(engine, cues, stability=stability)
    painted = []
    for frame in film.frames():
        staged = frame
        for stage in painter.stages:
            staged = stage(staged)
        painted.append(to_float(staged.picture))
    return painted, cues


def edges(num_frames):
    """Returns masks that are white up to a column, four more in each frame."""
    masks = np.zeros((num_frames, *SIZE), np.uint8)
    for number, mask in enumerate(masks):
        mask[:, : 4 * number] = 255
    return masks


@pytest.fixture
def write_masks(write_film):
    def write(name, masks, **options):
        frames = [np.dstack([mask] * 3) for mask in masks]
        return str(write_film(name, frames, "ffv1", "gray", **options))

    return write


@pytest.mark.parametrize("stability", [0, 0.5, 1])
def test_a_mask_that_moves(film, flat, write_masks, stability):
    """The photograph around it, to the level, in each frame."""
    path = write_masks("mask.mkv", edges(12))
    painted, cues = paint(
        film, flat, weights="red", mask=path, stability=stability
    )
    photograph = to_float(next(film.frames()).pixels)
    for number, picture in enumerate(painted):
        edge = 4 * number
        np.testing.assert_array_equal(picture[:, edge:], photograph[:, edge:])
        np.testing.assert_allclose(
            picture[:, :edge],
            np.broadcast_to(COLORS[0], (32, min(edge, 48), 3)),
            atol=0.002,
        )
    assert cues.options()["keyframes"] == {"0s": {"red": 1}}
    assert cues.options()["mask"][""]["film"] == path
    assert cues.names == ["red"]


@pytest.mark.parametrize("stability", [0, 0.5, 1])
def test_a_style_each(film, flat, write_masks, tmp_path, stability):
    """What is held is held under its own mask: no colour bleeds over."""
    first = write_masks("first.mkv", edges(12))
    second = write_masks("second.mkv", 255 - edges(12))
    painted, cues = paint(
        film, flat, mask=f"red:{first},blue:{second}", stability=stability
    )
    for number, picture in enumerate(painted):
        expected = np.where(
            np.arange(48)[None, :, None] < 4 * number, COLORS[0], COLORS[2]
        )
        np.testing.assert_allclose(
            picture, np.broadcast_to(expected, picture.shape), atol=0.002
        )
    assert cues.names == ["red", "blue"]


def test_soft_edges_mix_two_styles_evenly(film, flat):
    ramp = np.tile(np.linspace(0, 1, 48, dtype=np.float32), (32, 1))
    painted, _ = paint(film, flat, mask={"red": ramp, "green": 1 - ramp})
    expected = ramp[..., None] * COLORS[0] + (1 - ramp[..., None]) * COLORS[1]
    for picture in painted:
        np.testing.assert_allclose(picture, expected, atol=0.003)


def test_a_gradient_and_settings_over_time(film, flat):
    painted, cues = paint(
        film,
        flat,
        gradient="red>blue:vertical",
        keyframes="0s:strength=0; 0.4s:strength=1 hold",
    )
    photograph = to_float(next(film.frames()).pixels)
    share = np.linspace(0, 1, 32)[:, None, None]
    gradient = (1 - share) * COLORS[0] + share * COLORS[2]
    for number, picture in enumerate(painted):
        strength = min(1, number / 10)
        expected = (1 - strength) * photograph + strength * gradient
        np.testing.assert_allclose(picture, expected, atol=0.003)
    assert cues.options() == {
        "gradient": "red>blue:vertical",
        "settings": {
            "0s": {"strength": 0},
            "0.4s": {"strength": 1, "ease": "hold"},
        },
    }


def test_opacities_of_masks(film, flat):
    left = np.zeros(SIZE, np.uint8)
    left[:, :24] = 255
    painted, _ = paint(
        film,
        flat,
        mask={"red": left, "blue": 255 - left},
        keyframes="0s:mask.red=1 mask=1; 0.4s:mask.red=0.5; 0.44s:mask=0.5",
    )
    photograph = to_float(next(film.frames()).pixels)
    for number, picture in enumerate(painted):
        both = 1 if number == 0 else 1 - number / 22
        red = max(0.5, 1 - number / 20) * both
        for part, color, opacity in (
            (slice(0, 22), COLORS[0], red),
            (slice(26, 48), COLORS[2], both),
        ):
            expected = photograph * (1 - opacity) + color * opacity
            np.testing.assert_allclose(
                picture[:, part], expected[:, part], atol=0.004
            )


def test_a_style_that_jumps_is_not_held_on(film, flat):
    painted, cues = paint(
        film, flat, keyframes="0s:red hold; 0.2s:blue", stability=1
    )
    for number, picture in enumerate(painted):
        color = COLORS[0] if number < 5 else COLORS[2]
        np.testing.assert_allclose(
            picture, np.broadcast_to(color, picture.shape), atol=0.002
        )
    assert cues.names == ["red", "blue"]


def test_the_breadth_of_strokes_changes_in_few_steps(film, flat):
    paint(
        film,
        flat,
        weights="red",
        keyframes="0s:stroke_scale=1; 0.44s:stroke_scale=2",
        stability=0,
    )
    first = [size for size in flat.sizes if size != SIZE]
    assert first[-1] == (16, 24)
    # From 48 pixels to 24, in steps of a ninth.
    assert [size[1] for size in dict.fromkeys(first)] == [
        round(48 / 2 ** (step / 8)) for step in range(1, 9)
    ]


def test_stability_of_scenes(film):
    cues = read_cues(
        NAMES,
        film,
        keyframes=Keyframes.parse("0s:red stability=1; 4s:stability=0", NAMES),
        note=print,
    )
    frames = [
        frame._replace(seconds=s)
        for s in (0, 3.9, 4)
        for frame in [next(film.frames())]
    ]
    found = [cues.at(frame).settings["stability"] for frame in frames]
    assert found == [1, 1, 0] and cues.stabilities == [1, 0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "Styles are given by `style_weights`, .*; got `none`"),
        (
            {"weights": "red", "gradient": "red>blue:45"},
            "got `style_weights, gradient`",
        ),
        ({"mask": "pink:a.png,red:b.png"}, "There is no style `pink`"),
        ({"mask": {}}, "No mask is given: the dict is empty"),
        ({"mask": "red:a.png,red:b.png"}, "The style `red` has two masks"),
        ({"weights": "red", "mask": "none.png"}, "none.png"),
        ({"weights": np.ones((2, 2, 3)) / 3}, "A film is painted in one blend"),
        ({"weights": "red", "mask": np.ones((8, 8))}, "has not the aspect"),
        (
            {"weights": "red", "keyframes": "0s:mask=1"},
            "The keyframes set `mask`, and there is no such mask",
        ),
        (
            {
                "mask": np.ones(SIZE),
                "weights": "red",
                "keyframes": "0s:mask.blue=1",
            },
            "The keyframes set `mask.blue`, and there is no such mask",
        ),
    ],
)
def test_what_is_wrong_is_one_line(film, flat, options, message):
    with pytest.raises(InputError, match=message):
        paint(film, flat, **options)
