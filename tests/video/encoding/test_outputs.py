"""Films of every kind, painted, and read back by another program."""

import json
import os
import shutil
import subprocess

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.video import film_run
from multistyle.video.decoding.films import open_film
from multistyle.video.encoding.outputs import find_output
from multistyle.video.film_painter import FilmPainter
from multistyle.video.film_run import FilmRun
from multistyle.video.material.exr import decode_exr, encode_exr

av = pytest.importorskip("av")
SIZE = (32, 48)


@pytest.fixture(autouse=True)
def short_segments(monkeypatch):
    monkeypatch.setattr(film_run, "SEGMENT_FRAMES", 4)


@pytest.fixture
def run_ffmpeg(tmp_path):
    """Returns a function that runs FFmpeg's program and returns its bytes."""

    def run(*arguments, stdin=None, program="ffmpeg"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
        return subprocess.run(
            [program, "-v", "error", *map(str, arguments)],
            input=stdin,
            cwd=tmp_path,
            check=True,
            capture_output=True,
        ).stdout

    return run


@pytest.fixture
def probe(run_ffmpeg):
    """Returns a function that says what ffprobe finds."""

    def ask(path):
        shown = "-show_streams", "-show_chapters", "-of", "json"
        return json.loads(run_ffmpeg(*shown, path, program="ffprobe"))

    return ask


def paint(source, output, engine, *, num_frames=None, stability=0, **options):
    """Paints a film, or its first frames; returns the notes."""
    notes = []
    painter = FilmPainter(
        engine, lambda _: np.ones(1, np.float32), stability=stability
    )
    with FilmRun(source, output, note=notes.append, **options) as run:
        done = run.paint(painter, {"model": "negative"})
        for count in done:
            if count == num_frames:
                done.close()
                break
    return notes


def pictures_of(facts):
    (found,) = (s for s in facts["streams"] if s["codec_type"] == "video")
    return found


def make_gradient(bits, size=SIZE):
    """A picture, uint16, of finer levels than 8 bits have."""
    height, width = size
    levels = np.linspace(0.3, 0.34, width * height).reshape(size)
    picture = np.stack([levels, levels, levels], axis=2)
    step = 1 << (16 - bits)
    return (picture * 65535).astype(np.uint16) // step * step


@pytest.mark.parametrize(
    ("name", "codec", "facts"),
    [
        ("out.mp4", None, ("hevc", "Main 10", "yuv420p10le", "hvc1")),
        ("out.mp4", "h264", ("h264", "High", "yuv420p", "avc1")),
        ("out.mp4", "h265", ("hevc", "Main 10", "yuv420p10le", "hvc1")),
        ("out.mov", "h265", ("hevc", "Main 10", "yuv420p10le", "hvc1")),
        ("out.mov", "prores", ("prores", "HQ", "yuv422p10le", "apch")),
        ("out.mov", "prores4444", ("prores", "4444", None, "ap4h")),
        ("out.mov", "dnxhr", ("dnxhd", "DNXHR HQX", "yuv422p10le", "AVdh")),
        ("out.webm", "vp9", ("vp9", "Profile 0", "yuv420p", None)),
        ("out.mkv", "h265", ("hevc", "Main 10", "yuv420p10le", None)),
        ("out.mkv", "prores", ("prores", "HQ", "yuv422p10le", None)),
    ],
)
def test_each_codec_of_a_film_of_10_bits(
    write_film, probe, tmp_path, negative, name, codec, facts
):
    """Over two segments; its levels are finer than 8 bits, where they can."""
    size = (120, 256) if codec == "dnxhr" else SIZE
    frames = [make_gradient(10, size)] * 6
    path = write_film(
        "film.mkv", frames, "ffv1", "yuv422p10le", colors=(1, 1, 1)
    )
    output = tmp_path / name
    notes = paint(path, output, negative, codec=codec)
    found = pictures_of(probe(output))
    kind, profile, pixel_format, tag = facts
    assert found["codec_name"] == kind
    assert found["profile"].removeprefix("Apple ProRes ") in (profile, "High")
    assert pixel_format in (found["pix_fmt"], None)
    assert tag in (found["codec_tag_string"], None)
    for name in ("color_space", "color_transfer", "color_primaries"):
        assert found[name] == "bt709"
    assert found.get("color_range", "tv") == "tv"
    painted = list(open_film(output, note=print).frames(is_deep=True))
    assert len(painted) == 6
    pixels = painted[-1].pixels.astype(int)
    assert np.abs(65535 - frames[0] - pixels).mean() < 500
    is_deep = codec not in ("h264", "vp9")
    assert (len(np.unique(pixels[..., 1] >> 6)) > 20) == is_deep
    expected = []
    if codec is None:
        expected = [
            f"`{output}`: the film has more than 8 bits: it becomes H.265, "
            "with 10. --codec=h264 has 8, and more players show it."
        ]
    elif not is_deep:
        expected = [
            f"`{output}`: {'H.264' if codec == 'h264' else 'VP9'} is written "
            "with 8 bits: --codec=h265, or prores in a .mov, keeps 10."
        ]
    assert notes == expected


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("out.mp4", None),
        ("out.mp4", "h265"),
        ("out.mov", "prores"),
        ("out.webm", None),
        ("out.mkv", None),
    ],
)
def test_colour_tags_are_the_film_s(
    write_film, probe, tmp_path, negative, name, codec
):
    """Those of PAL, whose reds another matrix would shift."""
    red = [np.full((*SIZE, 3), (200, 40, 60), np.uint8)] * 5
    path = write_film(frames=red, pixel_format="yuv444p", colors=(5, 5, 5))
    paint(path, tmp_path / name, negative, codec=codec)
    found = pictures_of(probe(tmp_path / name))
    # NTSC and PAL have one matrix, under two numbers.
    assert found["color_space"] in ("bt470bg", "smpte170m")
    assert found["color_primaries"] == "bt470bg"
    # PAL's own curve, which ProRes and others call by another name.
    assert found["color_transfer"] in ("bt470bg", "gamma28")
    (first, *_) = open_film(tmp_path / name, note=print).frames()
    assert np.abs(first.pixels.astype(int) - (55, 215, 195)).max() <= 5


