import hashlib
import json
import os
import shutil
from itertools import zip_longest
from pathlib import Path

import numpy as np
import pytest

from multistyle.blends.content_blends import ContentList, DrawnBlends
from multistyle.errors import InputError, OutputError
from multistyle.files import outputs
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.inference.compositions.blend import Blend
from multistyle.inference.compositions.listed import ListedBlends
from multistyle.inference.compositions.varied import VariedBlends
from multistyle.inference.runs.blend_list import read_blend_list
from multistyle.inference.runs.folder_run import FolderRun
from multistyle.inference.runs.output_tree import check_apart, find_works
from multistyle.inference.runs.shard import read_shard
from multistyle.inference.runs.workers import Workers
from multistyle.inference.stylizer import Stylizer

NAMES = ["a.png", "b.jpg", "sub/c.png"]


@pytest.fixture(scope="module")
def stylizer(small_model_path):
    return Stylizer.load(small_model_path, precision="float32")


@pytest.fixture
def folder_run(stylizer, photograph_folder, tmp_path):
    """Returns a function that begins a run, by default into `out`."""

    def begin(
        weights="great_wave", specs=None, out="out", overwrite=False, jobs=1
    ):
        blend = Blend(stylizer, weights)
        works, num_others = find_works(
            specs or [photograph_folder], tmp_path / out
        )
        return FolderRun(
            blend,
            works,
            tmp_path / out,
            blend.options(),
            overwrite=overwrite,
            runner=Workers(jobs) if jobs > 1 else None,
            num_others=num_others,
        )

    return begin


def statuses(folder_run):
    return [record["status"] for record in folder_run.records()]


def read_lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_folder_gives_a_tree_like_its_own(
    folder_run, stylizer, photograph_folder, tmp_path
):
    run = folder_run()
    assert len(run) == 3
    records = list(run.records())
    assert [record["input"] for record in records] == [
        str(photograph_folder / name) for name in NAMES
    ]
    assert [record["output"] for record in records] == [
        str(tmp_path / "out" / name) for name in NAMES
    ]
    assert {record["status"] for record in records} == {"painted"}
    for name in ("a.png", "sub/c.png"):
        np.testing.assert_array_equal(
            read_image(tmp_path / "out" / name),
            np.asarray(
                stylizer.stylize(photograph_folder / name, "great_wave")
            ),
        )


def test_the_manifest(folder_run, photograph_folder, tmp_path):
    list(folder_run().records())
    lines = read_lines(tmp_path / "out" / "manifest.jsonl")
    assert lines[0]["options"]["style_weights"] == {"great_wave": 1}
    for name, started, finished in zip(
        NAMES, lines[1::2], lines[2::2], strict=True
    ):
        assert started == {"started": name}
        status = os.stat(photograph_folder / name)
        content = (photograph_folder / name).read_bytes()
        assert finished == {
            "finished": name,
            "input": name,
            "size": status.st_size,
            "mtime_ns": status.st_mtime_ns,
            "sha256": hashlib.sha256(content).hexdigest(),
        }


def test_the_same_run_again_keeps_what_is_finished(folder_run, tmp_path):
    list(folder_run().records())
    before = {name: os.stat(tmp_path / "out" / name) for name in NAMES}
    assert statuses(folder_run()) == ["kept"] * 3
    for name in NAMES:
        after = os.stat(tmp_path / "out" / name)
        assert after.st_mtime_ns == before[name].st_mtime_ns
        assert after.st_ino == before[name].st_ino


def test_an_edited_photograph_is_painted_anew(
    folder_run, photograph_folder, tmp_path
):
    list(folder_run().records())
    before = read_image(tmp_path / "out" / "a.png")
    edited = 255 - read_image(photograph_folder / "a.png")
    write_image(photograph_folder / "a.png", edited, overwrite=True)
    assert statuses(folder_run()) == ["painted", "kept", "kept"]
    assert (read_image(tmp_path / "out" / "a.png") != before).any()
    assert statuses(folder_run()) == ["kept"] * 3


def test_a_copied_photograph_is_the_same(folder_run, photograph_folder):
    list(folder_run().records())
    os.utime(photograph_folder / "a.png", (1e9, 1e9))
    assert statuses(folder_run()) == ["kept"] * 3


def test_files_of_other_kinds_are_counted(folder_run, photograph_folder):
    for name in ("clip.mp4", "Thumbs.db", "sub/a.png.xmp", ".hidden.txt"):
        (photograph_folder / name).touch()
    run = folder_run()
    assert len(run) == 3
    assert run.num_others == 3


