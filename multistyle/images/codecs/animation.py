"""Moving pictures, read, painted and written frame by frame."""

import os
import warnings
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from multistyle.errors import InputError, InputWarning
from multistyle.files.whole_files import whole_file
from multistyle.images.codecs.formats import (
    ANIMATION_FORMATS,
    SAVE_OPTIONS,
    format_of,
)
from multistyle.images.codecs.gif_writer import CLEAR, KEEP, write_gif_frames
from multistyle.images.codecs.metadata import with_resolution
from multistyle.images.codecs.png_writer import write_png_frames
from multistyle.images.codecs.sources import Source, load, opened, source_name
from multistyle.images.codecs.srgb import to_srgb, upright
from multistyle.images.codecs.writing import check_output
from multistyle.images.values import to_uint8

# The longest side that a format has room for.
_LONGEST_SIDES = {"GIF": 65_535, "PNG": 2**31 - 1, "WEBP": 16_383}


class Timing(NamedTuple):
    """How a moving picture moves.

    Attributes:
        durations: list of numbers, milliseconds, one a frame.
        disposals: list of int, one a frame: `KEEP` or `CLEAR`, for a GIF.
        num_plays: how often it is shown; 0 is without end.
        has_alpha: whether a frame has transparency.
    """

    durations: list[float]
    disposals: list[int]
    num_plays: int
    has_alpha: bool


def even_timing(num_frames: int, frames_per_second: float = 12) -> Timing:
    """Returns the timing of opaque frames at even times, without end.

    Args:
        num_frames: int.
        frames_per_second: in (0, 50]; viewers slow down a GIF that is faster.

    Raises:
        InputError: if the rate is out of its range.
    """
    if not 0 < frames_per_second <= 50:
        raise InputError(
            f"`{frames_per_second}` frames a second cannot be shown by a GIF: "
            "use more than 0, at most 50."
        )
    durations = [1000 / frames_per_second] * num_frames
    return Timing(durations, [KEEP] * num_frames, 0, False)


def read_timing(
    source: Source, *, max_pixels: float | None = None
) -> Timing | None:
    """Reads how the GIF, PNG or WebP in a file moves.

    Args:
        source: path, open binary file or bytes.
        max_pixels: see `read_image`.

    Returns:
        A `Timing`; None if there is one frame alone, or another format.

    Raises:
        InputError: if the file cannot be read; the message names it.
    """
    with opened(source, max_pixels=max_pixels) as image:
        numbers = _frame_numbers(image)
        if image.format not in ANIMATION_FORMATS or len(numbers) < 2:
            return None
        durations, disposals, has_alpha = [], [], False
        for number in numbers:
            load(image, frame=number, max_pixels=max_pixels)
            durations.append(round(image.info.get("duration", 0)))
            # A frame is read as it is shown. Whether what it drew is cleared
            # afterwards or what was there before comes back is therefore one.
            keeps = getattr(image, "disposal_method", CLEAR) in (0, KEEP)
            disposals.append(KEEP if keeps else CLEAR)
            has_alpha |= image.has_transparency_data
        num_plays = image.info.get("loop")
        if image.format == "GIF":
            # A GIF counts the repetitions, and says nothing for none.
            num_plays = 1 if num_plays is None else num_plays and num_plays + 1
        return Timing(durations, disposals, num_plays or 0, has_alpha)


def read_frames(
    source: Source, *, has_alpha: bool, max_pixels: float | None = None
) -> Iterator[np.ndarray]:
    """Reads a moving picture frame by frame, upright, each as it is shown.

    Args:
        source: path, open binary file or bytes.
        has_alpha: whether the frames have four channels.
        max_pixels: see `read_image`.

    Yields:
        uint8 [H, W, 3 or 4].

    Raises:
        InputError: if the file cannot be read; the message names it.
    """
    with opened(source, max_pixels=max_pixels) as image:
        for number in _frame_numbers(image):
            load(image, frame=number, max_pixels=max_pixels)
            frame = to_srgb(upright(image))
            yield np.array(frame.convert("RGBA" if has_alpha else "RGB"))


