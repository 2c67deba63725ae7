"""Style images: the paintings, their names and their credits."""

import json
import os
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from multistyle.blends.names import style_name_from_stem, style_names_from_paths
from multistyle.errors import InputError, InputWarning
from multistyle.files.digests import file_digest
from multistyle.images.codecs.reading import read_image
from multistyle.images.finding import find_images
from multistyle.images.resizing import resize_short_side
from multistyle.images.values import to_float
from multistyle.network.styles import CREDIT_FIELDS, check_credits

CREDITS_FILE = "styles.json"
# A painting whose channels vary by no more, of 255, is of one colour.
FLAT = 2
# A painting with a shorter side is a few dots.
FEWEST_PIXELS = 16


class Paintings:
    """The paintings that a network learns.

    A file `styles.json` beside the paintings may credit them: an object from
    a file's name or stem to {"artist", "title", "year", "licence"}. A title
    that it does not give is the file's stem, as it was written. An
    `InputWarning` names a painting that shows no strokes.

    Args:
        spec: a folder, a glob or a list, see `images.finding.find_images`.
        max_pixels: the most that a file may have; None is 200 million.

    Attributes:
        paths: list of the paths that can be read, in order.
        style_names: list of names, one a path.
        digests: dict from style name to SHA-256 of the painting's file.
        credits: dict from style name to credit.
        unreadable: list of messages, one a file that cannot be read.

    Raises:
        InputError: if nothing is found or can be read, if two files give one
            name, or if `styles.json` is malformed.

    Example:
        >>> from multistyle.images.samples import PAINTINGS_FOLDER
        >>> Paintings(PAINTINGS_FOLDER).style_names
    """

    def __init__(
        self,
        spec: str | os.PathLike | Sequence[str | os.PathLike],
        *,
        max_pixels: int | None = None,
    ) -> None:
        self.paths = []
        self.unreadable = []
        self._max_pixels = max_pixels
        digests = []
        found = find_images(spec)
        for path in found:
            try:
                image = read_image(path, max_pixels=max_pixels)
                _check_strokes(path, image)
                digests.append(file_digest(path))
            except InputError as error:
                self.unreadable.append(str(error))
            else:
                self.paths.append(Path(path))
        if not self.paths:
            raise InputError(
                f"None of the {len(found)} style images of `{spec}` can be "
                f"read; the first: {self.unreadable[0]}"
            )
        self.style_names = style_names_from_paths(self.paths)
        self.digests = dict(zip(self.style_names, digests, strict=True))
        self.credits = self._read_credits()

    def _read_credits(self) -> dict[str, dict[str, str]]:
        by_folder = {
            folder: _read_credits_file(folder / CREDITS_FILE)
            for folder in {path.parent for path in self.paths}
        }
        credits = {}
        for name, path in zip(self.style_names, self.paths, strict=True):
            credit = {"title": path.stem}
            for key, fields in by_folder[path.parent].items():
                if key in (path.name, path.stem, name):
                    credit.update(fields)
            credits[name] = credit
        return check_credits(credits, self.style_names)

    def read(self, style_size: int) -> Iterator[np.ndarray]:
        """Yields the paintings, brought to one short side.

        Args:
            style_size: pixels of the short side; a larger painting is
                reduced, a smaller one enlarged, so that strokes have the
                size that was asked for.

        Yields:
            float32 [H, W, 3] in [0, 1], RGB.
        """
        for path in self.paths:
            image = read_image(path, max_pixels=self._max_pixels)
            yield to_float(resize_short_side(image, style_size))


def _check_strokes(path: Path, image: np.ndarray) -> None:
    """Warns of a painting from which no strokes can be learned."""
    height, width = image.shape[:2]
    if np.ptp(image, axis=(0, 1)).max() <= FLAT:
        fault = (
            "is of one colour (what is transparent counts as white), so that "
            "its style is that colour and nothing else"
        )
    elif min(height, width) < FEWEST_PIXELS:
        fault = f"has only {width} x {height} px, which show no strokes"
    else:
        return
    warnings.warn(
        f"The painting `{path}` {fault}; give another one.",
        InputWarning,
        stacklevel=3,
    )


def _read_credits_file(path: Path) -> dict[str, dict[str, str]]:
    if not path.is_file():
        return {}
    form = (
        f"an object from file name to an object with any of "
        f"{', '.join(CREDIT_FIELDS)}"
    )
    try:
        credits = json.loads(path.read_text("utf-8-sig"))
    except ValueError as error:
        raise InputError(
            f"`{path}` is not valid JSON ({error}); it must hold {form}."
        ) from error
    if not isinstance(credits, dict) or not all(
        isinstance(fields, dict) for fields in credits.values()
    ):
        raise InputError(f"`{path}` must hold {form}.")
    # Checked here once by file, so that the message can name the file.
    for key, fields in credits.items():
        name = style_name_from_stem(key)
        try:
            check_credits({name: fields}, [name])
        except InputError as error:
            raise InputError(f"`{path}`: {error}") from error
    return credits
