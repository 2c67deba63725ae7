import json
import tarfile

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.inference.compositions.blend import Blend
from multistyle.inference.runs.output_tree import find_works
from multistyle.inference.runs.shard import read_shard
from multistyle.inference.runs.tar_run import TarRun, place_in_tar
from multistyle.inference.runs.workers import Workers
from multistyle.inference.stylizer import Stylizer


@pytest.fixture(scope="module")
def stylizer(small_model_path):
    return Stylizer.load(small_model_path, precision="float32")


@pytest.fixture
def photographs(photograph_folder):
    """Five, of which one has a dot in its name."""
    for name in ("d.e.png", "f.png"):
        write_image(photograph_folder / name, np.zeros((9, 9, 3), np.uint8))
    return photograph_folder


@pytest.fixture
def tar_run(stylizer, photographs, tmp_path):
    """Returns a function that begins a run of two pictures a tar file."""

    def begin(pattern="out/%03d.tar", shard=None, jobs=1, overwrite=False):
        blend = Blend(stylizer, "great_wave")
        path = tmp_path / pattern
        works, _ = find_works([photographs], path.parent)
        works = place_in_tar(works, path.parent, path)
        if shard:
            works = shard.select(works)
        return TarRun(
            blend,
            works,
            path,
            blend.options(),
            shard=shard,
            runner=Workers(jobs) if jobs > 1 else None,
            overwrite=overwrite,
            pictures_per_tar=2,
        )

    return begin


def members(folder):
    """Returns dict tar file -> dict member -> bytes."""
    found = {}
    for path in sorted(folder.glob("*.tar")):
        with tarfile.open(path) as tar:
            found[path.name] = {
                name: tar.extractfile(name).read() for name in tar.getnames()
            }
    return found


def statuses(run):
    return [record["status"] for record in run.records()]


def test_a_picture_stands_beside_what_it_was_made_of(
    tar_run, stylizer, photographs, tmp_path
):
    records = list(tar_run().records())
    assert [record["output"] for record in records] == [
        *("a.png", "b.jpg", "d_e.png", "f.png", "sub/c.png")
    ]
    found = members(tmp_path / "out")
    assert {name: list(held) for name, held in found.items()} == {
        "000.tar": ["a.png", "a.json", "b.jpg", "b.json"],
        "001.tar": ["d_e.png", "d_e.json", "f.png", "f.json"],
        "002.tar": ["sub/c.png", "sub/c.json"],
    }
    np.testing.assert_array_equal(
        read_image(found["002.tar"]["sub/c.png"]),
        stylizer.stylize(
            read_image(photographs / "sub" / "c.png"), "great_wave"
        ),
    )
    said = json.loads(found["001.tar"]["d_e.json"])
    assert said["input"] == "d.e.png"
    assert said["style_weights"] == {"great_wave": 1}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        *(".manifest.jsonl.lock", "000.tar", "001.tar", "002.tar"),
        "manifest.jsonl",
    ]


def test_a_run_that_was_stopped_goes_on(tar_run, tmp_path):
    records = tar_run().records()
    for _ in range(3):
        next(records)
    records.close()
    first = (tmp_path / "out" / "000.tar").read_bytes()
    assert list(members(tmp_path / "out")) == ["000.tar"]
    assert statuses(tar_run()) == ["kept"] * 3 + ["painted"] * 2
    assert (tmp_path / "out" / "000.tar").read_bytes() == first
    pictures = [
        name
        for held in members(tmp_path / "out").values()
        for name in held
        if not name.endswith(".json")
    ]
    assert pictures == ["a.png", "b.jpg", "d_e.png", "f.png", "sub/c.png"]
    assert statuses(tar_run()) == ["kept"] * 5


def test_a_kill_before_the_manifest_knows_of_a_tar_file(tar_run, tmp_path):
    list(tar_run().records())
    before = members(tmp_path / "out")
    manifest = tmp_path / "out" / "manifest.jsonl"
    lines = manifest.read_text("utf-8").splitlines(keepends=True)
    assert json.loads(lines[-1]) == {
        "finished": "002.tar",
        "packed": ["sub/c.png"],
    }
    manifest.write_text("".join(lines[:-1]), "utf-8")
    # As if its picture had not been removed yet.
    waiting = tmp_path / "out" / ".untarred" / "sub" / "c.png"
    waiting.parent.mkdir(parents=True)
    waiting.write_bytes(before["002.tar"]["sub/c.png"])
    assert statuses(tar_run()) == ["kept"] * 5
    assert members(tmp_path / "out") == before


def test_a_lost_tar_file_is_made_again(tar_run, tmp_path):
    list(tar_run().records())
    (tmp_path / "out" / "001.tar").unlink()
    assert statuses(tar_run()).count("painted") == 2
    found = members(tmp_path / "out")
    assert list(found) == ["000.tar", "002.tar", "003.tar"]
    assert list(found["003.tar"]) == [
        *("d_e.png", "d_e.json", "f.png", "f.json")
    ]


def test_workers_and_shards(tar_run, tmp_path):
    for part in ("1/2", "2/2"):
        run = tar_run(shard=read_shard(part), jobs=2)
        assert set(statuses(run)) <= {"painted"}
    found = members(tmp_path / "out")
    assert all("-of-2.tar" in name for name in found)
    assert {name for held in found.values() for name in held} == {
        f"{stem}.{suffix}"
        for stem, image in (
            *(("a", "png"), ("b", "jpg"), ("d_e", "png")),
            *(("f", "png"), ("sub/c", "png")),
        )
        for suffix in (image, "json")
    }


def test_overwrite_leaves_nothing_of_before(tar_run, photographs, tmp_path):
    list(tar_run().records())
    for name in ("d.e.png", "f.png"):
        (photographs / name).unlink()
    assert statuses(tar_run(overwrite=True)) == ["painted"] * 3
    assert list(members(tmp_path / "out")) == ["000.tar", "001.tar"]


def test_a_tar_file_of_somebody_else_is_refused(tar_run, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "000.tar").write_bytes(b"mine")
    with pytest.raises(InputError, match=r"000\.tar` exists already"):
        tar_run()
    assert (tmp_path / "out" / "000.tar").read_bytes() == b"mine"


def test_two_pictures_of_one_stem_are_refused(photographs, tmp_path):
    write_image(photographs / "a.jpg", np.zeros((9, 9, 3), np.uint8))
    works, _ = find_works([photographs], tmp_path)
    with pytest.raises(InputError, match="would both be `a` in a tar file"):
        place_in_tar(works, tmp_path, tmp_path / "%d.tar")
