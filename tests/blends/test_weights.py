import json
import unicodedata

import numpy as np
import pytest

from multistyle.blends.weights import (
    describe,
    normalize,
    one_hot,
    style_weights,
    weights_dict,
)
from multistyle.errors import InputError

NAMES = ["starry_night", "great_wave", "the_scream", "udnie"]


def read(spec, **options):
    weights = style_weights(spec, NAMES, **options)
    assert weights.dtype == np.float32
    return weights.tolist()


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("udnie", [0, 0, 0, 1]),
        ("starry_night=0.75,great_wave=0.25", [0.75, 0.25, 0, 0]),
        (" great_wave = 3 , udnie ", [0, 0.75, 0, 0.25]),
        ("udnie=1e-3,starry_night=3e-3,great_wave=0", [0.75, 0, 0, 0.25]),
        ({"the_scream": 2, "udnie": 6}, [0, 0, 0.25, 0.75]),
        ({"the_scream": np.float32(5)}, [0, 0, 1, 0]),
        ([1, 1, 0, 2], [0.25, 0.25, 0, 0.5]),
        ((0, 0, 0, 7), [0, 0, 0, 1]),
        (np.array([1e308, 1e308, 1e308, 1e308]), [0.25, 0.25, 0.25, 0.25]),
        (np.array([0, 4, 0, 12], np.uint8), [0, 0.25, 0, 0.75]),
    ],
)
def test_every_form_sums_to_one(spec, expected):
    assert read(spec) == expected


def test_negative_weights_need_extrapolate_and_still_sum_to_one():
    spec = "starry_night=-1,great_wave=3"
    assert read(spec, extrapolate=True) == [-0.5, 1.5, 0, 0]
    with pytest.raises(InputError, match=r"`-1` is below 0.*--extrapolate"):
        read(spec)


def test_a_map_is_normalised_at_each_pixel():
    spec = np.zeros((2, 3, 4))
    spec[..., 1] = 5
    spec[1, 2] = [1, 0, 0, 3]
    weights = style_weights(spec, NAMES)
    assert weights.shape == (2, 3, 4)
    assert weights.dtype == np.float32
    assert weights[0, 0].tolist() == [0, 1, 0, 0]
    assert weights[1, 2].tolist() == [0.25, 0, 0, 0.75]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"great_wave": 3, "udnie": 1}, [0, 0.75, 0, 0.25]),
        ([0, 1, 1, 0], [0, 0.5, 0.5, 0]),
    ],
)
def test_a_json_file(tmp_path, content, expected):
    path = tmp_path / "weights.json"
    path.write_text(json.dumps(content), "utf-8")
    assert read(path) == expected
    assert read(str(path)) == expected


def test_a_style_named_like_a_file_is_a_style():
    weights = style_weights("a.json", ["a.json", "b"])
    assert weights.tolist() == [1, 0]


def test_names_are_compared_in_nfc():
    names = [unicodedata.normalize("NFC", "léger")]
    text = unicodedata.normalize("NFD", "léger")
    assert text != names[0]
    assert style_weights(text, names).tolist() == [1]
    assert style_weights({text: 2}, names).tolist() == [1]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (
            "stary_night",
            "There is no style `stary_night`; did you mean `starry_night`?",
        ),
        (
            {"qqq": 1},
            "There is no style `qqq`; there are `starry_night`, `great_wave`, "
            "`the_scream`, `udnie`.",
        ),
        ("udnie,udnie=2", "The style `udnie` is given twice."),
        ("udnie=a", "The weight of `udnie` must be a number; got `a`."),
        ("udnie=", "The weight of `udnie` must be a number; got ``."),
        (
            {"udnie": None},
            "The weight of `udnie` must be a number; got `None`.",
        ),
        ("udnie=nan", "Style weights are finite numbers; got `nan`."),
        ("udnie=1e999", "Style weights are finite numbers; got `inf`."),
        (
            "udnie,",
            "Style weights are given as `A=0.7,B=0.3`, by name; got `udnie,`.",
        ),
        (
            "",
            "Style weights are given as `A=0.7,B=0.3`, by name; got ``.",
        ),
        (
            "udnie=0",
            "The style weights sum to 0 or less; their sum must be above 0.",
        ),
        (
            {},
            "The style weights sum to 0 or less; their sum must be above 0.",
        ),
        (
            [1, 2],
            "Style weights of 4 styles have the shape `[4]` or `[H, W, 4]`; "
            "got `[2]`.",
        ),
        (
            np.ones((5, 4)),
            "Style weights of 4 styles have the shape `[4]` or `[H, W, 4]`; "
            "got `[5, 4]`.",
        ),
        (
            [[[1]], [1]],
            "Style weights of 4 styles have the shape `[4]` or `[H, W, 4]`; "
            "got `[]`.",
        ),
        (
            ["a", "b", "c", "d"],
            "A list holds numbers; give names as `a=1,b=1`, or as a dict.",
        ),
        ([None] * 4, "Style weights are numbers; got `None`."),
    ],
)
def test_error_messages(spec, message):
    with pytest.raises(InputError) as caught:
        read(spec)
    assert str(caught.value) == message


