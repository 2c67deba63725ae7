"""Content images: where photographs come from."""

import threading

import numpy as np

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.finding import find_images

TFDS_PREFIX = "tfds:"


class PhotographFiles:
    """Photographs that are files.

    Args:
        spec: a folder (searched with its subfolders), a glob, or a list, as
            of `images.finding.find_images`.

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
