import numpy as np
import pytest

from multistyle.video.decoding.reader import FilmReader
from multistyle.video.material.color_tags import FULL, LIMITED, ColorTags


@pytest.mark.parametrize(
    ("stored", "tags"),
    [
        ((1, 1, 1), ColorTags(1, 1, 1, LIMITED, True)),
        ((5, 6, 5), ColorTags(5, 6, 5, LIMITED, True)),
        ((6, 6, 6), ColorTags(6, 6, 6, LIMITED, True)),
        # What says nothing, and what is toned down.
        ((), ColorTags(1, 1, 1, LIMITED)),
        ((9, 16, 9), ColorTags(1, 1, 1, LIMITED)),
    ],
)
def test_the_film_s_own_but_of_hdr(write_film, stored, tags):
    assert FilmReader(write_film(colors=stored)).color_tags == tags


def test_a_full_range_is_kept(write_film):
    av = pytest.importorskip("av")
    path = write_film()
    full = path.with_name("full.mp4")
    with av.open(str(full), "w") as film:
        stream = film.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 48, 32, "yuv420p"
        context = stream.codec_context
        context.color_range, context.colorspace = FULL, 1
        frame = av.VideoFrame.from_ndarray(np.zeros((32, 48, 3), np.uint8))
        frame = frame.reformat(
            format="yuv420p", dst_colorspace=1, dst_color_range=FULL
        )
        film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    reader = FilmReader(full)
    assert reader.color_tags.range == FULL
    (frame,) = reader.frames()
    assert frame.pixels.max() <= 1
