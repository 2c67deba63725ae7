import json
from fractions import Fraction

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.video import film_run
from multistyle.video.decoding.reader import FilmReader
from multistyle.video.film_painter import FilmPainter
from multistyle.video.film_run import FilmRun

av = pytest.importorskip("av")
STREAMS = {
    "film.mp4": ("libx264", "aac"),
    "film.mov": ("libx264", "pcm_s16le"),
    "film.webm": ("libvpx-vp9", "libopus"),
}


@pytest.fixture(autouse=True)
def short_segments(monkeypatch):
    monkeypatch.setattr(film_run, "SEGMENT_FRAMES", 4)


def paint(
    source,
    output,
    engine,
    *,
    stability=0.5,
    num_frames=None,
    overwrite=False,
    max_size=None,
):
    """Paints a film, or its first frames; returns the notes."""
    notes = []
    painter = FilmPainter(
        engine, lambda _: np.ones(1, np.float32), stability=stability
    )
    run = FilmRun(
        source,
        output,
        max_size=max_size,
        crf=1 if output.suffix == ".mp4" else None,
        overwrite=overwrite,
        note=notes.append,
    )
    with run:
        done = run.paint(painter, {"model": "negative"})
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
        # Nothing that is half written.
        folder = tmp_path / ".out.mp4.segments"
        whole = (num_frames - 1) // 4
        assert len(list(folder.glob("*.nut"))) == whole
        assert len(list(folder.glob("*.npz"))) == min(1, whole)
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


@pytest.mark.parametrize("suffix", [".webm", ".mov", ".mp4", ".gif"])
def test_transparency_is_kept_or_a_line_says_it_is_not(
    write_film, scene, tmp_path, negative, suffix
):
    """Over several segments, of odd sizes, to the alpha of each frame."""
    size = (33, 47)
    frames = [
        np.dstack([pixels, np.full(size, 255, np.uint8)])
        for pixels in scene(10, size)
    ]
    for number, frame in enumerate(frames):
        frame[8:24, number : number + 16, 3] = 0
    path = write_film("film.mov", frames, "qtrle", "argb")
    output = tmp_path / f"out{suffix}"
    notes = paint(path, output, negative, stability=0)
    found = list(FilmReader(output).frames())
    seconds = [frame.seconds for frame in found]
    np.testing.assert_allclose(seconds, np.arange(10) / 25, atol=0.011)
    for frame, stored in zip(found, frames, strict=True):
        pixels = frame.pixels[:33, :47].astype(int)
        is_shown = stored[..., 3] > 0
        expected = 255 - stored[..., :3].astype(int)
        if suffix in (".webm", ".mov"):
            assert np.abs(frame.alpha - stored[..., 3].astype(int)).mean() < 6
        else:
            assert frame.alpha is None
            assert pixels[~is_shown].mean() > 240
        assert np.abs(pixels - expected)[is_shown].mean() < 16
    if suffix in (".webm", ".mov"):
        assert notes == []
        with av.open(str(output)) as container:
            name = container.streams.video[0].codec_context.name
        assert name == {".webm": "vp9", ".mov": "prores"}[suffix]
    else:
        noun = {".mp4": "an MP4", ".gif": "a GIF"}[suffix]
        assert notes[-1] == (
            f"`{output}`: {noun} holds no transparency: it becomes white. A "
            ".webm or a .mov keeps it."
        )


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".webm"])
def test_a_late_film_begins_at_0(
    write_film, read_film, tmp_path, negative, suffix
):
    begin = 36_000_000
    path = write_film(
        "tv.ts",
        times=[begin + 40 * number for number in range(12)],
        sound="aac",
        container="mpegts",
    )
    output = tmp_path / f"out{suffix}"
    paint(path, output, negative)
    _, times = read_film(output)
    np.testing.assert_allclose(times, np.arange(12) / 25, atol=0.002)
    with av.open(str(output)) as container:
        assert container.duration / av.time_base == pytest.approx(0.5, abs=0.1)
        (first, *_) = container.decode(audio=0)
    assert float(first.time) == pytest.approx(0, abs=0.03)


