import subprocess
import sys

import pytest

CODE = """
import atexit, os, sys, time
from multistyle.cli.terminal.libraries import ended_by_libraries
from multistyle.cli.terminal.witness import witnessed

atexit.register(lambda: os.write(2, b"registered before\\n"))
with witnessed("train"), ended_by_libraries("The last line."):
    print("to the reader")
    print("for the user", file=sys.stderr)
    os.write(1, b"noise\\n")
    os.write(2, b"noise\\n")
    {ending}
os.write(2, b"after\\n")
"""


@pytest.mark.parametrize(
    ("ending", "status", "lines"),
    [
        ("pass", 0, ["after", "registered before"]),
        ("os.abort()", -6, ["The last line."]),
        ("os.kill(os.getpid(), 9)", -9, ["The last line."]),
        ("sys.exit('wrong')", 1, ["wrong"]),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="It has other signals.")
def test_a_process_ends_by_one_line(ending, status, lines):
    process = subprocess.run(
        [sys.executable, "-c", CODE.format(ending=ending)],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert process.returncode == status
    assert process.stdout == "to the reader\n"
    assert process.stderr.splitlines() == ["for the user", *lines]
