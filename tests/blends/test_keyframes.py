import json
from fractions import Fraction

import numpy as np
import pytest

from multistyle.blends.keyframe_specs import read_specs
from multistyle.blends.keyframes import Keyframes
from multistyle.blends.times import Clock
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


@pytest.mark.parametrize(
    ("ease", "shares"),
    [
        ("linear", {1: 0, 2: 0.25, 3: 0.5, 4: 0.75, 5: 1}),
        ("smooth", {1: 0, 2: 0.15625, 3: 0.5, 4: 0.84375, 5: 1}),
        ("hold", {1: 0, 2: 0, 3: 0, 4.99: 0, 5: 1, 6: 1}),
    ],
)
def test_easings(ease, shares):
    keyframes = Keyframes.parse(
        f"1s:starry_night strength=0.2 {ease}; 5s:great_wave strength=0.6",
        STYLES,
    )
    for seconds, share in shares.items():
        np.testing.assert_allclose(
            keyframes.at(seconds), [1 - share, share, 0], atol=1e-7
        )
        strength = keyframes.setting("strength", seconds, 1)
        assert strength == pytest.approx(0.2 + 0.4 * share)


def test_each_setting_goes_its_own_course():
    keyframes = Keyframes.parse(
        "0s: great_wave mask=0; 2s: strength=0.5 stroke_scale=1 "
        "mask.great_wave = 0.25; 4s: mask=1 stability=0; 6s: stroke_scale=4; "
        "8s: the_scream strength=1 stability=1",
        STYLES,
    )
    assert keyframes.has_weights
    found = {
        name: [keyframes.setting(name, second, -1) for second in range(9)]
        for name in keyframes.settings
    }
    assert {name: np.round(row, 6).tolist() for name, row in found.items()} == {
        "mask": [0, 0.25, 0.5, 0.75, 1, 1, 1, 1, 1],
        "strength": np.round(
            [0.5] * 3 + [0.5 + n / 12 for n in range(1, 7)], 6
        ).tolist(),
        # Evenly in octaves.
        "stroke_scale": np.round(
            [1, 1, 1, 2**0.5, 2, 8**0.5, 4, 4, 4], 6
        ).tolist(),
        "mask.great_wave": [0.25] * 9,
        # It does not drift.
        "stability": [0] * 8 + [1],
    }
    np.testing.assert_allclose(keyframes.at(2), [0, 0.75, 0.25])
    assert keyframes.setting("mask.the_scream", 3, 0.9) == 0.9
    assert keyframes.values("stroke_scale") == [1, 4]
    assert keyframes.values("mask.the_scream") == []


def test_times_are_those_of_the_film():
    keyframes = Keyframes.parse(
        "00:00:00;02:great_wave hold; 30f:the_scream hold;"
        "scene 2: starry_night",
        STYLES,
        Clock(Fraction(30000, 1001), scene_seconds=lambda number: 3.0),
    )
    # The container rounds the time of frame 30, 1.001 s, to milliseconds.
    for seconds, style in [(0, 1), (0.99, 1), (1.0, 2), (2.99, 2), (3.0, 0)]:
        assert keyframes.at(seconds).argmax() == style
    assert list(keyframes.describe(STYLES)) == [
        "0.0667333333333s",
        "1.001s",
        "3s",
    ]


def test_one_blend_never_changes():
    keyframes = Keyframes.constant(np.float32([0.2, 0.8, 0]))
    assert keyframes.settings == []
    for seconds in (0, 3):
        np.testing.assert_array_equal(
            keyframes.at(seconds), np.float32([0.2, 0.8, 0])
        )


def test_they_are_described_by_names():
    keyframes = Keyframes.parse(TEXT, STYLES)
    assert keyframes.describe(STYLES) == {
        "1s": {"starry_night": 1},
        "5s": {"great_wave": 1},
        "9.5s": {"great_wave": 0.75, "the_scream": 0.25},
    }
    assert keyframes.describe_settings() == {}


def test_settings_are_described():
    keyframes = Keyframes.parse(
        "3s:strength=0.5 mask=1; 4s:stability=0 hold; 5s:strength=1 smooth",
        STYLES,
    )
    assert not keyframes.has_weights
    assert keyframes.describe(STYLES) == {}
    assert keyframes.describe_settings() == {
        "3s": {"strength": 0.5, "mask": 1},
        "4s": {"stability": 0},
        "5s": {"strength": 1, "ease": "smooth"},
    }


