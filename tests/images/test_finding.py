"""Finding the pictures of folders, globs and lists."""

from pathlib import Path

import pytest

from multistyle.errors import InputError
from multistyle.images.finding import find_images


def touch(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


@pytest.fixture
def in_tmp_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(spec):
    return [path.as_posix() for path in find_images(spec)]


def test_a_folder_is_searched_in_natural_order(in_tmp_path):
    touch(
        in_tmp_path,
        *("p/a10.jpg", "p/a2.PNG", "p/B1.jpeg", "p/b/1.webp", "p/a02.gif"),
        *("p/.hidden.jpg", "p/.git/1.jpg", "p/notes.txt", "p/jpg"),
    )
    expected = ["p/a02.gif", "p/a2.PNG", "p/a10.jpg", "p/b/1.webp", "p/B1.jpeg"]
    assert found("p") == expected
    assert found(Path("p")) == expected


def test_a_hidden_folder_may_be_named(in_tmp_path):
    touch(in_tmp_path, ".cache/a.jpg")
    assert found(".cache") == [".cache/a.jpg"]


def test_a_glob(in_tmp_path):
    touch(in_tmp_path, "p/1.jpg", "p/2.jpg", "p/3.png", "p/q/4.jpg", "p/5.txt")
    assert found("p/*.jpg") == ["p/1.jpg", "p/2.jpg"]
    assert found("p/*") == ["p/1.jpg", "p/2.jpg", "p/3.png"]
    assert found("p/**/*.jpg") == ["p/1.jpg", "p/2.jpg", "p/q/4.jpg"]


def test_a_list_keeps_its_order_and_names_a_file_once(in_tmp_path):
    touch(in_tmp_path, "p/2.jpg", "p/1.jpg", "z.jpg")
    expected = ["z.jpg", "p/1.jpg", "p/2.jpg"]
    assert found("z.jpg, p/*.jpg,./z.jpg,") == expected
    assert found(["z.jpg", Path("p"), "p/2.jpg"]) == expected
    assert found(["z.jpg,p/1.jpg", "p"]) == expected


def test_what_exists_as_written_is_not_taken_apart(in_tmp_path):
    touch(in_tmp_path, "a.jpg", "a.jpg,b.jpg", "c[1].jpg", "d, e/1.jpg")
    assert found("a.jpg,b.jpg") == ["a.jpg,b.jpg"]
    assert found("c[1].jpg") == ["c[1].jpg"]
    assert found("d, e") == ["d, e/1.jpg"]
    assert found("d, e/*") == ["d, e/1.jpg"]


def test_a_named_file_needs_no_suffix(in_tmp_path):
    touch(in_tmp_path, "photo", ".hidden.jpg")
    assert found(["photo", ".hidden.jpg"]) == ["photo", ".hidden.jpg"]


def test_the_home_folder(in_tmp_path, monkeypatch):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(in_tmp_path))
    touch(in_tmp_path, "a.jpg")
    assert find_images("~/a.jpg") == [in_tmp_path / "a.jpg"]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("nowhere", "`nowhere` matches no picture"),
        ("*.png", r"`\*\.png` matches no picture"),
        ("a.jpg,nowhere", "`nowhere` matches no picture"),
        ("folder", r"`folder` holds no picture \(.*\.png"),
        ("", "No picture is given"),
        ([], "No picture is given"),
    ],
)
def test_what_matches_nothing_is_named(in_tmp_path, spec, message):
    touch(in_tmp_path, "a.jpg", "folder/notes.txt")
    with pytest.raises(InputError, match=message):
        find_images(spec)
