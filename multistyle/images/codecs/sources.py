"""Where a picture is read from: a file, bytes, an image that is open."""

import contextlib
import io
import os
import threading
import warnings
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from multistyle.errors import InputError, InputWarning
from multistyle.images.codecs.formats import (
    FORMATS,
    has_avif,
    read_formats,
    without_avif,
)

# A scan of 100 megapixels, and as much again.
MAX_PIXELS = 200_000_000

_limit_lock = threading.Lock()


@contextlib.contextmanager
def opened(source, max_pixels=None):
    """Opens a PIL image; whatever goes wrong with it becomes one line.

    Args:
        source: a path, an open binary file, bytes, or a PIL image, which is
            neither checked nor closed.
        max_pixels: int, the most that may be opened; None is `MAX_PIXELS`.

    Yields:
        The PIL image, not yet decoded.

    Raises:
        InputError: if there is no such file, or it is empty, damaged, cut
            short, no picture, or has too many pixels, also where that shows
            within the block; the message names the file.
    """
    name = source_name(source)
    try:
        if isinstance(source, Image.Image):
            yield source
            return
        if isinstance(source, bytes):
            source = io.BytesIO(source)
        with _open_unlimited(source) as image:
            _check_size(image, MAX_PIXELS if max_pixels is None else max_pixels)
            yield image
    except InputError as error:
        raise InputError(f"`{name}` {error}") from error
    except FileNotFoundError as error:
        raise InputError(f"`{name}` does not exist.") from error
    except IsADirectoryError as error:
        raise InputError(f"`{name}` is a folder, not a picture.") from error
    except UnidentifiedImageError as error:
        if not has_avif() and _starts_as_avif(source):
            raise without_avif(name) from error
        raise InputError(
            f"`{name}` is empty, or none of {', '.join(read_formats())}."
        ) from error
    except Exception as error:
        # A damaged file makes the decoders raise nearly anything.
        reason = getattr(error, "strerror", None) or str(error)
        reason = " ".join((reason or type(error).__name__).split())
        raise InputError(f"`{name}` cannot be read: {reason}.") from error


def source_name(source):
    """Returns the name by which messages call what is read, a str."""
    if isinstance(source, (str, os.PathLike)):
        return os.fspath(source)
    if isinstance(source, Image.Image):
        return getattr(source, "filename", "") or "<image>"
    return str(getattr(source, "name", "<image>"))


def read_format(source):
    """Returns what a file holds, such as "JPEG", whatever its name says."""
    with opened(source, max_pixels=float("inf")) as image:
        return image.format


def warn_of_label(source):
    """Warns of a file that holds another kind than its name says.

    Args:
        source: path, or an open binary file.

    Raises:
        InputError: if it is no picture; see `opened`.
    """
    name = source_name(source)
    named = FORMATS.get(Path(name).suffix.lower())
    held = read_format(source)
    if named and held not in (named, "MPO"):
        warnings.warn(
            f"`{name}` holds a {held} picture, whatever its name says, and is "
            "read as one.",
            InputWarning,
            stacklevel=2,
        )


def _open_unlimited(source):
    # Pillow's limit is one for the process, warns at first, and is raised by
    # no argument: it is out of the way while headers are read, not longer.
    with _limit_lock:
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            return Image.open(source, formats=read_formats())
        finally:
            Image.MAX_IMAGE_PIXELS = limit


def _check_size(image, max_pixels):
    num_pixels = image.width * image.height
    if num_pixels > max_pixels:
        raise InputError(
            f"has more pixels than is safe to open, {num_pixels:,} of at most "
            f"{max_pixels:,}: if you trust it, --max_pixels={num_pixels}."
        )


def _starts_as_avif(source):
    with contextlib.ExitStack() as stack:
        if isinstance(source, (str, os.PathLike)):
            source = stack.enter_context(open(source, "rb"))
        source.seek(0)
        return source.read(12)[4:] in (b"ftypavif", b"ftypavis")
