import numpy as np
import pytest

from multistyle.blends.keyframes import Keyframes
from multistyle.errors import InputError

STYLES = ["starry_night", "great_wave", "the_scream"]
TEXT = "1s:starry_night=1; 5 : great_wave; 9.5s:the_scream=1,great_wave=3;"


def test_blends_lead_evenly_from_one_to_the_next():
    keyframes = Keyframes.parse(TEXT, STYLES)
    for seconds, expected in [
        (0, [1, 0, 0]),
        (1, [1, 0, 0]),
        (2, [0.75, 0.25, 0]),
        (5, [0, 1, 0]),
        (7.25, [0, 0.875, 0.125]),
        (9.5, [0, 0.75, 0.25]),
        (100, [0, 0.75, 0.25]),
    ]:
        found = keyframes.at(seconds)
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, expected, atol=1e-7)


def test_one_blend_never_changes():
    keyframes = Keyframes.constant(np.float32([0.2, 0.8, 0]))
    for seconds in (0, 3):
        np.testing.assert_array_equal(
            keyframes.at(seconds), np.float32([0.2, 0.8, 0])
        )


def test_they_are_described_by_names():
    assert Keyframes.parse(TEXT, STYLES).describe(STYLES) == {
        "1s": {"starry_night": 1},
        "5s": {"great_wave": 1},
        "9.5s": {"great_wave": 0.75, "the_scream": 0.25},
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Keyframes are given as `0s:starry_night=1; "),
        (" ; ", "Keyframes are given as"),
        ("starry_night", "seconds, a colon and a blend.*got `starry_night`"),
        ("0s starry_night", "seconds, a colon and a blend"),
        ("soon:starry_night", "seconds, a colon.*got `soon:starry_night`"),
        ("-1s:starry_night", "seconds, a colon and a blend"),
        ("5s:udnie; 5s:udnie", "There is no style `udnie`"),
        ("5s:great_wave; 2s:the_scream", "`2s` does not lie after `5s`"),
        ("0s:", "Style weights are given as"),
        ("0s:great_wave=-1", "The style weight `-1` is below 0"),
    ],
)
def test_what_is_wrong_is_named(text, message):
    with pytest.raises(InputError, match=message):
        Keyframes.parse(text, STYLES)
