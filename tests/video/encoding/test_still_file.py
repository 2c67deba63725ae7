import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import encode_image
from multistyle.video import film_run
from multistyle.video.decoding.reader import FilmReader
from multistyle.video.film_painter import FilmPainter
from multistyle.video.film_run import FilmRun

pytest.importorskip("av")


@pytest.fixture
def film(write_film, scene):
    """A film of which each frame has another part that is transparent."""
    frames = []
    for number, pixels in enumerate(scene(4)):
        alpha = np.full((32, 48), 255, np.uint8)
        alpha[:, : 8 * number] = 0
        frames.append(np.dstack([pixels, alpha]))
    return write_film("film.mov", frames, "png", "rgba")


def paint(film, output, engine, **options):
    notes = []
    painter = FilmPainter(engine, lambda _: np.ones(1, np.float32), stability=0)
    with FilmRun(film, output, note=notes.append, **options) as run:
        assert list(run.paint(painter, {})) == [1]
    return notes


def test_a_png_keeps_transparency(film, tmp_path, negative):
    assert paint(film, tmp_path / "still.png", negative, begin="2f") == []
    frame = list(FilmReader(film).frames())[2]
    still = read_image(tmp_path / "still.png", keep_alpha=True)
    np.testing.assert_array_equal(still[..., 3], frame.alpha)
    np.testing.assert_array_equal(still[:, 16:, :3], 255 - frame.pixels[:, 16:])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "film.mov",
        "still.png",
    ]


def test_a_jpeg_does_not_and_says_so(film, tmp_path, negative):
    (note,) = paint(film, tmp_path / "still.jpg", negative, begin="2f")
    assert note.endswith(
        "a JPEG holds no transparency: it becomes white. A .png keeps it."
    )
    assert read_image(tmp_path / "still.jpg")[:, :14].min() > 240


def test_16_bits_stay(write_film, scene, tmp_path, negative):
    frames = [frame.astype(np.uint16) * 256 + 100 for frame in scene(2)]
    film = write_film("film.mkv", frames, "ffv1", "gbrp16le")
    paint(film, tmp_path / "still.png", negative)
    still = read_image(tmp_path / "still.png", is_deep=True)
    assert still.dtype == np.uint16
    assert np.abs(65535 - frames[0].astype(int) - still).max() <= 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"crf": 3}, "`still.png`: a picture takes no --crf"),
        ({"codec": "h264"}, "`still.png`: a picture takes no --codec"),
    ],
)
def test_options_of_films_are_refused(film, options, message):
    with pytest.raises(InputError, match=message):
        FilmRun(film, "still.png", **options)


def test_a_picture_that_is_read_is_not_replaced(tmp_path, scene):
    """FFmpeg reads a picture as a film of one frame."""
    path = tmp_path / "one.png"
    path.write_bytes(encode_image(scene(1)[0], "png"))
    before = path.read_bytes()
    with pytest.raises(InputError, match="is the film that is to be read"):
        FilmRun(path, path, overwrite=True)
    assert path.read_bytes() == before


def test_a_disk_that_refuses_leaves_nothing(
    film, tmp_path, negative, monkeypatch
):
    def refuse(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(film_run.StillFile, "complete", refuse)
    with pytest.raises(
        InputError, match="still.png` cannot be written: No space"
    ):
        paint(film, tmp_path / "still.png", negative)
    assert not (tmp_path / "still.png").exists()


@pytest.mark.parametrize("name", ["in_2.png", "link.png"])
def test_a_frame_that_is_read_is_not_replaced(tmp_path, scene, name):
    """Nor under another name."""
    for number, pixels in enumerate(scene(3), 1):
        encoded = encode_image(pixels, "png")
        (tmp_path / f"in_{number}.png").write_bytes(encoded)
    (tmp_path / "link.png").symlink_to("in_2.png")
    before = (tmp_path / "in_2.png").read_bytes()
    film, path = tmp_path / "in_%d.png", tmp_path / name
    with pytest.raises(InputError, match=f"`{path}` is one of the frames that"):
        FilmRun(film, path, fps=24, overwrite=True)
    assert (tmp_path / "in_2.png").read_bytes() == before
    # What only has a name like theirs is.
    FilmRun(film, tmp_path / "in_4.png", fps=24, overwrite=True)
