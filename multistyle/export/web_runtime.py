"""An exported page, run by Node as a browser would run it."""

import contextlib
import re
import shutil
import subprocess
import weakref
from pathlib import Path

import numpy as np

from multistyle.export.formats import Paint
from multistyle.export.parity import ParityError

_SCRIPT = Path(__file__).with_suffix(".mjs")
# The first whose WebAssembly has SIMD, and whose modules the page uses.
_OLDEST = 18
_WITHOUT_NODE = (
    "The page was not run here, because there is no Node 18 or later: open it "
    "in a browser."
)


def run_in_node(
    folder: Path,
) -> tuple[Paint | None, dict[str, str], str | None]:
    """Makes an exported page paint.

    Args:
        folder: that of the page.

    Returns:
        What paints, and the version of Node; without Node, None, an empty
        dict, and a sentence that says so.
    """
    node = shutil.which("node")
    if node is None:
        return None, {}, _WITHOUT_NODE
    said = subprocess.run(
        [node, "--version"], capture_output=True, text=True, check=False
    ).stdout
    version = re.fullmatch(r"v(\d+)[.\d]*", said.strip())
    if version is None or int(version[1]) < _OLDEST:
        return None, {}, _WITHOUT_NODE
    return NodePage(node, folder), {"node": said.strip()[1:]}, None


class NodePage:
    """An exported page in a process of Node, which ends with it.

    Args:
        node: path of the program.
        folder: that of the page.
    """

    def __init__(self, node: str, folder: Path) -> None:
        self._process = subprocess.Popen(
            [node, str(_SCRIPT), str(folder.absolute())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        weakref.finalize(self, _end, self._process)

    def __call__(
        self, image: np.ndarray, style_weights: np.ndarray
    ) -> np.ndarray:
        """Paints float32 [1, H, W, 3] in [0, 1] under weights [1, N].

        Raises:
            ParityError: if Node ends before it has painted.
        """
        _, height, width, _ = image.shape
        sizes = np.array([height, width, style_weights.shape[1]], "<u4")
        request, answer = self._process.stdin, self._process.stdout
        assert request is not None and answer is not None
        with contextlib.suppress(BrokenPipeError):
            request.write(sizes.tobytes())
            for array in (image, style_weights):
                request.write(np.ascontiguousarray(array, "<f4").tobytes())
            request.flush()
        data = answer.read(4 * image.size)
        if len(data) < 4 * image.size:
            raise ParityError(
                f"Node ended with code {self._process.wait()} before it had "
                f"painted {height} x {width} pixels."
            )
        return np.frombuffer(data, "<f4").reshape(image.shape)


def _end(process: subprocess.Popen) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
    process.wait()
