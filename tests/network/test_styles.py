import unicodedata

import numpy as np
import pytest

from multistyle.blends.names import (
    check_style_name,
    check_style_names,
    did_you_mean,
    nearest,
    style_name_from_stem,
    style_names_from_paths,
)
from multistyle.errors import InputError
from multistyle.network.styles import check_credits, fingerprint
from multistyle.network.transform import TransformNetwork

NAMES = ["starry_night", "great_wave", "the_scream", "Udnie"]
DECOMPOSED = unicodedata.normalize("NFD", "léger_éclats")
COMPOSED = unicodedata.normalize("NFC", "léger_éclats")


@pytest.mark.parametrize(
    "name", ["udnie", "Composition_VII", "a-b.c_1913", COMPOSED, "神奈川", "7"]
)
def test_a_good_name_stays(name):
    assert check_style_name(name) == name


def test_a_name_is_composed():
    assert DECOMPOSED != COMPOSED
    assert check_style_name(DECOMPOSED) == COMPOSED


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("the scream", "the_scream"),
        ("a=b", "a_b"),
        ("a,b>c", "a_b_c"),
        ("../x", ".._x"),
        ("line\nbreak", "line_break"),
        ("", "style"),
    ],
)
def test_any_other_character_is_refused(name, suggestion):
    with pytest.raises(InputError) as error:
        check_style_name(name)
    assert f"`{name}` may hold only letters" in str(error.value)
    assert f"try `{suggestion}`" in str(error.value)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "At least one style name"),
        ("udnie", "a list of names; got `udnie`"),
        (["a", "b", "a"], "`a` is given twice"),
        ([DECOMPOSED, COMPOSED], f"`{COMPOSED}` is given twice"),
        (["a", "b c"], "`b c` may hold only"),
    ],
)
def test_wrong_lists_of_names_are_refused(names, message):
    with pytest.raises(InputError, match=message):
        check_style_names(names)


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("the_scream", "the_scream"),
        ("The Scream (1893)", "The_Scream_1893_"),
        ("Picabia -- Udnie, 1913", "Picabia_--_Udnie_1913"),
        ("v1.2", "v1.2"),
        (DECOMPOSED, COMPOSED),
        ("神奈川 沖浪裏", "神奈川_沖浪裏"),
        ("???", "_"),
    ],
)
def test_names_of_stems(stem, name):
    assert style_name_from_stem(stem) == name
    assert check_style_name(name) == name


def test_paintings_are_named_in_order():
    paths = ["b/the scream.jpg", "a/udnie.v2.png"]
    assert style_names_from_paths(paths) == ["the_scream", "udnie.v2"]


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ("a/udnie.jpg", "b/udnie.png", "udnie"),
        ("the scream.jpg", "the+scream.jpg", "the_scream"),
        (f"{DECOMPOSED}.jpg", f"{COMPOSED}.png", COMPOSED),
    ],
)
def test_two_equal_names_name_both_files(first, second, name):
    with pytest.raises(InputError) as error:
        style_names_from_paths(["other.jpg", first, second])
    for text in (first, second, name):
        assert f"`{text}`" in str(error.value).replace("\\", "/")


def test_credits_are_text_in_the_styles_order():
    credits = {
        "great_wave": {"artist": "Hokusai", "year": 1831},
        "starry_night": {"title": "The Starry Night"},
    }
    checked = check_credits(credits, NAMES)
    assert list(checked) == ["starry_night", "great_wave"]
    assert checked["great_wave"] == {"artist": "Hokusai", "year": "1831"}


@pytest.mark.parametrize(
    ("credits", "message"),
    [
        ({"great_wav": {}}, "`great_wav`.*did you mean `great_wave`"),
        (
            {"Udnie": {"painter": "Picabia"}},
            "`Udnie` has the field `painter`.*artist, title, year, licence",
        ),
    ],
)
def test_wrong_credits_are_refused(credits, message):
    with pytest.raises(InputError, match=message):
        check_credits(credits, NAMES)


def test_nearest_names():
    assert nearest("stary_nite", NAMES) == ["starry_night"]
    assert nearest("UDNIE", NAMES) == ["Udnie"]
    assert nearest("xyz", NAMES) == []


def test_did_you_mean_falls_back_to_what_there_is():
    assert did_you_mean("udnye", NAMES) == "; did you mean `Udnie`?"
    assert did_you_mean("xyz", NAMES[:2]) == (
        "; there are `starry_night`, `great_wave`"
    )
    many = [f"style_{i}" for i in range(15)]
    assert did_you_mean("xyz", many).endswith("`style_11` and 3 more")


def test_the_fingerprint_is_of_the_shared_weights_alone(small_network):
    before = fingerprint(small_network)
    assert len(before) == 64 and int(before, 16) >= 0
    weights = small_network.get_weights()
    other = TransformNetwork(["a", "b", "c"], width_multiplier=0.25)
    assert fingerprint(other) != before
    other.set_weights(weights)
    assert fingerprint(other) == before

    for block in other.blocks:
        table = block.normalization.gamma
        table.assign(np.full(table.shape, 7.0))
    assert fingerprint(other) == before

    # Below what float16 resolves, then above it, in the last layer.
    convolution = other.blocks[-1].convolution
    (kernel,) = convolution.get_weights()
    kernel = kernel.astype(np.float16).astype(np.float32)
    convolution.set_weights([kernel])
    assert fingerprint(other) == before
    convolution.set_weights([kernel * (1 + 1e-6)])
    assert fingerprint(other) == before
    convolution.set_weights([kernel * 1.01])
    assert fingerprint(other) != before


def test_the_fingerprint_never_changes():
    """Packs of styles name the network that they belong to by it."""
    network = TransformNetwork(num_styles=1, width_multiplier=1 / 32)
    for number, block in enumerate(network.blocks):
        shape = block.convolution.get_weights()[0].shape
        ramp = np.arange(np.prod(shape)).reshape(shape)
        block.convolution.set_weights([(ramp - number) / 256])
    assert fingerprint(network) == (
        "00daf20c129b7736f16a4fd62f6a250a0adfa80ebf8bb092ea2cacb2c9aa692a"
    )
