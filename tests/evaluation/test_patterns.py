import numpy as np
import pytest

from multistyle.evaluation.patterns import lattice_energy, weave

Y, X = np.mgrid[:192, :256]
PATTERNS = {
    "checkerboard": (-1.0) ** (Y + X),
    "columns of 2": (-1.0) ** X,
    "rows of 4": np.cos(np.pi / 2 * Y),
    "lattice of 4": np.cos(np.pi / 2 * Y) * np.cos(np.pi / 2 * X),
    # Of its own period and, as sharp as it is, of half of it.
    "pixel in 4 x 4": 4.0 * ((Y % 4 == 0) & (X % 4 == 0)),
}


def clean():
    """A gradient and noise."""
    random = np.random.default_rng(0)
    picture = 0.3 + 0.2 * Y / 192 + 0.2 * X / 256
    return picture[..., None] + random.normal(0, 0.02, (192, 256, 3))


def paint(pattern, strength):
    return clean() + strength * pattern[..., None]


def test_a_clean_picture_has_none():
    assert max(lattice_energy(clean())) < 2.5
    assert weave(clean()) < 2.5


@pytest.mark.parametrize(
    ("name", "has_2", "has_4"),
    [
        ("checkerboard", True, False),
        ("columns of 2", True, False),
        ("rows of 4", False, True),
        ("lattice of 4", False, True),
        ("pixel in 4 x 4", True, True),
    ],
)
def test_a_lattice_raises_its_own_period(name, has_2, has_4):
    picture = paint(PATTERNS[name], 0.01)
    lattice = lattice_energy(picture)
    assert (lattice.period_2 > 10) == has_2
    assert (lattice.period_4 > 10) == has_4
    assert (lattice.period_2 < 2.5) != has_2
    assert (lattice.period_4 < 2.5) != has_4
    assert weave(picture) == pytest.approx(weave(clean()), rel=0.2)


def test_other_stripes_are_a_weave_and_no_lattice():
    stripes = np.cos(2 * np.pi * (X + Y) / 10.6)
    assert weave(paint(stripes, 0.02)) > 5 * weave(clean())
    assert max(lattice_energy(paint(stripes, 0.02))) < 2.5


def test_a_lattice_in_a_smooth_corner_counts():
    corner = (Y < 64) & (X < 64)
    strokes = np.random.default_rng(1).normal(0, 0.2, Y.shape) * ~corner
    # A hundredth of the strokes' power in all.
    rows = 0.1 * PATTERNS["rows of 4"] * corner
    without = lattice_energy(paint(strokes, 1)).period_4
    assert lattice_energy(paint(strokes + rows, 1)).period_4 > 4 * without


def test_what_rounds_away_is_none():
    flat = np.full((64, 64, 3), 0.5)
    faint = flat + PATTERNS["checkerboard"][:64, :64, None] * 1e-5
    assert max(lattice_energy(faint)) < 1.2
    assert max(lattice_energy(flat)) == pytest.approx(1)


def test_a_small_picture_has_a_lattice_too():
    checkerboard = paint(PATTERNS["checkerboard"], 0.1)[:32, :32]
    assert lattice_energy(checkerboard).period_2 > 10
    with pytest.raises(ValueError, match="32 px; the picture has 31 x 40"):
        lattice_energy(clean()[:31, :40])
