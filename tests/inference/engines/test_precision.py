import json

import pytest

from multistyle.errors import InputError
from multistyle.inference.engines import precision as precisions
from multistyle.inference.engines.precision import choose_precision, go_on_in


def test_auto_is_what_the_processor_gains_from(monkeypatch):
    for has_it, expected in ((True, "bfloat16"), (False, "float32")):
        monkeypatch.setattr(precisions, "has_bfloat16", lambda it=has_it: it)
        assert choose_precision("auto") == expected
        assert choose_precision("float32") == "float32"
        assert choose_precision("bfloat16") == "bfloat16"
    with pytest.raises(InputError) as caught:
        choose_precision("float16")
    assert str(caught.value) == (
        "`precision` is one of auto, float32, bfloat16; got `float16`."
    )


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        ({"precision": "bfloat16"}, "bfloat16"),
        ({"precision": "float32"}, "float32"),
        # Begun before there was a choice.
        ({"strength": 1.0}, "float32"),
        (None, "auto"),
    ],
)
def test_a_run_goes_on_in_what_it_began_with(tmp_path, recorded, expected):
    path = tmp_path / "manifest.jsonl"
    if recorded is not None:
        path.write_text(json.dumps({"options": recorded}) + "\n", "utf-8")
    assert go_on_in(path, "auto") == expected
    assert go_on_in(path, "auto", overwrite=True) == "auto"
    # What is given is compared with it later.
    assert go_on_in(path, "bfloat16") == "bfloat16"
