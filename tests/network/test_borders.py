from pathlib import Path

import numpy as np
import pytest
from keras import ops

from multistyle.images.codecs.reading import read_image
from multistyle.images.resizing import resize, resize_long_side
from multistyle.images.samples import sample_photographs
from multistyle.images.values import to_float
from multistyle.network.models import bundled_models, load_network

# Launch of DSCOVR, photograph by SpaceX, CC0.
ROCKET = Path(__file__).parents[1] / "fixtures" / "rocket.jpg"
# Of 255. The line of a print's frame in a scan: see `EXTENSION`.
LINE = 20
CLEAN = 12


def stand_out(pastiches):
    """Returns how far lines at the top and bottom stand out, of 255.

    The largest difference between one of the outermost eight lines of pixels
    and the mean of the next eight, each line in the mean along it and over
    the pastiches.
    """
    sides = []
    for way in (slice(None), slice(None, None, -1)):
        lines = np.mean([p[way][:16].mean(axis=(1, 2)) for p in pastiches], 0)
        sides.append(np.abs(lines[:8] - lines[8:].mean()).max())
    return 255 * max(sides)


def paint(name, training):
    """Paints soft photographs, one with an empty sky, in `great_wave`.

    Trainings leave the reflection away that keeps the line out.
    """
    network = load_network(bundled_models()[name])
    style = np.eye(network.num_styles, dtype=np.float32)[
        [network.style_names.index("great_wave")]
    ]
    paths = [path for path in sample_photographs() if path.stem != "canyon"]
    photographs = [
        to_float(resize(resize_long_side(read_image(path), 160), (320, 320)))
        for path in (*paths, ROCKET)
    ]
    return [
        ops.convert_to_numpy(
            network(
                {"image": photograph[None], "style_weights": style},
                training=training,
            )
        )[0]
        for photograph in photographs
    ]


@pytest.mark.parametrize("name", bundled_models())
def test_no_line_is_painted_along_the_border(name):
    pastiches = paint(name, training=False)
    line = stand_out(pastiches)
    assert line < CLEAN
    assert line < stand_out(paint(name, training=True)) / 2
    for row in (3, -4):
        drawn = [pastiche.copy() for pastiche in pastiches]
        for pastiche in drawn:
            pastiche[row] += (LINE + CLEAN) / 255
        assert stand_out(drawn) > LINE


def test_the_line_is_seen_where_the_reflection_is_left_away():
    assert stand_out(paint("paintings", training=True)) > LINE
