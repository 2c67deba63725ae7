import numpy as np
import pytest
from PIL import Image

PHOTOGRAPHS = ["bay.png", "<b>cat & dog.png", "alley.png"]


def smooth_picture(random, size):
    """A picture with edges, colours and gradients, uint8 [H, W, 3]."""
    small = random.integers(0, 256, (8, 8, 3), dtype=np.uint8)
    picture = Image.fromarray(small)
    return np.asarray(picture.resize(size[::-1], Image.Resampling.BICUBIC))


@pytest.fixture(scope="session")
def evaluation_folder(tmp_path_factory):
    """A folder with `photographs/` (3) and `paintings/` (2 of 3 styles)."""
    folder = tmp_path_factory.mktemp("evaluation")
    random = np.random.default_rng(0)
    for kind, names, size in (
        ("photographs", PHOTOGRAPHS, (52, 64)),
        ("paintings", ["starry_night.png", "great_wave.png"], (60, 60)),
    ):
        (folder / kind).mkdir()
        for name in names:
            picture = Image.fromarray(smooth_picture(random, size))
            picture.save(folder / kind / name)
    return folder


@pytest.fixture(scope="session")
def loss_network():
    from multistyle.perceptual.loss_networks import load_loss_network

    return load_loss_network("pocket")


@pytest.fixture(scope="session")
def evaluated(small_network, small_model_path, evaluation_folder, loss_network):
    """A whole evaluation: the record and the album."""
    from multistyle.evaluation.evaluator import Evaluator
    from multistyle.evaluation.judge import Judge
    from multistyle.evaluation.photographs import Photographs
    from multistyle.evaluation.references import load_references
    from multistyle.learning.paintings import Paintings

    found = Paintings(evaluation_folder / "paintings")
    read = dict(zip(found.style_names, found.read(64), strict=True))
    paintings = {name: read[name] for name in ("starry_night", "great_wave")}
    progress = []
    evaluator = Evaluator(
        small_network,
        Judge(loss_network, paintings.values()),
        paintings,
        Photographs(evaluation_folder / "photographs"),
        references=load_references(
            [str(small_model_path), "gatys:1"], loss_network
        ),
        num_reference_photographs=2,
        progress=lambda done, total: progress.append((done, total)),
    )
    record = {
        "model": "a <model>",
        "version": "1.0",
        "judge": {
            "loss_network": "pocket",
            "photograph_size": 256,
            "painting_size": 64,
            "style_loss_weight": 6.0,
        },
        "left_out": ["`<i>x.jpg` is empty."],
        **evaluator.run(),
    }
    return record, evaluator.album, progress
