"""Hostile films of every kind, the same in every run."""

import functools
import io
import os
import struct
from fractions import Fraction

import av
import numpy as np

from multistyle.video.material.exr import encode_exr
from tests.hostile.cases import SEED, Case, cut, flip, overwrite
from tests.hostile.picture_cases import good_pictures

SIZE = (48, 64)  # Height, width.
_KINDS = {
    # Container, codec, pixels.
    "mp4": ("mp4", "libx264", "yuv420p"),
    "mkv": ("matroska", "libx264", "yuv420p"),
    "webm": ("webm", "libvpx-vp9", "yuv420p"),
    "mov": ("mov", "prores_ks", "yuv422p10le"),
    "avi": ("avi", "mjpeg", "yuvj420p"),
    "ts": ("mpegts", "mpeg2video", "yuv420p"),
    "flv": ("flv", "flv", "yuv420p"),
    "y4m": ("yuv4mpegpipe", "rawvideo", "yuv420p"),
    "gif": ("gif", "gif", "rgb8"),
}
_PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{}\n#EXT-X-ENDLIST\n"


@functools.cache
def good_films():
    """Returns short films of several kinds: suffix -> bytes."""
    return {suffix: _film(*kind) for suffix, kind in _KINDS.items()}


@functools.cache
def hostile_films():
    """Returns the `Case`s, about 90."""
    cases = [
        *_damaged(),
        *_lying(),
        *_playlists(),
        *_others(),
        *_names(),
        *_numbered(),
    ]
    assert len({case.name for case in cases}) == len(cases)
    return cases


def _film(container, codec, pixel_format, has_sound=False):
    random = np.random.default_rng(SEED)
    file = io.BytesIO()
    with av.open(file, "w", format=container) as film:
        if has_sound:
            sound = film.add_stream("aac", rate=48_000, layout="mono")
        stream = film.add_stream(codec, rate=Fraction(25))
        stream.height, stream.width = SIZE
        stream.pix_fmt = pixel_format
        for _ in range(4):
            pixels = random.integers(0, 256, (*SIZE, 3), np.uint8)
            frame = av.VideoFrame.from_ndarray(pixels, "rgb24")
            film.mux(stream.encode(frame.reformat(format=pixel_format)))
        film.mux(stream.encode(None))
        if has_sound:
            samples = np.zeros((1, 1024), np.float32)
            for number in range(8):
                heard = av.AudioFrame.from_ndarray(samples, "fltp", "mono")
                heard.sample_rate, heard.pts = 48_000, 1024 * number
                film.mux(sound.encode(heard))
            film.mux(sound.encode(None))
    return file.getvalue()


