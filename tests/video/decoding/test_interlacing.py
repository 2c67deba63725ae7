import numpy as np
import pytest

from multistyle.video.decoding.reader import FilmReader

av = pytest.importorskip("av")


def weave(first, second):
    """A frame whose even rows are of one moment and whose odd of the next."""
    frame = first.copy()
    frame[1::2] = second[1::2]
    return frame


def bars(shift):
    """Upright bars, 8 px wide, that move by `shift`, uint8 [48, 64, 3]."""
    columns = (np.arange(64) + shift) // 8 % 2
    return np.repeat(
        np.tile(40 + 160 * columns, (48, 1))[..., None], 3, 2
    ).astype(np.uint8)


def combing(pixels):
    """How much rows differ from both of their neighbours."""
    rows = pixels.astype(float).mean(2)
    between = rows[1:-1] - (rows[:-2] + rows[2:]) / 2
    return np.abs(between).mean()


@pytest.fixture
def write_interlaced(write_film):
    def write(name="film.mpg", is_flagged=True, count=8):
        return write_film(
            name,
            [weave(bars(4 * n), bars(4 * n + 2)) for n in range(count)],
            codec="mpeg2video",
            options={
                "flags": "+ildct+ilme" if is_flagged else "+qscale",
                "qmin": "1",
                "qmax": "1",
            }.items(),
        )

    return write


def test_combs_go_and_a_line_says_so(write_interlaced):
    path, notes = write_interlaced(), []
    reader = FilmReader(path, note=notes.append)
    assert reader.treatment["deinterlaced"] is True
    frames = list(reader.frames())
    assert notes == [f"`{path}` is interlaced: its frames are deinterlaced."]
    plain = list(FilmReader(write_interlaced("plain.mpg", False)).frames())
    assert len(frames) == len(plain) == 8
    seconds = [frame.seconds for frame in frames]
    np.testing.assert_allclose(seconds, np.arange(8) / 25, atol=1e-4)
    # The fields are 2 px apart, at which a quarter of the pixels differ.
    assert np.mean([combing(frame.pixels) for frame in plain]) > 25
    assert np.mean([combing(frame.pixels) for frame in frames[1:-1]]) < 5


def test_it_goes_on_in_the_middle(write_interlaced):
    reader = FilmReader(write_interlaced())
    for whole, part in zip(
        list(reader.frames())[5:], reader.frames(5), strict=True
    ):
        assert whole[:3] == part[:3]
        np.testing.assert_array_equal(whole.pixels, part.pixels)


def test_a_film_that_is_not_interlaced_is_left_alone(write_film):
    notes = []
    reader = FilmReader(
        write_film("plain.mpg", codec="mpeg2video"), note=notes.append
    )
    assert len(list(reader.frames())) == 12
    assert notes == [] and "deinterlaced" not in reader.treatment
