"""Content images: how batches are cut from photographs."""

import functools
import sys

import keras
import numpy as np

from multistyle.errors import InputError
from multistyle.images.resizing import resize, resize_short_side

NOISE = 2.0 / 255.0
MAX_SHIFT = 7
SHIFTS = np.array(
    [s for s in range(-MAX_SHIFT, MAX_SHIFT + 1) if s % 4], np.int32
)


class ContentBatches(keras.utils.PyDataset):
    """Batches of photograph crops with a style drawn for each.

    Batch k depends on (seed, k, worker) and nothing else, so that going on
    from step k needs only k. All pictures are seen once before one is seen
    again; a picture that cannot be read gives its place to the next one.

    Each photograph is reduced so that its short side is a random size
    between 1 and 2 crops (never enlarged, except one smaller than the crop),
    cropped, and flipped at random. Noise of up to 2/255 keeps flat crops
    from making the gradient overflow: where the variance is 0, each of the
    sixteen normalizations multiplies it by about 316.

    Args:
        photographs: `PhotographFiles` or `PhotographDataset`.
        num_styles: int N.
        batch_size: int B, pictures a batch.
        image_size: int S, pixels of the square crop.
        seed: int.
        first_step: int, the step of batch 0 of this data set.
        num_steps: int, batches in this data set.
        worker: int, number of this process among those that share the work.
        num_shifted: int K <= B, pictures of a batch that also come moved.
        style_shares: N floats above 0, or None for ones; how often each style
            is drawn beside the others.
        **kwargs: of `keras.utils.PyDataset`.

    Item:
        Tuple of one dict: "image" float32 [B, S, S, 3] in [0, 1] and
        "style_weights" float32 [B, 1, 1, N], one-hot. With K above 0 also
        "shifted_image" float32 [K, S, S, 3], the first K crops moved in
        their photographs by "shift", int32 [2], rows and columns, of up to
        7 px and no multiple of 4 (the network's own lattice), with noise of
        their own.
    """

    def __init__(
        self,
        photographs,
        num_styles,
        batch_size=8,
        image_size=192,
        seed=0,
        first_step=0,
        num_steps=1,
        worker=0,
        num_shifted=0,
        style_shares=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.photographs = photographs
        self.num_styles = num_styles
        self.batch_size = batch_size
        self.image_size = image_size
        self.seed = seed
        self.first_step = first_step
        self.num_steps = num_steps
        self.worker = worker
        self.num_shifted = num_shifted
        self.style_shares = np.asarray(
            np.ones(num_styles) if style_shares is None else style_shares
        )
        self.unreadable = {}
        self._enlarged = False

    def __len__(self):
        return self.num_steps

    def __getitem__(self, index):
        step = self.first_step + index
        rng = np.random.default_rng((self.seed, step, self.worker))
        first = step * self.batch_size
        crops = [
            self._crop(first + i, rng, MAX_SHIFT if i < self.num_shifted else 0)
            for i in range(self.batch_size)
        ]
        wide = crops[: self.num_shifted]
        crops[: self.num_shifted] = (
            self._window(crop, (0, 0)) for crop in wide
        )
        image = _add_noise(crops, rng)
        styles = self._draw_styles(rng)
        style_weights = np.eye(self.num_styles, dtype=np.float32)[styles]
        item = {
            "image": image,
            "style_weights": style_weights[:, None, None, :],
        }
        if self.num_shifted:
            shift = rng.choice(SHIFTS, 2)
            shifted = [self._window(crop, shift) for crop in wide]
            item["shifted_image"] = _add_noise(shifted, rng)
            item["shift"] = shift
        return (item,)

    def _draw_styles(self, rng):
        """Returns int [B], by systematic sampling.

        The styles lie in random order around a circle, each as long as its
        share, and B points, evenly spaced from a random one, pick: a style
        comes as often as its share says, in each place of the batch, and a
        batch is as varied as it can be.
        """
        order = rng.permutation(self.num_styles)
        ends = np.cumsum(self.style_shares[order])
        points = (
            np.arange(self.batch_size) / self.batch_size + rng.uniform()
        ) % 1
        return order[np.searchsorted(ends / ends[-1], points)]

    def _window(self, wide, shift):
        top, left = MAX_SHIFT + np.asarray(shift)
        return wide[top : top + self.image_size, left : left + self.image_size]

    def _crop(self, position, rng, margin):
        scale = rng.uniform(1.0, 2.0)
        row, column = rng.uniform(size=2)
        is_flipped = rng.uniform() < 0.5
        size = self.image_size + 2 * margin
        image = self._photograph(position, round(size * scale))
        short_side = min(image.shape[:2])
        if short_side < size:
            self._warn_enlarged(position, short_side)
            # Both sides, so that rounding leaves none smaller than the crop.
            factor = size / short_side
            height, width = (
                max(size, round(length * factor)) for length in image.shape[:2]
            )
            image = resize(image, (height, width))
        elif short_side > round(size * scale):
            image = resize_short_side(image, round(size * scale))
        top = int(row * (image.shape[0] - size + 1))
        left = int(column * (image.shape[1] - size + 1))
        crop = image[top : top + size, left : left + size]
        return crop[:, ::-1] if is_flipped else crop

    def _photograph(self, position, at_least):
        num_photographs = len(self.photographs)
        epoch, place = divmod(position, num_photographs)
        order = _order(self.seed, epoch, num_photographs)
        for _ in range(num_photographs):
            index = int(order[place])
            if index not in self.unreadable:
                try:
                    return self.photographs.read(index, at_least)
                except InputError as error:
                    self.unreadable[index] = str(error)
            place = (place + 1) % num_photographs
        raise InputError("None of the content images can be read any more.")

    def _warn_enlarged(self, position, short_side):
        if not self._enlarged:
            self._enlarged = True
            print(
                f"Some photographs are smaller than the crop of "
                f"{self.image_size} px (one has {short_side} px) and are "
                "enlarged; larger photographs give finer pictures.",
                file=sys.stderr,
            )


def _add_noise(crops, rng):
    image = np.stack(crops).astype(np.float32) / 255.0
    image += rng.uniform(-NOISE, NOISE, image.shape).astype(np.float32)
    return np.clip(image, 0.0, 1.0)


@functools.lru_cache(maxsize=4)
def _order(seed, epoch, num_photographs):
    return np.random.default_rng((seed, epoch)).permutation(num_photographs)
