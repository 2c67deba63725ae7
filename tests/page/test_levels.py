"""The page's levels, beside Python's."""

import itertools

import numpy as np
import pytest

from multistyle.inference.passes.enlargements import (
    SETTLING_MARGIN,
    Enlargement,
    settle,
)
from multistyle.inference.passes.levels import level_sizes, level_strength
from tests.page.javascript import needs_node, run_javascript

pytestmark = needs_node


def test_sizes_and_strengths(tmp_path):
    cases = [
        (height, width, scale)
        for height, width in (
            *((600, 800), (1000, 1000), (1050, 1400), (3000, 4000)),
            *((1001, 7), (2443, 1999), (8000, 8000), (1, 1), (6000, 9)),
        )
        for scale in (1.0, 0.3, 0.5, 1.7, 2.0, 3.3)
    ]
    found = run_javascript(
        tmp_path,
        """
        const { levelSizes, levelStrength } = await engine("levels.mjs");
        return inputs.cases.map(([h, w, scale]) => {
          const sizes = levelSizes([w, h], scale);
          return [sizes, sizes.slice(1).map((size, i) =>
            levelStrength(size, sizes[i]))];
        });
        """,
        cases=cases,
    )
    for (height, width, scale), (sizes, strengths) in zip(
        cases, found, strict=True
    ):
        expected = level_sizes((height, width), scale)
        assert [(h, w) for w, h in sizes] == expected, (height, width, scale)
        assert strengths == pytest.approx(
            [
                level_strength(size, before)
                for before, size in itertools.pairwise(expected)
            ]
        )


def test_enlargement(tmp_path):
    random = np.random.default_rng(0)
    photograph = random.integers(0, 256, (83, 111, 3)).astype(np.uint8)
    reduced = random.integers(0, 256, (40, 54, 3)).astype(np.uint8)
    painting = random.integers(0, 65536, (40, 54, 3)).astype(np.uint16)
    found = run_javascript(
        tmp_path,
        """
        const { enlarge } = await engine("levels.mjs");
        const { photograph, reduced, painting } = inputs;
        return enlarge({ width: 111, height: 83, data: photograph },
                       { width: 54, height: 40, data: reduced },
                       painting, () => {});
        """,
        photograph=photograph,
        reduced=reduced,
        painting=painting,
    )
    expected = Enlargement(
        photograph, reduced, (painting / 65535).astype(np.float32)
    )[:, :]
    np.testing.assert_allclose(
        found.reshape(expected.shape) / 65535, expected, atol=2e-5
    )


@pytest.mark.parametrize("top", [0, 61])
def test_settling(tmp_path, top):
    random = np.random.default_rng(0)
    image, painted = random.random((2, 100, 77, 3), np.float32)
    found = run_javascript(
        tmp_path,
        """
        const { settle } = await engine("levels.mjs");
        const { image, painted, top } = inputs;
        return settle(image, painted, 0.7, top, 77);
        """,
        image=image,
        painted=painted,
        top=top,
    ).reshape(image.shape)
    expected = settle(image, painted, 0.7, (top, 0))
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_the_margin_is_python_s(tmp_path):
    source = 'return (await engine("levels.mjs")).SETTLING_MARGIN;'
    assert run_javascript(tmp_path, source) == SETTLING_MARGIN
