import itertools

import numpy as np
import pytest
from PIL import Image, ImageDraw

from multistyle.blends.weights import one_hot
from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.samples import sample_photographs
from multistyle.inference.engines.loading import load_engine, load_keras
from multistyle.inference.stylizer import Stylizer
from multistyle.network.models import FAST_MODEL, find_model
from multistyle.video.film_painter import FilmPainter
from multistyle.video.flicker import measure_flicker
from multistyle.video.material.film_source import Frame

SIZE = (96, 128)
RISE = [0, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1]
FILMS = ("fade", "noisy_fade", "dip", "exposure", "fog", "hard_title")
FILMS += ("soft_title", "faint_title")
STYLES = ("starry_night", "udnie", "great_wave")


def make_film(kind):
    """Makes a film whose light changes, a list of uint8 [96, 128, 3].

    Its window pans over a photograph, by a pixel every second frame.
    """
    noise = 1.5 if kind in ("noisy_fade", "dip", "exposure", "fog") else 0
    random = np.random.default_rng(0)
    photograph = Image.fromarray(read_image(sample_photographs()[0]))
    photograph = np.asarray(photograph.resize((150, 112)), np.float32)
    card = Image.new("RGB", SIZE[::-1])
    ImageDraw.Draw(card).text((14, 30), "A FILM\nOF OURS", font_size=22)
    card = np.asarray(card, np.float32)
    black, gray = np.zeros_like(card), np.full_like(card, 128)
    # The share of the window in each frame; the rest is of the other picture.
    shares, other = {
        "fade": ([0] * 4 + RISE + [1] * 4, black),
        "noisy_fade": ([0] * 4 + RISE + [1] * 4, black),
        "dip": ([1] * 3 + RISE[::-1] + RISE + [1] * 3, black),
        "exposure": ([0.15] * 4 + [0.3, 0.45, 0.6, 0.75] + [1] * 6, black),
        "fog": ([1] * 3 + RISE[::-1] + [0] * 3 + RISE, gray),
        "hard_title": ([0] * 6 + [1] * 6, card),
        "soft_title": ([0] * 6 + RISE + [1] * 3, card),
        "faint_title": ([1] * 4 + [1 - x / 20 for x in range(21)], card),
    }[kind]
    frames = []
    for number, share in enumerate(shares):
        window = photograph[:96, number // 2 : 128 + number // 2]
        window = black if kind == "faint_title" else window
        frame = share * window + (1 - share) * other
        frame += random.normal(0, 1, frame.shape) * noise
        frames.append(np.rint(frame).clip(0, 255).astype(np.uint8))
    return frames


def paint(frames, engine, weights_at, **options):
    painter = FilmPainter(engine, weights_at, **options)
    painted = []
    for number, pixels in enumerate(frames):
        staged = Frame(number, number, number / 25, pixels)
        for stage in painter.stages:
            staged = stage(staged)
        painted.append(staged.picture)
    return painted


def clipped(picture):
    return ((picture <= 1) | (picture >= 254)).any(axis=2).mean()


@pytest.fixture(scope="module", params=[load_engine, load_keras])
def engine(request):
    return request.param(find_model(FAST_MODEL))


@pytest.mark.parametrize("kind", FILMS)
def test_the_light_is_that_of_each_frames_own_painting(engine, kind):
    frames = make_film(kind)
    style = STYLES[FILMS.index(kind) % len(STYLES)]
    weights = one_hot(style, engine.style_names)
    own, held = (
        paint(frames, engine, lambda _: weights, stability=stability)
        for stability in (0, 0.5)
    )
    for first, second in zip(own, held, strict=True):
        assert abs(first.mean() - second.mean()) < 15
        assert clipped(second) <= clipped(first) + 0.01


def test_a_fade_without_noise_does_not_flicker(engine):
    photograph = make_film("fade")[-1]
    gains = [*[0] * 5, *np.linspace(0.05, 1, 20), *[1] * 3]
    frames = [np.rint(photograph * gain).astype(np.uint8) for gain in gains]
    weights = one_hot("starry_night", engine.style_names)
    painted = paint(frames, engine, lambda _: weights)
    for picture in painted[1:5]:
        np.testing.assert_array_equal(picture, painted[0])
    changes = [
        np.abs(second.astype(int) - first).mean()
        for first, second in itertools.pairwise(painted[6:])
    ]
    assert max(changes) < 3


def test_weights_are_those_of_the_frames_time(negative, scene):
    paint(scene(5), negative, lambda seconds: np.float32([seconds]))
    found = np.concatenate(negative.painted)
    np.testing.assert_allclose(found, np.arange(5) / 25, atol=1e-6)


def test_strength_and_colours(negative, scene):
    (pixels,) = scene(1)
    weights = np.ones(1, np.float32)

    def show(**options):
        (picture,) = paint([pixels], negative, lambda _: weights, **options)
        return picture

    np.testing.assert_array_equal(show(), 255 - pixels)
    np.testing.assert_array_equal(show(strength=0), pixels)
    assert (show(keep_colors="luminance") != show()).any()
    for options in ({"strength": 2}, {"keep_colors": "all"}, {"stability": -1}):
        with pytest.raises(InputError):
            show(**options)


def test_strokes_fit_the_frames(small_network, scene):
    stylizer = Stylizer(small_network)
    (pixels,) = scene(1)
    weights = np.float32([1, 0, 0])
    pictures = {}
    for name, options in {
        "fitted": {},
        "pixels": {"strokes": "pixels"},
        "broad": {"stroke_scale": 2.0},
    }.items():
        (picture,) = paint(
            [pixels], stylizer.engine, lambda _: weights, **options
        )
        expected = stylizer.stylize(pixels, weights, **options)
        np.testing.assert_array_equal(picture, expected)
        pictures[name] = picture
    np.testing.assert_array_equal(pictures["fitted"], pictures["pixels"])
    assert (pictures["broad"] != pictures["pixels"]).any()
    painter = FilmPainter(stylizer.engine, None, stroke_scale=2.0)
    assert painter.options()["strokes"] == "fitted"
    assert painter.options()["stroke_scale"] == 2.0


@pytest.mark.parametrize("options", [{}, {"stroke_scale": 2.0}])
def test_strokes_of_any_breadth_hold_still(engine, options):
    """In one pass and coarse to fine, on a pan with noise."""
    photograph = np.asarray(
        Image.fromarray(read_image(sample_photographs()[0])).resize((150, 112)),
        np.float32,
    )
    random = np.random.default_rng(0)
    frames = []
    for number in range(12):
        window = photograph[8:104, number : 128 + number]
        window = window + random.normal(0, 1.5, window.shape)
        frames.append(np.rint(window).clip(0, 255).astype(np.uint8))
    weights = one_hot("starry_night", engine.style_names)
    jumping, held = (
        measure_flicker(
            frames,
            paint(frames, engine, lambda _: weights, stability=each, **options),
        ).stylized
        for each in (0, 0.5)
    )
    assert held < 0.4 * jumping
