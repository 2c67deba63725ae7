"""Moving pictures."""

import warnings
from typing import NamedTuple

import numpy as np
from PIL import Image

from multistyle.errors import InputError, InputWarning
from multistyle.files.whole_files import refuse_existing, whole_file
from multistyle.images.codecs.formats import (
    ANIMATION_FORMATS,
    SAVE_OPTIONS,
    format_of,
)
from multistyle.images.codecs.palettes import quantize
from multistyle.images.codecs.sources import load, opened, source_name
from multistyle.images.codecs.srgb import to_srgb
from multistyle.images.codecs.writing import check_output
from multistyle.images.values import to_uint8

# What a GIF does with a frame before the next: leave it, or clear it.
KEEP, CLEAR = 1, 2


class Timing(NamedTuple):
    """How a moving picture moves.

    Attributes:
        durations: list of numbers, milliseconds, one a frame.
        disposals: list of int, one a frame: `KEEP` or `CLEAR`.
        num_plays: int, how often it is shown; 0 is without end.
        has_alpha: bool, whether a frame has transparency.
    """

    durations: list
    disposals: list
    num_plays: int
    has_alpha: bool


def read_timing(source, max_pixels=None):
    """Reads how the GIF or WebP in a file moves.

    Args:
        source: path, open binary file or bytes.
        max_pixels: as of `read_image`.

    Returns:
        A `Timing`; None if there is one frame alone, or another format.

    Raises:
        InputError: if the file cannot be read; the message names it.
    """
    with opened(source, max_pixels=max_pixels) as image:
        if image.format not in ANIMATION_FORMATS or image.n_frames == 1:
            return None
        durations, disposals, has_alpha = [], [], False
        for number in range(image.n_frames):
            load(image, frame=number, max_pixels=max_pixels)
            durations.append(round(image.info.get("duration", 0)))
            # Frames are read whole, over what is before, so that a return to
            # what was before comes to the same as clearing.
            keeps = getattr(image, "disposal_method", CLEAR) in (0, KEEP)
            disposals.append(KEEP if keeps else CLEAR)
            has_alpha |= image.has_transparency_data
        num_plays = image.info.get("loop")
        if image.format == "GIF":
            # A GIF counts the repetitions, and says nothing for none.
            num_plays = 1 if num_plays is None else num_plays and num_plays + 1
        return Timing(durations, disposals, num_plays, has_alpha)


def read_frames(source, has_alpha, max_pixels=None):
    """Reads a moving picture frame by frame, each as it is shown.

    Args:
        source: path, open binary file or bytes.
        has_alpha: bool, whether the frames have four channels.
        max_pixels: as of `read_image`.

    Yields:
        uint8 [H, W, 3 or 4].

    Raises:
        InputError: if the file cannot be read; the message names it.
    """
    with opened(source, max_pixels=max_pixels) as image:
        for number in range(image.n_frames):
            load(image, frame=number, max_pixels=max_pixels)
            frame = to_srgb(image).convert("RGBA" if has_alpha else "RGB")
            yield np.array(frame)


def write_animation(path, frames, timing, overwrite=False):
    """Writes a GIF or a WebP, as the suffix says, whole or not at all.

    In a GIF each frame has 256 colours of its own, dithered, and times are
    rounded to hundredths of a second, so that the whole takes the time it
    should. A GIF's frame that is the same as the one before adds its time.

    Args:
        path: where the file shall stand.
        frames: iterable of [H, W, 3 or 4], uint8, or float in [0, 1].
        timing: `Timing` of as many frames.
        overwrite: whether a file that exists may be replaced.

    Raises:
        InputError: if there is no frame, the file exists, or cannot be made.
        ValueError: if two frames differ in size; the message names both.
    """
    check_output(path, overwrite)
    format = format_of(path)
    frames = map(to_uint8, frames)
    frames = list(map(quantize if format == "GIF" else Image.fromarray, frames))
    if not frames:
        raise InputError(f"`{path}` needs at least one frame.")
    for frame in frames:
        if frame.size != frames[0].size:
            raise ValueError(
                "Frames must have one size, but (width, height) is "
                f"{frames[0].size} and {frame.size}."
            )
    with whole_file(path) as file:
        frames[0].save(
            file,
            format,
            save_all=True,
            append_images=frames[1:],
            **_options(format, timing),
        )


def _options(format, timing):
    """Returns the options of Pillow's writer."""
    if format == "WEBP":
        options = {"duration": timing.durations, "loop": timing.num_plays}
        return {**SAVE_OPTIONS[format], **options}
    ends = np.cumsum([0, *timing.durations]) / 10
    durations = [int(ms) for ms in 10 * np.diff(np.rint(ends))]
    options = {"duration": durations, "disposal": timing.disposals}
    if len(durations) == 1:  # Pillow takes no list then.
        options = {"duration": durations[0], "disposal": timing.disposals[0]}
    if timing.num_plays == 0:
        options["loop"] = 0
    elif timing.num_plays > 1:
        options["loop"] = timing.num_plays - 1
    return options


def write_gif(path, frames, frames_per_second=12, overwrite=False):
    """Writes an endless GIF; see `write_animation`.

    Args:
        path: where the file shall stand.
        frames: iterable of [H, W, 3], uint8, or float in [0, 1].
        frames_per_second: in (0, 50]; viewers slow down what is faster.
        overwrite: whether a file that exists may be replaced.

    Raises:
        InputError: if the rate is out of its range, there is no frame, the
            file exists, or cannot be made.
        ValueError: if two frames differ in size; the message names both.
    """
    if not 0 < frames_per_second <= 50:
        raise InputError(
            f"`{frames_per_second}` frames a second cannot be shown by a GIF: "
            "use more than 0, at most 50."
        )
    refuse_existing(path, overwrite)
    frames = list(frames)
    count = len(frames)
    timing = Timing(
        [1000 / frames_per_second] * count, [KEEP] * count, 0, False
    )
    write_animation(path, frames, timing, overwrite)


def warn_of_stillness(source, path, num_frames):
    """Warns that of a moving picture the first frame alone is written."""
    warnings.warn(
        f"`{source_name(source)}` has {num_frames} frames; `{path}` can hold "
        "one, the first.",
        InputWarning,
        stacklevel=2,
    )
