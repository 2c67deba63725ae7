import numpy as np
import pytest
from PIL import Image

from multistyle.errors import InputError
from multistyle.files.whole_folders import is_folder
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.inference.compositions.blend import Blend
from multistyle.inference.compositions.grid import Grid
from multistyle.inference.compositions.path import BlendPath
from multistyle.inference.compositions.sheet import Sheet
from multistyle.inference.stylizer import Stylizer

GRID = "starry_night, great_wave,the_scream,great_wave"


@pytest.fixture(scope="module")
def stylizer(small_network):
    return Stylizer(small_network)


@pytest.fixture(scope="module")
def photograph():
    random = np.random.default_rng(0)
    return random.integers(0, 256, (96, 128, 3), np.uint8)


@pytest.fixture
def photograph_path(photograph, tmp_path):
    path = tmp_path / "photo.png"
    write_image(path, photograph)
    return path


def contains(page, picture):
    """Whether a picture stands somewhere on a page, pixel for pixel."""
    height, width = picture.shape[:2]
    corners = np.argwhere((page == picture[0, 0]).all(axis=2))
    return any(
        np.array_equal(page[y : y + height, x : x + width], picture)
        for y, x in corners
    )


def test_a_blend_keeps_transparency(stylizer, tmp_path):
    pixels = np.random.default_rng(1).integers(0, 256, (9, 14, 4), np.uint8)
    write_image(tmp_path / "icon.png", pixels)
    blend = Blend(stylizer, "great_wave=2", strength=0.5)
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


def test_max_size_reduces_and_never_enlarges(
    stylizer, photograph_path, tmp_path
):
    for max_size, size in ((64, (48, 64)), (500, (96, 128))):
        output = tmp_path / f"{max_size}.png"
        blend = Blend(stylizer, "great_wave", max_size=max_size)
        blend.write(photograph_path, output)
        assert read_image(output).shape[:2] == size


def test_a_sheet_holds_the_photograph_and_every_style(stylizer, photograph):
    page = Sheet(stylizer).compose(photograph)
    assert contains(page, photograph)
    for name in stylizer.style_names:
        assert contains(page, stylizer.stylize(photograph, name))


def test_a_sheet_of_a_tiny_photograph_has_room_for_names(stylizer):
    page = Sheet(stylizer).compose(np.zeros((8, 8, 3), np.uint8))
    assert page.shape[1] > 2 * 96


def test_a_grid_has_its_styles_in_the_corners(stylizer, photograph):
    grid = Grid(stylizer, GRID, keep_colors="luminance")
    page = grid.compose(photograph)
    half = page.shape[0] // 2
    # Left of the middle are the titles and two columns and a half.
    middle = page.shape[1] - 3 * photograph.shape[1]
    for name, part in (
        ("starry_night", page[:half, :middle]),
        ("great_wave", page[:half, middle:]),
        ("the_scream", page[half:, :middle]),
        ("great_wave", page[half:, middle:]),
    ):
        picture = stylizer.stylize(photograph, name, keep_colors="luminance")
        assert contains(part, picture)
    mixed = "starry_night=1,great_wave=2,the_scream=1"
    assert contains(
        page, stylizer.stylize(photograph, mixed, keep_colors="luminance")
    )


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


@pytest.mark.parametrize(
    ("make", "options"),
    [
        (
            lambda s: Blend(s, "great_wave=3,the_scream=1", strength=0.5),
            {
                "style_weights": {"great_wave": 0.75, "the_scream": 0.25},
                "strength": 0.5,
                "keep_colors": "none",
                "max_size": None,
            },
        ),
        (
            lambda s: Sheet(s, max_size=99),
            {
                "sheet": True,
                "strength": 1.0,
                "keep_colors": "none",
                "max_size": 99,
            },
        ),
        (
            lambda s: Grid(s, GRID),
            {
                "grid": [
                    "starry_night",
                    "great_wave",
                    "the_scream",
                    "great_wave",
                ],
                "strength": 1.0,
                "keep_colors": "none",
                "max_size": None,
            },
        ),
        (
            lambda s: BlendPath(s, "great_wave>starry_night"),
            {
                "path": ["great_wave", "starry_night"],
                "frames": 5,
                "strength": 1.0,
                "keep_colors": "none",
                "max_size": None,
            },
        ),
    ],
)
def test_options(stylizer, make, options):
    assert make(stylizer).options() == options


def test_is_folder(tmp_path):
    (tmp_path / "v1.2").mkdir()
    for output in ("out", "out/", "out.d/", str(tmp_path / "v1.2")):
        assert is_folder(output)
    for output in ("out.png", "a/out.mp4", tmp_path / "v1.3"):
        assert not is_folder(output)
