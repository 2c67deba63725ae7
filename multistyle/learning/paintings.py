"""Style images: the paintings, which style each shows, and whose they are."""

import hashlib
import os
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from multistyle.blends.names import (
    check_style_name,
    split_style_name,
    style_name_from_stem,
)
from multistyle.errors import InputError, InputWarning
from multistyle.files.digests import file_digest
from multistyle.images.codecs.sources import source_name
from multistyle.images.codecs.streams import Stream, hold
from multistyle.images.finding import (
    exists_as_written,
    find_images,
    split_spec,
)
from multistyle.images.pixels import read_pixels
from multistyle.images.resizing import resize_short_side
from multistyle.images.values import to_float
from multistyle.learning.credits_files import read_credits

# A painting whose channels vary by no more, of 255, is of one colour.
FLAT = 2
# A painting with a shorter side is a few dots.
FEWEST_PIXELS = 16
# Short side at which a large JPEG is looked at; so it is read much faster.
_LOOK_SIZE = 384

# What a painting may be: its file, or its pixels.
Painting = str | os.PathLike[str] | Image.Image | np.ndarray
# What messages call a painting that has no file.
_IN_MEMORY = "<image>"

_Work = Path | Stream | Image.Image | np.ndarray
# By style name: what is read, once more each time.
_Works = dict[str, list[_Work]]


class Paintings:
    """The paintings of one or more styles.

    A painting is a style, named after its file; `night:mine.jpg` gives it
    another name, and `monet:works/` makes one style of a folder of paintings
    of one hand. A file `styles.json` beside the paintings may credit them,
    see `credits_files.read_credits`. An `InputWarning` names a painting that
    shows no strokes.

    Args:
        spec: what `images.finding.find_images` takes, each part of it with or
            without a name; in memory, a PIL image, an array [H, W, 3], or a
            list of these.
        name: None, or that of the one style that all of `spec` shows. What
            is in memory needs one.
        max_pixels: the most that a file may have; None is 200 million.

    Attributes:
        style_names: list of names.
        counts: dict from style name to how many paintings it has.
        digests: dict from style name to SHA-256 of the painting's file; of
            several, of what they hold together.
        credits: dict from style name to credit.
        unreadable: list of messages, one a file that cannot be read.

    Raises:
        InputError: if nothing is found or can be read, if two paintings give
            one name, if a name is malformed or missing, or if `styles.json`
            is malformed.

    Example:
        >>> from multistyle.images.samples import PAINTINGS_FOLDER
        >>> from multistyle.learning.paintings import Paintings
        >>> Paintings(PAINTINGS_FOLDER).style_names[:2]
        ['great_wave', 'self_portrait_1887']
    """

    def __init__(
        self,
        spec: Painting | Sequence[Painting],
        *,
        name: str | None = None,
        max_pixels: int | None = None,
    ) -> None:
        self.unreadable: list[str] = []
        self.digests: dict[str, str] = {}
        self._max_pixels = max_pixels
        self._works: _Works = {}
        found = _find(spec, name)
        for style, works in found.items():
            digests = []
            for work in works:
                try:
                    _check_strokes(
                        work,
                        read_pixels(
                            work, at_least=_LOOK_SIZE, max_pixels=max_pixels
                        ),
                    )
                    digests.append(_digest(work))
                except InputError as error:
                    self.unreadable.append(str(error))
                else:
                    self._works.setdefault(style, []).append(work)
            if len(digests) == 1:
                self.digests[style] = digests[0]
            elif digests:
                together = "".join(digests).encode()
                self.digests[style] = hashlib.sha256(together).hexdigest()
        if not self._works:
            raise _none_of(sum(map(len, found.values())), self.unreadable)
        self.style_names = list(self._works)
        self.counts = {name: len(w) for name, w in self._works.items()}
        self.credits = read_credits(
            {
                name: [work for work in works if isinstance(work, Path)]
                for name, works in self._works.items()
            }
        )

    def read(self, style_size: int) -> Iterator[np.ndarray]:
        """Yields the paintings, one a style, brought to one short side.

        Args:
            style_size: pixels of the short side; a larger painting is
                reduced, a smaller one enlarged, so that strokes have the
                size that was asked for.

        Yields:
            float32 [H, W, 3] in [0, 1], RGB.

        Raises:
            InputError: if a style has several paintings.
        """
        for name, (work, *others) in self._works.items():
            if others:
                raise InputError(
                    f"The style `{name}` has {1 + len(others)} paintings; "
                    "here a style is one of them: name it."
                )
            image = read_pixels(work, max_pixels=self._max_pixels)
            yield to_float(resize_short_side(image, style_size))

    @property
    def paths(self) -> list[Path]:
        """The paths of the paintings' files, of all styles."""
        return [
            work
            for works in self._works.values()
            for work in works
            if isinstance(work, Path)
        ]

    def works(
        self, name: str, *, at_least: int | None = None
    ) -> Iterator[np.ndarray]:
        """Yields all paintings of one style.

        Args:
            name: one of `style_names`.
            at_least: see `images.codecs.reading.read_image`.

        Yields:
            uint8 [H, W, 3], RGB, in the order of the files' names.
        """
        for work in self._works[name]:
            yield read_pixels(
                work, at_least=at_least, max_pixels=self._max_pixels
            )

    def source(self, name: str) -> str:
        """Returns the name of the first file of a style."""
        return _source_name(self._works[name][0])


