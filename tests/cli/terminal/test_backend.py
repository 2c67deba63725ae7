import os
import subprocess
import sys

import pytest

PROGRAM = """
from multistyle.cli.terminal.backend import silence_keras
silence_keras()
import keras, os
os.write(2, b"spoken")
print(os.path.basename(keras.__spec__.loader.path))
"""


@pytest.fixture
def run(tmp_path):
    """Returns a function that imports a Keras of some code in a process."""

    def run(code):
        (tmp_path / "keras.py").write_text(code)
        return subprocess.run(
            [sys.executable, "-c", PROGRAM],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
        )

    return run


def test_notices_are_silent_and_what_follows_is_not(run):
    ended = run(
        "import os\n"
        "os.write(2, b'notice')\n"
        "class config:\n"
        "    backend = staticmethod(lambda: 'tensorflow')\n"
        "class ops:\n"
        "    zeros = staticmethod(lambda shape: os.write(2, b'notice'))\n"
    )
    assert (ended.returncode, ended.stderr) == (0, "spoken")
    assert ended.stdout.startswith("keras.py")


def test_the_backend_of_several_workers_computes_nothing_yet(run):
    ended = run("class config:\n    backend = staticmethod(lambda: 'jax')\n")
    assert (ended.returncode, ended.stderr) == (0, "spoken")


def test_a_library_that_ends_the_process_is_heard(run):
    ended = run("import os\nos.abort()\n")
    assert ended.returncode != 0
    assert "Fatal Python error: Aborted" in ended.stderr
    assert "keras.py" in ended.stderr


def test_an_exception_comes_through(run):
    ended = run("raise ImportError('no such library')\n")
    assert ended.stderr.endswith("ImportError: no such library\n")


def test_where_standard_error_is_no_file(tmp_path):
    """As in a notebook, and with Python's fault handler on."""
    (tmp_path / "keras.py").write_text("class config:\n    backend = str\n")
    program = (
        "import io, sys\nsys.stderr = io.StringIO()\n"
        "from multistyle.cli.terminal.backend import silence_keras\n"
        "silence_keras()\nimport keras, os\nos.abort()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", program],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert ended.stderr.startswith("Fatal Python error: Aborted")
