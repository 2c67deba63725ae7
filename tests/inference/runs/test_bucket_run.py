import json

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.inference.compositions.blend import Blend
from multistyle.inference.runs.bucket_run import BucketRun
from multistyle.inference.runs.folder_run import FolderRun
from multistyle.inference.runs.output_tree import check_apart, find_works
from multistyle.inference.stylizer import Stylizer

fsspec = pytest.importorskip("fsspec", reason="the extra `ray` is missing")

NAMES = ["a.png", "b.jpg", "sub/c.png"]
IN, OUT = "memory://bucket/in", "memory://bucket/out"


@pytest.fixture(scope="module")
def stylizer(small_network):
    return Stylizer(small_network)


@pytest.fixture
def bucket(photograph_folder):
    """The store, which holds the photographs in `bucket/in`."""
    system = fsspec.filesystem("memory")
    system.put(str(photograph_folder), "/bucket/in", recursive=True)
    system.pipe_file("/bucket/in/notes.txt", b"")
    yield system
    system.rm("/bucket", recursive=True)


def begin(stylizer, specs, output, style="great_wave", overwrite=False):
    works, num_others = find_works(specs, output)
    blend = Blend(stylizer, style)
    run = BucketRun if output.startswith("memory") else FolderRun
    return run(
        blend,
        works,
        output,
        blend.options(),
        overwrite=overwrite,
        num_others=num_others,
    )


def statuses(run):
    return [record["status"] for record in run.records()]


def read_manifest(bucket):
    lines = bucket.cat_file("/bucket/out/manifest.jsonl").decode().splitlines()
    return [json.loads(line) for line in lines]


def test_from_bucket_to_bucket(stylizer, bucket, photograph_folder, tmp_path):
    run = begin(stylizer, [IN], OUT)
    assert run.num_others == 1
    records = list(run.records())
    assert [record["input"] for record in records] == [
        f"memory:///bucket/in/{name}" for name in NAMES
    ]
    assert [record["output"] for record in records] == [
        f"memory:///bucket/out/{name}" for name in NAMES
    ]
    assert {record["status"] for record in records} == {"painted"}
    for name in ("a.png", "sub/c.png"):
        bucket.get_file(f"/bucket/out/{name}", tmp_path / "painted.png")
        np.testing.assert_array_equal(
            read_image(tmp_path / "painted.png"),
            np.asarray(
                stylizer.stylize(photograph_folder / name, "great_wave")
            ),
        )
    made_of = {
        line["finished"]: line
        for line in read_manifest(bucket)
        if "finished" in line
    }
    assert list(made_of) == NAMES
    assert len(made_of["a.png"]["sha256"]) == 64


def test_the_same_run_goes_on(stylizer, bucket):
    records = begin(stylizer, [IN], OUT).records()
    assert next(records)["status"] == "painted"
    records.close()
    # What an unfinished run may replace is said before it is painted.
    started = [line.get("started") for line in read_manifest(bucket)]
    assert set(NAMES) <= set(started)
    bucket.pipe_file("/bucket/out/b.jpg", b"of the machine that was lost")
    assert statuses(begin(stylizer, [IN], OUT)) == ["kept"] + ["painted"] * 2
    assert statuses(begin(stylizer, [IN], OUT)) == ["kept"] * 3

    changed = bucket.cat_file("/bucket/in/a.png")
    bucket.pipe_file("/bucket/in/sub/c.png", changed)
    assert statuses(begin(stylizer, [IN], OUT)) == ["kept"] * 2 + ["painted"]


def test_what_is_refused(stylizer, bucket):
    bucket.pipe_file("/bucket/out/a.png", b"of somebody else")
    with pytest.raises(InputError, match="/bucket/out/a.png` exists already"):
        begin(stylizer, [IN], OUT)
    assert statuses(begin(stylizer, [IN], OUT, overwrite=True)) == (
        ["painted"] * 3
    )
    with pytest.raises(InputError, match='"great_wave": 1.0?}, now'):
        begin(stylizer, [IN], OUT, style="starry_night")
    for specs in (["memory://bucket/none"], [IN, "memory://bucket/none"]):
        with pytest.raises(InputError, match="none` holds no picture"):
            find_works(specs, OUT)


def test_outputs_are_no_photographs(bucket):
    bucket.pipe_file("/bucket/in/painted/a.png", b"")
    works, _ = find_works([IN], f"{IN}/painted")
    assert [work.name for work in works] == NAMES
    works, _ = find_works([f"{IN}/*.png"], "memory://bucket")
    check_apart([work.photograph for work in works], ["memory:///bucket/a.png"])
    with pytest.raises(InputError, match="is a picture that is to be read"):
        check_apart([w.photograph for w in works], [works[0].photograph])


def test_a_broken_picture_is_named(stylizer, bucket):
    bucket.pipe_file("/bucket/in/a.png", b"none")
    run = begin(stylizer, [f"{IN}/a.png"], OUT)
    (record,) = run.records()
    assert record["status"] == "failed"
    assert record["error"].startswith("`memory:///bucket/in/a.png` is empty")


def test_between_a_bucket_and_a_folder(
    stylizer, bucket, photograph_folder, tmp_path
):
    out = str(tmp_path / "out")
    assert statuses(begin(stylizer, [IN], out)) == ["painted"] * 3
    assert read_image(tmp_path / "out" / "sub" / "c.png").shape == (16, 20, 3)
    assert statuses(begin(stylizer, [IN], out)) == ["kept"] * 3
    bucket.pipe_file("/bucket/in/b.jpg", bucket.cat_file("/bucket/in/a.png"))
    assert statuses(begin(stylizer, [IN], out)) == ["kept", "painted", "kept"]

    run = begin(stylizer, [photograph_folder], OUT)
    assert statuses(run) == ["painted"] * 3
    assert bucket.exists("/bucket/out/sub/c.png")
    assert statuses(begin(stylizer, [photograph_folder], OUT)) == ["kept"] * 3
