"""A film of pictures at even times, such as a path from style to style."""

import os
from collections.abc import Iterable
from fractions import Fraction
from itertools import chain

import numpy as np

from multistyle.files.whole_files import whole_file
from multistyle.images.values import to_uint8
from multistyle.video.encoding.encoder import FilmEncoder
from multistyle.video.encoding.formats import find_format
from multistyle.video.material.color_tags import ColorTags


class _EvenPictures:
    """What a `FilmEncoder` asks of its pictures; see `PictureSource`."""

    sample_aspect_ratio = Fraction(1)
    color_tags = ColorTags()

    def __init__(self, size: tuple[int, int], rate: int) -> None:
        self.size = size
        self.rate = Fraction(rate)
        self.time_base = 1 / self.rate


def write_picture_film(
    path: str | os.PathLike[str],
    pictures: Iterable[np.ndarray],
    *,
    rate: int = 24,
) -> None:
    """Writes pictures as a film, whole or not at all.

    Args:
        path: .mp4, .mov, .mkv or .webm; a file there is replaced.
        pictures: one at least, all of one size, each [H, W, 3], uint8 or float
            in [0, 1]; they are taken one by one.
        rate: pictures a second.

    Raises:
        InputError: if the package for films is not installed, or the file
            cannot be made.
    """
    film_format = find_format(path)
    remaining = map(to_uint8, pictures)
    first = next(remaining)
    source = _EvenPictures(first.shape[:2], rate)
    with (
        whole_file(path) as file,
        FilmEncoder(file.name, film_format, source) as encoder,
    ):
        for number, picture in enumerate(chain([first], remaining)):
            encoder.write(picture, number)