def test_tracks_timecode_chapters_and_subtitles_come_along(
    run_ffmpeg, probe, tmp_path, negative
):
    (tmp_path / "s.srt").write_text("1\n00:00:00,100 --> 00:00:00,300\nHi\n")
    (tmp_path / "c.txt").write_text(
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=200\n"
        "title=One\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=200\nEND=500\ntitle=Two\n"
    )
    run_ffmpeg(
        *("-f", "lavfi", "-i", "testsrc=size=48x32:rate=24:duration=0.5"),
        *("-f", "lavfi", "-i", "sine=duration=0.5", "-f", "lavfi", "-i"),
        *("sine=f=880:duration=0.5", "-i", "s.srt", "-i", "c.txt"),
        *("-map", 0, "-map", 1, "-map", 2, "-map", 3, "-map_chapters", 4),
        *("-c:v", "prores_ks", "-c:a", "pcm_s16le", "-c:s", "mov_text"),
        *("-timecode", "01:02:03:04", "-metadata:s:a:0", "language=eng"),
        *("-metadata:s:a:1", "language=fra", "film.mov"),
    )
    for name, codec in (("out.mov", "prores"), ("out.mp4", None)):
        notes = paint(
            tmp_path / "film.mov", tmp_path / name, negative, codec=codec
        )
        found = probe(tmp_path / name)
        by_kind = {
            kind: [s for s in found["streams"] if s["codec_type"] == kind]
            for kind in ("video", "audio", "subtitle")
        }
        tags = [sound["tags"]["language"] for sound in by_kind["audio"]]
        assert tags == ["eng", "fra"]
        kinds = {sound["codec_name"] for sound in by_kind["audio"]}
        assert kinds == {"pcm_s16le" if name == "out.mov" else "aac"}
        assert [s["codec_name"] for s in by_kind["subtitle"]] == ["mov_text"]
        assert by_kind["video"][0]["tags"]["timecode"] == "01:02:03:04"
        titles = [
            (float(c["start_time"]), float(c["end_time"]), c["tags"]["title"])
            for c in found["chapters"]
        ]
        assert titles == [(0, 0.2, "One"), (0.2, pytest.approx(0.5), "Two")]
        heard = [note for note in notes if "encoded anew" in note]
        assert len(heard) == (0 if name == "out.mov" else 2)
    text = run_ffmpeg("-i", "out.mov", "-map", "0:s", "-f", "srt", "-")
    assert text.decode() == "1\n00:00:00,100 --> 00:00:00,300\nHi\n\n"
    notes = paint(tmp_path / "film.mov", tmp_path / "out.webm", negative)
    assert notes[1] == (
        f"`{tmp_path / 'film.mov'}`: its subtitles are left out: a WebM holds "
        "none of the kind mov_text."
    )
    assert len(probe(tmp_path / "out.webm")["chapters"]) == 2


def test_dnxhr_says_how_small_it_can_be(write_film, tmp_path, negative):
    message = "DNxHR HQ has frames of at least 256 x 120 pixels .*, not 48 x 32"
    with pytest.raises(InputError, match=message):
        paint(write_film(), tmp_path / "out.mov", negative, codec="dnxhr")
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]


