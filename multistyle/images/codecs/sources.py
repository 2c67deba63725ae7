"""Where a picture is read from: a file, a pipe, bytes, an image in memory."""

import contextlib
import io
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image, UnidentifiedImageError

from multistyle.errors import InputError, InputWarning
from multistyle.files.homes import expand_home
from multistyle.images.codecs.formats import (
    FORMATS_BY_SUFFIX,
    has_avif,
    has_heif,
    pillow_formats,
    read_formats,
    without_avif,
    without_heif,
)
from multistyle.images.codecs.streams import hold, read_pipe

# Twice a scan of 100 megapixels.
MAX_PIXELS = 200_000_000

Source = str | os.PathLike[str] | BinaryIO | bytes | Image.Image

# What a file of a family of formats says that it is.
_AVIF_KINDS = (b"avif", b"avis")
_HEIF_KINDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
# Of a page of a TIFF: what it is for, and that it masks another.
_KIND_OF_PAGE, _MASK = 254, 4


class _WithoutLimit:
    """Puts Pillow's limit on pixels out of the way within a block.

    It is one for the process, warns at first, and no argument raises it.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._num_blocks = 0
        self._limit = None

    def __enter__(self):
        with self._lock:
            if self._num_blocks == 0:
                self._limit = Image.MAX_IMAGE_PIXELS
                Image.MAX_IMAGE_PIXELS = None
            self._num_blocks += 1

    def __exit__(self, *exception):
        with self._lock:
            self._num_blocks -= 1
            if self._num_blocks == 0:
                Image.MAX_IMAGE_PIXELS = self._limit


_without_limit = _WithoutLimit()
_stderr_lock = threading.Lock()


@contextlib.contextmanager
def opened(source: Source, *, max_pixels: float | None = None) -> Iterator[Any]:
    """Opens a PIL image; whatever goes wrong with it becomes one line.

    A TIFF of several pages is opened at the largest of them.

    Args:
        source: a path, an open binary file, bytes, or a PIL image, which is
            neither checked nor closed.
        max_pixels: the most that may be opened; None is `MAX_PIXELS`.

    Yields:
        The PIL image, not yet decoded; `load` decodes it.

    Raises:
        InputError: if there is no such file, or it is empty, damaged, cut
            short, not a picture, or has too many pixels. What goes wrong
            within the block is raised so, too. The message names the file.
    """
    name = source_name(source)
    if isinstance(source, (str, os.PathLike)):
        source = hold(source)
    try:
        if isinstance(source, Image.Image):
            yield source
            return
        source = _seekable(source)
        with _open_unlimited(source) as image:
            if image.format == "TIFF":
                _turn_to_largest_page(image)
            _check_size(image, max_pixels)
            yield image
    except InputError as error:
        raise InputError(f"`{name}` {error}") from error
    except FileNotFoundError as error:
        reason = "does not exist"
        if os.path.islink(expand_home(name)):
            reason = "is a link that leads nowhere"
        raise InputError(f"`{name}` {reason}.") from error
    except IsADirectoryError as error:
        raise InputError(f"`{name}` is a folder, not a picture.") from error
    except UnidentifiedImageError as error:
        kind = _kind(source)
        if kind in _AVIF_KINDS and not has_avif():
            raise without_avif(name) from error
        if kind in _HEIF_KINDS and not has_heif():
            raise without_heif(name) from error
        raise InputError(
            f"`{name}` is empty, or none of {', '.join(read_formats())}."
        ) from error
    except Exception as error:
        # A damaged file makes the decoders raise nearly anything.
        reason = getattr(error, "strerror", None) or str(error)
        reason = " ".join((reason or type(error).__name__).split())
        raise InputError(f"`{name}` cannot be read: {reason}.") from error


def load(
    image: Image.Image,
    *,
    frame: int | None = None,
    max_pixels: float | None = None,
) -> None:
    """Decodes an opened image; Pillow's own limit does not count.

    Args:
        image: a PIL image, as `opened` yields it.
        frame: number of the frame to turn to; None stays at the present one.
        max_pixels: see `opened`; frames differ in size.

    Raises:
        InputError: if the frame has too many pixels; the message goes on
            after a file's name.
    """
    with _without_limit, _silent(image):
        if frame is not None:
            image.seek(frame)
            _check_size(image, max_pixels)
        image.load()


@contextlib.contextmanager
def _silent(image: Image.Image) -> Iterator[None]:
    """Keeps the lines back that libtiff itself writes on standard error.

    What is wrong with a file, Pillow raises.
    """
    tiles = getattr(image, "tile", [])
    if sys.stderr is None or not any(tile[0] == "libtiff" for tile in tiles):
        yield
        return
    with _stderr_lock, open(os.devnull, "wb") as nowhere:
        kept = os.dup(2)
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def source_name(source: Source) -> str:
    """Returns the name by which messages call what is read."""
    if isinstance(source, (str, os.PathLike)):
        return os.fspath(source)
    if isinstance(source, Image.Image):
        return getattr(source, "filename", "") or "<image>"
    return str(getattr(source, "name", "<image>"))


def read_format(source: Source) -> str:
    """Returns what a file holds, such as "JPEG", whatever its name says."""
    with opened(source, max_pixels=float("inf")) as image:
        return image.format or ""


def warn_of_label(source: Source) -> None:
    """Warns of a file that holds another kind than its name says.

    Args:
        source: path, or an open binary file.

    Raises:
        InputError: if it is not a picture; see `opened`.
    """
    name = source_name(source)
    named = FORMATS_BY_SUFFIX.get(Path(name).suffix.lower())
    held = read_format(source)
    if named and held not in (named, "MPO"):
        warnings.warn(
            f"`{name}` holds a {held} picture, whatever its name says, and is "
            "read as one.",
            InputWarning,
            stacklevel=2,
        )


def _seekable(source):
    """Returns a `Path`, or a file that can be read from its start."""
    if isinstance(source, bytes):
        return io.BytesIO(source)
    if isinstance(source, Path) or source.seekable():
        return source
    return io.BytesIO(read_pipe(source))


def _open_unlimited(source):
    with _without_limit:
        try:
            return Image.open(source, formats=pillow_formats())
        except UnidentifiedImageError:
            if _kind(source) not in _HEIF_KINDS or not has_heif():
                raise
        # From now on Pillow itself knows of HEIF, in this process.
        import pillow_heif

        pillow_heif.register_heif_opener()
        return Image.open(source, formats=("HEIF",))


def _turn_to_largest_page(image):
    sizes = []
    try:
        for page in range(image.n_frames):
            _turn_to_page(image, page)
            is_mask = image.tag_v2.get(_KIND_OF_PAGE, 0) & _MASK
            sizes.append(0 if is_mask else image.width * image.height)
    except Exception:  # What is damaged behind the pages spoils none before.
        sizes = sizes or [1]
    _turn_to_page(image, sizes.index(max(sizes)))


def _turn_to_page(image, page):
    # Pillow keeps these where a page has none of its own.
    for key in ("dpi", "icc_profile", "resolution"):
        if page != image.tell():
            image.info.pop(key, None)
    image.seek(page)


def _check_size(image, max_pixels):
    max_pixels = MAX_PIXELS if max_pixels is None else max_pixels
    num_pixels = image.width * image.height
    if num_pixels > max_pixels:
        raise InputError(
            f"has more pixels than is safe to open, {num_pixels:,} of at most "
            f"{max_pixels:,}: if you trust it, --max_pixels={num_pixels}."
        )


def _kind(source):
    """Returns the kind that an AVIF or a HEIF says it is; None of others."""
    if isinstance(source, Path):
        with open(source, "rb") as file:
            start = file.read(12)
    else:
        source.seek(0)
        start = source.read(12)
    return start[8:] if start[4:8] == b"ftyp" else None
