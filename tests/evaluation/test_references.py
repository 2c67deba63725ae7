import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.evaluation import references as module
from multistyle.evaluation.references import load_references
from multistyle.inference.stylizer import Stylizer
from multistyle.perceptual.loss_networks import load_loss_network
from multistyle.perceptual.optimization.optimizer import PictureOptimizer


@pytest.fixture(scope="module")
def loss_network():
    return load_loss_network("pocket")


@pytest.fixture(scope="module")
def pictures():
    random = np.random.default_rng(0)
    return [random.random((24, 32, 3), np.float32) for _ in range(3)]


def test_optimisations_of_one_pair_are_one(loss_network, pictures, monkeypatch):
    steps_taken = []

    class Counting(PictureOptimizer):
        def steps(self, *args, **options):
            for step in super().steps(*args, **options):
                steps_taken.append(step.number)
                yield step

    monkeypatch.setattr(module, "PictureOptimizer", Counting)
    references = load_references(["gatys:2,gatys:4"], loss_network)
    assert [reference.name for reference in references] == [
        "gatys:2",
        "gatys:4",
    ]
    photograph, *paintings = pictures
    for painting in paintings:
        for reference, num_steps in zip(references, (2, 4), strict=True):
            *_, last = PictureOptimizer(loss_network).steps(
                photograph, painting, num_steps=num_steps
            )
            np.testing.assert_array_equal(
                reference.pastiche(photograph, painting, "any"), last.picture
            )
    assert steps_taken == [1, 2, 3, 4] * 2


def test_a_network_paints_the_styles_it_knows(
    loss_network, pictures, small_model_path
):
    folder = str(small_model_path.parent)
    (reference,) = load_references([folder, folder], loss_network)
    assert reference.name == folder
    photograph, painting, _ = pictures
    np.testing.assert_array_equal(
        reference.pastiche(photograph, painting, "great_wave"),
        Stylizer.load(folder, precision="float32").stylize(
            photograph, "great_wave"
        ),
    )
    assert reference.pastiche(photograph, painting, "udnie") is None


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("gatys", "`gatys` must be gatys:N"),
        ("gatys:", "`gatys:` must be gatys:N"),
        ("gatys:0", "a whole number of steps from 1"),
        ("gatys:50,gatys:many", "`gatys:many` must be"),
        ("gone/run", "no model file or run folder `gone/run`"),
    ],
)
def test_wrong_references_are_refused(loss_network, spec, message):
    with pytest.raises(InputError) as error:
        load_references([spec], loss_network)
    assert message in str(error.value)
    assert "\n" not in str(error.value)