@pytest.fixture
def as_standard_input():
    """Returns a function that makes a file the standard input."""
    before = os.dup(0)

    def feed(path):
        file = os.open(path, os.O_RDONLY)
        os.dup2(file, 0)
        os.close(file)

    yield feed
    os.dup2(before, 0)
    os.close(before)


def test_a_film_of_a_pipe_goes_on_if_it_is_the_same(
    run_ffmpeg, as_standard_input, read_film, tmp_path, negative
):
    for name, scene in (("a.y4m", "testsrc"), ("b.y4m", "testsrc2")):
        made = f"{scene}=size=48x32:rate=24:duration=0.5"
        run_ffmpeg("-f", "lavfi", "-i", made, "-pix_fmt", "yuv420p", name)
    whole, output = tmp_path / "whole.mp4", tmp_path / "out.mp4"
    as_standard_input(tmp_path / "a.y4m")
    paint("-", whole, negative, stability=0.5)
    as_standard_input(tmp_path / "a.y4m")
    paint("-", output, negative, stability=0.5, num_frames=6)
    as_standard_input(tmp_path / "b.y4m")
    with pytest.raises(InputError, match="`first_frame` was"):
        paint("-", output, negative, stability=0.5)
    as_standard_input(tmp_path / "a.y4m")
    notes = paint("-", output, negative, stability=0.5)
    assert notes == ["Going on after 1 finished segment."]
    assert output.read_bytes() == whole.read_bytes()
    assert len(read_film(output)[0]) == 12


@pytest.fixture
def write_frames(tmp_path, scene):
    """Returns a function that writes numbered frames."""

    def write(name, frames=None, numbers=None):
        frames = scene(10) if frames is None else frames
        numbers = numbers or range(1, len(frames) + 1)
        for number, pixels in zip(numbers, frames, strict=True):
            if name.endswith(".exr"):
                (tmp_path / (name % number)).write_bytes(encode_exr(pixels))
            else:
                write_image(tmp_path / (name % number), pixels)
        return tmp_path / name

    return write


def read_frame(path):
    if path.suffix == ".exr":
        return decode_exr(path.read_bytes(), path.name)
    return read_image(path, keep_alpha=True, is_deep=True)


