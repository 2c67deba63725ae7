import json
import shutil
import threading

import pytest

from multistyle.errors import InputError, OutputError
from multistyle.files.manifests import Manifest, recorded_options


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "content",
    ["", "3\n", '{"started": "a.png"}\n', '{"options": 3}\n', "[" * 99_999],
)
def test_a_file_that_is_no_manifest(tmp_path, content, encoding):
    path = tmp_path / "manifest.jsonl"
    path.write_text(content, encoding)
    with pytest.raises(InputError, match="is not a manifest of multistyle"):
        Manifest(path, {})


def test_a_name_that_no_file_can_have_is_one_line(tmp_path):
    manifest = Manifest(tmp_path / ("x" * 300), {})
    with pytest.raises(OutputError, match="File name too long"):
        manifest.open()


def test_an_option_that_came_or_went_is_a_difference(tmp_path):
    path = tmp_path / "manifest.jsonl"
    Manifest(path, {"path": ["a", "b"]}).open()
    with pytest.raises(InputError) as caught:
        Manifest(path, {"sheet": True})
    assert '`path` was ["a", "b"], now null' in str(caught.value)
    assert "`sheet` was null, now true" in str(caught.value)


def test_what_an_older_file_lacks_is_as_it_was(tmp_path):
    path = tmp_path / "manifest.jsonl"
    assert recorded_options(path) is None
    Manifest(path, {"strength": 1}).open()
    assert recorded_options(path) == {"strength": 1}
    before = {"precision": "float32"}
    Manifest(path, {"strength": 1, **before}, unrecorded=before)
    Manifest(path, {"strength": 1}, unrecorded=before)
    options = {"strength": 1, "precision": "bfloat16"}
    with pytest.raises(InputError, match='"float32", now "bfloat16"'):
        Manifest(path, options, unrecorded=before)


def test_lines_that_name_no_output_are_left_out(tmp_path):
    path = tmp_path / "manifest.jsonl"
    Manifest(path, {}).open()
    with open(path, "a", encoding="utf-8") as file:
        file.write('{"finished": ["a"]}\n{"finished": "a.png"}\n{"fini')
    assert Manifest(path, {}).finished == {"a.png": {}}


def test_a_full_disk_is_one_line(tmp_path):
    resource = pytest.importorskip("resource")
    path = tmp_path / "manifest.jsonl"
    manifest = Manifest(path, {})
    manifest.open()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # No file may grow beyond 100 bytes, as on a disk with no more room.
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(InputError, match=r"`.*jsonl` cannot .* Make room"):
            manifest.start("a" * 200)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_threads_write_whole_lines(tmp_path):
    path = tmp_path / "manifest.jsonl"
    manifest = Manifest(path, {})
    manifest.open()

    def add(number):
        for i in range(50):
            manifest.finish(f"{number}_{i}_{'long' * 20}.png", {"size": i})

    threads = [threading.Thread(target=add, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) == 1 + 8 * 50
    names = {json.loads(line)["finished"] for line in lines[1:]}
    assert names == manifest.finished.keys()
    assert manifest.finished == Manifest(path, {}).finished


def test_what_an_output_was_made_of_is_read_again(tmp_path):
    path = tmp_path / "manifest.jsonl"
    manifest = Manifest(path, {})
    manifest.open()
    manifest.start("a.png")
    manifest.finish("a.png", {"size": 7})
    again = Manifest(path, {})
    assert again.started == {"a.png"}
    assert again.finished == {"a.png": {"size": 7}}


def test_a_manifest_that_is_removed_is_written_anew(tmp_path):
    path = tmp_path / "run" / "manifest.jsonl"
    manifest = Manifest(path, {"strength": 1})
    manifest.open()
    manifest.start("a.png")
    manifest.finish("a.png", {"sha256": "0"})
    shutil.rmtree(path.parent)
    manifest.start("b.png")
    found = Manifest(path, {"strength": 1})
    assert found.started == {"a.png", "b.png"}
    assert found.finished == {"a.png": {"sha256": "0"}}
