"""Finding the pictures of folders, globs and lists."""

import os
from pathlib import Path

import pytest

from multistyle.errors import InputError, InputWarning
from multistyle.images.codecs.reading import read_image
from multistyle.images.finding import find_images, search_images


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


def link(path, target):
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("no symbolic links here")


def test_every_kind_of_picture_counts_and_others_are_counted(in_tmp_path):
    touch(
        in_tmp_path,
        *("p/IMG_1.HEIC", "p/IMG_2.heif", "p/DSC_3.MPO", "p/4.hif"),
        *("p/film.mov", "p/IMG_1.AAE", "p/sub/Thumbs.db", "p/noext"),
        *("p/.DS_Store", "p/.git/config"),
    )
    names = ["p/4.hif", "p/DSC_3.MPO", "p/IMG_1.HEIC", "p/IMG_2.heif"]
    pictures, num_others = search_images("p")
    assert [path.as_posix() for path in pictures] == names
    assert num_others == 4
    assert search_images("p/*").num_others == 3
    assert search_images("p, p/*").num_others == 4
    assert search_images("p/DSC_3.MPO") == ([Path("p/DSC_3.MPO")], 0)


def test_linked_folders_are_followed_once(in_tmp_path):
    touch(in_tmp_path, "elsewhere/2.jpg", "elsewhere/b/3.jpg", "p/z/1.jpg")
    link(in_tmp_path / "p" / "holiday", in_tmp_path / "elsewhere")
    link(in_tmp_path / "p" / "again", in_tmp_path / "elsewhere" / "b")
    # What lies in the folder itself is found there, not through a link.
    link(in_tmp_path / "p" / "a", "z")
    once = ["p/again/3.jpg", "p/holiday/2.jpg", "p/z/1.jpg"]
    assert found("p") == once
    assert found("p/holiday") == ["p/holiday/2.jpg", "p/holiday/b/3.jpg"]
    link(in_tmp_path / "alias", "p")
    assert found("alias") == [f"alias{name[1:]}" for name in once]


def test_loops_of_links_end(in_tmp_path):
    touch(in_tmp_path, "p/q/1.jpg", "beside.jpg")
    link(in_tmp_path / "p" / "q" / "up", "..")
    link(in_tmp_path / "p" / "self", ".")
    assert found("p") == ["p/q/1.jpg"]
    assert found("p/**/*.jpg") == ["p/q/1.jpg"]
    link(in_tmp_path / "p" / "out", in_tmp_path)
    assert found("p") == ["p/out/beside.jpg", "p/q/1.jpg"]


def test_links_that_lead_nowhere_are_named(in_tmp_path):
    touch(in_tmp_path, "p/1.jpg")
    link(in_tmp_path / "p" / "2.jpg", "gone.jpg")
    link(in_tmp_path / "p" / "holiday", "gone")
    link(in_tmp_path / "p" / "loop", "loop")
    with pytest.warns(InputWarning) as caught:
        assert found("p") == ["p/1.jpg", "p/2.jpg"]
    assert sorted(str(warning.message) for warning in caught) == [
        f"`{Path('p', name)}` is a link that leads nowhere. It is left out."
        for name in ("holiday", "loop")
    ]
    with pytest.raises(InputError, match=r"`.*2\.jpg` .* leads nowhere"):
        read_image(in_tmp_path / "p" / "2.jpg")


@pytest.mark.skipif(
    getattr(os, "geteuid", lambda: 0)() == 0, reason="every folder opens"
)
def test_a_folder_that_may_not_be_opened_is_named(in_tmp_path):
    touch(in_tmp_path, "p/1.jpg", "p/q/2.jpg")
    (in_tmp_path / "p" / "q").chmod(0)
    with pytest.warns(InputWarning, match=r"`.*q` cannot be opened: Perm"):
        assert found("p") == ["p/1.jpg"]
    (in_tmp_path / "p" / "q").chmod(0o700)


def test_a_folder_of_outputs_is_not_searched(in_tmp_path):
    touch(in_tmp_path, "p/1.jpg", "p/out/1.jpg", "p/out/m.jsonl", "p/notes")
    for spec in ("p", "p/**"):
        pictures, num_others = search_images(spec, except_in="p/out")
        assert pictures == [Path("p/1.jpg")]
        assert num_others == 1
    link(in_tmp_path / "p" / "q", "out")
    pictures, _ = search_images("p", except_in=in_tmp_path / "p" / "out")
    assert pictures == [Path("p/1.jpg")]
    assert search_images("p/out", except_in="p/out").num_others == 1
    assert search_images("p/1.jpg", except_in="p/new").num_others == 0
    (in_tmp_path / "p" / "1.jpg").unlink()
    with pytest.raises(InputError, match=r"`p` holds no .* outside `p/out`"):
        search_images("p", except_in="p/out")


def test_a_long_list_is_no_long_name(in_tmp_path):
    names = [f"{number:03}.jpg" for number in range(200)]
    touch(in_tmp_path, *names)
    assert found(",".join(names)) == names


@pytest.mark.skipif(os.name == "nt", reason="needs named pipes")
def test_a_pipe_may_be_named(in_tmp_path):
    os.mkfifo("pipe")
    os.mkfifo("p.jpg")
    touch(in_tmp_path, "1.jpg")
    assert found("pipe") == ["pipe"]
    assert found(".") == ["1.jpg"]
