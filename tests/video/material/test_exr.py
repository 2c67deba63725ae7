import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.video.material.exr import (
    decode_exr,
    encode_exr,
    light_to_srgb,
    srgb_to_light,
)

av = pytest.importorskip("av")


def test_the_curve_of_srgb():
    signal = np.array([0, 0.04045, 0.5, 1])
    light = srgb_to_light(signal)
    # IEC 61966-2-1: half the signal is 21.4 % of the light.
    np.testing.assert_allclose(light, [0, 0.0031308, 0.21404, 1], atol=1e-5)
    np.testing.assert_allclose(light_to_srgb(light), signal, atol=1e-5)


@pytest.mark.parametrize("channels", [3, 4])
def test_there_and_back(channels):
    shape = (9, 13, channels)
    pixels = np.random.default_rng(0).integers(0, 65536, shape, np.uint16)
    if channels == 4:  # What is hardly there has few levels.
        pixels[..., 3] |= 0x8000
    found = decode_exr(encode_exr(pixels), "a.exr")
    assert found.dtype == np.uint16
    # Eleven bits of a half float.
    assert np.abs(found.astype(int) - pixels).max() < 80


def test_light_above_1_counts_as_1():
    light = np.full((8, 8, 3), 0.21404, np.float32)
    light[:4] = 7
    light[0, 0] = np.nan
    encoder = av.CodecContext.create("exr", "w")
    encoder.height = encoder.width = 8
    encoder.pix_fmt, encoder.time_base = "gbrpf32le", 1
    frame = av.VideoFrame.from_ndarray(light, "gbrpf32le")
    packets = [*encoder.encode(frame), *encoder.encode(None)]
    found = decode_exr(b"".join(map(bytes, packets)), "a.exr")
    assert (found[1:4] == 65535).all()
    assert np.abs(found[4:].astype(int) - 32768).max() < 16


def test_what_is_none():
    with pytest.raises(InputError, match="`a.exr` is no EXR that can be read"):
        decode_exr(b"no picture", "a.exr")
