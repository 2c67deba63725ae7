from fractions import Fraction

import numpy as np
import pytest

from multistyle.video.encoding.encoder import FilmEncoder
from multistyle.video.encoding.formats import find_format
from multistyle.video.encoding.joining import join
from multistyle.video.material.color_tags import ColorTags

av = pytest.importorskip("av")


class Pictures:
    """What a `FilmEncoder` asks of a film's reader."""

    time_base = Fraction(1, 25)
    rate = Fraction(25)
    sample_aspect_ratio = Fraction(1)
    color_tags = ColorTags()
    size = (48, 64)


@pytest.mark.parametrize("suffix", ["mkv", "mp4", "mov"])
def test_few_frames_that_are_all_the_same_become_a_film(suffix, tmp_path):
    """FFmpeg does not say when their packets are to be decoded."""
    path = tmp_path / f"film.{suffix}"
    segment = tmp_path / "segment"
    film_format = find_format(path, crf=1)
    with FilmEncoder(
        segment,
        film_format,
        Pictures(),
        crf=1,
        container=film_format.segment_container,
    ) as encoder:
        for number in range(7):
            encoder.write(np.full((48, 64, 3), 77, np.uint8), number)
    join([segment], film_format, path, note=pytest.fail)
    with av.open(str(path)) as film:
        frames = list(film.decode(video=0))
    assert [frame.time for frame in frames] == pytest.approx(
        [number / 25 for number in range(7)], abs=1e-3
    )
    pixels = frames[-1].to_ndarray(format="rgb24")
    assert np.abs(pixels.astype(int) - 77).max() <= 2
