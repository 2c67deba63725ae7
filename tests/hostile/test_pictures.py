"""Hostile pictures: each is painted, or refused by one line."""

import os
import threading

import pytest

from multistyle.images.codecs.formats import writable_name
from tests.hostile.conftest import files_under, find_fault, shown
from tests.hostile.picture_cases import hostile_pictures

pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="needs links, pipes and devices"
)
# What a folder that is painted passes over: they are no files.
NO_FILES = {
    *("folder.png", "pipe.png", "socket.png", "link_up.png"),
    *("link_zero.png", "link_random.png", "link_full.png", "link_null.png"),
}


def test_every_hostile_picture_is_painted_or_refused(workshop, tmp_path):
    folder = tmp_path / "hostile"
    folder.mkdir()
    faults, num_painted, num_refused = [], 0, 0
    for case in hostile_pictures():
        path = case.write(folder)
        if case.name == "pipe.png":
            _feed(path)
        # Where they could move, all of 20,000 frames would be painted.
        suffix = "jpg" if case.name.startswith("bomb") else "png"
        output = workshop.folder / f"out.{suffix}"
        answer = workshop.ask("paint", str(path), str(output))
        fault = find_fault(answer, path.name)
        is_there = output.exists()
        if not fault and is_there != (answer["refused"] is None):
            fault = f"its painting is there: {is_there}"
        if fault:
            faults.append(f"{case.name!r}: {fault}")
        num_painted += is_there
        num_refused += answer["refused"] is not None
        output.unlink(missing_ok=True)
    assert not faults, "\n".join(faults)
    assert num_painted > 100 and num_refused > 100
    # Nothing was run, nothing was written elsewhere.
    assert files_under(workshop.folder) == {"heard.txt"}
    assert not [name for name in files_under(tmp_path) if "escaped" in name]


def test_a_folder_of_them_is_painted_but_for_what_is_named(workshop, tmp_path):
    folder = tmp_path / "hostile"
    folder.mkdir()
    cases = [
        case
        for case in hostile_pictures()
        if not case.name.startswith(("cut", "flipped", "noisy", "bomb"))
    ]
    for case in cases:
        case.write(folder)
    command = ["interpolate", str(folder), "--output=out", "--max_size=32"]
    command += ["--model=paintings-fast", "--style_weights=udnie"]
    answer = workshop.ask("call", command)
    assert answer["fault"] is None
    lines = answer["heard"].splitlines()
    left_out = [line for line in lines if line.startswith("Left out: ")]
    beside = {"manifest.jsonl", "failed.jsonl", ".manifest.jsonl.lock"}
    paintings = files_under(workshop.folder / "out") - beside
    expected = {
        case.name
        for case in cases
        if case.name not in NO_FILES | {"no suffix"}
        and not case.name.startswith(".")
    }
    named = {
        name
        for name in expected
        if any(f"/{shown(name)}`" in line for line in left_out)
    }
    # What cannot be written as it was is written as another kind.
    painted = {writable_name(name): name for name in expected - named}
    assert painted.keys() == paintings
    assert len(named) == len(left_out)
    assert len(paintings) > 50 and len(left_out) > 50
    for line in [*left_out, *lines[-1:]]:
        assert line.isprintable()
    assert "Traceback" not in answer["heard"]
    assert files_under(workshop.folder) == {
        *("heard.txt", "out"),
        *(f"out/{name}" for name in paintings | beside),
    }


def _feed(path):
    """Writes into a pipe, without end, until nobody reads it."""

    def write():
        with open(path, "wb", buffering=0) as pipe:
            try:
                while True:
                    pipe.write(b"\xff\xd8\xff\xe0" * 16_384)
            except BrokenPipeError:
                pass

    threading.Thread(target=write, daemon=True).start()
