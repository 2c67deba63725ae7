"""Moving pictures."""

import numpy as np
from PIL import Image

from multistyle.errors import InputError
from multistyle.images.files import refuse_existing, whole_file
from multistyle.images.pictures import to_uint8


def write_gif(path, frames, frames_per_second=12, overwrite=False):
    """Writes an endless GIF, whole or not at all.

    Each frame has 256 colours of its own, dithered. A GIF counts in
    hundredths of a second: where a frame's time is no whole number of them,
    frames take turns, so that the whole takes the time it should.

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
    quantized = [_quantize(frame) for frame in frames]
    if not quantized:
        raise InputError(f"`{path}` needs at least one frame.")
    for frame in quantized:
        if frame.size != quantized[0].size:
            raise ValueError(
                "Frames must have one size, but (width, height) is "
                f"{quantized[0].size} and {frame.size}."
            )
    ends = np.arange(len(quantized) + 1) * 100 / frames_per_second
    with whole_file(path) as file:
        quantized[0].save(
            file,
            "GIF",
            save_all=True,
            append_images=quantized[1:],
            duration=[int(ms) for ms in 10 * np.diff(np.rint(ends))],
            loop=0,
        )


def _quantize(frame):
    image = Image.fromarray(to_uint8(frame))
    palette = image.quantize(256)
    return image.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
