import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.video import film
from multistyle.video.decoding.reader import FilmReader
from multistyle.video.encoding.formats import find_format
from multistyle.video.encoding.segments import Segments
from multistyle.video.film import paint_film
from multistyle.video.film_painter import FilmPainter

av = pytest.importorskip("av")
STREAMS = {
    "film.mp4": ("libx264", "aac"),
    "film.mov": ("libx264", "pcm_s16le"),
    "film.webm": ("libvpx-vp9", "libopus"),
}


@pytest.fixture(autouse=True)
def short_segments(monkeypatch):
    monkeypatch.setattr(film, "SEGMENT_FRAMES", 4)


def paint(source, output, engine, stability=0.5, num_frames=None, **options):
    """Paints a film, or its first frames; returns the notes."""
    notes = []
    painter = FilmPainter(
        engine, lambda _: np.ones(1, np.float32), stability=stability
    )
    segments = Segments(output, {"stability": stability}, **options)
    reader = FilmReader(source, note=notes.append)
    done = paint_film(
        reader,
        painter,
        output,
        find_format(output),
        segments,
        crf=1 if output.suffix == ".mp4" else None,
        note=notes.append,
    )
    for count in done:
        if count == num_frames:
            done.close()
            break
    return notes


@pytest.mark.parametrize("source", STREAMS)
@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".webm", ".gif"])
def test_every_kind_becomes_every_kind(
    write_film, read_film, tmp_path, negative, source, suffix
):
    codec, sound = STREAMS[source]
    path = write_film(source, codec=codec, sound=sound)
    output = tmp_path / f"painted{suffix}"
    notes = paint(path, output, negative, stability=0)
    before, before_times = read_film(path)
    after, after_times = read_film(output)
    np.testing.assert_allclose(after_times, before_times, atol=0.002)
    for first, second in zip(before, after, strict=True):
        # 256 colours and a dither are further off.
        slack = 24 if suffix == ".gif" else 8
        assert np.abs(255 - first.astype(int) - second).mean() < slack
    with av.open(str(output)) as container:
        sounds = [s.codec_context.name for s in container.streams.audio]
    if suffix == ".gif":
        assert sounds == []
        assert notes == ["A GIF has no sound: that of the film is left out."]
    elif notes:
        assert "cannot stand in" in notes[0] and len(notes) == 1
        assert sounds == ["opus" if suffix == ".webm" else "aac"]
    else:
        with av.open(str(path)) as container:
            names = [s.codec_context.name for s in container.streams.audio]
        assert sounds == names


def test_sound_is_copied_to_the_byte(write_film, tmp_path, negative):
    path = write_film(sound="aac")
    assert paint(path, tmp_path / "out.mp4", negative) == []
    tones = []
    for name in (path, tmp_path / "out.mp4"):
        with av.open(str(name)) as container:
            track = container.streams.audio[0]
            tones.append(
                [
                    (packet.pts, bytes(packet))
                    for packet in container.demux(track)
                    if packet.size
                ]
            )
    assert tones[0] == tones[1] and len(tones[0]) > 10


def test_sound_that_is_encoded_anew_is_heard(write_film, tmp_path, negative):
    path = write_film(sound="aac")
    (note,) = paint(path, tmp_path / "out.webm", negative)
    assert note == (
        "Sound of the kind aac cannot stand in webm: it is encoded anew, by "
        "libopus."
    )
    with av.open(str(tmp_path / "out.webm")) as container:
        wave = np.concatenate(
            [f.to_ndarray().mean(0) for f in container.decode(audio=0)]
        )
    assert len(wave) / 48000 == pytest.approx(0.48, abs=0.05)
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave))))
    assert spectrum.argmax() * 48000 / len(wave) == pytest.approx(440, abs=5)


@pytest.mark.parametrize(
    ("suffix", "size"), [(".mp4", (34, 48)), (".webm", (33, 47))]
)
def test_odd_sizes(
    write_film, read_film, scene, tmp_path, negative, suffix, size
):
    path = write_film(frames=scene(3, (33, 47)), pixel_format="yuv444p")
    paint(path, tmp_path / f"out{suffix}", negative, stability=0)
    (first, *_), _ = read_film(tmp_path / f"out{suffix}")
    assert first.shape[:2] == size
    difference = 255 - scene(1, (33, 47))[0].astype(int) - first[:33, :47]
    assert np.abs(difference).mean() < 9


def test_times_that_vary_and_a_turn(write_film, read_film, tmp_path, negative):
    times = [0, 40, 80, 240, 250, 700, 730, 800, 801, 900, 1000, 1400]
    path = write_film(times=times, rotation=90)
    paint(path, tmp_path / "out.mp4", negative)
    frames, found = read_film(tmp_path / "out.mp4")
    np.testing.assert_allclose(found, np.array(times) / 1000, atol=1e-3)
    assert frames[0].shape == (48, 32, 3)


def test_stopped_anywhere_it_goes_on_to_the_same_film(
    write_film, read_film, tmp_path, negative
):
    path = write_film(sound="aac")
    paint(path, tmp_path / "whole.mp4", negative)
    expected, times = read_film(tmp_path / "whole.mp4")
    for num_frames in (1, 4, 7, 9, 12):
        output = tmp_path / "out.mp4"
        paint(path, output, negative, num_frames=num_frames)
        assert not output.exists()
        negative.painted.clear()
        paint(path, output, negative)
        # Whole segments are not painted again; one frame is measured, too.
        left = 12 - (num_frames - 1) // 4 * 4
        assert left <= len(negative.painted) <= left + 2
        found, found_times = read_film(output)
        assert found_times == times
        for one, other in zip(expected, found, strict=True):
            np.testing.assert_array_equal(one, other)
        assert [p.name for p in tmp_path.glob(".*")] == []
        output.unlink()


def test_other_options_are_refused_and_named(write_film, tmp_path, negative):
    path, output = write_film(), tmp_path / "out.mp4"
    paint(path, output, negative, num_frames=5)
    with pytest.raises(InputError, match="`stability` was 0.5, now 0.25"):
        paint(path, output, negative, stability=0.25)
    paint(path, output, negative, stability=0.25, overwrite=True)
    assert output.exists()
    assert list(tmp_path.glob(".*")) == []


def test_too_small_a_film(write_film, tmp_path, negative):
    path = write_film(frames=[np.zeros((4, 16, 3), np.uint8)] * 2)
    with pytest.raises(InputError, match="`4 x 16` .* at least 8 x 8"):
        paint(path, tmp_path / "out.mp4", negative)
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_of_the_engine_comes_out(
    write_film, tmp_path, negative, monkeypatch
):
    def fail(*_, **__):
        raise MemoryError("too large")

    monkeypatch.setattr(negative, "paint", fail)
    with pytest.raises(MemoryError, match="too large"):
        paint(write_film(), tmp_path / "out.mp4", negative)
    assert not (tmp_path / "out.mp4").exists()


def test_a_cut_shows_the_new_scene_at_once(
    write_film, read_film, scene, tmp_path, negative
):
    other = [frame[::-1, :, ::-1] // 2 for frame in scene(5)]
    path = write_film(
        frames=[*scene(7), *map(np.ascontiguousarray, other)],
        options={"qp": "0"}.items(),
        pixel_format="yuv444p",
    )
    paint(path, tmp_path / "out.mp4", negative, stability=1)
    frames, _ = read_film(tmp_path / "out.mp4")
    assert np.abs(255 - other[0].astype(int) - frames[7]).mean() < 9
