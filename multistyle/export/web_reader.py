"""The network that reads a style, as the page's reader.mjs takes it."""

from typing import Any

import numpy as np

from multistyle.learning.reader import FARTHEST, find_reader
from multistyle.learning.statistics import COLOR_STEPS, LONGEST, READING_SIZE
from multistyle.perceptual.pocket_features import pocket_arrays
from multistyle.perceptual.pocket_form import POCKET_BLOCKS, POCKET_MEAN


def pack_reader(fingerprint: str) -> tuple[dict[str, Any], bytes]:
    """Packs a reader, and the network by which it sees a painting.

    Args:
        fingerprint: of the shared weights that it reads for.

    Returns:
        A dict for reader.json and the bytes of reader.bin, float16,
        little-endian; the dict has the shape and the offset in bytes of each
        array.

    Raises:
        InputError: if there is no reader for them.
    """
    arrays = {**find_reader(fingerprint).arrays(), **pocket_arrays()}
    described, parts, offset = {}, [], 0
    for name, array in arrays.items():
        described[name] = {"shape": list(array.shape), "offset": offset}
        parts.append(np.ascontiguousarray(array, "<f2").tobytes())
        offset += len(parts[-1])
    form = {
        "fingerprint": fingerprint,
        "blocks": [list(widths) for widths in POCKET_BLOCKS],
        "mean": POCKET_MEAN,
        "reading_size": READING_SIZE,
        "longest": LONGEST,
        "color_steps": COLOR_STEPS,
        "farthest": FARTHEST,
        "arrays": described,
    }
    return form, b"".join(parts)
