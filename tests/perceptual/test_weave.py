import keras
import numpy as np
import pytest
from keras import ops

from multistyle.evaluation.patterns import weave
from multistyle.perceptual.spectrum import mean_spectrum
from multistyle.perceptual.weave import weave_loss

Y, X = np.mgrid[:96, :128]
PATTERNS = {
    "stripes of 9": np.cos(2 * np.pi * (X + Y) / (9 * np.sqrt(2))),
    "columns of 8": np.cos(2 * np.pi * X / 8),
    "squares of 10": np.cos(2 * np.pi * X / 10) + np.cos(2 * np.pi * Y / 10),
    "honeycomb": sum(
        np.cos(2 * np.pi / 9 * (X * np.cos(turn) + Y * np.sin(turn)))
        for turn in (0, np.pi / 3, 2 * np.pi / 3)
    ),
    "canvas of 3": np.cos(2 * np.pi * X / 3) + np.cos(2 * np.pi * Y / 3),
    "screen of 2.5": sum(
        np.cos(2 * np.pi * (a * X + b * Y) / (2.5 * np.sqrt(10)))
        for a, b in ((3, 1), (1, -3))
    ),
}
OTHERS = {
    "checkerboard": (-1.0) ** (Y + X),
    "lattice of 4": np.cos(np.pi / 2 * Y) * np.cos(np.pi / 2 * X),
    "waves of 40": np.cos(2 * np.pi * Y / 40),
}


def clean(slope=1.0, seed=0):
    """Noise whose amplitude falls by a power of the frequency."""
    noise = np.random.default_rng(seed).normal(size=(96, 128, 3))
    distance = np.hypot(np.fft.fftfreq(96)[:, None], np.fft.fftfreq(128))
    distance[0, 0] = 1
    spectrum = np.fft.fft2(noise, axes=(0, 1))
    picture = np.fft.ifft2(
        spectrum / distance[..., None] ** slope, axes=(0, 1)
    ).real
    return 0.5 + 0.05 * picture / picture.std()


def loss(*images):
    found = weave_loss(mean_spectrum(np.stack(images).astype(np.float32)))
    assert keras.backend.standardize_dtype(found.dtype) == "float32"
    return ops.convert_to_numpy(found)


def by_loops(image, size):
    """The loss as its docstring says it, bin by bin."""
    spectrum = ops.convert_to_numpy(mean_spectrum(image[None]))[0]
    spectrum = np.log(spectrum)
    terms = []
    for v in range(-(size // 2), size // 2):
        for u in range(-(size // 2), size // 2):
            period = size / np.hypot(v, u) if v or u else np.inf
            is_lattice = v % (size // 4) in (0, 1, size // 4 - 1)
            is_lattice &= u % (size // 4) in (0, 1, size // 4 - 1)
            if not 2 <= period <= 12 or is_lattice:
                continue
            tolerated, share = (0.7, 1) if period >= 6 else (1.4, 0.2)
            around = [
                spectrum[(v + dv) % size, (u + du) % size]
                for dv in range(-5, 6)
                for du in range(-5, 6)
                if abs(dv) > 1 or abs(du) > 1
            ]
            excess = spectrum[v, u] - np.mean(around) - tolerated
            terms.append(share * max(0, excess))
    # Each frequency and its conjugate; a line fills nine.
    return np.sum(terms) / 2 / 9


@pytest.mark.parametrize(
    ("height", "width", "size"), [(96, 128, 64), (47, 96, 44), (32, 40, 32)]
)
def test_it_is_what_its_docstring_says(height, width, size):
    patterns = PATTERNS["honeycomb"] + PATTERNS["canvas of 3"]
    image = clean() + 0.01 * patterns[..., None]
    image = image[:height, :width]
    assert loss(image) == pytest.approx([by_loops(image, size)], rel=1e-3)


@pytest.mark.parametrize("slope", [0, 0.5, 1, 1.5])
def test_a_picture_without_a_pattern_costs_little(slope):
    found = np.mean(loss(*(clean(slope, seed) for seed in range(4))))
    honeycomb = 0.02 * PATTERNS["honeycomb"][..., None]
    with_one = loss(clean(slope) + honeycomb)[0]
    assert found < 0.3
    assert with_one > found + 1


def test_a_flat_picture_costs_nothing():
    assert loss(np.full((96, 128, 3), 0.4))[0] == 0


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_costs(name):
    pattern = 0.02 * PATTERNS[name][..., None]
    none, faint, strong = loss(
        clean(), clean() + pattern, clean() + 4 * pattern
    )
    assert faint > none + 0.5
    assert strong > faint + 0.5
    # Shifted or in a picture of less contrast it is the same pattern.
    image = clean() + pattern
    mirrored, darker = loss(image[::-1, ::-1], 0.5 * image)
    assert mirrored == pytest.approx(faint, rel=0.2)
    assert darker == pytest.approx(faint, rel=0.2)


@pytest.mark.parametrize("name", OTHERS)
def test_what_other_losses_or_none_are_for_costs_nothing(name):
    none, found = loss(clean(), clean() + 0.02 * OTHERS[name][..., None])
    assert found < none + 0.1


@pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="its own gradient"
)
def test_following_its_gradient_takes_the_pattern_away_and_no_more():
    import tensorflow as tf

    start = clean() + 0.02 * PATTERNS["honeycomb"][..., None]
    image = tf.Variable(start[None].astype(np.float32))
    optimizer = keras.optimizers.Adam(0.0005)
    for _ in range(150):
        with tf.GradientTape() as tape:
            value = weave_loss(mean_spectrum(image))
        optimizer.apply([tape.gradient(value, image)], [image])
    found = image.numpy()[0]
    print("weave", weave(start), "->", weave(found), np.std(found - clean()))
    assert weave(start) > 10
    assert weave(found) < 4
    assert np.std(found - clean()) < np.std(start - clean())
