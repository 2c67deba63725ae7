import io

import numpy as np
import pytest

from multistyle.video.encoding.formats import CONTAINERS
from multistyle.video.encoding.sound import Sound

av = pytest.importorskip("av")


def move(path, suffix, start=0):
    """Writes the sound of a film into a container; (its bytes, the notes)."""
    notes = []
    file = io.BytesIO()
    container = CONTAINERS[suffix]
    sound = Sound(path, start=start, note=notes.append)
    with sound, av.open(file, "w", format=container.name) as written:
        for packets in sound.add_to(written, container):
            for packet in packets:
                written.mux(packet)
    return file.getvalue(), notes


def hear(data):
    """Returns (codec, layout, rate, wave at its times, as mono)."""
    with av.open(io.BytesIO(data)) as film:
        (track,) = film.streams.audio
        rate = track.sample_rate
        mixer = av.AudioResampler("flt", "mono", rate)
        wave = np.zeros(4 * rate)
        for frame in film.decode(track):
            for piece in mixer.resample(frame):
                begin = round(piece.pts * piece.time_base * rate)
                samples = piece.to_ndarray()[0, max(0, -begin) :]
                begin = max(0, begin)
                wave[begin : begin + len(samples)] = samples
        return track.codec_context.name, track.layout.name, rate, wave


def write_sound(path, codec, layout="stereo", rate=48000, seconds=0.5):
    """A tone of 440 Hz on all channels."""
    count = int(rate * seconds)
    wave = 8000 * np.sin(np.arange(count) * 2 * np.pi * 440 / rate)
    with av.open(str(path), "w") as film:
        track = film.add_stream(codec, rate=rate, layout=layout)
        channels = track.layout.nb_channels
        resampler = av.AudioResampler(
            track.codec_context.format,
            layout,
            rate,
            frame_size=track.codec_context.frame_size or None,
        )
        pixels = film.add_stream("libx264", rate=25)
        pixels.width = pixels.height = 16
        pixels.pix_fmt = "yuv420p"
        film.mux(pixels.encode(av.VideoFrame(16, 16, "yuv420p")))
        film.mux(pixels.encode(None))
        samples = np.repeat(wave.astype(np.int16), channels)[None]
        frame = av.AudioFrame.from_ndarray(samples, "s16", layout)
        frame.sample_rate, frame.pts = rate, 0
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            film.mux(track.encode(piece))
        film.mux(track.encode(None))


def frequency(wave, rate):
    sounding = np.trim_zeros(np.where(np.abs(wave) > 1e-3, wave, 0))
    spectrum = np.abs(np.fft.rfft(sounding * np.hanning(len(sounding))))
    return spectrum.argmax() * rate / len(sounding)


@pytest.mark.parametrize(
    ("codec", "layout", "rate", "suffix", "expected"),
    [
        ("pcm_s16le", "stereo", 48000, ".mp4", ("aac", "stereo", 48000)),
        ("pcm_s24le", "stereo", 48000, ".mp4", ("aac", "stereo", 48000)),
        ("pcm_s16le", "mono", 12345, ".mp4", ("aac", "mono", 48000)),
        ("pcm_s16le", "5.1(side)", 48000, ".mp4", ("aac", "5.1", 48000)),
        ("pcm_s16le", "5.1(side)", 48000, ".webm", ("opus", "5.1", 48000)),
        ("pcm_s16le", "2.1", 48000, ".webm", ("opus", "3.0", 48000)),
        (
            "pcm_s16le",
            "hexadecagonal",
            48000,
            ".webm",
            ("opus", "7.1", 48000),
        ),
        ("pcm_s16le", "stereo", 192000, ".webm", ("opus", "stereo", 48000)),
    ],
)
def test_what_cannot_be_held_is_encoded_anew(
    tmp_path, codec, layout, rate, suffix, expected
):
    path = tmp_path / "film.mov"
    write_sound(path, codec, layout, rate)
    data, (note,) = move(path, suffix)
    assert note == (
        f"Sound of the kind {codec} cannot stand in {suffix[1:]}: it is "
        f"encoded anew, by {CONTAINERS[suffix].sound_codec}."
    )
    *facts, wave = hear(data)
    assert tuple(facts) == expected
    assert frequency(wave, expected[2]) == pytest.approx(440, abs=4)
    assert np.count_nonzero(np.abs(wave) > 1e-3) / expected[2] > 0.45


@pytest.mark.parametrize(
    ("codec", "suffix"),
    [("pcm_s16le", ".mov"), ("aac", ".mp4"), ("ac3", ".mp4")],
)
def test_what_can_be_held_is_copied(tmp_path, codec, suffix):
    path = tmp_path / "film.mov"
    write_sound(path, codec)
    data, notes = move(path, suffix)
    assert notes == []
    assert hear(data)[0] == codec


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".webm"])
@pytest.mark.parametrize(("delay", "lost"), [(240, 0), (0, 0), (-200, 0.2)])
def test_sound_of_a_late_film_is_in_step(write_film, suffix, delay, lost):
    """Sound that begins with the pictures, later and earlier."""
    begin = 36_000_000
    path = write_film(
        "tv.ts",
        times=[begin + 40 * number for number in range(12)],
        sound="aac",
        sound_start=begin + delay,
        container="mpegts",
    )
    with av.open(str(path)) as film:
        frame = next(film.decode(video=0))
        start = frame.pts * film.streams.video[0].time_base
    data, notes = move(path, suffix, start)
    lead = [note for note in notes if "before the first picture" in note]
    assert len(lead) == (lost > 0)
    if lost:
        (line,) = lead
        assert "0.2 s before the first picture: that much" in line
    *_, rate, wave = hear(data)
    level = np.abs(wave).reshape(-1, rate // 100).max(1)
    sounding = np.flatnonzero(level > level.max() / 3) / 100
    assert sounding[0] == pytest.approx(max(0, delay) / 1000, abs=0.03)
    assert sounding[-1] == pytest.approx(0.48, abs=0.04)
