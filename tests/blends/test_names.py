import unicodedata

import pytest

from multistyle.blends.names import (
    check_style_name,
    check_style_names,
    did_you_mean,
    nearest,
    split_names,
    split_style_name,
    style_name_from_stem,
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


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("night:mine.jpg", ("night", "mine.jpg")),
        ("monet: works/late", ("monet", "works/late")),
        ("night:C:\\mine.jpg", ("night", "C:\\mine.jpg")),
        ("mine.jpg", (None, "mine.jpg")),
        ("mine:", (None, "mine:")),
        ("C:\\mine.jpg", (None, "C:\\mine.jpg")),
        ("xy:/mine.jpg", ("xy", "/mine.jpg")),
        ("works/a:b.jpg", (None, "works/a:b.jpg")),
        ("https://x.org/y.jpg", (None, "https://x.org/y.jpg")),
    ],
)
def test_a_path_may_be_named(text, split):
    assert split_style_name(text) == split


def test_a_path_under_no_style_name_is_refused():
    with pytest.raises(InputError, match="try `my_night`"):
        split_style_name("my night:mine.jpg")


def test_a_list_of_names_is_split_at_commas():
    assert split_names("b, a,,b ") == ["b", "a"]
    for text in ("", " , "):
        with pytest.raises(InputError, match="given as `A,B`; got"):
            split_names(text)


def test_nearest_names():
    assert nearest("stary_nite", NAMES) == ["starry_night"]
    assert nearest("UDNIE", NAMES) == ["Udnie"]
    assert nearest("xyz", NAMES) == []


def test_did_you_mean_falls_back_to_what_there_is():
    assert did_you_mean("udnye", NAMES) == "; did you mean `Udnie`?"
    assert did_you_mean("xyz", NAMES[:2]) == (
        "; there are `starry_night`, `great_wave`."
    )
    many = [f"style_{i}" for i in range(15)]
    assert did_you_mean("xyz", many).endswith("`style_11` and 3 more.")
    assert did_you_mean("xyz", ["wave"]) == "; there is `wave`."
