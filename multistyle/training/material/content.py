"""Content images: how batches are cut from photographs."""

import functools
import warnings
from collections.abc import Sequence
from typing import NamedTuple

import keras
import numpy as np

from multistyle.errors import InputError, InputWarning
from multistyle.images.resizing import resize, resize_short_side
from multistyle.training.material.photographs import Photographs

NOISE = 2.0 / 255.0
MAX_SHIFT = 7
SHIFTS = np.array(
    [s for s in range(-MAX_SHIFT, MAX_SHIFT + 1) if s % 4], np.int32
)


class _Cut(NamedTuple):
    """How a crop is taken from its photograph."""

    scale: float  # Of the photograph's short side, in crops.
    row: float  # Where the crop lies, from 0 to 1 of the room there is.
    column: float
    is_flipped: bool


class ContentBatches(keras.utils.PyDataset):
    """Batches of photograph crops with a style drawn for each.

    Batch k depends on (seed, k) and nothing else, so that going on from step
    k needs only k, and many workers see together what one would see alone.
    All pictures are seen once before one is seen again; a picture that
    cannot be read gives its place to the next one.

    Each photograph is reduced so that its short side is a random size
    between 1 and 2 crops (never enlarged, except one smaller than the crop,
    of which an `InputWarning` tells), cropped, and flipped at random. Noise
    of up to 2/255 gives flat crops something to normalize: without it they
    would train no contrast.

    Args:
        photographs: `PhotographFiles` or `PhotographDataset`.
        num_styles: N.
        batch_size: B, pictures a batch.
        image_size: S, pixels of the square crop.
        seed: of all that is drawn.
        first_step: the step of batch 0 of this data set.
        num_steps: batches in this data set.
        worker: number of this process among those that share the work.
        num_workers: W, how many processes share it.
        num_devices: D, how many devices they have in all, each as many as
            the others; it divides B and K. Device d has pictures d, d + D,
            d + 2 D, ... of each batch, and a worker those of its devices,
            device after device.
        num_shifted: K <= B, how many of a batch, the first ones, also come
            moved.
        style_shares: N floats above 0, or None for ones; how often each style
            is drawn beside the others.
        num_threads: how many batches are made at a time.

    Attributes:
        unreadable: dict from a photograph's number to what is wrong with it.
        error: the `InputError` that ended the batches, or None: a backend
            may hide it in an error of its own.

    Item:
        Tuple of one dict: "image" float32 [B / W, S, S, 3] in [0, 1] and
        "style_weights" float32 [B / W, 1, 1, N], one-hot. With K above 0 also
        "shifted_image" float32 [K / W, S, S, 3], the first crops of each
        device moved in their photographs by "shift", int32 [D / W, 2], the
        same rows and columns for each device, of up to 7 px and no multiple
        of 4 (the network's own lattice), with noise of their own.

    Raises:
        InputError: if D does not divide B and K; of an item, if no photograph
            can be read any more.

    Example:

        batches = ContentBatches(
            PhotographFiles("photographs"), num_styles=3, num_steps=100
        )
        batches[0][0]["image"].shape  # (8, 192, 192, 3)
    """

    def __init__(
        self,
        photographs: Photographs,
        num_styles: int,
        batch_size: int = 8,
        image_size: int = 192,
        *,
        seed: int = 0,
        first_step: int = 0,
        num_steps: int = 1,
        worker: int = 0,
        num_workers: int = 1,
        num_devices: int | None = None,
        num_shifted: int = 0,
        style_shares: Sequence[float] | None = None,
        num_threads: int = 1,
    ) -> None:
        super().__init__(workers=num_threads, max_queue_size=2 * num_threads)
        num_devices = num_workers if num_devices is None else num_devices
        if batch_size % num_devices or num_shifted % num_devices:
            raise InputError(
                f"{num_devices} devices cannot share batches of {batch_size} "
                f"pictures, {num_shifted} of them moved: both must be "
                "multiples of their number."
            )
        self.photographs = photographs
        self.num_styles = num_styles
        self.batch_size = batch_size
        self.image_size = image_size
        self.seed = seed
        self.first_step = first_step
        self.num_steps = num_steps
        self.num_shifted = num_shifted
        self.style_shares = np.asarray(
            np.ones(num_styles) if style_shares is None else style_shares
        )
        self.unreadable: dict[int, str] = {}
        self.error: InputError | None = None
        own = num_devices // num_workers
        self._devices = range(worker * own, worker * own + own)
        self._num_devices = num_devices
        self._has_warned = False

    def __len__(self) -> int:
        return self.num_steps

    def __getitem__(self, index: int) -> tuple[dict[str, np.ndarray]]:
        try:
            return (self._batch(self.first_step + index),)
        except InputError as error:
            self.error = error
            raise

    def _batch(self, step: int) -> dict[str, np.ndarray]:
        # Draws are those of the whole batch, of which a worker takes its own.
        rng = np.random.default_rng((self.seed, step))
        cuts = [_draw_cut(rng) for _ in range(self.batch_size)]
        own, shifted = self._own(self.batch_size), self._own(self.num_shifted)
        noise = self._draw_noise(rng, self.batch_size)[own]
        styles = self._draw_styles(rng)[own]
        wide = {
            i: self._crop(
                step * self.batch_size + i,
                cuts[i],
                MAX_SHIFT if i < self.num_shifted else 0,
            )
            for i in own
        }
        crops = [
            self._inside(wide[i], (0, 0)) if i < self.num_shifted else wide[i]
            for i in own
        ]
        style_weights = np.eye(self.num_styles, dtype=np.float32)[styles]
        batch = {
            "image": _with_noise(crops, noise),
            "style_weights": style_weights[:, None, None, :],
        }
        if self.num_shifted:
            shift = rng.choice(SHIFTS, 2)
            noise = self._draw_noise(rng, self.num_shifted)[shifted]
            moved = [self._inside(wide[i], shift) for i in shifted]
            batch["shifted_image"] = _with_noise(moved, noise)
            batch["shift"] = np.tile(shift, (len(self._devices), 1))
        return batch

    def _own(self, num_pictures: int) -> list[int]:
        """Returns which of the first pictures of a batch this worker makes."""
        return [
            i
            for device in self._devices
            for i in range(device, num_pictures, self._num_devices)
        ]

    def _draw_noise(self, rng: np.random.Generator, num: int) -> np.ndarray:
        shape = (num, self.image_size, self.image_size, 3)
        return rng.uniform(-NOISE, NOISE, shape).astype(np.float32)

    def _draw_styles(self, rng: np.random.Generator) -> np.ndarray:
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

    def _inside(
        self, wide: np.ndarray, shift: Sequence[int] | np.ndarray
    ) -> np.ndarray:
        """Returns the crop, moved, of one that is wider by `MAX_SHIFT`."""
        top, left = MAX_SHIFT + np.asarray(shift)
        return wide[top : top + self.image_size, left : left + self.image_size]

    def _crop(self, position: int, cut: _Cut, margin: int) -> np.ndarray:
        size = self.image_size + 2 * margin
        image = self._photograph(position, round(size * cut.scale))
        short_side = min(image.shape[:2])
        if short_side < size:
            self._warn_enlarged(short_side)
            # Both sides, so that rounding leaves none smaller than the crop.
            factor = size / short_side
            height, width = (
                max(size, round(length * factor)) for length in image.shape[:2]
            )
            image = resize(image, (height, width))
        elif short_side > round(size * cut.scale):
            image = resize_short_side(image, round(size * cut.scale))
        top = int(cut.row * (image.shape[0] - size + 1))
        left = int(cut.column * (image.shape[1] - size + 1))
        crop = image[top : top + size, left : left + size]
        return crop[:, ::-1] if cut.is_flipped else crop

    def _photograph(self, position: int, at_least: int) -> np.ndarray:
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
        raise InputError(
            "None of the content images can be read any more: put them back, "
            "and the same command goes on from the last checkpoint."
        )

    def _warn_enlarged(self, short_side: int) -> None:
        if not self._has_warned:
            self._has_warned = True
            warnings.warn(
                f"Some photographs are smaller than the crop of "
                f"{self.image_size} px (one has {short_side} px) and are "
                "enlarged; larger photographs give finer pictures.",
                InputWarning,
                stacklevel=2,
            )


def _draw_cut(rng: np.random.Generator) -> _Cut:
    scale = rng.uniform(1.0, 2.0)
    row, column = rng.uniform(size=2)
    return _Cut(scale, row, column, rng.uniform() < 0.5)


def _with_noise(crops: list[np.ndarray], noise: np.ndarray) -> np.ndarray:
    """Returns uint8 [S, S, 3] crops as one float32 batch in [0, 1]."""
    image = np.stack(crops).astype(np.float32) / 255.0
    return np.clip(image + noise, 0.0, 1.0)


@functools.lru_cache(maxsize=4)
def _order(seed: int, epoch: int, num_photographs: int) -> np.ndarray:
    return np.random.default_rng((seed, epoch)).permutation(num_photographs)