def test_a_disk_that_cannot_be_written_ends_the_run(
    folder_run, photograph_folder, tmp_path
):
    """It is no fault of a photograph, which would concern it alone."""
    run = folder_run()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "sub").touch()
    records = run.records()
    assert [next(records)["status"] for _ in range(2)] == ["painted"] * 2
    with pytest.raises(OutputError, match=r"`.*c\.png` cannot be written"):
        next(records)


def test_a_run_that_was_stopped_goes_on(folder_run):
    records = folder_run().records()
    assert next(records)["status"] == "painted"
    records.close()
    assert statuses(folder_run()) == ["kept", "painted", "painted"]


def test_a_new_photograph_and_a_lost_output_are_made(
    folder_run, photograph_folder, tmp_path
):
    list(folder_run().records())
    (tmp_path / "out" / "b.jpg").unlink()
    write_image(photograph_folder / "d.png", np.zeros((9, 9, 3), np.uint8))
    assert statuses(folder_run()) == ["kept", "painted", "painted", "kept"]


@pytest.mark.parametrize("kept_lines", [2, 3])
def test_an_output_in_flight_is_made_again(folder_run, tmp_path, kept_lines):
    list(folder_run().records())
    path = tmp_path / "out" / "manifest.jsonl"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    # Killed after "started" of the first or, half, in "finished" of it.
    cut = "".join(lines[:2]) + (lines[2][:9] if kept_lines == 3 else "")
    path.write_text(cut, "utf-8")
    for name in NAMES[1:]:
        (tmp_path / "out" / name).unlink()
    assert statuses(folder_run()) == ["painted"] * 3
    assert statuses(folder_run()) == ["kept"] * 3


def test_jobs_paint_the_same_pictures(folder_run, photograph_folder, tmp_path):
    random = np.random.default_rng(1)
    for number in range(9):
        size = (12 + 2 * number, 30 - number, 3)
        pixels = random.integers(0, 256, size, np.uint8)
        write_image(photograph_folder / f"{number}.png", pixels)
    (photograph_folder / "bad.png").write_bytes(b"no picture")
    run = folder_run(out="at_once", jobs=2)
    records = list(run.records())
    assert len(records) == len(run) == 13
    outcomes = {
        Path(record["input"]).name: record["status"] for record in records
    }
    assert outcomes.pop("bad.png") == "failed"
    assert set(outcomes.values()) == {"painted"}
    list(folder_run(out="in_turn").records())
    for record in records:
        if record["status"] == "painted":
            at_once = Path(record["output"])
            name = at_once.relative_to(tmp_path / "at_once")
            difference = np.abs(
                read_image(at_once).astype(int)
                - read_image(tmp_path / "in_turn" / name)
            )
            assert difference.max() <= 1
    lines = read_lines(tmp_path / "at_once" / "manifest.jsonl")
    started = [line["started"] for line in lines if "started" in line]
    finished = [line["finished"] for line in lines if "finished" in line]
    assert len(lines) == 1 + len(started) + len(finished)
    assert sorted(started) == sorted([*finished, "bad.png"])
    again = folder_run(out="at_once", jobs=2).records()
    assert sorted(record["status"] for record in again) == [
        "failed",
        *["kept"] * 12,
    ]


def test_jobs_that_are_stopped_finish_what_they_began(folder_run, tmp_path):
    records = folder_run(jobs=2).records()
    assert next(records)["status"] == "painted"
    records.close()
    lines = read_lines(tmp_path / "out" / "manifest.jsonl")
    started = {line["started"] for line in lines if "started" in line}
    finished = {line["finished"] for line in lines if "finished" in line}
    # What a process was given before it had loaded the model is left.
    assert finished and finished <= started
    for name in started:
        assert (tmp_path / "out" / name).exists() == (name in finished)
    for name in finished:
        assert read_image(tmp_path / "out" / name).shape == (16, 20, 3)
    records = list(folder_run(jobs=2).records())
    assert sum(r["status"] == "kept" for r in records) == len(finished)
    assert len(records) == 3


def test_other_options_are_refused_with_the_difference(folder_run, tmp_path):
    list(folder_run().records())
    with pytest.raises(InputError) as caught:
        folder_run("great_wave=1,the_scream=3")
    assert str(caught.value) == (
        f"`{tmp_path / 'out'}` was begun with other options: `style_weights` "
        'was {"great_wave": 1.0}, now {"great_wave": 0.25, "the_scream": '
        "0.75}. Give these again to go on, another --output, or --overwrite "
        "to start anew."
    )


def test_overwrite_starts_anew(folder_run, tmp_path):
    list(folder_run().records())
    before = read_image(tmp_path / "out" / "a.png")
    assert statuses(folder_run("the_scream", overwrite=True)) == ["painted"] * 3
    assert (read_image(tmp_path / "out" / "a.png") != before).any()
    assert statuses(folder_run("the_scream")) == ["kept"] * 3


