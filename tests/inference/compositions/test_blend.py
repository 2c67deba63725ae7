import numpy as np

from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.inference.compositions.blend import Blend
from multistyle.inference.compositions.look import Look


def test_a_blend_keeps_transparency(stylizer, tmp_path):
    pixels = np.random.default_rng(1).integers(0, 256, (9, 14, 4), np.uint8)
    write_image(tmp_path / "icon.png", pixels)
    blend = Blend(stylizer, "great_wave=2", look=Look(strength=0.5))
    blend.write(tmp_path / "icon.png", tmp_path / "out.png")
    np.testing.assert_array_equal(
        read_image(tmp_path / "out.png", keep_alpha=True),
        stylizer.stylize(pixels, "great_wave", strength=0.5),
    )


def test_a_blend_of_a_region(stylizer, photograph, photograph_path, tmp_path):
    mask = np.zeros((96, 128, 3), np.uint8)
    mask[:, 64:] = 255
    write_image(tmp_path / "mask.png", mask)
    region = stylizer.region("great_wave", tmp_path / "mask.png")
    blend = Blend(stylizer, region)
    assert blend.sources() == [tmp_path / "mask.png"]
    assert Blend(stylizer, "great_wave").sources() == []
    blend.write(photograph_path, tmp_path / "out.png")
    made = read_image(tmp_path / "out.png")
    painted = stylizer.stylize(photograph, "great_wave")
    np.testing.assert_array_equal(made[:, :64], photograph[:, :64])
    np.testing.assert_array_equal(made[:, 64:], painted[:, 64:])
    options = blend.options()
    assert options["style_weights"] == {"great_wave": 1}
    assert options["mask"].startswith(f"{tmp_path / 'mask.png'}@")


def test_options(stylizer):
    blend = Blend(
        stylizer, "great_wave=3,the_scream=1", look=Look(strength=0.5)
    )
    assert blend.options() == {
        "style_weights": {"great_wave": 0.75, "the_scream": 0.25},
        "strength": 0.5,
        "keep_colors": "none",
        "max_size": None,
        "strokes": "fitted",
    }
