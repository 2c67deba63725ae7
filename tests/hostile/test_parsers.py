"""Whatever text a parser is given, it reads it or says what is wrong."""

import json
import os
import string
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from multistyle.blends.content_blends import ContentList
from multistyle.blends.gradients import parse_gradient
from multistyle.blends.grids import parse_grid
from multistyle.blends.keyframe_specs import SETTINGS
from multistyle.blends.keyframes import Keyframes
from multistyle.blends.masks import Mask
from multistyle.blends.names import (
    check_style_name,
    split_style_name,
    style_name_from_stem,
)
from multistyle.blends.paths import parse_path, path_weights
from multistyle.blends.region_specs import split_masks
from multistyle.blends.times import (
    Clock,
    advance_timecode,
    count_frames,
    split_time,
)
from multistyle.blends.weights import describe, style_weights
from multistyle.cli.sweep import parse_sweep
from multistyle.errors import InputError
from multistyle.images.values import to_float
from multistyle.inference.passes import memory
from multistyle.inference.runs.blend_list import read_blend_list
from multistyle.inference.runs.shard import read_shard
from multistyle.learning.credits_files import read_credits
from multistyle.server.fields import Fields
from multistyle.server.orders.looks import read_blend
from multistyle.server.uploads import read_name
from multistyle.video.decoding.films import parse_fps

NAMES = ["udnie", "great_wave", "mona.lisa", "Größe", "a-b"]
HUGE = "9" * 5000
# The same in every run, and bounded, whatever the machine does besides.
steady = settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],
)
numbers = st.one_of(
    st.floats().map(str),
    st.integers().map(str),
    st.sampled_from(["", HUGE, "1e999", "-0", "nan", "1_0", "٣", "0x10"]),
)
name = st.one_of(st.sampled_from(NAMES), st.text(max_size=8))
# Text of the parts that specs are made of, and of anything.
spec = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.one_of(name, numbers, st.sampled_from([*"=,:;>.# \n\0s", "0s:"])),
        max_size=12,
    ).map("".join),
)
json_value = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**400), 10**400)
    | st.floats()
    | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(name, inner, max_size=4)
    ),
    max_leaves=8,
)


def read(parse, *arguments, **options):
    """Returns what is read, or None of what is refused by one message."""
    try:
        return parse(*arguments, **options)
    except InputError as error:
        message = str(error)
        assert message and "Traceback" not in message
        return None


def assert_blends(weights):
    assert weights.dtype == np.float32 and weights.shape[-1] == len(NAMES)
    assert np.isfinite(weights).all()
    np.testing.assert_allclose(weights.sum(axis=-1), 1, atol=1e-5)


@steady
@example("udnie=" + HUGE)
@example("udnie=1e308,great_wave=1e308")
@example("a\0b.json")
@given(spec)
def test_weights_as_text(text):
    weights = read(style_weights, text, NAMES)
    if weights is not None:
        assert_blends(weights)
        again = style_weights(describe(weights, NAMES), NAMES)
        np.testing.assert_allclose(again, weights, atol=0.01)


@steady
@given(json_value)
def test_weights_as_objects(value):
    weights = read(style_weights, value, NAMES)
    if weights is not None:
        assert_blends(weights)


@steady
@given(st.dictionaries(st.sampled_from(NAMES), st.floats(), min_size=1))
def test_weights_as_numbers(value):
    weights = read(style_weights, value, NAMES, extrapolate=True)
    if weights is not None:
        assert weights.shape == (len(NAMES),)
        assert weights.sum() == pytest.approx(1, abs=0.1) or (
            np.abs(weights).max() > 100  # Far beyond a style.
        )


@steady
@given(st.one_of(json_value.map(json.dumps).map(str.encode), st.binary()))
def test_files_of_weights_and_keyframes(tmp_path, data):
    for parse, file in (
        (style_weights, "weights.json"),
        (Keyframes.parse, "keys.json"),
        (Keyframes.parse, "keys.txt"),
        (ContentList, "list.jsonl"),
    ):
        path = tmp_path / file
        path.write_bytes(data)
        read(parse, str(path), NAMES)


