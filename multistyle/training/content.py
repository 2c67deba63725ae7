"""Content images: where photographs come from and how batches are cut."""

import functools
import sys
import threading

import keras
import numpy as np

from multistyle.errors import InputError
from multistyle.images.pictures import find_images, read_image
from multistyle.images.resizing import resize, resize_short_side

TFDS_PREFIX = "tfds:"
NOISE = 2.0 / 255.0


class PhotographFiles:
    """Photographs that are files.

    Args:
        spec: a folder (searched with its subfolders), a glob, or a list, as
            of `images.pictures.find_images`.

    Raises:
        InputError: if no file is found.
    """

    def __init__(self, spec):
        self.paths = find_images(spec)

    def __len__(self):
        return len(self.paths)

    def name(self, index):
        return str(self.paths[index])

    def read(self, index, at_least):
        """Reads a photograph.

        Args:
            index: int, which.
            at_least: int, pixels its short side must keep; large files are
                read at reduced size where their format can.

        Returns:
            uint8 [H, W, 3], RGB.

        Raises:
            InputError: if the file cannot be read.
        """
        return read_image(self.paths[index], at_least=at_least)


class PhotographDataset:
    """Photographs of a TensorFlow Datasets data set with an image feature.

    Args:
        spec: "tfds:NAME" or "tfds:NAME/SPLIT"; the split is "train" unless
            given, and NAME may hold a config, as in "tfds:coco/2017".

    Raises:
        InputError: if the data set is unknown, cannot be downloaded or has
            no "image" feature.
    """

    def __init__(self, spec):
        import tensorflow_datasets as tfds

        self.spec = spec
        name, split = spec.removeprefix(TFDS_PREFIX), "train"
        try:
            if not _is_data_set(name):
                name, _, split = name.rpartition("/")
            self._source = tfds.data_source(name, split=split)
        except Exception as error:
            first_line = str(error).strip().split("\n")[0]
            raise InputError(
                f"The data set `{spec}` cannot be had "
                f"({type(error).__name__}: {first_line[:300]}); the form is "
                "tfds:NAME or tfds:NAME/SPLIT."
            ) from error
        if "image" not in self._source.dataset_info.features:
            raise InputError(
                f"The data set `{spec}` has no feature `image`; it has "
                f"{', '.join(self._source.dataset_info.features)}."
            )
        self._lock = threading.Lock()

    def __len__(self):
        return len(self._source)

    def name(self, index):
        return f"{self.spec}[{index}]"

    def read(self, index, at_least):
        """Reads a photograph as of `PhotographFiles.read`."""
        with self._lock:
            image = np.asarray(self._source[index]["image"])
        if image.shape[-1] == 1:
            image = np.repeat(image, 3, axis=-1)
        return image[..., :3].astype(np.uint8)


def _is_data_set(name):
    """Returns whether a name, maybe with a config, ends in no split."""
    import tensorflow_datasets as tfds

    if "/" not in name:
        return True
    try:
        tfds.builder(name)
    except Exception:
        return False
    return True


def open_photographs(spec):
    """Opens content images and makes sure that one of them can be read.

    Args:
        spec: a folder, a glob, a list of those, or "tfds:NAME[/SPLIT]".

    Returns:
        `PhotographFiles` or `PhotographDataset`.

    Raises:
        InputError: if nothing is found or nothing can be read.
    """
    if isinstance(spec, str) and spec.startswith(TFDS_PREFIX):
        photographs = PhotographDataset(spec)
    else:
        photographs = PhotographFiles(spec)
    for index in range(len(photographs)):
        try:
            photographs.read(index, at_least=1)
            return photographs
        except InputError:
            continue
    raise InputError(
        f"None of the {len(photographs)} content images of `{spec}` can be "
        "read; give photographs in JPEG, PNG, WebP or another format of "
        "Pillow."
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
        **kwargs: of `keras.utils.PyDataset`.

    Item:
        Tuple of one dict: "image" float32 [B, S, S, 3] in [0, 1] and
        "style_weights" float32 [B, 1, 1, N], one-hot.
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
        self.unreadable = {}
        self._enlarged = False

    def __len__(self):
        return self.num_steps

    def __getitem__(self, index):
        step = self.first_step + index
        rng = np.random.default_rng((self.seed, step, self.worker))
        first = step * self.batch_size
        crops = [self._crop(first + i, rng) for i in range(self.batch_size)]
        image = np.stack(crops).astype(np.float32) / 255.0
        image += rng.uniform(-NOISE, NOISE, image.shape).astype(np.float32)
        # Whole rounds of all styles, so that a batch is as varied as it can.
        rounds = -(-self.batch_size // self.num_styles)
        styles = np.concatenate(
            [rng.permutation(self.num_styles) for _ in range(rounds)]
        )[: self.batch_size]
        style_weights = np.eye(self.num_styles, dtype=np.float32)[styles]
        return (
            {
                "image": np.clip(image, 0.0, 1.0),
                "style_weights": style_weights[:, None, None, :],
            },
        )

    def _crop(self, position, rng):
        scale = rng.uniform(1.0, 2.0)
        row, column = rng.uniform(size=2)
        is_flipped = rng.uniform() < 0.5
        size = self.image_size
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


@functools.lru_cache(maxsize=4)
def _order(seed, epoch, num_photographs):
    return np.random.default_rng((seed, epoch)).permutation(num_photographs)
