import numpy as np
import pytest
from PIL import Image

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.images.lab import rgb_to_lab
from multistyle.images.resizing import resize_long_side, resize_short_side
from multistyle.perceptual.loss_networks import load_loss_network
from multistyle.perceptual.loss_options import LossWeights
from multistyle.perceptual.optimization.optimizer import PictureOptimizer
from multistyle.perceptual.optimization.picture import optimize_picture


@pytest.fixture(scope="module")
def loss_network():
    return load_loss_network("pocket")


@pytest.fixture(scope="module")
def pictures():
    """A photograph and a painting, uint8."""
    random = np.random.default_rng(0)
    return [
        random.integers(0, 256, (*size, 3), np.uint8)
        for size in ((24, 40), (32, 28))
    ]


@pytest.fixture
def optimize(loss_network, pictures):
    """A function that takes two steps, or as many as it is told."""

    def call(photograph=None, style_image=None, **options):
        return optimize_picture(
            pictures[0] if photograph is None else photograph,
            pictures[1] if style_image is None else style_image,
            **{"loss_network": loss_network, "num_steps": 2, **options},
        )

    return call


def test_it_is_what_the_optimizer_makes_of_the_reduced_pictures(
    optimize, loss_network, pictures
):
    photograph, painting = (
        image.astype(np.float32) / 255 for image in pictures
    )
    weights = LossWeights(content=2.0, style=3.0, total_variation=0.5)
    *_, last = PictureOptimizer(loss_network, loss_weights=weights).steps(
        resize_long_side(photograph, 30),
        resize_short_side(painting, 20),
        num_steps=3,
        start="noise",
        seed=4,
    )
    made = optimize(
        photograph,
        painting,
        image_size=30,
        style_size=20,
        num_steps=3,
        start="noise",
        seed=4,
        content_loss_weight=2.0,
        style_loss_weight=3.0,
        total_variation_loss_weight=0.5,
    )
    np.testing.assert_array_equal(made, last.picture)
    assert made.dtype == np.float32 and made.shape == (18, 30, 3)


def test_files_images_and_arrays_give_one_picture(optimize, pictures, tmp_path):
    paths = [tmp_path / "photo.png", tmp_path / "painting.png"]
    for path, image in zip(paths, pictures, strict=True):
        write_image(path, image)
    output = tmp_path / "made" / "painted.png"
    made = optimize(*paths, output=output)
    assert isinstance(made, Image.Image) and made.mode == "RGB"
    np.testing.assert_array_equal(read_image(output), np.asarray(made))
    images = [Image.fromarray(image) for image in pictures]
    np.testing.assert_array_equal(optimize(*images), np.asarray(made))
    array = optimize(*pictures)
    assert array.dtype == np.uint8
    np.testing.assert_array_equal(array, np.asarray(made))


def test_the_home_folder(optimize, pictures, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    write_image(tmp_path / "photo.png", pictures[0])
    optimize("~/photo.png", output="~/painted.png")
    assert read_image(tmp_path / "painted.png").shape == (24, 40, 3)


def test_colours_can_be_kept(optimize, pictures):
    photograph = pictures[0].astype(np.float32) / 255
    made = optimize(photograph, keep_colors="luminance", num_steps=4)
    # Where the light of the picture leaves room for the photograph's colour.
    room = (made.min(axis=2) > 0.01) & (made.max(axis=2) < 0.99)
    away = np.abs(rgb_to_lab(made) - rgb_to_lab(photograph))[room]
    assert away[:, 1:].max() < 0.5 and away[:, 0].max() > 2


def test_progress_hears_of_every_step(optimize):
    heard = []
    optimize(num_steps=3, progress=heard.append)
    assert [step.number for step in heard] == [1, 2, 3]
    assert heard[2].losses["total_loss"] < heard[0].losses["total_loss"]


def test_an_interrupt_keeps_the_picture_so_far(optimize, tmp_path):
    output = tmp_path / "painted.png"
    seen = []

    def interrupt(step):
        seen.append(step.picture)
        if step.number == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        optimize(num_steps=9, output=output, progress=interrupt)
    assert len(seen) == 2
    kept = read_image(output)
    np.testing.assert_array_equal(kept, np.rint(seen[-1] * 255))


def test_an_output_is_tried_before_the_work(optimize, tmp_path):
    (tmp_path / "file").write_bytes(b"")

    def never(step):
        raise AssertionError("a step was taken")

    with pytest.raises(InputError, match="a.png` cannot be written"):
        optimize(output=tmp_path / "file" / "a.png", progress=never)
    (tmp_path / "there.png").write_bytes(b"mine")
    with pytest.raises(InputError, match="there.png` exists already"):
        optimize(output=tmp_path / "there.png", progress=never)
    assert (tmp_path / "there.png").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"image_size": 0}, "`image_size` must be at least 1; got `0`."),
        ({"style_size": 0}, "`style_size` must be at least 1; got `0`."),
        ({"keep_colors": "x"}, "`keep_colors` is one of none, luminance"),
        ({"style_loss_weight": -1.0}, "`style_loss_weight` must be a number"),
        ({"loss_network": "vgg19"}, "`loss_network` is one of vgg16, pocket"),
        ({"loss_network": "pocket", "precision": "half"}, "`precision` is one"),
        ({"start": "grey"}, "`start` is one of photograph, noise"),
        ({"num_steps": 0}, "`num_steps` must be at least 1"),
        ({"num_steps": 1.5}, "`num_steps` must be a whole number"),
        ({"style_size": 99.5}, "`style_size` must be a whole number"),
        ({"seed": -1}, "`seed` must be at least 0; got `-1`."),
        ({"seed": "x", "start": "noise"}, "`seed` must be a whole number"),
        ({"photograph": "gone.jpg"}, "`gone.jpg` does not exist."),
        ({"image_size": 20}, "of `20 x 12` pixels is too small"),
        (
            {"style_image": np.zeros((20, 20), np.uint8)},
            "`style_image` must be [H, W, 3], but is [20, 20].",
        ),
        (
            {"photograph": np.zeros((20, 20, 3), np.int64)},
            "`photograph`: An image is uint8, uint16, or float in [0, 1]",
        ),
        (
            {"photograph": np.full((20, 20, 3), 255.0)},
            "`photograph`: A float image lies in [0, 1]; got [255, 255].",
        ),
        ({"output": "a.svg"}, "`a.svg` names no picture format"),
    ],
)
def test_wrong_use_is_one_line(optimize, options, message):
    with pytest.raises(InputError) as error:
        optimize(**options)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_picture_may_have_as_many_pixels_as_it_is_said(optimize, tmp_path):
    path = tmp_path / "large.png"
    write_image(path, np.zeros((20, 30, 3), np.uint8))
    with pytest.raises(InputError, match="--max_pixels=600"):
        optimize(path, max_pixels=599)
    assert optimize(path, max_pixels=600).size == (30, 20)