@pytest.mark.parametrize("deep", ["[" * 100_000, '{"a":' * 100_000])
def test_what_lies_too_deep_is_refused(tmp_path, deep):
    for parse, file in (
        (style_weights, "weights.json"),
        (Keyframes.parse, "keys.json"),
        (ContentList, "list.jsonl"),
    ):
        path = tmp_path / file
        path.write_text(deep)
        with pytest.raises(InputError, match=file):
            parse(str(path), NAMES)
    (tmp_path / "styles.json").write_text(deep)
    with pytest.raises(InputError, match=r"styles\.json"):
        read_credits({"a": [tmp_path / "a.jpg"]})


@steady
@example("udnie>great_wave")
@given(spec)
def test_paths(text):
    stops = read(parse_path, text, NAMES)
    if stops is not None:
        assert set(np.unique(stops)) <= {0, 1}
        assert_blends(path_weights(stops))


@steady
@example("udnie,great_wave,udnie,a-b")
@given(spec)
def test_grids(text):
    corners = read(parse_grid, text, NAMES)
    assert corners is None or corners.shape == (4, len(NAMES))


@steady
@example("udnie>a-b:1e308", 2, 3)
@example("udnie>a-b:" + HUGE, 2, 3)
@given(spec, st.integers(1, 9), st.integers(1, 9))
def test_gradients(text, height, width):
    gradient = read(parse_gradient, text, NAMES)
    if gradient is not None:
        assert_blends(gradient.fit((height, width)).weights())


@steady
@given(spec)
def test_texts_of_masks(text):
    pairs = read(split_masks, text)
    assert pairs is None or all(path for _, path in pairs) or not text


@steady
@given(
    st.one_of(
        st.binary(max_size=12).map(lambda data: np.frombuffer(data, np.uint8)),
        st.lists(st.lists(st.floats(width=32), max_size=3), max_size=3),
        st.lists(st.booleans(), min_size=1, max_size=3).map(lambda row: [row]),
    )
)
def test_masks_as_arrays(pixels):
    try:
        pixels = np.array(pixels)
    except ValueError:  # Rows of unequal length.
        return
    for array in (pixels, np.atleast_2d(pixels)):
        mask = read(Mask, array)
        if mask is not None:
            opacity = to_float(mask.pixels)
            assert opacity.min() >= 0 and opacity.max() <= 1
            assert mask.resized((3, 5)).shape == (3, 5)


@steady
@example("0s:udnie; 2s:strength=0.5 smooth")
@example(f"0s:udnie; {HUGE}s:great_wave")
@example(f"{HUGE}f:udnie")
@example(f"{HUGE}:00:00:00:udnie")
@example(f"scene {HUGE}:udnie")
@example("0s:udnie strength=" + HUGE)
@given(spec)
def test_keyframes(text):
    clock = Clock(Fraction(25), scene_seconds=float)
    keyframes = read(Keyframes.parse, text, NAMES, clock)
    if keyframes is not None and keyframes.has_weights:
        for seconds in (0, 1.5, 1e9):
            assert_blends(keyframes.at(seconds))


@steady
@given(json_value)
def test_keyframes_as_objects(tmp_path, value):
    path = tmp_path / "keys.json"
    for given_value in (value, [value], [{"at": value, "strength": value}]):
        path.write_text(json.dumps(given_value))
        read(Keyframes.parse, str(path), NAMES, Clock(Fraction(25)))


@steady
@example(HUGE)
@example(HUGE + "f")
@example(f"{HUGE}:00:00:12")
@example(f"{HUGE}:00")
@example("0:59.999")
@given(st.one_of(spec, st.text("0123456789:;.sf ", max_size=15)))
def test_times(text):
    for clock in (
        Clock(Fraction(25)),
        Clock(Fraction(30_000, 1001), "00:01:00;02"),
    ):
        seconds = read(clock.seconds, text)
        assert seconds is None or 0 <= seconds < float("inf")
    split = split_time(text)
    assert split is None or len(split) == 2


@steady
@given(st.integers(0, 24 * 3600 * 24 - 1))
def test_timecodes_count_all_frames(number):
    for rate, start in (
        (Fraction(24), "00:00:00:00"),
        (Fraction(30_000, 1001), "00:00:00;00"),
    ):
        timecode = advance_timecode(start, rate, number)
        assert count_frames(timecode, rate) == number


