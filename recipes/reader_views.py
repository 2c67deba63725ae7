"""What a reader learns from: views of paintings, what they say and are."""

import numpy as np
from PIL import Image

from multistyle.images.finding import find_images
from multistyle.images.resizing import resize_short_side
from multistyle.images.values import to_float
from multistyle.learning.statistics import (
    READING_SIZE,
    StyleStatistics,
    picture_statistics,
)
from multistyle.perceptual.color_spread import color_covariance
from multistyle.perceptual.spectrum import mean_spectrum
from multistyle.perceptual.weave import weave_loss

VIEWS = 4
MIXED_SHARE = 0.3


class Views:
    """Views of paintings: their statistics, and what a loss aims at.

    Args:
        paths: of the paintings.
        pocket: a `LossNetwork`; its Gram matrices are the first targets.
        views: how many of each painting; the first is the painting itself.
    """

    def __init__(self, paths, pocket, views=VIEWS):
        self._paths, self._views = paths, views
        self.statistics, weaves, colors, grams = [], [], [], []
        for image in self._images():
            self.statistics.append(picture_statistics(image))
            weaves.append(float(weave_loss(mean_spectrum(image[None]))[0]))
            colors.append(np.asarray(color_covariance(image[None])[0]))
            grams.append(pocket.style_targets([image]))
        self.weaves, self.colors = np.array(weaves, "f"), np.stack(colors)
        self._targets = {"pocket": (np.arange(len(grams)), _stack(grams))}

    def see(self, network):
        """Adds what another loss network sees in one view of each painting."""
        chosen, grams = [], []
        for index, image in enumerate(self._images()):
            painting, view = divmod(index, self._views)
            if view == painting % self._views:
                chosen.append(index)
                grams.append(network.style_targets([image]))
        self._targets[network.name] = np.array(chosen), _stack(grams)

    def draw(self, rng, size, name):
        """Draws a batch; nearly a third of it are two paintings side by side.

        No picture is made for these: statistics and Gram matrices of two
        pictures side by side are the means of their own.

        Returns:
            Numbers for the reader [B, F], and for the loss Gram matrices by
            layer [B, C, C], weaves [B] and colours [B, 2, 2].
        """
        index, grams = self._targets[name]
        first, second = rng.integers(len(index), size=(2, size))
        share = np.where(
            rng.random(size) < MIXED_SHARE, rng.uniform(0.15, 0.85, size), 1
        ).astype("f")

        def mix(table, one, two):
            table = np.asarray(table)
            w = share.reshape(-1, *[1] * (table.ndim - 1))
            return w * table[one] + (1 - w) * table[two]

        grams = {
            layer: mix(table, first, second) for layer, table in grams.items()
        }
        first, second = index[first], index[second]
        numbers = [
            StyleStatistics(
                *(
                    w * a + (1 - w) * b
                    for a, b in zip(
                        self.statistics[i], self.statistics[j], strict=True
                    )
                )
            ).numbers()
            for i, j, w in zip(first, second, share, strict=True)
        ]
        return (
            np.stack(numbers),
            grams,
            mix(self.weaves, first, second),
            mix(self.colors, first, second),
        )

    def each(self, name):
        """Yields of each view its statistics and its Gram matrices."""
        index, grams = self._targets[name]
        for place, i in enumerate(index):
            tables = {n: table[place : place + 1] for n, table in grams.items()}
            yield self.statistics[i], tables

    def _images(self):
        rng = np.random.default_rng(1)
        for path in self._paths:
            painting = np.asarray(Image.open(path).convert("RGB"))
            for view in range(self._views):
                yield make_view(painting, view, rng)


def make_view(painting, view, rng):
    """Makes a picture that a painting could also be.

    Args:
        painting: uint8 [H, W, 3].
        view: 0, the painting; 1, a part of it, smaller; 2, a part with the
            colours in another order; 3, the same, some of them inverted.
        rng: NumPy's generator.

    Returns:
        float32 [h, w, 3] in [0, 1].
    """
    image, short_side = painting, READING_SIZE
    if view:
        height, width = image.shape[:2]
        share = rng.uniform(0.65, 1.0)
        h, w = round(height * share), round(width * share)
        top, left = rng.integers(height - h + 1), rng.integers(width - w + 1)
        image = image[top : top + h, left : left + w]
    if view == 1:
        short_side = round(READING_SIZE * rng.uniform(0.6, 0.9))
    image = resize_short_side(image, min(short_side, *image.shape[:2]))
    image = to_float(image)
    if view >= 2:
        image = image[..., rng.permutation(3)]
        if view == 3:
            image = np.where(rng.random(3) < 0.25, 1 - image, image)
        image = np.clip(image ** rng.uniform(0.7, 1.4), 0, 1)
    return np.ascontiguousarray(image, np.float32)


def find_paintings(folder):
    """Returns the paths to learn from, and those that are kept for scoring."""
    paths = find_images(folder)
    kept = [p for p in paths if p.stem.startswith("p_") and p.stem[-1] == "7"]
    return [path for path in paths if path not in set(kept)], kept


def _stack(dicts):
    return {name: np.concatenate([d[name] for d in dicts]) for name in dicts[0]}
