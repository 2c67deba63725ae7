from multistyle.images.codecs.reading import read_image
from multistyle.inference.compositions.blend import Blend
from multistyle.inference.compositions.look import Look


def test_max_size_reduces_and_never_enlarges(
    stylizer, photograph_path, tmp_path
):
    for max_size, size in ((64, (48, 64)), (500, (96, 128))):
        output = tmp_path / f"{max_size}.png"
        blend = Blend(stylizer, "great_wave", look=Look(max_size=max_size))
        blend.write(photograph_path, output)
        assert read_image(output).shape[:2] == size
