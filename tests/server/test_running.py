"""The real program, over sockets, with all that it looks up watched."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

from multistyle.errors import InputError
from multistyle.server import web_server
from multistyle.server.running import serve

# Runs the command line, and writes down each look-up and connection.
WATCHED = """
import sys

log = open(sys.argv[1], "a", buffering=1)

def watch(event, arguments):
    if event.startswith(("socket.get", "socket.connect", "socket.sendto")):
        if event not in ("socket.gethostname",):
            log.write(f"{event} {arguments}\\n")
    if event in ("os.fork", "os.posix_spawn", "subprocess.Popen"):
        log.write(f"{event} {arguments}\\n")

sys.addaudithook(watch)
from multistyle.cli.main import main

status = main(sys.argv[2:])
heavy = {"keras", "tensorflow"} & set(sys.modules)
log.write(f"imported: {sorted(heavy)}\\n")
sys.exit(status)
"""


def hear_hangups():
    """Undoes `nohup`, by which the tests may run."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture
def app(tmp_path):
    """Returns a function that starts the program: it, an address, its log."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    log = tmp_path / "log.txt"
    with contextlib.ExitStack() as stack:

        def start(*flags):
            environment = {**os.environ, "TMPDIR": str(folder)}
            program = stack.enter_context(
                subprocess.Popen(
                    [
                        *(sys.executable, "-c", WATCHED, str(log), "app"),
                        *("--nobrowser", "--port=0", *flags),
                    ],
                    env=environment,
                    preexec_fn=hear_hangups if os.name == "posix" else None,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            stack.callback(program.kill)
            line = program.stdout.readline().strip()
            assert line, program.wait(10)
            return program, line, log

        yield start
    assert not list(folder.iterdir())


def end(program, number):
    program.send_signal(number)
    return program.wait(30)


@pytest.mark.parametrize(
    "number",
    [
        getattr(signal, name)
        for name in ("SIGTERM", "SIGINT", "SIGHUP")
        if hasattr(signal, name)
    ],
)
def test_the_program_ends_cleanly_while_a_job_runs(app, png, number):
    program, address, log = app("--model=paintings-fast")
    assert address.startswith("http://localhost:")
    with httpx.Client(base_url=address, timeout=30) as client:
        assert client.get("/").headers["content-type"].startswith("text/html")
        model = client.get("/model/model.json").json()
        assert "starry_night" in [style["name"] for style in model["styles"]]
        upload = client.post("/api/uploads?kind=picture", content=png).json()
        look = {"weights": {"starry_night": 1}}
        order = {"content": upload["id"], "look": look}
        preview = client.post(
            "/api/jobs", json={"kind": "preview", **order}
        ).json()
        url = f"/api/jobs/{preview['id']}"
        while client.get(url).json()["state"] in ("queued", "running"):
            time.sleep(0.05)
        assert client.get(f"{url}/result").status_code == 200
        walk = {
            "kind": "path",
            "content": upload["id"],
            "points": [{"starry_night": 1}, {"udnie": 1}],
            "seconds": 60,
        }
        running = client.post("/api/jobs", json=walk).json()
        # The page watches, too.
        events = f"/api/jobs/{running['id']}/events"
        with client.stream("GET", events) as answer:
            lines = answer.iter_lines()
            next(lines)
            began = time.monotonic()
            assert end(program, number) == 0
            assert time.monotonic() - began < 15
    # Python's own `platform` asks the system.
    seen = [
        line for line in log.read_text().splitlines() if "uname" not in line
    ]
    # Nothing was looked up, nobody was called, no other program was started,
    # and a picture needs no Keras.
    assert seen == ["imported: []"]


def test_what_is_painted_is_finished_and_the_queue_handed_back(
    app, encode, pixels
):
    program, address, _ = app("--model=paintings-fast", "--grace=200")
    with httpx.Client(base_url=address, timeout=30) as client:
        large = encode(pixels.repeat(20, axis=0).repeat(20, axis=1))
        uploads = "/api/uploads?kind=picture"
        upload = client.post(uploads, content=large).json()["id"]

        def order(**fields):
            answer = client.post(
                "/api/jobs", json={"content": upload, **fields}
            )
            assert answer.status_code == 202, answer.text
            return f"/api/jobs/{answer.json()['id']}"

        look = {"weights": {"starry_night": 1}}
        # The first picture takes longest: all is loaded for it.
        picture = order(kind="picture", look=look)
        walk = order(
            kind="path",
            points=[{"starry_night": 1}, {"udnie": 1}],
            seconds=60,
        )
        program.send_signal(signal.SIGTERM)
        end = time.monotonic() + 20
        while client.get(walk).json()["state"] == "queued":
            assert time.monotonic() < end
            time.sleep(0.02)
        state = client.get(walk).json()
        assert state["state"] == "failed"
        assert "ask for it again when it is back" in state["error"]
        for refused in (
            client.post(uploads, content=large),
            client.post("/api/jobs", json={"kind": "picture"}),
        ):
            assert refused.status_code == 503
            assert "The server is ending" in refused.json()["error"]
        # All else is answered, until the picture is done and taken.
        assert client.get("/").status_code == 200
        while client.get(picture).json()["state"] == "running":
            time.sleep(0.05)
        state = client.get(picture).json()
        assert state["state"] == "done", state
        taken = client.get(f"{picture}/result")
        assert taken.content.startswith(b"\x89PNG")
    assert program.wait(30) == 0


def test_asked_twice_it_ends_at_once(app, png):
    program, address, _ = app("--model=paintings-fast", "--grace=600")
    with httpx.Client(base_url=address, timeout=30) as client:
        answer = client.post("/api/uploads?kind=picture", content=png)
        look = {"weights": {"starry_night": 1}}
        fields = {"content": answer.json()["id"], "look": look}
        job = client.post("/api/jobs", json={"kind": "preview", **fields})
        url = f"/api/jobs/{job.json()['id']}"
        while client.get(url).json()["state"] in ("queued", "running"):
            time.sleep(0.05)
        # It waits for its visitor to take the file.
        began = time.monotonic()
        program.send_signal(signal.SIGINT)
        while client.post("/api/jobs").status_code != 503:
            time.sleep(0.05)
        program.send_signal(signal.SIGINT)
        assert program.wait(30) == 0
        assert time.monotonic() - began < 9


def test_a_request_that_stops_is_let_go(start, monkeypatch):
    monkeypatch.setattr(web_server, "_HEAD_SECONDS", 0.5)
    address = str(start()().client.base_url)
    port = int(address.rstrip("/").rpartition(":")[2])
    for sent in (b"", b"GET / HTTP/1.1\r\nHost: local"):
        with socket.create_connection(("localhost", port)) as connection:
            connection.settimeout(20)
            connection.sendall(sent)
            assert connection.recv(100) == b""
    # Between two requests it waits as long as any server does.
    with httpx.Client(base_url=address) as client:
        for _ in range(2):
            assert client.get("/").status_code == 200
            time.sleep(0.8)


def test_beyond_this_machine_there_is_a_token_and_little_is_allowed(app):
    program, address, _ = app("--host=0.0.0.0", "--max_pixels=1000")
    base, token = address.split("/?token=")
    base = "http://127.0.0.1:" + base.rpartition(":")[2]
    with httpx.Client(base_url=base, timeout=30) as client:
        assert client.get("/").status_code == 200
        refused = client.get("/api/info")
        assert refused.status_code == 403
        assert "lacks the token" in refused.json()["error"]
        assert client.get(f"/?token={token}").status_code == 303
        info = client.get("/api/info").json()
        assert info["allowed"] == [] and info["limits"]["pixels"] == 1000
        assert info["model"] == "paintings"
    assert end(program, signal.SIGTERM) == 0


def test_a_port_that_is_taken_is_named(shelf):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=rf"port `{port}`, cannot be"):
            serve(shelf, files={}, write_model=lambda folder: None, port=port)


def test_an_address_is_one_of_the_web(shelf):
    with pytest.raises(InputError, match="`--address` is as `https://"):
        serve(shelf, files={}, write_model=lambda folder: None, address="paint")
