import os
import subprocess
import sys

PROGRAM = """
import sys
from pathlib import Path

from multistyle.export.onnx.model import open_session

import onnx
from onnx import TensorProto, helper

pair = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [1]) for n in "xy"]
node = helper.make_node("Identity", ["x"], ["y"])
graph = helper.make_graph([node], "same", pair[:1], pair[1:])
opset = [helper.make_opsetid("", 17)]
model = helper.make_model(graph, opset_imports=opset, ir_version=9)
path = Path(sys.argv[1], "model.onnx")
onnx.save(model, path)
open_session(path)
"""


def test_the_runtime_keeps_no_notes_of_its_use(tmp_path):
    home, files = tmp_path / "home", tmp_path / "files"
    home.mkdir()
    files.mkdir()
    environment = {
        # Where it is set, the runtime keeps quiet by itself.
        name: value
        for name, value in os.environ.items()
        if name not in ("CI", "TF_BUILD", "JENKINS_URL", "GITHUB_ACTIONS")
        and not name.startswith("ORT_")
    }
    environment.update(
        HOME=str(home),
        XDG_CACHE_HOME=str(home / "cache"),
        USERPROFILE=str(home),
        LOCALAPPDATA=str(home),
    )
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(files)],
        capture_output=True,
        text=True,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    assert not [path for path in home.rglob("*") if "onnxruntime" in str(path)]
