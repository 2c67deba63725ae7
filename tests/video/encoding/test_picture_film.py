import numpy as np

from multistyle.video.decoding.reader import FilmReader
from multistyle.video.encoding.picture_film import write_picture_film


def test_pictures_at_even_times_are_a_film(tmp_path):
    path = tmp_path / "a.mp4"
    greys = [np.full((33, 40, 3), value, np.uint8) for value in (50, 120, 200)]
    write_picture_film(path, iter(greys), rate=10)
    reader = FilmReader(path)
    assert float(reader.rate) == 10 and reader.num_frames == 3
    frames = list(reader.frames())
    assert [round(frame.seconds, 3) for frame in frames] == [0, 0.1, 0.2]
    for frame, grey in zip(frames, greys, strict=True):
        # H.264 has even sizes.
        assert frame.pixels.shape == (34, 40, 3)
        shown = frame.pixels[:33].astype(int)
        assert np.abs(shown - grey).max() <= 3


def test_a_film_that_is_not_finished_is_none(tmp_path):
    path = tmp_path / "a.mp4"

    def pictures():
        yield np.zeros((32, 32, 3), np.uint8)
        raise KeyboardInterrupt

    try:
        write_picture_film(path, pictures())
    except KeyboardInterrupt:
        pass
    assert not list(tmp_path.iterdir())
