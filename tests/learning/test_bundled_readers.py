"""The readers that come with the package, one a bundled model."""

import json

import numpy as np
import pytest
from keras import ops

from multistyle.images.codecs.reading import read_image
from multistyle.images.samples import PAINTINGS_FOLDER
from multistyle.learning.photographs import crops
from multistyle.learning.reader import READERS_FOLDER, find_reader
from multistyle.learning.statistics import fit_painting, painting_statistics
from multistyle.network.growth import append_styles, style_rows
from multistyle.network.models import bundled_models, load_network
from multistyle.network.styles import fingerprint
from multistyle.perceptual.losses import style_loss
from multistyle.perceptual.pocket import load_pocket

CARD = ("description", "licence", "data", "steps", "held_out", "command")


@pytest.mark.parametrize("name", bundled_models())
def test_what_is_read_paints_like_the_painting(name):
    """A painting that no reader saw: half the style loss of the mean row."""
    network = load_network(name)
    reader = find_reader(fingerprint(network))
    work = read_image(PAINTINGS_FOLDER / "woman_with_a_parasol.jpg")
    mean = {
        layer: tuple(table.mean(axis=0, keepdims=True) for table in tables)
        for layer, tables in style_rows(network, network.style_names).items()
    }
    grown = append_styles(network, ["mean"], mean)
    grown = append_styles(
        grown, ["read"], reader.read(painting_statistics([work]))
    )
    pocket = load_pocket()
    targets = pocket.style_targets([fit_painting(work)])
    losses = []
    for style in (-2, -1):
        weights = np.zeros((2, grown.num_styles), np.float32)
        weights[:, style] = 1
        image = grown({"image": crops()[1:3], "style_weights": weights})
        grams = pocket.gram_matrices(pocket(image))
        losses.append(
            float(ops.convert_to_numpy(style_loss(grams, targets)).mean())
        )
    assert losses[1] < 0.5 * losses[0]


def test_each_bundled_model_has_a_reader_with_a_card():
    readers = sorted(READERS_FOLDER.glob("*.npz"))
    assert [path.stem for path in readers] == list(bundled_models())
    assert sum(path.stat().st_size for path in readers) <= 4e6
    for path in readers:
        card = json.loads(path.with_suffix(".json").read_text("utf-8"))
        assert all(card[field] for field in CARD)
