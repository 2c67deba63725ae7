import numpy as np
import pytest
from keras import ops

from multistyle.perceptual.bins import block_size
from multistyle.perceptual.spectrum import mean_spectrum


def by_loops(image, size):
    """The spectrum as its docstring says it, block by block."""
    height, width, channels = image.shape
    wave = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    window = wave[:, None] * wave
    floor = channels * (1 / 255) ** 2 / 12 * (window**2).sum()
    spectra = []
    for y in range(0, height - size + 1, size // 2):
        for x in range(0, width - size + 1, size // 2):
            power = floor
            for c in range(channels):
                block = image[y : y + size, x : x + size, c]
                block = (block - block.mean()) * window
                power = power + np.abs(np.fft.fft2(block)) ** 2
            spectra.append(power / power.mean())
    return np.mean(spectra, axis=0)


@pytest.mark.parametrize(
    ("height", "width", "size"), [(96, 128, 64), (47, 96, 44), (32, 40, 32)]
)
def test_it_is_what_its_docstring_says(height, width, size):
    image = np.random.default_rng(0).uniform(size=(2, height, width, 3))
    image[1] = 0.4 + 0.01 * (np.arange(width)[:, None] % 4 == 0)
    assert block_size(height, width) == size
    found = ops.convert_to_numpy(mean_spectrum(image.astype(np.float32)))
    expected = [by_loops(picture, size) for picture in image]
    np.testing.assert_allclose(found, expected, rtol=2e-3, atol=1e-5)


def test_the_spectrum_of_a_wave_is_its_line():
    y = np.arange(192)[:, None, None]
    wave = 0.5 + 0.2 * np.cos(2 * np.pi * y / 8)
    wave = np.broadcast_to(wave, (1, 192, 256, 3)).astype(np.float32)
    spectrum = ops.convert_to_numpy(mean_spectrum(wave))[0]
    assert spectrum.shape == (64, 64)
    assert spectrum.mean() == pytest.approx(1)
    # Hann's window: the line holds 2/3 of its power, in two signs, down its
    # column; each neighbour a quarter of it, in both directions.
    assert spectrum[8, 0] / spectrum.sum() == pytest.approx(2 / 9, rel=1e-2)
    assert spectrum[9, 0] / spectrum[8, 0] == pytest.approx(1 / 4, rel=1e-2)
    assert spectrum[30, 30] / spectrum[8, 0] < 1e-4


def test_small_pictures_are_refused():
    with pytest.raises(ValueError, match="needs 32 px.* 31 x 64"):
        mean_spectrum(np.zeros((1, 31, 64, 3), np.float32))
