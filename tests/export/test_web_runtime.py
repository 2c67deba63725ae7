import shutil

import numpy as np
import pytest

from multistyle.export.parity import ParityError
from multistyle.export.web_runtime import NodePage

NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="Node is not installed.")
@pytest.mark.parametrize("side", [8, 300])
def test_node_that_ends_is_one_line(tmp_path, side):
    page = NodePage(NODE, tmp_path)  # It holds no page, so that Node ends.
    with pytest.raises(ParityError) as error:
        page(np.zeros((1, side, side, 3)), np.ones((1, 3)))
    assert str(error.value) == (
        f"Node ended with code 1 before it had painted {side} x {side} pixels."
    )
