"""A painted copy of a file, with its depth, its frames and its EXIF data."""

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
from multistyle.images.codecs.metadata import read_exif
from multistyle.images.codecs.writing import write_image


def write_copy(composition, photograph, output, overwrite, strip_metadata):
    """Writes the picture made of a photograph, with all else that it has.

    That is 16 bits a channel, EXIF data, and each frame of a moving picture,
    as far as the format of the output can hold them. An `InputWarning` says
    where frames or bits are lost.

    Args:
        composition: a `Composition`, which makes a picture of the same kind.
        photograph: path of a picture, or an open binary file.
        output: path of the file to write, in the format of its suffix.
        overwrite: bool, whether a file there may be replaced.
        strip_metadata: bool, whether to leave out the EXIF data.

    Raises:
        InputError: if the one cannot be read or the other written.
    """
    format = format_of(output)
    timing = read_timing(photograph, composition.max_pixels)
    if timing and format in ANIMATION_FORMATS:
        frames = read_frames(
            photograph, timing.has_alpha, composition.max_pixels
        )
        painted = (
            composition.compose(composition.reduce(frame)) for frame in frames
        )
        write_animation(output, painted, timing, overwrite)
        return
    if timing:
        warn_of_stillness(photograph, output, len(timing.durations))
    pixels = composition.read(photograph, is_deep=format in DEEP_FORMATS)
    exif = b"" if strip_metadata else read_exif(photograph, pixels.shape[:2])
    picture = composition.compose(pixels)
    write_image(output, picture, overwrite, exif=exif)
