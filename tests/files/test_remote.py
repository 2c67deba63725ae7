import pytest

from multistyle.errors import InputError, OutputError
from multistyle.files.remote import (
    describe_remote,
    fetch,
    find_remote,
    full_url,
    is_remote,
    send,
)

fsspec = pytest.importorskip("fsspec", reason="the extra `ray` is missing")


@pytest.fixture
def bucket():
    """The URL of a folder with a.png, b.txt, sub/c.png and hidden files."""
    system = fsspec.filesystem("memory")
    for name in ("a.png", "b.txt", "sub/c.png", ".d.png", ".e/f.png"):
        system.pipe_file(f"/bucket/in/{name}", name.encode())
    yield "memory://bucket/in"
    system.rm("/bucket", recursive=True)


def test_what_is_a_url(tmp_path):
    assert is_remote("s3://bucket/a.jpg")
    assert is_remote("file:///tmp")
    assert not is_remote("C://photos")
    assert not is_remote("photos/a.jpg")
    assert not is_remote(tmp_path)


@pytest.mark.parametrize(
    ("end", "names"),
    [
        ("", ["a.png", "b.txt", "sub/c.png"]),
        ("/", ["a.png", "b.txt", "sub/c.png"]),
        ("/*.png", ["a.png"]),
        ("/**/*.png", ["a.png", "sub/c.png"]),
        ("/s*/c.png", ["sub/c.png"]),
        ("/sub/c.png", ["c.png"]),
        ("/none", []),
    ],
)
def test_searching(end, names, bucket):
    found = find_remote(bucket + end)
    assert [file.name for file in found] == names
    for file in found:
        with fsspec.open(file.url) as opened:
            assert opened.read().decode().endswith(file.name)


def test_a_url_has_one_form(bucket, tmp_path):
    assert full_url(bucket + "/") == full_url(bucket)
    assert full_url(f"local://{tmp_path}/") == f"file://{tmp_path}"


@pytest.mark.parametrize("scheme", ["memory", "file"])
def test_there_and_back(scheme, tmp_path):
    url = f"{scheme}://{tmp_path.as_posix()}/there/sub/b.bin"
    (tmp_path / "a.bin").write_bytes(b"1")
    send(tmp_path / "a.bin", url)
    first = describe_remote(url)
    fetch(url, tmp_path / "back.bin")
    assert (tmp_path / "back.bin").read_bytes() == b"1"
    assert describe_remote(url) == first

    (tmp_path / "a.bin").write_bytes(b"2")
    send(tmp_path / "a.bin", url)
    assert describe_remote(url) != first
    folder = url.rpartition("/")[0]
    assert [file.name for file in find_remote(folder)] == ["b.bin"]


@pytest.mark.parametrize("method", ["put_file", "mv"])
def test_what_breaks_off_leaves_nothing(method, tmp_path, monkeypatch):
    target = tmp_path / "there" / "a"
    (tmp_path / "a").write_bytes(b"1")
    send(tmp_path / "a", f"file://{target.as_posix()}")
    local = type(fsspec.filesystem("file"))
    finish = getattr(local, method)

    def break_off(*arguments, **options):
        if method == "put_file":
            finish(*arguments, **options)
        raise ConnectionError("Broken pipe")

    monkeypatch.setattr(local, method, break_off)
    (tmp_path / "a").write_bytes(b"2")
    with pytest.raises(OutputError, match="cannot be written: Broken pipe"):
        send(tmp_path / "a", f"file://{target.as_posix()}")
    assert [path.name for path in target.parent.iterdir()] == ["a"]
    assert target.read_bytes() == b"1"


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    name = "b" * 250
    send(tmp_path / "a", f"file://{tmp_path.as_posix()}/there/{name}")
    assert (tmp_path / "there" / name).read_bytes() == b"1"


def test_what_cannot_be_read_or_written(tmp_path):
    url = "memory://bucket/none.png"
    with pytest.raises(InputError, match=f"`{url}` does not exist"):
        fetch(url, tmp_path / "a")
    with pytest.raises(InputError, match=f"`{url}` does not exist"):
        describe_remote(url)
    with pytest.raises(InputError, match="`nothing://a` cannot be read: .*"):
        find_remote("nothing://a")
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be written"):
        send(tmp_path / "file", f"file://{tmp_path}/file/below")
