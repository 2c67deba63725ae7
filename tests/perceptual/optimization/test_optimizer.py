import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.images.resizing import resize
from multistyle.perceptual.loss_networks import load_loss_network
from multistyle.perceptual.loss_options import LossWeights
from multistyle.perceptual.losses import style_loss, total_variation_loss
from multistyle.perceptual.optimization.optimizer import PictureOptimizer
from multistyle.perceptual.optimization.picture_model import LEARNING_RATE

CHECKOUT = Path(__file__).parents[3]
BACKENDS = ("tensorflow", "jax", "torch")
# Runs in a process of its own on each backend: python -c SESSION DATA RESULTS.
SESSION = """
import sys
import keras
import numpy as np
from multistyle.perceptual.loss_networks import load_loss_network
from multistyle.perceptual.loss_options import LossWeights
from multistyle.perceptual.optimization.optimizer import PictureOptimizer

data = np.load(sys.argv[1])
optimizer = PictureOptimizer(
    load_loss_network("pocket"),
    loss_weights=LossWeights(style=1.0),
    first_size=40,
)
steps = list(
    optimizer.steps(
        data["photograph"], data["painting"], num_steps=24, start="noise"
    )
)
losses = {
    name: [step.losses[name] for step in steps] for name in steps[0].losses
}
np.savez(
    sys.argv[2],
    backend=keras.config.backend(),
    picture=steps[-1].picture,
    **losses,
)
"""


def smooth_picture(seed, size):
    """A picture with edges, colours and gradients, float32 [H, W, 3]."""
    random = np.random.default_rng(seed)
    return resize(random.random((6, 6, 3), np.float32), size)


@pytest.fixture(scope="module")
def loss_network():
    return load_loss_network("pocket")


@pytest.fixture(scope="module")
def photograph():
    return smooth_picture(0, (37, 53))


@pytest.fixture(scope="module")
def painting():
    y, x = np.indices((40, 36))
    stripes = 0.5 + 0.5 * np.sin(x + 0.5 * y)
    return (stripes[..., None] * [1, 0.5, 0.2]).astype(np.float32)


@pytest.fixture(scope="module")
def run_session(photograph, tmp_path_factory):
    """A function that optimises on a backend, once for all tests."""
    folder = tmp_path_factory.mktemp("backends")
    data = folder / "data.npz"
    painting = smooth_picture(1, (40, 36))
    np.savez(data, photograph=photograph, painting=painting)
    results = {}

    def run(backend):
        if importlib.util.find_spec(backend) is None:
            pytest.skip(f"the backend {backend} is not installed")
        if backend not in results:
            path = folder / f"{backend}.npz"
            process = subprocess.run(
                [sys.executable, "-c", SESSION, data, path],
                env={
                    **os.environ,
                    "KERAS_BACKEND": backend,
                    "PYTHONPATH": str(CHECKOUT),
                    "CUDA_VISIBLE_DEVICES": "",
                    "JAX_PLATFORMS": "cpu",
                    # Compiles in less than half the time.
                    "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",
                },
                capture_output=True,
                encoding="utf-8",
            )
            assert process.returncode == 0, process.stderr
            with np.load(path) as archive:
                results[backend] = dict(archive)
        return results[backend]

    return run


@pytest.mark.parametrize("backend", BACKENDS)
def test_both_losses_fall_on_each_backend(run_session, backend):
    session = run_session(backend)
    assert session["backend"] == backend
    for name in ("content_loss", "style_loss", "total_loss"):
        # Two scales of twelve steps each.
        for losses in (session[name][:12], session[name][12:]):
            assert losses[-1] < 0.8 * losses[0], name
    picture = session["picture"]
    assert picture.shape == (37, 53, 3) and picture.dtype == np.float32
    assert picture.min() >= 0 and picture.max() <= 1

    reference = run_session("tensorflow")["total_loss"]
    assert session["total_loss"][0] == pytest.approx(reference[0], rel=1e-4)
    assert session["total_loss"][-1] == pytest.approx(reference[-1], rel=0.05)


@pytest.mark.parametrize("scaling", ["relative", "paper"])
def test_the_losses_of_the_first_step(
    loss_network, photograph, painting, scaling
):
    weights = LossWeights(
        content=2.0, style=5.0, total_variation=7.0, scaling=scaling
    )
    optimizer = PictureOptimizer(loss_network, loss_weights=weights)
    step = next(optimizer.steps(photograph, painting))
    grams = [
        loss_network.gram_matrices(loss_network(image[None]))
        for image in (photograph, painting)
    ]
    style = float(style_loss(*grams, scaling=scaling)[0])
    variation = float(total_variation_loss(photograph[None])[0])
    assert step.losses == {
        "content_loss": pytest.approx(0, abs=1e-9),
        "style_loss": pytest.approx(style, rel=1e-4),
        "total_variation_loss": pytest.approx(variation, rel=1e-5),
        "total_loss": pytest.approx(5 * style + 7 * variation, rel=1e-4),
    }


