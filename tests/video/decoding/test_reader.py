from fractions import Fraction

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.video.decoding.reader import FilmReader


def read(path, **options):
    return list(FilmReader(path, **options).frames())


def test_frames_times_and_facts(write_film, scene):
    reader = FilmReader(write_film())
    frames = list(reader.frames())
    assert reader.size == (32, 48)
    assert (reader.rate, reader.num_frames) == (25, 12)
    assert reader.sample_aspect_ratio == 1
    assert [frame.index for frame in frames] == list(range(12))
    seconds = [frame.seconds for frame in frames]
    np.testing.assert_allclose(seconds, np.arange(12) / 25, atol=1e-6)
    for frame, pixels in zip(frames, scene(12), strict=True):
        assert frame.pixels.dtype == np.uint8
        assert np.abs(frame.pixels.astype(int) - pixels).mean() < 6


def test_it_starts_where_it_is_told(write_film):
    path = write_film()
    for whole, part in zip(
        read(path)[5:], FilmReader(path).frames(5), strict=True
    ):
        assert whole[:3] == part[:3]
        np.testing.assert_array_equal(whole.pixels, part.pixels)


@pytest.mark.parametrize(
    ("rotation", "turns"), [(90, 1), (180, 2), (-90, 3), (270, 3)]
)
def test_turned_films_are_put_upright(write_film, scene, rotation, turns):
    # Of two halves, dark above bright, as the file stores it.
    stored = np.full((32, 48, 3), 40, np.uint8)
    stored[16:] = 200
    reader = FilmReader(write_film(frames=[stored] * 2, rotation=rotation))
    frame = next(reader.frames())
    # Turned by so much against the clock, as FFmpeg defines it.
    expected = np.rot90(stored, turns)
    assert reader.size == expected.shape[:2]
    assert np.abs(frame.pixels.astype(int) - expected).mean() < 4


def test_times_that_vary_are_kept(write_film):
    times = [0, 40, 80, 240, 250, 900]
    path = write_film(frames=[np.zeros((16, 16, 3), np.uint8)] * 6, times=times)
    seconds = [frame.seconds for frame in read(path)]
    np.testing.assert_allclose(seconds, np.array(times) / 1000, atol=1e-3)


def test_large_frames_are_reduced(write_film):
    reader = FilmReader(write_film(), max_size=24)
    assert reader.size == (16, 24)
    assert next(reader.frames()).pixels.shape == (16, 24, 3)
    assert FilmReader(write_film(), max_size=100).size == (32, 48)


@pytest.mark.parametrize(
    ("name", "codec", "pixel_format"),
    [
        ("film.mp4", "libx264", "yuv420p10le"),
        ("film.mp4", "libx264", "yuv444p"),
        ("film.mov", "libx264", "yuv420p"),
        ("film.webm", "libvpx-vp9", "yuv420p"),
        ("film.gif", "gif", "rgb8"),
    ],
)
def test_colours_of_each_kind(write_film, name, codec, pixel_format):
    color = np.array([200, 90, 40], np.uint8)
    frames = [np.full((33, 47, 3), color)] * 3
    if pixel_format in ("yuv420p", "yuv420p10le"):
        frames = [frame[:32, :46].copy() for frame in frames]
    path = write_film(name, frames, codec, pixel_format)
    (first, *_) = read(path)
    if pixel_format != "rgb8":  # Which is dithered.
        assert np.abs(first.pixels.astype(int) - color).max() <= 4
    assert np.abs(first.pixels.mean((0, 1)) - color).max() < 4


def test_a_broken_frame_is_reported_and_the_one_before_held(
    write_film, break_frame
):
    path = write_film(options={"bf": "0", "g": "4"}.items())
    whole = read(path)
    break_frame(path, 6)
    notes = []
    frames = read(path, note=notes.append)
    assert notes == [
        f"`{path}`: the frame at 0.24 s is broken; the one before it is held."
    ]
    # The one before stays on, since the next comes at its own time.
    assert [round(frame.seconds, 2) for frame in frames][5:7] == [0.2, 0.28]
    for frame in (*frames[:6], *frames[-4:]):
        original = whole[round(frame.seconds * 25)]
        np.testing.assert_array_equal(frame.pixels, original.pixels)


def test_a_film_cut_short_is_read_as_far_as_it_goes(write_film):
    path = write_film("film.webm", codec="libvpx-vp9")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    assert 0 < len(read(path)) < 12


def test_pixels_that_are_not_square(tmp_path):
    av = pytest.importorskip("av")
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 48, 32, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(4, 3)
        frame = av.VideoFrame.from_ndarray(np.zeros((32, 48, 3), np.uint8))
        film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    assert FilmReader(path).sample_aspect_ratio == Fraction(4, 3)


def test_what_is_no_film_is_named(write_film, tmp_path):
    with pytest.raises(InputError, match="There is no film `nowhere.mp4`."):
        FilmReader("nowhere.mp4")
    text = tmp_path / "text.mp4"
    text.write_text("no film")
    with pytest.raises(InputError, match="`.*text.mp4` is no film that can be"):
        FilmReader(text)


def test_a_film_without_pictures(tmp_path):
    av = pytest.importorskip("av")
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as film:
        track = film.add_stream("aac", rate=48000, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            np.zeros((1, 1024), np.float32), "fltp", "mono"
        )
        frame.sample_rate = 48000
        film.mux(track.encode(frame))
        film.mux(track.encode(None))
    with pytest.raises(InputError, match="`.*` has no video stream"):
        FilmReader(path)
