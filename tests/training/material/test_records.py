import uuid

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.training.material.content import ContentBatches
from multistyle.training.material.photographs import (
    PhotographFiles,
    open_photographs,
)

module = pytest.importorskip("array_record.python.array_record_module")


def write(path, records):
    writer = module.ArrayRecordWriter(str(path), "group_size:1")
    for record in records:
        writer.write(record)
    writer.close()


@pytest.fixture
def shards(pictures, tmp_path):
    """A glob of three shards of 3, 0 and 5 photographs."""
    files = PhotographFiles(pictures / "photographs").paths
    data = [path.read_bytes() for path in files]
    parts = (data[:3], [], data[3:])
    for i, part in enumerate(parts):
        write(tmp_path / f"photos.array_record-0000{i}-of-00003", part)
    return str(tmp_path / "photos.array_record-*")


def test_batches_are_those_of_files(shards, pictures):
    records = open_photographs(shards)
    files = PhotographFiles(pictures / "photographs")
    assert len(records) == 8
    for i in (7, 0, 3, 2):  # In any order.
        np.testing.assert_array_equal(records.read(i, 1), files.read(i, 1))
    # A later step needs none before it; two workers see what one sees.
    whole = ContentBatches(files, 2, 4, 32, seed=1, first_step=9)[0][0]
    for worker in range(2):
        part = ContentBatches(
            records,
            2,
            4,
            32,
            seed=1,
            first_step=9,
            worker=worker,
            num_workers=2,
            num_threads=records.num_threads,
        )[0][0]
        np.testing.assert_array_equal(part["image"], whole["image"][worker::2])


def test_folders_may_be_a_glob_too(shards, tmp_path):
    for path in sorted(tmp_path.glob("*.array_record-*")):
        path.parent.joinpath(path.name[-14:]).mkdir()
        path.rename(path.parent / path.name[-14:] / path.name)
    assert len(open_photographs(str(tmp_path / "*" / "*.array_record-*"))) == 8


def test_shards_elsewhere_are_copied_once(shards, tmp_path, cache_folder):
    fsspec = pytest.importorskip("fsspec")
    system, url = fsspec.filesystem("memory"), f"memory://{uuid.uuid4().hex}"
    for path in sorted(tmp_path.glob("*.array_record-*")):
        system.pipe(f"{url}/{path.name}", path.read_bytes())
    remote = open_photographs(f"{url}/photos.array_record-*")
    local = open_photographs(shards)
    np.testing.assert_array_equal(remote.read(4, 1), local.read(4, 1))
    assert remote.digest() == local.digest()
    copies = list((cache_folder / "multistyle" / "shards").iterdir())
    assert len(copies) == 3
    times = [path.stat().st_mtime_ns for path in copies]
    open_photographs(f"{url}/photos.array_record-*")
    assert [path.stat().st_mtime_ns for path in copies] == times
    system.rm(url, recursive=True)


def test_a_record_that_is_no_picture_is_named(tmp_path):
    path = tmp_path / "a.array_record"
    write(path, [b"no picture"])
    with pytest.raises(InputError, match="None of the 1 content images"):
        open_photographs(str(path))


def test_a_shard_that_is_cut_short_is_named(shards, tmp_path):
    path = tmp_path / "photos.array_record-00002-of-00003"
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InputError, match="no whole ArrayRecord file"):
        open_photographs(shards)


def test_shards_that_are_not_there_are_named(tmp_path):
    with pytest.raises(InputError, match="matches no file"):
        open_photographs(str(tmp_path / "none.array_record-*"))
