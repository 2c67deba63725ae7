import numpy as np
import pytest

from multistyle.blends.masks import Mask, fingerprint
from multistyle.errors import InputError
from multistyle.images.codecs.writing import write_image
from multistyle.images.tiles import Window


def grey(pixels):
    return np.dstack([np.asarray(pixels, np.uint8)] * 3)


def test_white_is_1_black_is_0_and_grey_between(tmp_path):
    write_image(tmp_path / "mask.png", grey([[0, 51, 255]]))
    mask = Mask.read(tmp_path / "mask.png")
    np.testing.assert_allclose(mask.at(), [[0, 0.2, 1]], atol=1e-7)
    assert mask.at().dtype == np.float32
    assert mask.path == tmp_path / "mask.png"


def test_colours_count_by_their_lightness(tmp_path):
    pixels = np.array([[[255, 0, 0], [0, 255, 0], [255, 255, 255]]], np.uint8)
    write_image(tmp_path / "mask.png", pixels)
    red, green, white = Mask.read(tmp_path / "mask.png").at()[0]
    assert 0 < red < green < white == 1


def test_what_is_transparent_is_black(tmp_path):
    pixels = np.full((1, 3, 4), 255, np.uint8)
    pixels[0, :, 3] = (0, 51, 255)
    write_image(tmp_path / "mask.png", pixels)
    mask = Mask.read(tmp_path / "mask.png")
    np.testing.assert_allclose(mask.at(), [[0, 0.2, 1]], atol=1e-7)


def test_a_window_is_a_part():
    pixels = np.random.default_rng(0).random((9, 11), np.float32)
    window = Window(2, 5, 7, 11)
    np.testing.assert_array_equal(Mask(pixels).at(window), pixels[2:5, 7:11])


@pytest.mark.parametrize("dtype", [bool, np.float16, np.float64])
def test_arrays_of_other_kinds(dtype):
    mask = Mask(np.array([[0, 1]], dtype))
    np.testing.assert_array_equal(mask.at(), np.array([[0, 1]], np.float32))


def test_another_size_is_resized_with_a_note():
    notes = []
    mask = Mask(np.array([[0, 255]], np.uint8), name="m.png", note=notes.append)
    fitted = mask.fit((3, 6))
    assert notes == [
        "The mask `m.png` of 2 x 1 pixels is resized to the picture's "
        "6 x 3 pixels."
    ]
    # Rising, and never beyond what the mask holds.
    row = fitted.at()[1]
    assert row[0] == 0 and row[-1] == 1 and (np.diff(row) >= 0).all()
    assert mask.fit((1, 2)) is mask
    assert fitted.fit((3, 6)) is fitted
    assert len(notes) == 1


def test_a_reduced_mask_is_antialiased():
    pixels = np.zeros((64, 64), np.float32)
    pixels[:, ::2] = 1
    reduced = Mask(pixels).fit((8, 8)).at()
    np.testing.assert_allclose(reduced[:, 1:-1], 0.5, atol=0.05)


@pytest.mark.parametrize(
    ("own", "size"), [((3, 4), (2000, 2667)), ((333, 500), (667, 1001))]
)
def test_rounding_to_a_pixel_is_no_other_aspect(own, size):
    assert Mask(np.zeros(own)).fit(size).size == size


@pytest.mark.parametrize(
    ("own", "size"), [((50, 100), (512, 512)), ((100, 103), (200, 200))]
)
def test_another_aspect_is_an_error_with_both_sizes(own, size):
    with pytest.raises(InputError) as caught:
        Mask(np.zeros(own), name="wide.png").fit(size)
    assert str(caught.value) == (
        f"The mask `wide.png` of {own[1]} x {own[0]} pixels has not the "
        f"aspect of its picture of {size[1]} x {size[0]} pixels: crop the mask."
    )


@pytest.mark.parametrize(
    ("pixels", "message"),
    [
        (np.zeros((2, 2, 3)), "has the shape `[H, W]`; got `[2, 2, 3]`."),
        (np.zeros((0, 2)), "has the shape `[H, W]`; got `[0, 2]`."),
        (np.zeros((2, 2), int), "is uint8, or float in [0, 1]; got `int64`."),
        (np.full((2, 2), 255.0), "lies in [0, 1]; got [255, 255]."),
        (np.full((2, 2), np.nan), "lies in [0, 1]; got [nan, nan]."),
    ],
)
def test_errors(pixels, message):
    with pytest.raises(InputError) as caught:
        Mask(pixels, name="m.png")
    assert str(caught.value) == f"The mask `m.png` {message}"


def test_a_mask_that_is_not_there():
    with pytest.raises(InputError, match=r"`nowhere\.png` does not exist"):
        Mask.read("nowhere.png")


def test_a_fingerprint_changes_with_what_the_mask_holds():
    pixels = np.zeros((2, 6), np.uint8)
    first = Mask(pixels, name="m.png").fingerprint()
    assert first == Mask(pixels.copy(), name="m.png").fingerprint()
    assert first.startswith("m.png@") and len(first) == len("m.png@") + 8
    assert first != Mask(pixels + 1, name="m.png").fingerprint()
    assert first != fingerprint("m.png", pixels.reshape(3, 4))
