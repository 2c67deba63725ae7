"""The page's masks, gradients and blends, beside those of `blends`."""

import numpy as np
import pytest

from multistyle.blends.gradients import parse_gradient
from multistyle.blends.masks import Mask
from multistyle.blends.regions import Masked, Region, StyleMasks
from multistyle.images.holes import fill_holes
from multistyle.inference.passes.levels import level_weights
from tests.page.javascript import needs_node, run_javascript

pytestmark = needs_node
NAMES = ["a", "b", "c"]
SIZE = (90, 150)
LEVEL = (41, 68)
READ = """
const { readRegion } = await engine("regions.mjs");
const rows = new Map([
  ["a", Float32Array.of(1, 0, 0)], ["b", Float32Array.of(0, 1, 0)],
  ["c", Float32Array.of(0, 0, 1)],
]);
const { look, width, height, level } = inputs;
for (const [i, region] of (look.regions ?? []).entries())
  region.mask = { ...inputs.sizes[i], data: inputs[`mask${i}`] };
const region = readRegion(look, rows, width, height);
const { rows: blends, map } = region.at(level[1], level[0]);
const strength = [];
for (let y = 0; y < height; y++) {
  const row = region.strength(y);
  strength.push(...(typeof row === "number" ? Array(width).fill(row) : row));
}
return {
  rows: blends.map((row) => [...row]), strength: Float32Array.from(strength),
  map: map ? map(0, level[0]) : Float32Array.of(1),
};
"""


def soft_mask(height, width, turn):
    """A disk with soft edges, uint8."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    distance = np.hypot(x - 0.5 * np.cos(turn), y - 0.5 * np.sin(turn))
    return np.rint(255 * np.clip(2 - 4 * distance, 0, 1)).astype(np.uint8)


def read(tmp_path, look, masks=()):
    """Returns weights [h, w, N] at LEVEL and strength [H, W] at SIZE."""
    height, width = SIZE
    found = run_javascript(
        tmp_path,
        READ,
        look=look,
        width=width,
        height=height,
        level=LEVEL,
        sizes=[{"width": m.shape[1], "height": m.shape[0]} for m in masks],
        **{f"mask{i}": mask for i, mask in enumerate(masks)},
    )
    rows = np.array(found["rows"])
    shares = found["map"].reshape(-1, len(rows)) @ rows
    if len(rows) > 1:
        shares = shares.reshape(*LEVEL, 3)
    return shares, found["strength"].reshape(SIZE)


def check(region, found):
    """Compares with a `Region` of Python's."""
    shares, strength = found
    region = region.fit(SIZE)
    weights_of = region.weights
    if region.weights().shape[:2] == (1, 1):
        expected = region.weights()[0]
    else:
        from multistyle.images.tiles import Window

        expected = level_weights(weights_of, SIZE, LEVEL)(Window.whole(LEVEL))
    np.testing.assert_allclose(shares, expected, atol=2e-6)
    np.testing.assert_allclose(
        strength, np.broadcast_to(region.strength(), SIZE), atol=1e-6
    )


def test_a_blend_sums_to_one(tmp_path):
    look = {"weights": {"a": 3, "c": 1, "b": 0}, "strength": 0.25}
    check(Masked(Region([0.75, 0, 0.25]), 0.25), read(tmp_path, look))


def test_a_mask_with_soft_edges_of_another_size(tmp_path):
    mask = soft_mask(180, 300, 0)
    look = {"weights": {"b": 1}, "regions": [{}], "strength": 0.8}
    region = Masked(Masked(Region([0, 1, 0]), Mask(mask)), 0.8)
    check(region, read(tmp_path, look, [mask]))


def test_a_mask_for_each_style(tmp_path):
    masks = [soft_mask(*SIZE, 0), soft_mask(*SIZE, 2)]
    look = {"regions": [{"weights": {"c": 1}}, {"weights": {"a": 1}}]}
    region = StyleMasks(
        {"c": Mask(masks[0]), "a": Mask(masks[1])}, style_names=NAMES
    )
    check(region, read(tmp_path, look, masks))


@pytest.mark.parametrize(
    ("angle", "direction"),
    [(0, "horizontal"), (90, "vertical"), (-130.5, "-130.5"), ("radial",) * 2],
)
def test_a_gradient(tmp_path, angle, direction):
    stops = [{"a": 1}, {"c": 1}, {"b": 1}]
    look = {"gradient": {"angle": angle, "stops": stops}}
    region = parse_gradient(f"a>c>b:{direction}", NAMES)
    check(region, read(tmp_path, look))


def test_a_gradient_under_a_mask(tmp_path):
    mask = soft_mask(*SIZE, 1)
    stops = [{"b": 1}, {"c": 1}]
    look = {"gradient": {"angle": 30, "stops": stops}, "regions": [{}]}
    region = Masked(parse_gradient("b>c:30", NAMES), Mask(mask))
    check(region, read(tmp_path, look, [mask]))


@pytest.mark.parametrize(
    ("look", "message"),
    [
        ({"weights": {"a": 1, "nobody": 1}}, "no style `nobody`"),
        ({"weights": {"a": -1, "b": 2}}, "from 0; got `-1`"),
        ({"weights": {"a": 0}}, "a weight above 0"),
        ({"weights": {"a": 1}, "strength": 2}, "0 to 1; got `2`"),
        (
            {"gradient": {"angle": 0, "stops": [{"a": 1}]}},
            "2 stops or more",
        ),
    ],
)
def test_what_is_no_look_is_refused(tmp_path, look, message):
    source = f"""
    try {{ {READ} }} catch (error) {{ return error.message; }}
    """
    found = run_javascript(
        tmp_path, source, look=look, width=9, height=9, level=[9, 9], sizes=[]
    )
    assert message in found


@pytest.mark.parametrize("size", [(1, 7), (13, 10), (40, 33)])
def test_holes_are_filled(tmp_path, size):
    random = np.random.default_rng(0)
    plane = random.random(size, np.float32)
    confidence = random.random(size, np.float32).round() * 0.9
    confidence[0, 0] = 1
    found = run_javascript(
        tmp_path,
        """
        const { fillHoles } = await engine("images/holes.mjs");
        const { plane, confidence, width, height } = inputs;
        return fillHoles(plane, confidence, width, height);
        """,
        plane=plane,
        confidence=confidence.astype(np.float32),
        width=size[1],
        height=size[0],
    )
    expected = fill_holes(plane[..., None], confidence)[..., 0]
    np.testing.assert_allclose(found.reshape(size), expected, atol=1e-6)
