"""The photographs that a network is judged on."""

import collections
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.finding import search_images
from multistyle.images.resizing import resize_short_side
from multistyle.images.values import to_float

PHOTOGRAPH_SIZE = 256
# What the figures of artefacts need.
MIN_JUDGED_SIZE = 48


class Photographs:
    """Photographs, read one at a time, so that memory stays small.

    Args:
        spec: a folder, a glob or a list, see `images.finding.search_images`.
        max_pixels: int, the most that a file may have; None is 200 million.

    Attributes:
        names: list of names, one a photograph that can be judged: the file's,
            or its path where two files have one name.
        unreadable: list of messages, one a file that cannot be judged.
        num_others: int, how many files of other kinds lie beside them.

    Raises:
        InputError: if nothing is found or can be judged.
    """

    def __init__(
        self,
        spec: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
        *,
        max_pixels: int | None = None,
    ) -> None:
        found, self.num_others = search_images(spec)
        paths = []
        self.unreadable: list[str] = []
        self._max_pixels = max_pixels
        for path in found:
            if os.path.exists(path) and not os.path.isfile(path):
                self.unreadable.append(
                    f"`{path}` is a pipe or a device, but a photograph is "
                    "read more than once: save it as a file."
                )
                continue
            try:
                image = read_image(
                    path, at_least=PHOTOGRAPH_SIZE, max_pixels=max_pixels
                )
            except InputError as error:
                self.unreadable.append(str(error))
                continue
            height, width = image.shape[:2]
            if min(height, width) < MIN_JUDGED_SIZE:
                self.unreadable.append(
                    f"`{path}` has {width} x {height} pixels; at least "
                    f"{MIN_JUDGED_SIZE} on the short side can be judged."
                )
                continue
            paths.append(Path(path))
        if not paths:
            raise InputError(
                f"None of the {len(found)} photographs of `{spec}` can be "
                f"judged; the first: {self.unreadable[0]}"
            )
        count = collections.Counter(path.name for path in paths)
        self._paths = {
            path.name if count[path.name] == 1 else path.as_posix(): path
            for path in paths
        }
        self.names = list(self._paths)

    def read(self, name: str) -> np.ndarray:
        """Reads a photograph at the size at which it is judged.

        Args:
            name: one of `names`.

        Returns:
            float32 [H, W, 3] in [0, 1], reduced to 256 px on the short side
            where it has more.
        """
        image = read_image(self._paths[name], max_pixels=self._max_pixels)
        if min(image.shape[:2]) > PHOTOGRAPH_SIZE:
            image = resize_short_side(image, PHOTOGRAPH_SIZE)
        return to_float(image)

    def spread(self, count: int) -> list[str]:
        """Returns `count` of the names, or all there are, evenly spread."""
        count = min(count, len(self.names))
        return [self.names[i * len(self.names) // count] for i in range(count)]
