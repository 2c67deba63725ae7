import numpy as np
import pytest

from multistyle.images.codecs.reading import read_image
from multistyle.images.resizing import resize
from multistyle.inference.compositions import composition as compositions
from multistyle.inference.compositions.blend import Blend
from multistyle.inference.compositions.composition import Composition
from multistyle.inference.compositions.look import Look
from multistyle.inference.passes import levels


def test_max_size_reduces_and_never_enlarges(
    stylizer, photograph_path, tmp_path
):
    for max_size, size in ((64, (48, 64)), (500, (96, 128))):
        output = tmp_path / f"{max_size}.png"
        blend = Blend(stylizer, "great_wave", look=Look(max_size=max_size))
        blend.write(photograph_path, output)
        assert read_image(output).shape[:2] == size


@pytest.fixture
def small_sizes(monkeypatch):
    """The photograph of 128 px is a large one, and a cell has 32."""
    for module in (levels, compositions):
        monkeypatch.setattr(module, "DECIDING_SIZE", 64)
    monkeypatch.setattr(Composition, "shown_size", 32)


def test_a_cell_shows_the_strokes_of_the_first_level(
    stylizer, photograph, photograph_path, small_sizes
):
    weights = np.float32([1, 0, 0])
    composition = Composition(stylizer)
    read = composition.read(photograph_path)
    np.testing.assert_array_equal(read, resize(photograph, (48, 64)))
    expected = resize(stylizer.stylize(read, weights), (24, 32))
    for pixels in (read, photograph):
        cell = composition.paint_cell(pixels, weights)
        np.testing.assert_array_equal(cell, expected)
    # Twice as broad, the first level is smaller.
    broad = Composition(stylizer, look=Look(stroke_scale=2))
    small = resize(photograph, (24, 32))
    np.testing.assert_array_equal(
        broad.paint_cell(photograph, weights), stylizer.stylize(small, weights)
    )
    # Half as broad, it is as large as the photograph.
    fine = Composition(stylizer, look=Look(stroke_scale=0.5))
    np.testing.assert_array_equal(
        fine.paint_cell(photograph, weights),
        resize(
            stylizer.stylize(photograph, weights, strokes="pixels"), (24, 32)
        ),
    )


@pytest.mark.parametrize(
    "look", [Look(max_size=32), Look(strokes="pixels")], ids=["size", "pixels"]
)
def test_a_photograph_that_is_reduced_first_is_painted_so(
    stylizer, photograph, photograph_path, small_sizes, look
):
    weights = np.float32([1, 0, 0])
    composition = Composition(stylizer, look=look)
    read = composition.read(photograph_path)
    np.testing.assert_array_equal(read, resize(photograph, (24, 32)))
    np.testing.assert_array_equal(
        composition.paint_cell(read, weights), stylizer.stylize(read, weights)
    )
