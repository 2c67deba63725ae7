import json

import pytest

from multistyle.files.json_files import write_json


def test_write_json_is_read_back(tmp_path):
    options = {"artist": "Léger", "steps": 3, "weights": [0.5, None, True]}
    write_json(tmp_path / "a.json", options)
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert json.loads(text) == options
    assert "Léger" in text and text.endswith("}\n")


def test_write_json_refuses_what_is_no_json(tmp_path):
    target = tmp_path / "a.json"
    write_json(target, 1)
    with pytest.raises(ValueError, match="JSON"):
        write_json(target, float("nan"))
    assert json.loads(target.read_text()) == 1