def test_the_first_step_is_the_rate_wide_and_clipped(loss_network, painting):
    random = np.random.default_rng(0)
    photograph = random.integers(0, 2, (32, 32, 3)).astype(np.float32)
    optimizer = PictureOptimizer(loss_network)
    step = next(optimizer.steps(photograph, painting))
    change = np.abs(step.picture - photograph)
    # Adam's first step has the size of the rate; outwards, it is clipped.
    is_clipped = change == 0
    assert 0.05 < is_clipped.mean() < 0.95
    assert change.max() < 1.01 * LEARNING_RATE
    assert np.median(change[~is_clipped]) > 0.99 * LEARNING_RATE
    assert step.picture.min() == 0 and step.picture.max() == 1


def test_mixed_precision_optimises_a_float32_picture(photograph, painting):
    network = load_loss_network("pocket", dtype="mixed_bfloat16")
    steps = list(
        PictureOptimizer(network).steps(photograph, painting, num_steps=8)
    )
    assert steps[-1].picture.dtype == np.float32
    assert steps[-1].losses["total_loss"] < 0.8 * steps[0].losses["total_loss"]


def test_noise_is_that_of_the_seed(loss_network, photograph, painting):
    optimizer = PictureOptimizer(loss_network)

    def optimize(**options):
        return list(
            optimizer.steps(photograph, painting, num_steps=2, **options)
        )[-1].picture

    noisy = optimize(start="noise", seed=3)
    np.testing.assert_array_equal(noisy, optimize(start="noise", seed=3))
    assert np.abs(noisy - optimize(start="noise", seed=4)).mean() > 0.1
    np.testing.assert_array_equal(optimize(), optimize(seed=3))


def test_an_optimizer_begins_anew_with_each_pair(
    loss_network, photograph, painting
):
    optimizer = PictureOptimizer(loss_network)

    def optimize(*pair):
        return list(optimizer.steps(*pair, num_steps=3))[-1].picture

    first = optimize(photograph, painting)
    other = optimize(smooth_picture(1, (37, 53)), painting[:, ::-1])
    assert np.abs(first - other).mean() > 0.1
    np.testing.assert_array_equal(first, optimize(photograph, painting))


def test_coarse_to_fine_enlarges_what_is_there(
    loss_network, photograph, painting
):
    optimizer = PictureOptimizer(loss_network, first_size=30)
    steps = list(optimizer.steps(photograph, painting, num_steps=5))
    assert [step.picture.shape for step in steps] == [
        (18, 26, 3),
        (18, 26, 3),
        (26, 37, 3),
        (26, 37, 3),
        (37, 53, 3),
    ]
    assert [step.number for step in steps] == [1, 2, 3, 4, 5]
    work = np.cumsum([18 * 26, 18 * 26, 26 * 37, 26 * 37, 37 * 53])
    np.testing.assert_allclose(
        [step.share for step in steps], work / work[-1], rtol=1e-6
    )
    for before, after in ((1, 2), (3, 4)):
        size = steps[after].picture.shape[:2]
        enlarged = resize(steps[before].picture, size)
        change = np.abs(steps[after].picture - enlarged)
        assert 0 < change.max() < 1.05 * LEARNING_RATE


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"start": "grey"}, "`start` is one of photograph, noise; got `grey`"),
        ({"num_steps": 0}, "`num_steps` must be at least 1; got `0`"),
        ({"seed": -1}, "`seed` must be at least 0; got `-1`"),
        (
            {"photograph": np.zeros((15, 60, 3), np.float32)},
            "A photograph of `60 x 15` pixels is too small",
        ),
        (
            {"style_image": np.zeros((60, 15, 3), np.float32)},
            "A style image of `15 x 60` pixels is too small",
        ),
    ],
)
def test_wrong_use_is_one_line(
    loss_network, photograph, painting, options, message
):
    given = {"photograph": photograph, "style_image": painting, **options}
    with pytest.raises(InputError) as error:
        next(PictureOptimizer(loss_network).steps(**given))
    assert message in str(error.value)
    assert "\n" not in str(error.value)
