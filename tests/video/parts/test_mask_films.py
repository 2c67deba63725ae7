import numpy as np
import pytest
from PIL import Image

from multistyle.blends.masks import Mask
from multistyle.errors import InputError
from multistyle.video.decoding.films import open_film
from multistyle.video.material.film_source import Frame
from multistyle.video.parts.mask_films import open_mask

pytest.importorskip("av")
SIZE = (32, 48)


def make_masks(num_frames, size=SIZE):
    """Makes frames that are white from a column on, two more in each."""
    frames = []
    for number in range(num_frames):
        frame = np.zeros((*size, 3), np.uint8)
        frame[:, : 2 * number] = 255
        frames.append(frame)
    return frames


def edge(mask):
    """Returns the number of a frame of `make_masks` from what it shows."""
    values = mask.at()
    assert values.shape == SIZE and values.dtype == np.float32
    return round(float(values.mean()) * SIZE[1] / 2)


def at(mask, index, rate=25):
    pixels = np.zeros((*SIZE, 3), np.uint8)
    return mask.at(Frame(index, index, index / rate, pixels))


@pytest.fixture
def film(write_film):
    return open_film(write_film(), note=print)


@pytest.fixture
def notes():
    return []


def test_a_film_of_grey(write_film, film, notes):
    path = write_film("mask.mkv", make_masks(12), "ffv1", "gray")
    mask = open_mask(path, film, note=notes.append)
    assert [edge(at(mask, number)) for number in range(12)] == list(range(12))
    # Again from the beginning, for another painter of the same film.
    assert [edge(at(mask, number)) for number in (3, 3, 7, 2)] == [3, 3, 7, 2]
    assert notes == [] and not mask.is_still
    assert mask.identity()["film"] == str(path)


def test_a_shorter_film_of_another_rate_and_size(write_film, film, notes):
    """In one line; each frame gets that of the nearest time."""
    path = write_film(
        "mask.mkv",
        make_masks(3, (64, 96)),
        "ffv1",
        "gray",
        times=[0, 100, 200],
        rate=10,
    )
    mask = open_mask(path, film, note=notes.append)
    # At 0, 40, 80, ... ms. In a mask of twice the size an edge is half as far.
    found = [at(mask, number).at().mean() * 48 for number in range(12)]
    np.testing.assert_allclose(found, [0, 0, 1, 1, *[2] * 8], atol=0.1)
    (note,) = notes
    assert note == (
        f"The mask `{path}` of 96 x 64 pixels is resized to the picture's 48 x "
        f"32 pixels. The mask `{path}` has 10 frames a second, the film 25: "
        f"each frame gets that of the nearest time. The mask `{path}` is 0.30 "
        "s long, the film 0.48 s: its last frame stays."
    )


def test_a_slow_film_is_read_once(write_film, film, notes):
    """A frame is nearer to the next one of the mask, long before it is due."""
    times = [0, 400, 800]
    path = write_film("mask.mkv", make_masks(3), "ffv1", "gray", times=times)
    mask = open_mask(path, film, note=notes.append)
    reader = mask._reader
    numbers, frames = [], reader.frames

    def count(*args, **kwargs):
        for frame in frames(*args, **kwargs):
            numbers.append(frame.index)
            yield frame

    reader.frames = count
    found = [edge(at(mask, number)) for number in range(25)]
    assert found == [*[0] * 6, *[1] * 10, *[2] * 9]
    assert numbers == [0, 1, 2]
    # Again from the beginning.
    assert edge(at(mask, 3)) == 0 and numbers == [0, 1, 2, 0, 1]


def test_what_a_part_does_not_need_may_be_missing(write_film, film, notes):
    path = write_film("mask.mkv", make_masks(8), "ffv1", "gray")
    mask = open_mask(path, film, end=0.32, note=notes.append)
    assert notes == [] and edge(at(mask, 7)) == 7
    open_mask(path, film, end=0.4, note=notes.append)
    assert "its last frame stays" in notes[0]


def test_numbered_frames_go_frame_by_frame(write_film, tmp_path, notes):
    """Whatever the times of the film."""
    times = [0, 40, 400, 410, 900, 1000]
    film = open_film(write_film(frames=make_masks(6), times=times), note=print)
    for number, frame in enumerate(make_masks(6)):
        Image.fromarray(frame).save(tmp_path / f"mask_{number + 5}.png")
    mask = open_mask(tmp_path / "mask_%d.png", film, note=notes.append)
    pixels = np.zeros((*SIZE, 3), np.uint8)
    for number, time in enumerate(times):
        found = mask.at(Frame(number, time, time / 1000, pixels))
        assert edge(found) == number
    assert notes == []


def test_what_is_transparent_is_black(film, tmp_path, notes):
    for number in range(2):
        frame = np.full((*SIZE, 4), 255, np.uint8)
        frame[:, 24:, 3] = 0
        frame[:16, :24, 3] = 102
        Image.fromarray(frame).save(tmp_path / f"mask_{number}.png")
    mask = open_mask(tmp_path / "mask_%d.png", film, note=notes.append)
    found = at(mask, 1).at()
    for part, expected in [
        ((slice(0, 16), slice(0, 24)), 0.4),
        ((slice(16, 32), slice(0, 24)), 1),
        ((slice(0, 32), slice(24, 48)), 0),
    ]:
        np.testing.assert_allclose(found[part], expected, atol=1e-6)
    assert "its last frame stays" in notes[-1]


def test_a_still_picture(film, tmp_path, notes):
    Image.fromarray(make_masks(8)[7]).save(tmp_path / "mask.png")
    mask = open_mask(tmp_path / "mask.png", film, note=notes.append)
    assert mask.is_still and [edge(at(mask, n)) for n in (0, 11)] == [7, 7]
    values = np.zeros(SIZE, np.float32)
    values[:, :6] = 1
    for spec in (values, Mask(values)):
        assert edge(at(open_mask(spec, film, note=notes.append), 5)) == 3
    assert notes == []


def test_what_is_wrong_is_one_line(write_film, film, tmp_path, notes):
    path = write_film("tall.mkv", make_masks(2, (48, 32)), "ffv1", "gray")
    with pytest.raises(InputError, match="has not the aspect of its picture"):
        open_mask(path, film, note=notes.append)
    with pytest.raises(InputError, match="There is no film `.*none.mp4`"):
        open_mask(tmp_path / "none.mp4", film, note=notes.append)
    with pytest.raises(InputError, match="There are no frames `.*m_%d.png`"):
        open_mask(tmp_path / "m_%d.png", film, note=notes.append)
