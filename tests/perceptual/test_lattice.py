import keras
import numpy as np
import pytest
from keras import ops

from multistyle.evaluation.patterns import lattice_energy
from multistyle.perceptual.lattice import lattice_loss
from multistyle.perceptual.spectrum import mean_spectrum

Y, X = np.mgrid[:96, :128]
PATTERNS = {
    "checkerboard": (-1.0) ** (Y + X),
    "columns of 2": (-1.0) ** X,
    "rows of 4": np.cos(np.pi / 2 * Y),
    "lattice of 4": np.cos(np.pi / 2 * Y) * np.cos(np.pi / 2 * X),
    "pixel in 4 x 4": 4.0 * ((Y % 4 == 0) & (X % 4 == 0)),
}


def clean():
    """A gradient and noise."""
    random = np.random.default_rng(0)
    picture = 0.3 + 0.2 * Y / 96 + 0.2 * X / 128
    return picture[..., None] + random.normal(0, 0.02, (96, 128, 3))


def loss(*images):
    found = lattice_loss(mean_spectrum(np.stack(images).astype(np.float32)))
    assert keras.backend.standardize_dtype(found.dtype) == "float32"
    return ops.convert_to_numpy(found)


def by_loops(image, size):
    """The loss as its docstring says it, bin by bin."""
    spectrum = ops.convert_to_numpy(mean_spectrum(image[None]))[0]
    terms = []
    for v, u in [
        *[(0, 2), (2, 0), (2, 2), (0, 1), (1, 0)],
        *[(1, 1), (1, 3), (1, 2), (2, 1)],
    ]:
        v, u = v * size // 4, u * size // 4
        around = [
            spectrum[(v + dv) % size, (u + du) % size]
            for dv in range(-5, 6)
            for du in range(-5, 6)
            if abs(dv) > 1 or abs(du) > 1
        ]
        terms.append(max(0, np.log(spectrum[v, u] / np.mean(around))))
    return np.mean(terms)


@pytest.mark.parametrize(
    ("height", "width", "size"), [(96, 128, 64), (47, 96, 44), (32, 40, 32)]
)
def test_it_is_what_its_docstring_says(height, width, size):
    image = clean() + 0.01 * PATTERNS["pixel in 4 x 4"][..., None]
    image = image[:height, :width]
    assert loss(image) == pytest.approx([by_loops(image, size)], rel=1e-3)


def test_a_picture_without_a_lattice_costs_nearly_nothing():
    flat = np.full((96, 128, 3), 0.4)
    dots = clean() + 0.1 * (np.cos(2 * np.pi * (X + Y) / 10.6)[..., None])
    found = loss(flat, clean(), dots)
    assert found[0] == 0
    assert (found < 0.15).all()


@pytest.mark.parametrize("name", PATTERNS)
def test_a_lattice_costs(name):
    lattice = 0.01 * PATTERNS[name][..., None]
    faint, strong = loss(clean() + lattice, clean() + 4 * lattice)
    assert faint > loss(clean())[0] + 0.15
    assert strong > faint + 0.15
    # Shifted or in a picture of less contrast it is the same lattice.
    image = clean() + lattice
    mirrored, darker = loss(image[::-1, ::-1], 0.5 * image)
    assert mirrored == pytest.approx(faint, abs=0.05)
    assert darker == pytest.approx(faint, abs=0.05)


@pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="its own gradient"
)
def test_following_its_gradient_takes_the_lattice_away_and_no_more():
    import tensorflow as tf

    start = clean() + 0.01 * PATTERNS["pixel in 4 x 4"][..., None]
    image = tf.Variable(start[None].astype(np.float32))
    optimizer = keras.optimizers.Adam(0.0005)
    for _ in range(150):
        with tf.GradientTape() as tape:
            value = lattice_loss(mean_spectrum(image))
        optimizer.apply([tape.gradient(value, image)], [image])
    found = image.numpy()[0]
    assert max(lattice_energy(start)) > 10
    assert max(lattice_energy(found)) < 2.5
    # What it takes away is smaller than the noise that it leaves.
    assert np.std(found - clean()) < 0.02
    assert np.std(found) == pytest.approx(np.std(clean()), rel=0.05)