@pytest.mark.parametrize("suffix", [".png", ".tif", ".exr"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("has_alpha", [False, True])
def test_numbered_frames_become_numbered_frames(
    write_frames, probe, scene, tmp_path, negative, suffix, dtype, has_alpha
):
    full = np.iinfo(dtype).max
    frames = []
    for number, pixels in enumerate(scene(6, (33, 47))):
        pixels = pixels.astype(dtype) * (full // 255)
        if dtype == np.uint16:
            pixels += np.uint16(number)  # Finer than 8 bits.
        if has_alpha:
            alpha = np.full((33, 47), full, dtype)
            alpha[:8] = full // 2  # What it hides is filled from around it.
            pixels = np.dstack([pixels, alpha])
        frames.append(pixels)
    path = write_frames(f"in_%04d{suffix}", frames, range(99, 105))
    output = tmp_path / "painted" / f"out_%03d{suffix}"
    assert paint(path, output, negative, fps="24") == []
    names = sorted(path.name for path in output.parent.iterdir())
    assert names == [f"out_{number:03}{suffix}" for number in range(99, 105)]
    is_exr = suffix == ".exr"
    for number, pixels in zip(range(99, 105), frames, strict=True):
        found = read_frame(output.with_name(output.name % number))
        assert found.shape == pixels.shape
        if is_exr:  # Half a float, and always deep.
            pixels = pixels.astype(int) * (65535 // full)
            difference = np.abs(65535 - pixels[..., :3] - found[..., :3])
            assert difference[8:].max() < 80
        else:
            assert found.dtype == dtype
            expected = full - pixels[..., :3]
            np.testing.assert_array_equal(found[8:, :, :3], expected[8:])
        if has_alpha:
            worst = 20 if is_exr else 0
            alpha = pixels[..., 3].astype(int)
            assert np.abs(found[..., 3].astype(int) - alpha).max() <= worst
    facts = pictures_of(probe(output.with_name(output.name % 99)))
    assert (facts["width"], facts["height"]) == (47, 33)
    assert ("a" in facts["pix_fmt"].replace("pal", "")) == has_alpha


def test_numbered_frames_become_a_film_and_a_film_becomes_frames(
    write_frames, read_film, scene, tmp_path, negative
):
    path = write_frames("in_%d.png")
    output = tmp_path / "out.mp4"
    notes = paint(path, output, negative, crf=1)
    assert notes == [
        f"`{path}`: 24 frames a second, unless --fps says another number."
    ]
    _, times = read_film(output)
    np.testing.assert_allclose(times, np.arange(10) / 24, atol=1e-3)
    paint(output, tmp_path / "back_%02d.png", negative)
    for number, pixels in enumerate(scene(10)):
        back = read_image(tmp_path / f"back_{number + 1:02}.png")
        assert np.abs(back.astype(int) - pixels).mean() < 6


def test_held_still_like_a_film(write_frames, tmp_path, negative):
    """Frames with noise: held, they differ less than what they are of."""
    random = np.random.default_rng(0)
    base = random.integers(60, 190, (8, 12, 3)).repeat(4, 0).repeat(4, 1)
    frames = [
        (base + random.normal(0, 4, base.shape)).astype(np.uint8)
        for _ in range(8)
    ]
    path = write_frames("in_%d.png", frames)
    output = tmp_path / "out_%d.png"
    paint(path, output, negative, fps=24, stability=1)
    painted = [read_image(tmp_path / f"out_{n}.png") for n in range(1, 9)]

    def flicker(film):
        return np.abs(np.diff(np.int32(film), axis=0))[2:].mean()

    assert flicker(painted) < 0.2 * flicker(frames)


def test_missing_numbers_are_named_and_the_one_before_held(
    write_frames, scene, tmp_path, negative
):
    numbers = [3, 4, 7, 9, 10]
    path = write_frames("in_%03d.png", scene(5), numbers)
    output = tmp_path / "out_%03d.png"
    notes = paint(path, output, negative, fps=25)
    assert notes == [
        f"`{path}`: numbers are missing (5, 6 and 8); the frame before is held."
    ]
    shown = dict(zip(numbers, scene(5), strict=True))
    sources = 3, 4, 4, 4, 7, 7, 9, 10
    for number, source in zip(range(3, 11), sources, strict=True):
        found = read_image(tmp_path / f"out_{number:03}.png")
        np.testing.assert_array_equal(found, 255 - shown[source])


@pytest.mark.parametrize("num_frames", [1, 4, 5, 9, 10])
def test_stopped_frames_go_on(
    write_frames, scene, tmp_path, negative, num_frames
):
    path = write_frames("in_%d.png")
    whole, output = tmp_path / "whole_%d.png", tmp_path / "out_%d.png"
    paint(path, whole, negative, fps=24, stability=0.5)
    paint(path, output, negative, fps=24, stability=0.5, num_frames=num_frames)
    # Nothing that is not finished stays.
    finished = (num_frames - 1) // 4 * 4
    assert len(list(tmp_path.glob("out_*.png"))) == finished
    negative.painted.clear()
    notes = paint(path, output, negative, fps=24, stability=0.5)
    assert bool(notes) == (finished > 0)
    assert 10 - finished <= len(negative.painted) <= 12 - finished
    for number in range(1, 11):
        a, b = (tmp_path / f"{name}_{number}.png" for name in ("whole", "out"))
        assert a.read_bytes() == b.read_bytes()
    assert list(tmp_path.glob(".*")) == []
    # What is there is not replaced, but by leave.
    with pytest.raises(InputError, match=r"has frames already \(1 to 10\)"):
        paint(path, output, negative, fps=24)
    (tmp_path / "in_10.png").unlink()
    notes = paint(path, output, negative, fps=24, overwrite=True)
    assert notes == [
        f"`{output}` has frames of an earlier film, which stay: 10."
    ]


def test_frames_that_cannot_be_a_film(write_frames, scene, tmp_path, negative):
    path = write_frames("in_%d.png", [scene(1)[0], scene(1, (24, 48))[0]])
    with pytest.raises(InputError, match="`.*in_2.png` is 48 x 24 .* 48 x 32"):
        paint(path, tmp_path / "out_%d.png", negative, fps=24)
    path = write_frames("fine_%d.png")
    (tmp_path / "link").symlink_to(tmp_path)
    for same in (
        path,
        tmp_path / "fine_%01d.png",
        tmp_path / "link/fine_%d.png",
    ):
        with pytest.raises(InputError, match="are the frames that are to be"):
            paint(path, same, negative, fps=24, overwrite=True)
    with pytest.raises(InputError, match="more than one number"):
        paint(path, tmp_path / "out_%d_%d.png", negative, fps=24)
    with pytest.raises(InputError, match="a numbered frame takes no --crf"):
        find_output("out_%d.png", crf=20)
    with pytest.raises(InputError, match="Y4M takes no --codec"):
        find_output("-", codec="h264")
    broken = tmp_path / "fine_3.png"
    broken.write_bytes(broken.read_bytes()[:-400])
    notes = paint(path, tmp_path / "out_%d.png", negative, fps=24)
    assert len(notes) == 1 and "fine_3.png" in notes[0]
    assert notes[0].endswith("The frame before is held.")
    found = read_image(tmp_path / "out_3.png")
    np.testing.assert_array_equal(found, 255 - scene(2)[1])
