import subprocess
import sys

import pytest

from multistyle.inference.engines.openvino.signal_stacks import (
    SignalStack,
    kept_signal_stack,
)

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="Other systems are left alone."
)

CODE = """
import sys
import numpy as np
from multistyle.inference.engines.openvino.engine import OpenVINOEngine
from multistyle.inference.engines.openvino.signal_stacks import SignalStack

def read():
    stack = SignalStack.current()
    return stack.address, stack.flags, stack.size

before = read()
engine = OpenVINOEngine(sys.argv[1])
for shape in ((3,), (8, 8, 3)):
    engine.paint(np.zeros((8, 8, 3), np.float32), np.ones(shape, np.float32))
assert read() == before, (before, read())
"""


def test_a_graph_leaves_the_signal_stack(small_model_path):
    pytest.importorskip("openvino")
    subprocess.run(
        [sys.executable, "-c", CODE, str(small_model_path)], check=True
    )


def test_it_is_given_back_after_an_error():
    before = SignalStack.current()
    with pytest.raises(ValueError), kept_signal_stack():
        SignalStack(None, 2, 0).set()
        raise ValueError
    assert SignalStack.current().address == before.address
