"""Values: rounding, and the way back."""

import numpy as np
import pytest

from multistyle.images.values import to_dtype, to_float, to_uint8


def test_uint8_and_float_are_exact_opposites():
    values = np.arange(256, dtype=np.uint8)
    floats = to_float(values)
    assert floats.dtype == np.float32
    assert floats[0] == 0 and floats[255] == 1
    np.testing.assert_array_equal(to_uint8(floats), values)
    np.testing.assert_array_equal(to_uint8(floats.astype(np.float64)), values)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [(-1, 0), (0.0019, 0), (0.002, 1), (0.5, 128), (0.999, 255), (7, 255)],
)
def test_to_uint8_rounds_and_clips(value, rounded):
    assert to_uint8(np.array(value, np.float32)) == rounded


def test_uint16_and_float_are_exact_opposites():
    values = np.arange(65536, dtype=np.uint16)
    floats = to_float(values)
    assert floats.dtype == np.float32
    assert floats[0] == 0 and floats[65535] == 1
    np.testing.assert_array_equal(to_dtype(floats, np.uint16), values)
    assert to_dtype(values, np.float32).dtype == np.float32


@pytest.mark.parametrize(
    ("value", "rounded"), [(0, 0), (128, 0), (129, 1), (65535, 255)]
)
def test_sixteen_bits_are_rounded_to_eight(value, rounded):
    # A step of 8 bits is 257 of 16.
    assert to_uint8(np.array(value, np.uint16)) == rounded


def test_what_is_converted_already_is_left_alone():
    pixels, floats = np.zeros(3, np.uint8), np.zeros(3, np.float32)
    assert to_uint8(pixels) is pixels
    assert to_float(floats) is floats
