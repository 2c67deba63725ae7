"""A painted copy of a file, with its depth, its frames and its EXIF data."""

import itertools
import os

import numpy as np

from multistyle.images.codecs.animation import (
    read_frames,
    read_timing,
    warn_of_stillness,
    write_animation,
)
from multistyle.images.codecs.formats import (
    ANIMATION_FORMATS,
    DEEP_FORMATS,
    format_of,
)
from multistyle.images.codecs.metadata import (
    read_exif,
    read_resolution,
    with_description,
)
from multistyle.images.codecs.sources import Source
from multistyle.images.codecs.writing import write_image
from multistyle.inference.compositions.composition import Composition


def write_copy(
    composition: Composition,
    photograph: Source,
    output: str | os.PathLike[str],
    overwrite: bool,
    strip_metadata: bool,
    description: str | None = None,
) -> None:
    """Writes the picture made of a photograph, with all else that it has.

    That is 16 bits a channel, EXIF data, its resolution, and each frame of a
    moving picture, as far as the format of the output can hold them. An
    `InputWarning` says where frames or bits are lost.

    Args:
        composition: a `Composition`, which makes a picture of the same kind.
        photograph: path of a picture, or an open binary file.
        output: path of the file to write, in the format of its suffix.
        overwrite: bool, whether a file there may be replaced.
        strip_metadata: bool, whether to leave out the EXIF data.
        description: what is added to them, or None.

    Raises:
        InputError: if the one cannot be read or the other written.
    """

    def exif_of(pixels: np.ndarray) -> bytes:
        size = pixels.shape[:2]
        exif = b"" if strip_metadata else read_exif(photograph, size)
        return with_description(exif, description)

    format = format_of(output)
    max_pixels = composition.look.max_pixels
    timing = read_timing(photograph, max_pixels=max_pixels)
    resolution = read_resolution(photograph)
    if timing and format in ANIMATION_FORMATS:
        frames = read_frames(
            photograph, has_alpha=timing.has_alpha, max_pixels=max_pixels
        )
        first = composition.reduce(next(frames))
        frames = itertools.chain([first], map(composition.reduce, frames))
        write_animation(
            output,
            map(composition.compose, frames),
            timing,
            overwrite=overwrite,
            exif=exif_of(first),
            resolution=resolution,
        )
        return
    if timing:
        warn_of_stillness(photograph, output, len(timing.durations))
    pixels = composition.read(photograph, is_deep=format in DEEP_FORMATS)
    write_image(
        output,
        composition.compose(pixels),
        overwrite=overwrite,
        exif=exif_of(pixels),
        resolution=resolution,
    )