def test_a_comma_before_a_setting_is_a_blank():
    commas = read_specs(
        "0s:a=0.5, b=0.5, strength=0.5,mask.a=0.25 hold; 1s:mask=1,stability=0"
    )
    blanks = read_specs(
        "0s:a=0.5,b=0.5 strength=0.5 mask.a=0.25 hold; 1s:mask=1 stability=0"
    )
    assert commas == blanks
    assert commas[0].blend == "a=0.5,b=0.5"
    assert commas[0].settings == {"strength": 0.5, "mask.a": 0.25}


def test_files_say_the_same(tmp_path):
    text = (
        "0s:starry_night=1,great_wave=3 smooth; "
        "2s:strength=0.5 mask.great_wave=0.25 smooth; 3s:the_scream hold"
    )
    lines = text.replace(";", "  # a remark\n")
    (tmp_path / "walk.txt").write_text(f"# All.\n{lines}\n", "utf-8-sig")
    keyframes = [
        {"at": 0, "style_weights": {"starry_night": 1, "great_wave": 3}},
        {"at": "2s", "strength": 0.5, "mask": {"great_wave": 0.25}},
        {"at": "3s", "style_weights": "the_scream", "ease": "hold"},
    ]
    (tmp_path / "walk.json").write_text(
        json.dumps({"ease": "smooth", "keyframes": keyframes})
    )
    expected = Keyframes.parse(text, STYLES)
    for path in tmp_path.iterdir():
        found = Keyframes.parse(str(path), STYLES)
        assert found.describe(STYLES) == expected.describe(STYLES)
        assert found.describe_settings() == expected.describe_settings()
    assert list(expected.describe_settings()) == ["0s", "2s", "3s"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Keyframes are given as `0s:starry_night=1; "),
        (" ; ", "Keyframes are given as"),
        ("starry_night", "a time, a colon and a blend.*got `starry_night`"),
        ("0s starry_night", "a time, a colon and a blend"),
        ("soon:starry_night", "a time, a colon.*got `soon:starry_night`"),
        ("-1s:starry_night", "a time, a colon and a blend"),
        ("5s:udnie; 5s:udnie", "There is no style `udnie`"),
        ("5s:great_wave; 2s:the_scream", "`2s` does not lie after `5s`"),
        ("0s:", "A keyframe says what to paint, as in .*; got `0s:`"),
        ("0s:hold", "A keyframe says what to paint"),
        ("0s:great_wave=-1", "The style weight `-1` is below 0"),
        ("0s:great_wave strenght=1", "After its blend a keyframe has strength"),
        ("0s:great_wave hold smooth", "After its blend a keyframe has"),
        ("0s:strength=2", "`strength` is a number from 0 to 1; got `2`"),
        ("0s:stroke_scale=0", "`stroke_scale` is a number from 0.25 to 8"),
        ("0s:mask=much", "`mask` is a number from 0 to 1; got `much`"),
        ("0s:strength=1 strength=1", "gives `strength` twice"),
        ("0s:strength.udnie=1", "only `mask` is set style by style"),
        ("0s:mask.udnie=1", "There is no style `udnie`"),
        ("3f:great_wave", "`3f` needs a film of a known rate"),
        ("nowhere.txt", "The keyframes `nowhere.txt` cannot be read: No such"),
    ],
)
def test_what_is_wrong_is_named(text, message):
    with pytest.raises(InputError, match=message):
        Keyframes.parse(text, STYLES)


@pytest.mark.parametrize(
    ("held", "message"),
    [
        ("{", "are not JSON"),
        ("{}", "must hold a list"),
        ("[]", "must hold a list"),
        ("[3]", "a keyframe is a dict with `at`.*; got `3`"),
        ('[{"strength": 1}]', "a keyframe is a dict with `at`"),
        ('[{"at": 0}]', "A keyframe says what to paint"),
        ('[{"at": 0, "mood": 1}]', "`mood` is not one of at, style_weights"),
        ('{"keyframe": []}', "`keyframe` is not one of keyframes, ease"),
        ('[{"at": 0, "mask": [1]}]', "`mask` is a number from 0 to 1"),
        ('[{"at": 0, "mask": 1, "ease": "in"}]', "linear, smooth, hold; got"),
        ('[{"at": "soon", "mask": 1}]', "A time is given as .*; got `soon`"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(tmp_path, held, message):
    path = tmp_path / "walk.json"
    path.write_text(held)
    with pytest.raises(InputError, match=message):
        Keyframes.parse(str(path), STYLES)