def test_a_file_of_somebody_else_is_refused(folder_run, tmp_path):
    mine = tmp_path / "out" / "sub" / "c.png"
    write_image(mine, np.zeros((9, 9, 3), np.uint8))
    before = mine.read_bytes()
    with pytest.raises(InputError, match="exists already"):
        folder_run()
    assert sorted(os.listdir(tmp_path / "out")) == ["sub"]
    assert mine.read_bytes() == before


def test_one_output_a_folder_is_tried_that_of_the_longest_name(
    folder_run, photograph_folder, tmp_path, monkeypatch
):
    picture = photograph_folder / "sub" / "c.png"
    shutil.copy(picture, picture.with_name("longer.png"))
    tried = []
    monkeypatch.setattr(outputs, "try_file", tried.append)
    folder_run()
    names = ["a.png", "sub/longer.png"]
    assert tried == [tmp_path / "out" / name for name in names]


def test_a_folder_in_place_of_any_output_is_refused(folder_run, tmp_path):
    (tmp_path / "out" / "b.jpg").mkdir(parents=True)
    with pytest.raises(InputError, match=r"b\.jpg` is a folder"):
        folder_run()


def test_an_unreadable_photograph_is_left_out(
    folder_run, photograph_folder, tmp_path
):
    (photograph_folder / "b.jpg").write_bytes(b"no picture")
    records = list(folder_run().records())
    assert [record["status"] for record in records] == [
        "painted",
        "failed",
        "painted",
    ]
    assert str(photograph_folder / "b.jpg") in records[1]["error"]
    assert not (tmp_path / "out" / "b.jpg").exists()
    # It is tried again, and made once it can be.
    write_image(
        photograph_folder / "b.jpg",
        np.zeros((9, 9, 3), np.uint8),
        overwrite=True,
    )
    assert statuses(folder_run()) == ["kept", "painted", "kept"]


@pytest.mark.parametrize("link", [os.link, os.symlink])
def test_an_output_never_lands_on_another_photograph(
    folder_run, photograph_folder, tmp_path, link
):
    """A link in the folder of outputs leads to what is read."""
    before = (photograph_folder / "b.jpg").read_bytes()
    (tmp_path / "out").mkdir()
    link(photograph_folder / "b.jpg", tmp_path / "out" / "a.png")
    with pytest.raises(InputError, match=r"a\.png` is a picture that is"):
        folder_run(overwrite=True)
    assert (photograph_folder / "b.jpg").read_bytes() == before


@pytest.mark.parametrize("overwrite", [False, True])
def test_an_output_never_lands_on_its_photograph(
    folder_run, photograph_folder, overwrite
):
    before = (photograph_folder / "a.png").read_bytes()
    with pytest.raises(InputError, match="is a picture that is to be read"):
        folder_run(out="photographs", overwrite=overwrite)
    assert (photograph_folder / "a.png").read_bytes() == before
    assert not (photograph_folder / "manifest.jsonl").exists()


def test_a_link_to_the_photograph_is_the_photograph(
    photograph_folder, tmp_path
):
    link = tmp_path / "link.png"
    os.link(photograph_folder / "a.png", link)
    with pytest.raises(InputError, match=r"link\.png` is a picture"):
        check_apart([photograph_folder / "a.png"], [link])
    check_apart([photograph_folder / "a.png"], [tmp_path / "other.png"])


def test_outputs_inside_the_photographs_folder_are_no_photographs(
    folder_run,
):
    out = "photographs/painted"
    assert statuses(folder_run(out=out)) == ["painted"] * 3
    assert statuses(folder_run(out=out)) == ["kept"] * 3


@pytest.fixture
def varied_run(stylizer, photograph_folder, tmp_path):
    """Returns a function that begins a run of two copies a photograph."""

    def begin(blends=None, out="varied"):
        names = stylizer.style_names
        varied = VariedBlends(stylizer, blends or DrawnBlends(names, copies=2))
        works, _ = find_works(
            [photograph_folder], tmp_path / out, copies=varied.copies
        )
        return FolderRun(varied, works, tmp_path / out, varied.options())

    return begin


def test_copies_have_blends_of_their_own(
    varied_run, stylizer, photograph_folder, tmp_path
):
    records = list(varied_run().records())
    names = ["a_1.png", "a_2.png", "b_1.jpg", "b_2.jpg"]
    names += [f"sub/c_{copy}.png" for copy in (1, 2)]
    out = tmp_path / "varied"
    assert [record["output"] for record in records] == [
        str(out / name) for name in names
    ]
    for record in records[:2]:
        np.testing.assert_array_equal(
            read_image(record["output"]),
            stylizer.stylize(
                read_image(photograph_folder / "a.png"), record["style_weights"]
            ),
        )
    blends = [tuple(record["style_weights"].items()) for record in records]
    assert len(set(blends)) == 6
    again = list(varied_run().records())
    assert [record["status"] for record in again] == ["kept"] * 6
    assert [record["style_weights"] for record in again] == [
        record["style_weights"] for record in records
    ]


