import numpy as np
import pytest
from PIL import Image

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.inference.compositions.path import BlendPath


def test_a_path_is_a_strip_an_animation_or_frames(
    stylizer, photograph, photograph_path, tmp_path
):
    path = BlendPath(stylizer, "great_wave > the_scream", num_frames=3)
    first = stylizer.stylize(photograph, "great_wave")
    last = stylizer.stylize(photograph, "the_scream")

    path.write(photograph_path, tmp_path / "strip.png")
    strip = read_image(tmp_path / "strip.png")
    assert strip.shape[0] == 96
    np.testing.assert_array_equal(strip[:, :128], first)
    np.testing.assert_array_equal(strip[:, -128:], last)

    path.write(photograph_path, tmp_path / "walk.gif")
    with Image.open(tmp_path / "walk.gif") as animation:
        assert animation.n_frames == 3
        assert animation.size == (128, 96)

    path.write(photograph_path, tmp_path / "frames")
    names = [f"frame_000{number}.png" for number in (1, 2, 3)]
    assert sorted(p.name for p in (tmp_path / "frames").iterdir()) == names
    np.testing.assert_array_equal(
        read_image(tmp_path / "frames" / names[0]), first
    )
    np.testing.assert_array_equal(
        read_image(tmp_path / "frames" / names[2]), last
    )


def test_frames_have_the_photograph_s_size_and_a_strip_has_not(
    stylizer, tmp_path
):
    write_image(tmp_path / "big.png", np.zeros((8, 400, 3), np.uint8))
    path = BlendPath(stylizer, "great_wave>the_scream", num_frames=2)
    path.write(tmp_path / "big.png", f"{tmp_path}/frames/")
    frame = read_image(tmp_path / "frames" / "frame_0001.png")
    assert frame.shape == (8, 400, 3)
    path.write(tmp_path / "big.png", tmp_path / "strip.png")
    assert 640 <= read_image(tmp_path / "strip.png").shape[1] < 660


def test_frames_that_are_there_are_refused(stylizer, photograph_path, tmp_path):
    path = BlendPath(stylizer, "great_wave>the_scream", num_frames=2)
    (tmp_path / "frames").mkdir()
    write_image(
        tmp_path / "frames" / "frame_0002.png", np.zeros((9, 9, 3), np.uint8)
    )
    with pytest.raises(InputError, match=r"frame_0002\.png` exists already"):
        path.write(photograph_path, tmp_path / "frames")
    assert not (tmp_path / "frames" / "frame_0001.png").exists()
    path.write(photograph_path, tmp_path / "frames", overwrite=True)
    assert read_image(tmp_path / "frames" / "frame_0002.png").shape[0] == 96


def test_options(stylizer):
    assert BlendPath(stylizer, "great_wave>starry_night").options() == {
        "path": ["great_wave", "starry_night"],
        "frames": 5,
        "strength": 1.0,
        "keep_colors": "none",
        "max_size": None,
        "strokes": "fitted",
    }


def test_stops_may_be_blends(stylizer, photograph):
    blend = {"great_wave": 1, "the_scream": 1}
    path = BlendPath(stylizer, [blend, "starry_night"], num_frames=2)
    assert path.names == ["great_wave=0.5,the_scream=0.5", "starry_night"]
    first, last = path.frames(photograph)
    np.testing.assert_array_equal(first, stylizer.stylize(photograph, blend))
    np.testing.assert_array_equal(
        last, stylizer.stylize(photograph, "starry_night")
    )
