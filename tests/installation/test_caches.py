import pytest

from multistyle.errors import InputError
from multistyle.files.cache import cache_folder
from multistyle.installation.caches import clear_cache, describe_caches


@pytest.fixture
def caches(tmp_path, monkeypatch):
    """A cache of two graphs, a row, and a file of somebody else."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = cache_folder()
    (folder / "rows").mkdir(parents=True)
    for name, size in (("a.npz", 5), ("b.npz", 7), ("rows/c.npz", 3)):
        (folder / name).write_bytes(bytes(size))
    (folder / "rows" / "mine.txt").write_text("mine")
    return folder


def files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_files_and_bytes_are_counted(caches):
    assert describe_caches() == {
        "graphs": {"folder": str(caches), "files": 2, "bytes": 12},
        "learned": {"folder": str(caches / "rows"), "files": 1, "bytes": 3},
    }


@pytest.mark.parametrize(
    ("kind", "removed", "left"),
    [
        ("graphs", {"graphs": 2}, ["c.npz", "mine.txt"]),
        ("learned", {"learned": 1}, ["a.npz", "b.npz", "mine.txt"]),
        ("all", {"graphs": 2, "learned": 1}, ["mine.txt"]),
    ],
)
def test_what_is_kept_goes_and_nothing_else(caches, kind, removed, left):
    found = clear_cache(kind)
    assert {name: facts["files"] for name, facts in found.items()} == removed
    assert files(caches) == left


def test_another_kind_is_named(caches):
    with pytest.raises(InputError, match="graphs, learned, all; got `rows`"):
        clear_cache("rows")


def test_a_cache_that_is_not_there_is_empty(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "none"))
    assert clear_cache("all")["graphs"]["files"] == 0
