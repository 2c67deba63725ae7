import subprocess
import sys

import pytest

from multistyle.errors import InputError
from multistyle.perceptual.precision import (
    PRECISIONS,
    choose_precision,
    is_accelerated,
)


def test_what_is_asked_for_is_taken():
    assert choose_precision("float32") == "float32"
    assert choose_precision("bfloat16") == "bfloat16"


def test_auto_is_one_of_the_formats():
    assert choose_precision() in PRECISIONS[1:]
    if is_accelerated():
        assert choose_precision() == "bfloat16"


def test_another_precision_is_refused_with_the_choices():
    with pytest.raises(InputError, match="auto, float32, bfloat16; got `half`"):
        choose_precision("half")


def test_the_choices_do_not_wait_for_keras():
    code = (
        "import sys, multistyle.perceptual.precision as precision\n"
        "assert precision.PRECISIONS\n"
        "sys.exit('keras' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
