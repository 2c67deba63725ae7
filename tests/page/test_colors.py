"""The page's colours, beside those of `images`."""

import numpy as np

from multistyle.images.color_transfer import ColorTransfer
from multistyle.images.lab import lab_to_rgb, rgb_to_lab
from tests.page.javascript import needs_node, run_javascript

pytestmark = needs_node


def test_lab_and_back(tmp_path):
    colors = np.random.default_rng(0).random((500, 3), np.float32)
    colors[:3] = [(0, 0, 0), (1, 1, 1), (0.01, 0.04, 0.02)]
    found = run_javascript(
        tmp_path,
        """
        const { rgbToLab, labToRgb } = await engine("images/lab.mjs");
        const lab = rgbToLab(inputs.colors);
        return { lab, rgb: labToRgb(lab.map((value) => 1.2 * value)) };
        """,
        colors=colors,
    )
    lab = rgb_to_lab(colors)
    np.testing.assert_allclose(found["lab"].reshape(-1, 3), lab, atol=2e-4)
    np.testing.assert_allclose(
        found["rgb"].reshape(-1, 3), lab_to_rgb(1.2 * lab), atol=2e-5
    )


def test_a_transfer_of_colours(tmp_path):
    random = np.random.default_rng(0)
    source = random.random((3000, 3)).astype(np.float32)
    target = (0.2 + 0.5 * source[:, ::-1] ** 2).astype(np.float32)
    weights = random.random(3000).astype(np.float32)
    weights[:900] = 0
    check(tmp_path, source, target, weights)


def test_a_transfer_onto_a_flat_picture(tmp_path):
    source = np.full((100, 3), 0.25, np.float32)
    target = np.full((100, 3), (0.2, 0.6, 0.4), np.float32)
    check(tmp_path, source, target, np.zeros(100, np.float32))


def check(tmp_path, source, target, weights):
    found = run_javascript(
        tmp_path,
        """
        const { ColorTransfer } = await engine("images/color_transfer.mjs");
        const { colors, target, weights } = inputs;
        return new ColorTransfer(colors, target, weights).apply(colors);
        """,
        colors=source,
        target=target,
        weights=weights,
    ).reshape(source.shape)
    transfer = ColorTransfer(
        source, target, source_weights=weights, target_weights=weights
    )
    np.testing.assert_allclose(found, transfer(source), atol=1e-3)
