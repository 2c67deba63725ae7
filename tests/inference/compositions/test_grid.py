from multistyle.inference.compositions.grid import Grid
from multistyle.inference.compositions.look import Look

GRID = "starry_night, great_wave,the_scream,great_wave"


def test_a_grid_has_its_styles_in_the_corners(stylizer, photograph, contains):
    grid = Grid(stylizer, GRID, look=Look(keep_colors="luminance"))
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


def test_options(stylizer):
    assert Grid(stylizer, GRID).options() == {
        "grid": ["starry_night", "great_wave", "the_scream", "great_wave"],
        "strength": 1.0,
        "keep_colors": "none",
        "max_size": None,
        "strokes": "fitted",
    }


def test_corners_may_be_blends(stylizer, photograph, contains):
    blend = {"great_wave": 1, "the_scream": 1}
    corners = [{"starry_night": 1}, blend, "the_scream", "great_wave"]
    grid = Grid(stylizer, corners, columns=2, rows=3)
    assert grid.weights.shape == (3, 2, 3)
    assert grid.options()["grid"] == [
        "starry_night",
        "great_wave=0.5,the_scream=0.5",
        "the_scream",
        "great_wave",
    ]
    assert contains(
        grid.compose(photograph), stylizer.stylize(photograph, blend)
    )