def _none_of(count: int, unreadable: list[str]) -> InputError:
    if not count:
        return InputError("No painting is given: name a file or a folder.")
    if count == 1:
        return InputError(unreadable[0])
    return InputError(
        f"None of the {count} paintings can be read; the first: {unreadable[0]}"
    )


def _find(spec: Painting | Sequence[Painting], name: str | None) -> _Works:
    """Returns what is to be read, by style name."""
    works: _Works = {}
    if name is not None:
        name = check_style_name(name)
        return {name: [work for _, found in _parts(spec) for work in found]}
    for given_name, found in _parts(spec):
        if given_name:
            # Given again, it is one more painting of the same hand.
            works.setdefault(given_name, []).extend(found)
            continue
        for work in found:
            style = _name_of(work)
            (other,) = works.setdefault(style, [work])[:1]
            if _source_name(other) != _source_name(work):
                raise InputError(
                    f"The paintings `{_source_name(other)}` and "
                    f"`{_source_name(work)}` would both be the style "
                    f"`{style}`; rename one of the files, or give another "
                    f"name, as `NAME:{_source_name(work)}`."
                )
    return works


def _parts(
    spec: Painting | Sequence[Painting],
) -> Iterator[tuple[str | None, list[_Work]]]:
    """Yields a name or None, and the paintings that it stands for."""
    in_memory = (Image.Image, np.ndarray)
    if isinstance(spec, (str, os.PathLike, *in_memory)):
        spec = [spec]
    if not isinstance(spec, Iterable):
        raise _no_painting(spec)
    for part in spec:
        if isinstance(part, in_memory):
            yield None, [part]
            continue
        if not isinstance(part, (str, os.PathLike)):
            raise _no_painting(part)
        for piece in split_spec(part):
            name, path = None, piece
            if not exists_as_written(piece):
                name, path = split_style_name(piece)
            yield name, [hold(found) for found in find_images(path)]


def _no_painting(value: object) -> InputError:
    return InputError(
        "A painting is a path, a PIL image or an array [H, W, 3]; got a "
        f"`{type(value).__name__}`."
    )


def _source_name(work: _Work) -> str:
    """Returns the name by which messages call a painting."""
    return _IN_MEMORY if isinstance(work, np.ndarray) else source_name(work)


def _name_of(work: _Work) -> str:
    """Returns the name of a style that is named after its painting."""
    if _source_name(work) == _IN_MEMORY:
        raise InputError(
            "A painting in memory has no file to be named after: give `name`."
        )
    return style_name_from_stem(Path(_source_name(work)).stem)


def _digest(work: _Work) -> str:
    """Returns SHA-256 of what a painting holds, 64 hexadecimal digits."""
    if isinstance(work, Path):
        return file_digest(work)
    if isinstance(work, Stream):
        return hashlib.sha256(work.getbuffer()).hexdigest()
    pixels = read_pixels(work)
    digest = hashlib.sha256(f"{pixels.shape}".encode())
    digest.update(pixels.tobytes())
    return digest.hexdigest()


def _check_strokes(work: _Work, image: np.ndarray) -> None:
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
        f"The painting `{_source_name(work)}` {fault}; give another one.",
        InputWarning,
        stacklevel=3,
    )
