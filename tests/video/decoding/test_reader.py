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


@pytest.mark.parametrize("start", [0, 3, 4])
def test_a_damaged_frame_is_never_shown(write_film, damage_frame, start):
    """Also where a run goes on at it, or at the one after."""
    rng = np.random.default_rng(0)
    noise = [rng.integers(0, 256, (32, 48, 3), np.uint8) for _ in range(12)]
    path = write_film(frames=noise, codec="mpeg4", options={"g": "1"}.items())
    whole = read(path)
    damage_frame(path, 3)
    notes = []
    frames = list(FilmReader(path, note=notes.append).frames(start))
    assert len(frames) == 12 - start
    for frame in frames:
        original = whole[2 if frame.index == 3 else frame.index]
        np.testing.assert_array_equal(frame.pixels, original.pixels)
        assert frame.time == whole[frame.index].time
    line = (
        f"`{path}`: the frame at 0.12 s is broken; the one before it is held."
    )
    assert notes == ([line] if start <= 3 else [])


def test_times_that_begin_late(write_film):
    """As in recordings of television, ten hours after the beginning."""
    path = write_film(
        "tv.ts",
        times=[36_000_000 + 40 * number for number in range(12)],
        container="mpegts",
    )
    reader = FilmReader(path)
    assert float(reader.start) == pytest.approx(36000, abs=2)
    assert reader.treatment == {"begins_at": float(reader.start)}
    frames = list(reader.frames())
    assert frames[0].time == 0
    seconds = [frame.seconds for frame in frames]
    np.testing.assert_allclose(seconds, np.arange(12) / 25, atol=1e-4)
    (last,) = reader.frames(11)
    assert last[:3] == frames[11][:3]


@pytest.mark.parametrize(
    ("name", "codec", "pixel_format", "options"),
    [
        ("film.webm", "libvpx-vp9", "yuva420p", {}),
        ("film.webm", "libvpx", "yuva420p", {"auto-alt-ref": "0", "b": "1M"}),
        ("film.mov", "prores_ks", "yuva444p10le", {}),
        ("film.mov", "qtrle", "argb", {}),
    ],
)
def test_transparency_is_read(
    write_film, scene, name, codec, pixel_format, options
):
    frames = [
        np.dstack([pixels, np.full((32, 48), 255, np.uint8)])
        for pixels in scene(3)
    ]
    frames[1][8:24, 8:40, 3] = 0
    # What is hidden is garish, and must not show.
    frames[1][8:24, 8:40, :3] = 255, 0, 255
    path = write_film(
        name, frames, codec, pixel_format, options=options.items()
    )
    reader = FilmReader(path)
    assert reader.has_alpha and reader.treatment["alpha"] is True
    for frame, stored in zip(reader.frames(), frames, strict=True):
        assert frame.alpha.shape == (32, 48)
        difference = np.abs(frame.alpha.astype(int) - stored[..., 3])
        assert difference.mean() < 4
    hidden = list(reader.frames())[1].pixels[14:18, 16:32].astype(int)
    around = frames[1][:8, :, :3].mean((0, 1))
    assert np.abs(hidden - around).mean() < 60
    assert np.abs(hidden.mean((0, 1)) - (255, 0, 255)).max() > 60


def test_transparency_lies_as_the_pixels_do(write_film):
    stored = np.full((32, 48, 4), 255, np.uint8)
    stored[:8, :, 3] = 0
    path = write_film(
        "film.mov", [stored] * 2, "qtrle", "argb", rotation=90, is_mirrored=True
    )
    (frame, _) = FilmReader(path, max_size=24).frames()
    expected = np.rot90(stored[::2, ::2, 3])[:, ::-1]
    np.testing.assert_array_equal(frame.alpha, expected)
    assert frame.pixels.shape == (24, 16, 3)


def test_a_film_that_could_be_transparent_but_is_not(write_film, scene):
    frames = [
        np.dstack([pixels, np.full((32, 48), 255, np.uint8)])
        for pixels in scene(2)
    ]
    reader = FilmReader(write_film("film.mov", frames, "qtrle", "argb"))
    assert not reader.has_alpha and reader.treatment == {}
    assert {frame.alpha for frame in reader.frames()} == {None}


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
    with pytest.raises(InputError, match="such as `frame_%04d.png`"):
        FilmReader(tmp_path)
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
