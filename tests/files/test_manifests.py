import json
import threading

import pytest

from multistyle.errors import InputError
from multistyle.files.manifests import Manifest


@pytest.mark.parametrize("content", ["", "3\n", '{"started": "a.png"}\n'])
def test_a_file_that_is_no_manifest(tmp_path, content):
    path = tmp_path / "manifest.jsonl"
    path.write_text(content, "utf-8")
    with pytest.raises(InputError, match="is no manifest of multistyle"):
        Manifest(path, {})


def test_an_option_that_came_or_went_is_a_difference(tmp_path):
    path = tmp_path / "manifest.jsonl"
    Manifest(path, {"path": ["a", "b"]}).open()
    with pytest.raises(InputError) as caught:
        Manifest(path, {"sheet": True})
    assert '`path` was ["a", "b"], now null' in str(caught.value)
    assert "`sheet` was null, now true" in str(caught.value)


def test_threads_write_whole_lines(tmp_path):
    path = tmp_path / "manifest.jsonl"
    manifest = Manifest(path, {})
    manifest.open()

    def add(number):
        for i in range(50):
            manifest.add("finished", f"{number}_{i}_{'long' * 20}.png")

    threads = [threading.Thread(target=add, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) == 1 + 8 * 50
    names = {json.loads(line)["finished"] for line in lines[1:]}
    assert names == manifest.finished == Manifest(path, {}).finished
