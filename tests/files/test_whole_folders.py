import errno

import pytest

from multistyle.errors import InputError
from multistyle.files.whole_folders import (
    is_folder,
    try_folder,
    whole_folder,
)

MARK = "mark.pb"


def fill(path, text, **options):
    with whole_folder(path, MARK, **options) as folder:
        (folder / MARK).write_text(text)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_it_appears_when_it_is_complete(tmp_path):
    target = tmp_path / "new" / "export"
    with whole_folder(target, MARK) as folder:
        (folder / MARK).write_text("new")
        assert not target.exists()
    assert (target / MARK).read_text() == "new"
    assert names(target.parent) == ["export"]


def test_an_exception_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        with whole_folder(tmp_path / "export", MARK) as folder:
            (folder / MARK).write_text("half")
            raise KeyboardInterrupt
    assert names(tmp_path) == []


def test_a_full_disk_is_one_line(tmp_path):
    def full():
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(InputError, match=r"`.*export` cannot .* No space left"):
        with whole_folder(tmp_path / "export", MARK):
            full()
    assert names(tmp_path) == []


def test_a_place_where_no_folder_can_be_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"`.*export` cannot be written"):
        fill(tmp_path / "file" / "export", "new")


def test_a_place_is_tried_before_the_work_and_left_as_it_was(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"`.*export` cannot be written"):
        try_folder(tmp_path / "file" / "export", MARK)
    with pytest.raises(InputError, match="exists already"):
        try_folder(tmp_path, MARK)
    with pytest.raises(InputError, match="holds no `mark.pb`"):
        try_folder(tmp_path, MARK, overwrite=True)
    try_folder(tmp_path / "new" / "export", MARK)
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize("folder", ["", "new"])
def test_a_name_that_is_too_long_is_found_before_the_work(tmp_path, folder):
    target = tmp_path / folder / ("a" * 300)
    assert not is_folder(f"{target}.png")
    for function in (try_folder, fill):
        with pytest.raises(InputError, match="written: File name too long"):
            function(target, MARK)
    assert set(names(tmp_path)) <= {folder}


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "export").mkdir()
    fill(tmp_path / "export", "new")
    assert (tmp_path / "export" / MARK).read_text() == "new"
    assert names(tmp_path) == ["export"]


def test_an_existing_one_is_refused(tmp_path):
    fill(tmp_path / "export", "old")
    with pytest.raises(InputError, match="exists already"):
        fill(tmp_path / "export", "new")
    assert (tmp_path / "export" / MARK).read_text() == "old"


def test_overwrite_replaces_all_of_it(tmp_path):
    fill(tmp_path / "export", "old")
    (tmp_path / "export" / "left_over").touch()
    fill(tmp_path / "export", "new", overwrite=True)
    assert (tmp_path / "export" / MARK).read_text() == "new"
    assert names(tmp_path / "export") == [MARK]
    assert names(tmp_path) == ["export"]


def test_an_exception_keeps_the_one_before(tmp_path):
    fill(tmp_path / "export", "old")
    with pytest.raises(ZeroDivisionError):
        with whole_folder(tmp_path / "export", MARK, overwrite=True):
            _ = 1 / 0
    assert (tmp_path / "export" / MARK).read_text() == "old"
    assert names(tmp_path) == ["export"]


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_overwrite_spares_what_is_no_export(tmp_path, kind):
    target = tmp_path / "pictures"
    if kind == "folder":
        target.mkdir()
        (target / "only_copy.jpg").touch()
    else:
        target.touch()
    with pytest.raises(InputError, match="holds no `mark"):
        fill(target, "new", overwrite=True)
    assert names(tmp_path) == ["pictures"]
    assert target.is_file() or names(target) == ["only_copy.jpg"]


def test_is_folder(tmp_path):
    (tmp_path / "v1.2").mkdir()
    for output in ("out", "out/", "out.d/", str(tmp_path / "v1.2")):
        assert is_folder(output)
    for output in ("out.png", "a/out.mp4", tmp_path / "v1.3"):
        assert not is_folder(output)


def test_the_home_folder(tmp_path, monkeypatch):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    fill("~/export", "new")
    assert names(tmp_path) == ["export"]
    assert is_folder("~/export") and is_folder("~/export.d/")
    (tmp_path / "v1.2").mkdir()
    assert is_folder("~/v1.2") and not is_folder("~/v1.3")
