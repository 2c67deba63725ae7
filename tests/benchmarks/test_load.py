"""The crowd against the real program, for a few seconds."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "load.py"


@pytest.mark.skipif(
    sys.platform != "linux", reason="processes are watched as Linux tells them"
)
def test_the_server_stands_a_crowd():
    for package in ("av", "cv2", "httpx", "starlette", "uvicorn"):
        pytest.importorskip(package)
    done = subprocess.run(
        [
            *(sys.executable, str(SCRIPT)),
            *("--minutes=0.05", "--megapixels=1.2", "--seed=1"),
        ],
        capture_output=True,
        text=True,
        timeout=900,
    )
    said = done.stdout
    assert done.returncode == 0, said[-3000:] + done.stderr[-2000:]
    assert "faults: 0" in said
    assert "orphan processes: 0; temporary files: 0" in said
    # Each was asked for, and refused as it should be.
    refused = {int(status) for status in re.findall(r"(?m)^(4..|503)  ", said)}
    assert refused == {400, 403, 404, 413, 429, 503}
    assert "ended by SIGTERM" in said
    assert "a request that stops in its headers is ended after" in said
    for kind in ("large picture", "learning", "film", "cancel", "slow upload"):
        assert re.search(rf"(?m)^{kind} +[1-9]", said), said
