import io
from fractions import Fraction

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.video.decoding.reader import FilmReader
from multistyle.video.encoding.y4m import Y4MOutput
from multistyle.video.material.color_tags import FULL, ColorTags

av = pytest.importorskip("av")


def write(path, source, pictures):
    with open(path, "wb") as file:
        output = Y4MOutput(file)
        output.fit(source)
        with output.encoder(path, source) as encoder:
            for number, pixels in enumerate(pictures):
                encoder.write(pixels, number)


@pytest.fixture
def make_source(write_film):
    """Returns a function that gives the reader of a film."""

    def make(pixel_format, **options):
        frames = [np.zeros((32, 48, 3), np.uint8)] * 2
        path = write_film("film.mkv", frames, "ffv1", pixel_format, **options)
        return FilmReader(path)

    return make


@pytest.mark.parametrize(
    ("pixel_format", "name", "stored"),
    [
        ("yuv420p", "420mpeg2", "yuv420p"),
        ("yuv422p", "422", "yuv422p"),
        ("yuv444p", "444", "yuv444p"),
        ("bgr0", "444", "yuv444p"),
        ("yuv420p10le", "420p10", "yuv420p10le"),
        ("yuv422p12le", "422p10", "yuv422p10le"),
        ("gbrp10le", "444p10", "yuv444p10le"),
    ],
)
def test_pictures_are_stored_as_those_of_the_film(
    make_source, tmp_path, pixel_format, name, stored
):
    """Of odd sizes, too, whose chroma has a column more than half."""
    source = make_source(pixel_format)
    source.size = 33, 47
    source.sample_aspect_ratio = Fraction(4, 3)
    dtype = np.uint16 if source.is_deep else np.uint8
    full = np.iinfo(dtype).max
    pictures = [
        np.full((33, 47, 3), full // 2, dtype),
        np.full((33, 47, 3), full, dtype),
    ]
    path = tmp_path / "film.y4m"
    write(path, source, pictures)
    header, frame = path.read_bytes().split(b"\n")[:2]
    assert header.decode() == (
        f"YUV4MPEG2 W47 H33 F25:1 Ip A4:3 C{name} XCOLORRANGE=LIMITED"
    )
    assert frame[:5] == b"FRAME"
    with av.open(str(path)) as film:
        (stream,) = film.streams.video
        found = list(film.decode(stream))
        assert stream.codec_context.pix_fmt == stored
        assert stream.sample_aspect_ratio == Fraction(4, 3)
    assert len(found) == 2
    values = [np.asarray(f.to_ndarray(format="rgb24")) for f in found]
    assert np.abs(values[0].astype(int) - 127).max() <= 1
    assert values[1].min() >= 254


def test_a_full_range_stays_full(make_source, tmp_path):
    source = make_source("yuv444p")
    source.color_tags = ColorTags(range=FULL)
    path = tmp_path / "film.y4m"
    write(path, source, [np.zeros((32, 48, 3), np.uint8)])
    data = path.read_bytes()
    assert data.split(b"\n")[0].endswith(b"XCOLORRANGE=FULL")
    assert data[-3 * 32 * 48 :][: 32 * 48] == bytes(32 * 48)  # Black is 0.


@pytest.mark.parametrize(
    ("tags", "luma"),
    [
        # Of pure green: 16 + 219 x 0.587 or 0.7152.
        (ColorTags(), 145),
        (ColorTags(is_named=True), 173),
        (ColorTags(5, 5, 5, is_named=True), 145),
    ],
)
def test_the_matrix_is_the_film_s_or_the_usual_guess(
    make_source, tmp_path, tags, luma
):
    source = make_source("yuv444p")
    source.color_tags = tags
    path = tmp_path / "film.y4m"
    green = np.full((32, 48, 3), (0, 255, 0), np.uint8)
    write(path, source, [green])
    assert abs(path.read_bytes().split(b"FRAME\n")[1][500] - luma) <= 1


def test_what_ends_early_is_said_in_one_line(make_source):
    class Broken(io.BytesIO):
        def write(self, data):
            raise BrokenPipeError(32, "Broken pipe")

    output = Y4MOutput(Broken())
    source = make_source("yuv420p")
    output.fit(source)
    with output.encoder(None, source) as encoder:
        with pytest.raises(InputError, match="`-` cannot be written: Broken p"):
            encoder.write(np.zeros((32, 48, 3), np.uint8), 0)