def test_hdr_becomes_sdr_and_says_so(write_film, tmp_path, negative):
    grey = np.full((32, 48, 3), round(0.38 * 65535), np.uint16)
    path = write_film(
        frames=[grey] * 2,
        pixel_format="yuv420p10le",
        colors=(9, 18, 9),
    )
    output = tmp_path / "out.mp4"
    notes = paint(path, output, negative)
    assert notes == [f"`{path}` is HDR (HLG): it is toned down to SDR."]
    with av.open(str(output)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        (frame, *_) = container.decode(stream)
    assert (context.pix_fmt, context.color_range) == ("yuv420p", 1)
    tags = context.colorspace, context.color_trc, context.color_primaries
    assert tags == (1, 1, 1)
    pixels = 255 - frame.to_ndarray(format="rgb24").astype(int)
    assert np.abs(pixels - 118).max() <= 3


def test_subtitles_that_are_left_out_are_said(tmp_path, negative):
    path = tmp_path / "film.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        subtitles = container.add_stream("ass")
        container.mux(stream.encode(av.VideoFrame(16, 16, "yuv420p")))
        packet = av.Packet(b"0,0,Default,,0,0,0,,Hello")
        packet.pts = packet.dts = 0
        packet.duration, packet.time_base = 1000, Fraction(1, 1000)
        packet.stream = subtitles
        container.mux(packet)
        container.mux(stream.encode(None))
    notes = paint(path, tmp_path / "out.mp4", negative)
    assert notes == [
        f"`{path}`: its subtitles are left out: an MP4 holds none of the kind "
        "ssa."
    ]


def test_two_runs_on_one_output(write_film, tmp_path, negative):
    """The second is refused at once, and takes nothing from the first."""
    path, output = write_film(), tmp_path / "out.mp4"
    with FilmRun(path, output) as run:
        painter = FilmPainter(negative, lambda _: np.ones(1, np.float32))
        done = run.paint(painter, {})
        assert next(done) == 1
        for overwrite in (False, True):
            with pytest.raises(InputError, match="Another process .* writes"):
                paint(path, output, negative, overwrite=overwrite)
        assert list(done)[-1] == 12
    assert len(list(FilmReader(output).frames())) == 12
    assert list(tmp_path.glob(".*")) == []
    with pytest.raises(InputError, match="`.*out.mp4` exists already"):
        paint(path, output, negative)


@pytest.mark.parametrize("num_frames", [1, 3])
def test_nothing_stays_of_a_run_that_finished_nothing(
    write_film, tmp_path, negative, num_frames
):
    path = write_film()
    paint(path, tmp_path / "out.mp4", negative, num_frames=num_frames)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", [".mp4", ".png"])
def test_a_name_that_is_too_long(write_film, tmp_path, suffix):
    output = tmp_path / ("long" * 80 + suffix)
    with pytest.raises(InputError) as refused:
        with FilmRun(write_film(), output):
            pass
    assert str(refused.value).startswith(f"`{output}` cannot be written: ")


@pytest.mark.parametrize("is_tiny", [False, True])
def test_a_disk_that_refuses_is_said_in_one_line(
    write_film, read_film, tmp_path, negative, is_tiny
):
    """The film, after its segments; and the first segment's state."""
    resource = pytest.importorskip("resource")
    rng = np.random.default_rng(0)
    noise = [rng.integers(0, 256, (32, 48, 3), np.uint8) for _ in range(80)]
    path, output = write_film(frames=noise), tmp_path / "out.mp4"
    paint(path, tmp_path / "whole.mp4", negative)
    expected, _ = read_film(tmp_path / "whole.mp4")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = (tmp_path / "whole.mp4").stat().st_size
    limit = 8192 if is_tiny else size * 3 // 4
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        with pytest.raises(InputError) as refused:
            paint(path, output, negative)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    message = str(refused.value)
    assert message.startswith(f"`{output}` cannot be written: File too large.")
    assert "\n" not in message and not output.exists()
    if is_tiny:
        assert list(tmp_path.glob(".*")) == []
        return
    notes = paint(path, output, negative)
    assert notes == [
        "Going on after 20 finished segments.",
        "Scene 21 begins at 3.08 s, frame 77.",
    ]
    found, _ = read_film(output)
    for one, other in zip(expected, found, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("is_late", [True, False])
def test_a_stopped_film_that_was_read_otherwise_is_refused(
    write_film, tmp_path, negative, is_late
):
    """As version 0.1 left it, which kept the times of late films."""
    begin = 36_000_000 if is_late else 0
    path = write_film(
        "tv.ts",
        times=[begin + 40 * number for number in range(12)],
        container="mpegts",
    )
    output = tmp_path / "out.mp4"
    paint(path, output, negative, num_frames=5)
    manifest = tmp_path / ".out.mp4.segments" / "manifest.jsonl"
    options, *lines = manifest.read_text("utf-8").splitlines()
    record = json.loads(options)
    record["options"].pop("begins_at")
    manifest.write_text("\n".join([json.dumps(record), *lines, ""]), "utf-8")
    with pytest.raises(InputError, match="`begins_at` was null, now "):
        paint(path, output, negative)
    assert manifest.is_file()