def test_one_photograph_more_changes_no_other(
    varied_run, photograph_folder, tmp_path
):
    list(varied_run().records())
    write_image(photograph_folder / "0.png", np.zeros((9, 9, 3), np.uint8))
    list(varied_run(out="more").records())
    for name in ("a_1.png", "a_2.png", "sub/c_2.png"):
        one, other = (tmp_path / out / name for out in ("varied", "more"))
        assert one.read_bytes() == other.read_bytes()


def test_a_list_of_contents_repeats_its_blends(
    varied_run, stylizer, photograph_folder, tmp_path
):
    """As manifests are of before inputs were recorded."""
    list(varied_run().records())
    manifest = tmp_path / "varied" / "manifest.jsonl"
    lines = read_lines(manifest)
    for line in lines:
        line.pop("input", None)
    manifest.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    listed = ContentList(manifest, stylizer.style_names)
    # By content: another name is the same photograph.
    (photograph_folder / "a.png").rename(photograph_folder / "z.png")
    write_image(photograph_folder / "new.png", np.zeros((9, 9, 3), np.uint8))
    records = list(varied_run(listed, "again").records())
    errors = [r["error"] for r in records if r["status"] == "failed"]
    new = photograph_folder / "new.png"
    assert errors == [
        f"`{new}` has no copy {copy} in the list of blends." for copy in (1, 2)
    ]
    for name, other in (("a_1.png", "z_1.png"), ("b_2.jpg", "b_2.jpg")):
        first = tmp_path / "varied" / name
        assert first.read_bytes() == (tmp_path / "again" / other).read_bytes()


def test_a_second_run_into_the_folder_is_refused(folder_run, tmp_path):
    first, second = folder_run().records(), folder_run().records()
    next(first)
    with pytest.raises(InputError) as caught:
        next(second)
    assert f"paints into `{tmp_path / 'out'}`: wait for it" in str(caught.value)
    first.close()
    assert statuses(folder_run()) == ["kept", "painted", "painted"]


@pytest.fixture
def part_run(stylizer, photograph_folder, tmp_path):
    """Returns a function that begins a run of one shard into `out`."""

    def begin(text, weights="great_wave", overwrite=False):
        shard = read_shard(text)
        blend = Blend(stylizer, weights)
        works, _ = find_works([photograph_folder], tmp_path / "out")
        return FolderRun(
            blend,
            shard.select(works),
            tmp_path / "out",
            blend.options(),
            overwrite=overwrite,
            shard=shard,
        )

    return begin


def test_shards_run_at_once(part_run, tmp_path):
    runs = [part_run(f"{part}/2").records() for part in (1, 2)]
    records = [record for pair in zip_longest(*runs) for record in pair]
    made = [record["output"] for record in records if record]
    assert sorted(made) == [str(tmp_path / "out" / name) for name in NAMES]
    files = sorted(path.name for path in (tmp_path / "out").glob("*.jsonl"))
    assert files == ["manifest-1-of-2.jsonl", "manifest-2-of-2.jsonl"]


def test_shards_that_are_divided_otherwise_go_on(part_run, folder_run):
    made = statuses(part_run("1/2")) + statuses(part_run("2/2"))
    assert made == ["painted"] * 3
    assert statuses(part_run("1/1")) == ["kept"] * 3
    assert statuses(folder_run()) == ["kept"] * 3


def test_another_shard_with_other_options_is_refused(part_run):
    statuses(part_run("1/2"))
    with pytest.raises(InputError, match="was begun with other options"):
        part_run("2/2", "the_scream")


def test_what_a_list_says_otherwise_is_painted_anew(
    stylizer, photograph_folder, tmp_path
):
    path = tmp_path / "list.jsonl"

    def run(*rows):
        path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
        works, _ = read_blend_list(path, photograph_folder, tmp_path / "out")
        listed = ListedBlends(stylizer)
        run = FolderRun(listed, works, tmp_path / "out", listed.options())
        return statuses(run)

    first = {"input": "a.png", "style_weights": "great_wave", "label": "x"}
    other = {"input": "b.jpg", "style_weights": {"the_scream": 1}}
    assert run(first) == ["painted"]
    assert run(first, other) == ["kept", "painted"]
    assert run(first | {"strength": 0.5}, other) == ["painted", "kept"]
    assert run({**first, "input": "sub/c.png", "output": "a.png"}) == [
        "painted"
    ]
