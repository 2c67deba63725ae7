from fractions import Fraction

import numpy as np
import pytest

from multistyle.images.codecs.reading import read_image
from multistyle.images.resizing import resize
from multistyle.images.samples import sample_photographs

MILLISECONDS = Fraction(1, 1000)


def make_scene(num_frames, size=(32, 48), speed=1):
    """Makes frames in which soft blobs move to the left, uint8."""
    height, width = size
    rows = np.arange(height)[:, None, None]
    columns = np.arange(width)[None, :, None]
    channels = np.arange(3)[None, None]
    return [
        (
            128
            + 60 * np.sin((columns + speed * number) / 4 + channels)
            + 60 * np.cos(rows / 3 + (columns + speed * number) / 9)
        ).astype(np.uint8)
        for number in range(num_frames)
    ]


@pytest.fixture
def scene():
    """Returns the function that makes frames."""
    return make_scene


@pytest.fixture(scope="session")
def shots():
    """Returns a function that pans over a photograph, by its number."""
    photographs = [
        resize(read_image(path), (80, 160)) for path in sample_photographs()[:3]
    ]

    def pan(number, num_frames):
        photograph = photographs[number]
        return [
            np.ascontiguousarray(photograph[:64, 2 * n : 2 * n + 96])
            for n in range(num_frames)
        ]

    return pan


@pytest.fixture
def write_film(tmp_path):
    """Returns a function that writes a film by PyAV alone."""
    av = pytest.importorskip("av")

    def write(
        name="film.mp4",
        frames=None,
        codec="libx264",
        pixel_format="yuv420p",
        times=None,
        sound=None,
        rotation=0,
        is_mirrored=False,
        colors=(),
        container=None,
        sound_start=None,
        options=(),
        rate=25,
    ):
        """Frames are uint8 RGB or RGBA, or uint16 RGB; times milliseconds.

        `colors` are H.273's matrix, transfer and primaries.
        """
        frames = make_scene(12) if frames is None else frames
        times = times or [40 * number for number in range(len(frames))]
        path = tmp_path / name
        kind = {3: "rgb24", 4: "rgba"}[frames[0].shape[2]]
        if frames[0].dtype == np.uint16:
            kind = "rgb48le"
        with av.open(str(path), "w", format=container) as film:
            stream = film.add_stream(codec, rate=rate, options=dict(options))
            stream.height, stream.width = frames[0].shape[:2]
            stream.pix_fmt = pixel_format
            if codec != "mpeg2video":  # Which knows the rates of TV alone.
                stream.codec_context.time_base = MILLISECONDS
            is_turned = rotation or is_mirrored
            if is_turned and not hasattr(stream, "set_display_rotation"):
                pytest.skip("this PyAV writes no turned films")
            if is_turned:
                stream.set_display_rotation(rotation, hflip=is_mirrored)
            matrix = {}
            if colors:
                context = stream.codec_context
                context.colorspace, context.color_trc = colors[:2]
                context.color_primaries = colors[2]
                context.color_range = 1
                matrix = {"dst_colorspace": colors[0]}
            track = sound and film.add_stream(sound, rate=48000, layout="mono")
            for time, pixels in zip(times, frames, strict=True):
                frame = av.VideoFrame.from_ndarray(pixels, kind)
                frame = frame.reformat(format=pixel_format, **matrix)
                frame.pts, frame.time_base = time, MILLISECONDS
                film.mux(stream.encode(frame))
            film.mux(stream.encode(None))
            if sound:
                start = times[0] if sound_start is None else sound_start
                _write_tone(av, film, track, start, times[-1] + 40 - start)
        return path

    return write


def _write_tone(av, film, track, begin, milliseconds):
    count = 48 * milliseconds
    wave = 8000 * np.sin(np.arange(count) * 2 * np.pi * 440 / 48000)
    resampler = av.AudioResampler(
        track.codec_context.format, "mono", 48000, frame_size=None
    )
    for start in range(0, count, 960):
        piece = wave[None, start : start + 960].astype(np.int16)
        frame = av.AudioFrame.from_ndarray(piece, "s16", "mono")
        frame.sample_rate, frame.pts = 48000, 48 * begin + start
        frame.time_base = Fraction(1, 48000)
        for resampled in resampler.resample(frame):
            film.mux(track.encode(resampled))
    film.mux(track.encode(None))


@pytest.fixture
def break_frame():
    """Returns a function that overwrites one stored frame of a film."""
    av = pytest.importorskip("av")

    def overwrite(path, number):
        with av.open(str(path)) as film:
            packets = [p for p in film.demux(video=0) if p.size]
            place, size = packets[number].pos, packets[number].size
        with open(path, "r+b") as file:
            file.seek(place)
            file.write(b"\xff" * size)

    return overwrite


@pytest.fixture
def damage_frame():
    """Returns a function that spoils the end of one stored frame."""
    av = pytest.importorskip("av")

    def overwrite(path, number):
        with av.open(str(path)) as film:
            packets = [p for p in film.demux(video=0) if p.size]
            place, size = packets[number].pos, packets[number].size
        with open(path, "r+b") as file:
            file.seek(place + size * 2 // 3)
            file.write(b"\xff" * (size // 4))

    return overwrite


@pytest.fixture
def read_film():
    """Returns a function that gives a film's frames and their seconds."""
    av = pytest.importorskip("av")

    def read(path):
        with av.open(str(path)) as film:
            frames = list(film.decode(video=0))
        return (
            [frame.to_ndarray(format="rgb24") for frame in frames],
            [round(float(frame.time), 3) for frame in frames],
        )

    return read


class NegativeEngine:
    """An engine that needs no network: it paints the negative.

    It is given no moments: each frame has its own.

    Attributes:
        painted: list, the weights of each call.
    """

    finisher = None

    def __init__(self):
        self.painted = []

    def pixel_bytes(self, has_map):
        return 12

    def paint(self, image, style_weights, moments=None, return_moments=False):
        assert moments is None
        self.painted.append(style_weights)
        return 1 - image


@pytest.fixture
def negative():
    return NegativeEngine()


class FlatEngine(NegativeEngine):
    """An engine that paints the mean of colours, by the weights of styles.

    Attributes:
        sizes: list, the size of each call.
    """

    style_names = ["red", "green", "blue"]

    def __init__(self):
        self.sizes = []

    def paint(self, image, style_weights, moments=None, return_moments=False):
        self.sizes.append(image.shape[:2])
        weights = np.broadcast_to(style_weights, (*image.shape[:2], 3))
        return weights.astype(np.float32) * np.float32([0.9, 0.8, 0.7])


@pytest.fixture
def flat():
    return FlatEngine()
