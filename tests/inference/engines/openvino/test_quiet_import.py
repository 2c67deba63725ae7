import subprocess
import sys

PROGRAM = """
import sys

def watch(event, arguments):
    if event in ("socket.getaddrinfo", "socket.connect", "os.fork"):
        print(event, arguments)

sys.addaudithook(watch)
from multistyle.inference.engines.loading import load_engine
from multistyle.network.models import find_model

load_engine(find_model("paintings-fast"), engine="openvino")
print("loaded")
import time

time.sleep(1)
assert "openvino_telemetry" not in sys.modules
"""


def test_the_engine_s_library_calls_nobody(monkeypatch):
    # Where it is set, the library keeps quiet by itself.
    for name in ("CI", "TF_BUILD", "JENKINS_URL", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    printed = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True
    )
    assert printed.returncode == 0, printed.stderr
    assert printed.stdout.split("\n") == ["loaded", ""]