def test_negative_weights_whose_sum_is_no_blend():
    for text in ("udnie=-1,great_wave=1", "udnie=-2,great_wave=1"):
        with pytest.raises(InputError, match="sum to 0 or less"):
            read(text, extrapolate=True)


def test_a_map_with_an_empty_pixel_names_it():
    weights = np.ones((4, 5, 4), np.float32)
    weights[2, 3] = 0
    with pytest.raises(InputError, match="at row 2, column 3;"):
        style_weights(weights, NAMES)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"udnie": 1', "are not JSON: Expecting ',' delimiter"),
        ('{"udnie": 1, "udnie": 2}', "`udnie` is given twice."),
        ("3", "must hold a dict or a list"),
        ('{"udnie": NaN}', "finite numbers; got `nan`"),
    ],
)
def test_errors_of_a_json_file(tmp_path, content, message):
    path = tmp_path / "weights.json"
    path.write_text(content, "utf-8")
    with pytest.raises(InputError, match=message):
        read(path)


def test_a_json_file_that_is_missing_or_no_text(tmp_path):
    path = tmp_path / "weights.json"
    with pytest.raises(InputError, match=r"weights\.json` cannot be read: No "):
        read(path)
    path.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(InputError, match="it is not UTF-8 text"):
        read(path)


def test_normalize_keeps_any_rank():
    assert normalize(np.array([[2.0, 2.0], [0.0, 3.0]])).tolist() == [
        [0.5, 0.5],
        [0, 1],
    ]


def test_one_hot():
    assert one_hot("great_wave", NAMES).tolist() == [0, 1, 0, 0]


@pytest.mark.parametrize(
    ("text", "described"),
    [
        ("udnie=3", "udnie"),
        ("udnie=1,great_wave=3", "great_wave=0.75,udnie=0.25"),
        (
            "udnie,great_wave,the_scream",
            "great_wave=0.333,the_scream=0.333,udnie=0.333",
        ),
    ],
)
def test_describe_gives_text_that_is_read_again(text, described):
    weights = style_weights(text, NAMES)
    assert describe(weights, NAMES) == described
    np.testing.assert_allclose(
        style_weights(described, NAMES), weights, atol=1e-6
    )


def test_weights_dict_leaves_out_zeros():
    weights = style_weights("udnie=1,great_wave=3", NAMES)
    assert weights_dict(weights, NAMES) == {"great_wave": 0.75, "udnie": 0.25}


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_file_of_windows_editor_is_read(tmp_path, mark):
    path = tmp_path / "weights.json"
    path.write_text(mark + '{"udnie": 3}', "utf-8")
    assert read(path) == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"udnie": 1%s}' % ("0" * 400), "The weight of `udnie` must be a num"),
        ('{"udnie": 1%s}' % ("0" * 5000), "weights.json` are not JSON"),
        ("[1%s, 0, 0, 0]" % ("0" * 400), "Style weights are numbers"),
        ("[" * 100_000, "weights.json` are not JSON"),
        ('{"udnie": 1e400}', "Style weights are finite numbers; got `inf`"),
        ('{"udnie": [1]}', "The weight of `udnie` must be a number"),
    ],
)
def test_a_number_beyond_all_is_one_line(tmp_path, content, message):
    path = tmp_path / "weights.json"
    path.write_text(content)
    with pytest.raises(InputError, match=message) as caught:
        read(path)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 300


def test_the_home_folder(tmp_path, monkeypatch):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    (tmp_path / "weights.json").write_text('{"udnie": 1}')
    assert read("~/weights.json") == [0, 0, 0, 1]
