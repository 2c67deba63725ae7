import unicodedata

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
