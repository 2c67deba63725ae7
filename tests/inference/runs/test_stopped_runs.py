import json

import pytest

from multistyle.inference.runs.stopped_runs import begun_with


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (
            {"precision": "bfloat16", "strokes": "fitted", "strength": 1.0},
            {"precision": "bfloat16", "strokes": "fitted"},
        ),
        # Begun before there was a choice.
        ({"strength": 1.0}, {"precision": "float32", "strokes": "pixels"}),
        (None, {}),
    ],
)
def test_a_run_goes_on_in_what_it_began_with(tmp_path, recorded, expected):
    path = tmp_path / "manifest.jsonl"
    if recorded is not None:
        path.write_text(json.dumps({"options": recorded}) + "\n", "utf-8")
    assert begun_with(path) == expected
    assert begun_with(path, overwrite=True) == {}
