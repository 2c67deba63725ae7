"""JavaScript of the page's modules, run by Node on NumPy's arrays."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import multistyle

ENGINE = Path(multistyle.__file__).parent / "page" / "files" / "engine"
JOB = Path(__file__).with_name("javascript_job.mjs")

needs_node = pytest.mark.skipif(
    shutil.which("node") is None, reason="needs Node"
)


def run_javascript(folder, source, **inputs):
    """Runs the body of an asynchronous function by Node.

    Args:
        folder: an empty one, for its files.
        source: str; it sees `inputs` and `engine(name)`, which imports a
            module of the page's engine, and returns what it found.
        inputs: arrays, which become typed arrays, and what JSON can hold.

    Returns:
        What it returned; typed arrays, anywhere in it, as flat arrays.
    """
    told = {}
    for name, value in inputs.items():
        if isinstance(value, np.ndarray):
            np.ascontiguousarray(value).tofile(folder / f"{name}.in")
            value = {"array": f"{name}.in", "dtype": value.dtype.name}
        told[name] = value
    (folder / "source.mjs").write_text(
        f"export default async (engine, inputs) => {{\n{source}\n}};\n",
        "utf-8",
    )
    job = {"engine": ENGINE.as_uri(), "inputs": told}
    (folder / "job.json").write_text(json.dumps(job), "utf-8")
    done = subprocess.run(
        ["node", str(JOB), str(folder)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr

    def restore(value):
        if set(value) == {"array", "dtype"}:
            return np.fromfile(folder / value["array"], value["dtype"])
        return value

    return json.loads(done.stdout, object_hook=restore)
