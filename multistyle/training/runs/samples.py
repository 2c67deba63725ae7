"""Sample sheets: what a network paints by now."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from keras import ops

from multistyle.errors import InputError
from multistyle.images.codecs.writing import write_image
from multistyle.images.resizing import resize_short_side
from multistyle.images.sheets.sheet import sheet
from multistyle.images.values import to_float, to_uint8
from multistyle.network.transform import TransformNetwork
from multistyle.training.material.photographs import Photographs

NUM_PHOTOGRAPHS = 4
SAMPLE_SIZE = 256
# Of a network that was grown, the last are those that train.
MOST_STYLES = 24


def choose_sample_photographs(photographs: Photographs) -> list[np.ndarray]:
    """Chooses the first photographs that can be read, at a moderate size.

    Args:
        photographs: see `material.photographs.open_photographs`.

    Returns:
        List of at most four float32 [H, W, 3] in [0, 1].
    """
    chosen = []
    for index in range(len(photographs)):
        try:
            image = photographs.read(index, SAMPLE_SIZE)
        except InputError:
            continue
        if min(image.shape[:2]) > SAMPLE_SIZE:
            image = resize_short_side(image, SAMPLE_SIZE)
        chosen.append(to_float(image))
        if len(chosen) == NUM_PHOTOGRAPHS:
            break
    return chosen


def paint_samples(
    network: TransformNetwork,
    photographs: Sequence[np.ndarray],
    style_index: int,
) -> list[np.ndarray]:
    """Paints photographs in one style.

    Args:
        network: a `TransformNetwork`.
        photographs: list of float32 [H, W, 3] in [0, 1].
        style_index: the style's row.

    Returns:
        List of uint8 [H, W, 3].
    """
    style_weights = np.eye(network.num_styles, dtype=np.float32)[style_index]
    pastiches = []
    for photograph in photographs:
        pastiche = network(
            {
                "image": photograph[None],
                "style_weights": style_weights[None, None, None],
            }
        )
        pastiches.append(to_uint8(ops.convert_to_numpy(pastiche)[0]))
    return pastiches


def write_sample_sheet(
    path: Path, network: TransformNetwork, photographs: Sequence[np.ndarray]
) -> None:
    """Writes a sheet: photographs in columns, styles in rows.

    Of more than 24 styles only the last are shown.

    Args:
        path: of the picture.
        network: a `TransformNetwork`.
        photographs: list of float32 [H, W, 3] in [0, 1].
    """
    rows = [[to_uint8(photograph) for photograph in photographs]]
    first = max(0, network.num_styles - MOST_STYLES)
    for index in range(first, network.num_styles):
        rows.append(paint_samples(network, photographs, index))
    titles = ["photograph", *network.style_names[first:]]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_image(path, sheet(rows, row_titles=titles), overwrite=True)
