import pytest

from multistyle.errors import InputError
from multistyle.inference.engines import precision as precisions
from multistyle.inference.engines.precision import choose_precision


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