def write_animation(
    path: str | os.PathLike[str],
    frames: Iterable[np.ndarray],
    timing: Timing,
    *,
    overwrite: bool = False,
    exif: bytes = b"",
    resolution: tuple[float, float] | None = None,
) -> None:
    """Writes a GIF, PNG or WebP, as the suffix says, whole or not at all.

    Frames are taken one by one: memory holds two of them, and of a WebP the
    compressed ones. In a GIF each frame has 256 colours of its own, dithered,
    and times are rounded to hundredths of a second, so that the whole takes
    the time it should; a frame that is the same as the one before adds its
    time.

    Args:
        path: where the file shall stand.
        frames: iterable of [H, W, 3 or 4], uint8, or float in [0, 1].
        timing: `Timing` of as many frames.
        overwrite: whether a file that exists may be replaced.
        exif: see `metadata.read_exif`; a GIF has none.
        resolution: pixels per inch, across and down; a GIF has none.

    Raises:
        InputError: if there is no frame, the file exists, or cannot be made.
        ValueError: if two frames differ in size; the message names both.
    """
    check_output(path, overwrite=overwrite)
    format = format_of(path)
    if format not in ANIMATION_FORMATS:
        raise InputError(
            f"`{path}` cannot move: use .gif, .png or .webp for frames."
        )
    if not timing.durations:
        raise InputError(f"`{path}` needs at least one frame.")
    frames = _of_one_shape(map(to_uint8, frames), path, _LONGEST_SIDES[format])
    with whole_file(path) as file:
        if format == "GIF":
            write_gif_frames(
                file,
                frames,
                _rounded(timing.durations, 10),
                timing.disposals,
                timing.num_plays,
            )
        elif format == "PNG":
            write_png_frames(
                file,
                frames,
                _rounded(timing.durations, 1),
                timing.num_plays,
                exif=exif,
                resolution=resolution,
            )
        else:
            exif = with_resolution(exif, resolution)
            _write_webp(file, frames, timing, exif)


def warn_of_stillness(
    source: Source, path: str | os.PathLike[str], num_frames: int
) -> None:
    """Warns that of a moving picture the first frame alone is written."""
    warnings.warn(
        f"`{source_name(source)}` has {num_frames} frames; `{path}` can hold "
        "one, the first.",
        InputWarning,
        stacklevel=2,
    )


def _frame_numbers(image):
    """Returns the numbers of the frames that move."""
    # A PNG may hold one that is shown where motion is not known.
    first = 1 if getattr(image, "default_image", False) else 0
    return range(first, getattr(image, "n_frames", 1))


def _of_one_shape(frames, path, longest_side):
    first = None
    for frame in frames:
        if first is None:
            first = frame.shape
            height, width = first[:2]
            if max(height, width) > longest_side:
                raise InputError(
                    f"`{path}` cannot hold frames of {width} x {height} "
                    f"pixels, but of at most {longest_side} a side."
                )
        if frame.shape != first:
            raise ValueError(
                f"Frames must have one size, but [H, W, C] is {first} and "
                f"{frame.shape}."
            )
        yield frame


def _rounded(durations, unit):
    """Rounds milliseconds to whole units, so that their sum stays."""
    ends = np.rint(np.cumsum([0, *durations]) / unit)
    return [int(length) for length in np.diff(ends)]


def _write_webp(file, frames, timing, exif):
    frames = map(Image.fromarray, frames)
    next(frames).save(
        file,
        "WEBP",
        save_all=True,
        append_images=[_Upcoming(frames, len(timing.durations) - 1)],
        duration=timing.durations,
        loop=timing.num_plays,
        exif=exif,
        **SAVE_OPTIONS["WEBP"],
    )


class _Upcoming:
    """Frames as Pillow sees a moving picture; each is made when it is due."""

    def __init__(self, frames: Iterator[Image.Image], num_frames: int) -> None:
        self.n_frames = num_frames
        self._frames = frames
        self._frame: Image.Image | None = None

    def seek(self, number: int) -> None:
        self._frame = next(self._frames)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._frame, name)