def _damaged():
    random = np.random.default_rng(SEED)
    for suffix, data in good_films().items():
        yield Case(f"cut_1.{suffix}", cut(random, data))
        yield Case(f"cut_2.{suffix}", data[: len(data) * 3 // 4])
        yield Case(f"flipped_1.{suffix}", flip(random, data, 3))
        yield Case(f"flipped_2.{suffix}", flip(random, data, 60))
        yield Case(f"noisy.{suffix}", overwrite(random, data, 200))


def _lying():
    known = good_films()
    for size in ("W0 H0", "W30000 H30000", "W-4 H4", "W2147483647 H2", "W4"):
        name = size.replace(" ", "_")
        header = f"YUV4MPEG2 {size} F25:1 Ip A1:1 C420\nFRAME\n"
        yield Case(f"lying_{name}.y4m", header.encode() + b"\x80" * 1000)
    for rate in ("0:0", "1:0", "2147483647:1", "1:2147483647", "-25:1"):
        name = rate.replace(":", "_")
        header = f"YUV4MPEG2 W64 H48 F{rate} Ip A0:0 C420\n"
        frames = (b"FRAME\n" + b"\x80" * (64 * 48 * 3 // 2)) * 3
        yield Case(f"lying_rate_{name}.y4m", header.encode() + frames)
    avi = bytearray(known["avi"])
    place = avi.index(b"strf") + 12
    avi[place : place + 8] = struct.pack("<ii", 60_000, 60_000)
    yield Case("lying_size.avi", bytes(avi))
    mp4 = known["mp4"]
    for atom, offset, value in (
        (b"mvhd", 16, struct.pack(">II", 0, 2**32 - 1)),  # Units a second.
        (b"mdhd", 16, struct.pack(">II", 1, 2**32 - 1)),
        (b"stsz", 12, struct.pack(">I", 2**32 - 1)),  # How many samples.
        (b"stts", 8, struct.pack(">III", 1, 2**32 - 1, 1)),
        (b"stco", 8, struct.pack(">II", 2**32 - 1, 0)),
        (b"stsc", 8, struct.pack(">I", 2**31)),
        (b"tkhd", 44, struct.pack(">9i", *[2**31 - 1] * 9)),  # How it lies.
        (b"avc1", 28, struct.pack(">HH", 65_535, 65_535)),
        (b"moov", -4, struct.pack(">I", 2**31)),
    ):
        damaged = bytearray(mp4)
        place = damaged.index(atom) + offset
        damaged[place : place + len(value)] = value
        yield Case(f"lying_{atom.decode()}.mp4", bytes(damaged))
    loud = _film("mp4", "libx264", "yuv420p", has_sound=True)
    yield Case("lying_sound.mp4", loud.replace(b"mp4a", b"zz0a"))
    deep = struct.pack(">I4s", 8, b"moov")
    for _ in range(2000):
        deep = struct.pack(">I4s", 8 + len(deep), b"moov") + deep
    yield Case("deep.mp4", mp4[:32] + deep)
    gif = known["gif"]
    whole = struct.pack("<HHHH", 0, 0, 65_535, 65_535)
    yield Case("lying_frame.gif", gif[:-1] + b"," + whole + b"\0\2\2D\1\0;")
    screen = bytearray(gif)
    screen[6:10] = struct.pack("<HH", 65_535, 65_535)
    yield Case("lying_screen.gif", bytes(screen))


def _playlists():
    """Files that would make FFmpeg open others."""
    for name, target in (
        ("words", "file:///etc/passwd"),
        ("network", "http://127.0.0.1:9/film.ts"),
        ("beside", "../secret/film.ts"),
        ("joined", "concat:/etc/passwd|/etc/hosts"),
    ):
        text = _PLAYLIST.format(target)
        yield Case(f"playlist_{name}.m3u8", text.encode())
        yield Case(f"playlist_{name}.mp4", text.encode())
        listed = f"ffconcat version 1.0\nfile '{target}'\n"
        yield Case(f"list_{name}.mp4", listed.encode())
    yield Case(
        "session.sdp",
        b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
        b"m=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
    )
    yield Case(
        "manifest.mpd",
        b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" '
        b'type="static" mediaPresentationDuration="PT9S"><Period>'
        b'<AdaptationSet mimeType="video/mp4"><Representation id="1" '
        b'bandwidth="1"><BaseURL>file:///etc/passwd</BaseURL>'
        b"</Representation></AdaptationSet></Period></MPD>",
    )


def _others():
    """What is no film."""
    known = good_pictures()
    for name, data in {
        "empty.mp4": b"",
        "zeros.mkv": b"\0" * 4000,
        "words.mp4": b"This is no film.\n" * 20,
        "page.mp4": b"<html><script>alert(1)</script></html>",
        "subtitles.mp4": b"1\n00:00:00,000 --> 00:00:09,000\nHello\n",
        "commands.mp4": b";FFMETADATA1\ntitle=x\n",
        "picture.mp4": known["jpg"],
        "animation.mp4": known["moving.webp"],
        "sound.mp4": b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0"
        b"\x40\x1f\0\0\1\0\x08\0data\0\0\0\0",
    }.items():
        yield Case(f"other_{name}", data)
    yield Case("link.mp4", lambda path: os.symlink("/dev/zero", path))
    yield Case("pipe.mp4", lambda path: os.mkfifo(path))
    yield Case("folder.mp4", lambda path: path.mkdir())
    yield Case("circle.mp4", lambda path: os.symlink("circle.mp4", path))


def _names():
    """Whole films under names that FFmpeg could take for something else."""
    film = good_films()["mp4"]
    for name in (
        "http:film.mp4",
        "concat:a|b.mp4",
        "subfile,,start,0,end,9,,:film.mp4",
        "pipe:0",
        "data:film.mp4",
        "crypto:film.mp4",
        "-f lavfi.mp4",
        "a\nb.mp4",
        "\x1b]0;title\x07.mp4",
        "$(touch touched).mp4",
        "<b>.mp4",
        "%d%s.mp4",
        "..mp4",
    ):
        yield Case(name, film)


def _numbered():
    """Folders of numbered frames; the film is `FOLDER/%d.SUFFIX`."""
    random = np.random.default_rng(SEED)
    pixels = random.integers(0, 256, (*SIZE, 3), np.uint8)
    exr = encode_exr(pixels)
    window = exr.index(b"dataWindow\0box2i\0") + 21
    huge = bytearray(exr)
    huge[window : window + 16] = struct.pack("<4i", 0, 0, 99_999, 99_999)
    negative = bytearray(exr)
    negative[window : window + 16] = struct.pack("<4i", 9, 9, -9, -9)
    damaged = [cut(random, exr) for _ in range(4)]
    damaged += [flip(random, exr, count) for count in (2, 20, 200, 2)]
    damaged += [overwrite(random, exr, 100), bytes(huge), bytes(negative), b""]
    for number, data in enumerate(damaged):
        yield Case(f"frames_{number}.exr", _frames_of("exr", data))
    png = good_pictures()["png"]

    def far_apart(path):
        path.mkdir()
        for number in (1, 10**12):
            (path / f"{number}.png").write_bytes(png)

    yield Case("frames_far.png", far_apart)
    for number, data in enumerate((png[:50], b"", good_pictures()["jpg"][:99])):
        yield Case(f"frames_{number}.png", _frames_of("png", data))


def _frames_of(suffix, data):
    def write(path):
        path.mkdir()
        for number in (1, 2):
            (path / f"{number}.{suffix}").write_bytes(data)

    return write


def film_argument(path):
    """Returns what the command line is given of a case's path."""
    if path.name.startswith("frames_") and path.is_dir():
        return str(path / f"%d{path.suffix}")
    return str(path)
