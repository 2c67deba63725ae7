import uuid

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.training.material.content import ContentBatches
from multistyle.training.material.photographs import (
    PhotographFiles,
    open_photographs,
)

fsspec = pytest.importorskip("fsspec")


@pytest.fixture
def bucket(pictures):
    """The URL of a folder elsewhere, with the photographs and more."""
    url = f"memory://{uuid.uuid4().hex}"
    system = fsspec.filesystem("memory")
    for path in (pictures / "photographs").iterdir():
        system.pipe(f"{url}/photographs/{path.name}", path.read_bytes())
    for name in ("notes.txt", ".hidden.png"):
        system.pipe(f"{url}/photographs/{name}", b"no picture")
    yield url
    system.rm(url, recursive=True)


@pytest.mark.parametrize(
    "pattern", ["photographs", "photographs/*", "photographs/*.png", "**/*.png"]
)
def test_batches_are_those_of_local_files(bucket, pictures, pattern):
    remote = open_photographs(f"{bucket}/{pattern}")
    local = PhotographFiles(pictures / "photographs")
    assert len(remote) == len(local) == 8
    batches = [
        ContentBatches(photographs, 2, 4, 32, seed=1, first_step=5)[0][0]
        for photographs in (remote, local)
    ]
    np.testing.assert_array_equal(batches[0]["image"], batches[1]["image"])


def test_a_list_and_a_digest(bucket):
    names = [f"{bucket}/photographs/photo_{i}.png" for i in (3, 1)]
    both = open_photographs(names)
    assert len(both) == 2
    assert both.digest() == open_photographs(",".join(names)).digest()
    assert both.digest() != open_photographs(names[::-1]).digest()


def test_a_file_that_is_gone_or_damaged_is_named_at_once(bucket, pauses):
    photographs = open_photographs(f"{bucket}/photographs")
    system = fsspec.filesystem("memory")
    system.rm(f"{bucket}/photographs/photo_0.png")
    system.pipe(f"{bucket}/photographs/photo_1.png", b"no picture")
    with pytest.raises(InputError, match=r"photo_0.png` does not exist"):
        photographs.read(0, 1)
    with pytest.raises(InputError, match=r"photo_1.png`"):
        photographs.read(1, 1)
    assert photographs.read(2, 1).shape == (60, 80, 3)
    assert pauses == []


@pytest.fixture
def pauses(monkeypatch):
    """The seconds that were waited for, which nobody waits here."""
    waited = []
    monkeypatch.setattr("time.sleep", waited.append)
    return waited


def test_a_connection_that_breaks_is_tried_again(bucket, monkeypatch, pauses):
    photographs = open_photographs(f"{bucket}/photographs/photo_2.png")
    cat_file, failures = fsspec.filesystem("memory").cat_file, []

    def break_off(self, path, **options):
        failures.append(path)
        if len(failures) % 3:
            raise OSError("Connection reset by peer")
        return cat_file(path, **options)

    monkeypatch.setattr(
        "fsspec.implementations.memory.MemoryFileSystem.cat_file", break_off
    )
    assert photographs.read(0, 1).shape == (60, 80, 3)
    assert len(failures) == 3 and pauses == [1, 5]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("memory://nowhere/*.jpg", "`memory://nowhere/.*` holds no picture"),
        ("gopher://host/a.jpg", "`gopher://host/a.jpg` cannot be read"),
    ],
)
def test_what_cannot_be_found_is_named(url, message):
    with pytest.raises(InputError, match=message) as error:
        open_photographs(url)
    assert "\n" not in str(error.value)


def test_kinds_are_not_mixed(bucket, pictures):
    with pytest.raises(InputError, match="of another kind than the other"):
        open_photographs([f"{bucket}/photographs", str(pictures)])