@steady
@example(HUGE)
@example(f"{HUGE}/1")
@example(f"1/{HUGE}")
@example("1/00")
@given(st.one_of(spec, st.text("0123456789/.", max_size=12)))
def test_rates(text):
    rate = read(parse_fps, text)
    assert rate is None or 1 <= rate <= 1000


@steady
@example(HUGE)
@example(HUGE + "TB")
@example("1.5 GiB")
@given(st.one_of(spec, st.text("0123456789. kmgtiBG", max_size=10)))
def test_memory(text):
    amount = read(memory.read_memory, text)
    if amount is not None:
        assert amount >= 1
        if amount < 1e15:
            shown = memory.read_memory(memory.show(amount))
            assert amount <= shown <= 1.1 * amount + 1e6


@steady
@given(
    st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)),
    st.floats(1, 1e6),
    st.integers(0, 500),
    st.floats(0, 1e13),
)
def test_sizes_of_tiles(size, pixel_bytes, margin, room):
    side = memory.tile_size(size, pixel_bytes, margin, room)
    if side is None:
        assert size[0] * size[1] * pixel_bytes <= room
    else:
        assert (side + 2 * margin) ** 2 * pixel_bytes <= room * (1 + 1e-9)


@steady
@example(HUGE + "/" + HUGE)
@example("3/8")
@given(st.one_of(spec, st.text("0123456789/ ", max_size=9)))
def test_shards(text):
    shard = read(read_shard, text)
    assert shard is None or 1 <= shard.part <= shard.total


cell = st.one_of(
    json_value,
    st.sampled_from(["../x.png", "/etc/x.png", "a/../../x.png", "a.png", "\0"]),
)
column = st.one_of(
    st.sampled_from(["input", "output", "style_weights", "mask", *SETTINGS]),
    st.text(max_size=6),
)


@steady
@given(st.lists(st.dictionaries(column, cell, max_size=4), max_size=3))
def test_lists_of_blends(tmp_path, rows):
    path = tmp_path / "list.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = read(read_blend_list, path, tmp_path / "in", tmp_path / "out")
    for work in found.works if found else ():
        inside = os.path.relpath(work.output, tmp_path / "out")
        assert not inside.startswith(os.pardir)


@steady
@example(b"input,output\na.png,../x.png\n")
@example(b"input,strength\na.png," + b"9" * 5000)
@example(b'input\n"' + b"x" * 200_000)
@given(st.one_of(st.binary(), spec.map(lambda text: f"input,{text}".encode())))
def test_lists_of_blends_as_tables(tmp_path, data):
    path = tmp_path / "list.csv"
    path.write_bytes(data)
    found = read(read_blend_list, path, tmp_path / "in", tmp_path / "out")
    for work in found.works if found else ():
        inside = os.path.relpath(work.output, tmp_path / "out")
        assert not inside.startswith(os.pardir)


@steady
@example("width_multiplier=0.5,1")
@given(spec)
def test_sweeps(text):
    found = read(parse_sweep, text)
    assert found is None or np.isfinite(found[1]).all()


@steady
@example("..")
@example("x" * 200)
@given(st.text(max_size=20))
def test_style_names(text):
    found = read(check_style_name, text)
    if found is not None:
        # It is a file's name wherever there is a folder.
        assert not set(found) & set('/\\:*?"<>|\n\0') and found.strip(".")
    stem = style_name_from_stem(text)
    assert not set(stem) & set(string.whitespace + "/\\:<>&\0")
    read(split_style_name, text)


@steady
@given(st.text(max_size=30))
def test_names_of_uploads(text):
    found = read_name(text)
    assert found and not found.startswith(".")
    assert not set(found) & set("/\\:<>&%\n\0\"'")


@steady
@example({"strength": 10**400})
@given(st.dictionaries(st.sampled_from(["strength", "kind"]), json_value))
def test_fields_of_requests(value):
    fields = read(Fields, value)
    if fields is None:
        return
    number = read(fields.number, "strength", 0, 1, 0.5)
    assert number is None or 0 <= number <= 1
    whole = read(fields.whole, "strength", 1, 9, 2)
    assert whole is None or 1 <= whole <= 9
    assert read(fields.choice, "kind", ("a", "b"), "a") in ("a", "b", None)


@steady
@given(json_value)
def test_blends_of_requests(value):
    weights = read(read_blend, value, NAMES)
    if weights is not None:
        assert_blends(weights)
