"""The photographs that a network is judged on."""

import collections
from pathlib import Path

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.finding import find_images
from multistyle.images.resizing import resize_short_side
from multistyle.images.values import to_float

PHOTOGRAPH_SIZE = 256
# What the artefacts' figures need.
MIN_SIZE = 48


class Photographs:
    """Photographs, read one at a time, so that memory stays small.

    Args:
        spec: a folder, a glob or a list, as of `images.finding.find_images`.

    Attributes:
        names: list of names, one a photograph that can be judged: the file's,
            or its path where two files have one name.
        unreadable: list of messages, one a file that cannot be judged.

    Raises:
        InputError: if nothing is found or can be judged.
    """

    def __init__(self, spec):
        found = find_images(spec)
        paths, self.unreadable = [], []
        for path in found:
            try:
                size = read_image(path, at_least=PHOTOGRAPH_SIZE).shape[:2]
            except InputError as error:
                self.unreadable.append(str(error))
                continue
            if min(size) < MIN_SIZE:
                self.unreadable.append(
                    f"`{path}` has {size[1]} x {size[0]} pixels; at least "
                    f"{MIN_SIZE} on the short side can be judged."
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

    def read(self, name):
        """Reads a photograph at the size at which it is judged.

        Args:
            name: one of `names`.

        Returns:
            float32 [H, W, 3] in [0, 1]: reduced to 256 px on the short side,
            and never enlarged.
        """
        image = read_image(self._paths[name])
        if min(image.shape[:2]) > PHOTOGRAPH_SIZE:
            image = resize_short_side(image, PHOTOGRAPH_SIZE)
        return to_float(image)

    def spread(self, count):
        """Returns `count` of the names, or all there are, evenly spread."""
        count = min(count, len(self.names))
        return [self.names[i * len(self.names) // count] for i in range(count)]
