import contextlib
import io
import threading
import time

import httpx
import numpy as np
import pytest
from PIL import Image

from multistyle.server.limits import Limits
from multistyle.server.service import Service
from multistyle.server.shelf import Shelf
from multistyle.server.web_server import WebServer

FILES = {"index.html": b"<!doctype html>", "page/main.mjs": b"export {};"}


class File:
    """A file of the page, in memory."""

    def __init__(self, data):
        self._data = data

    def read_bytes(self):
        return self._data


class Visit:
    """One visitor's requests, with what takes several."""

    def __init__(self, client):
        self.client = client

    def upload(self, kind, data, name="photo.png"):
        answer = self.client.post(
            f"/api/uploads?kind={kind}",
            content=data,
            headers={"X-File-Name": name},
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    def refusal(self, status, method, url, **options):
        """Returns the sentence of a request that is refused."""
        answer = self.client.request(method, url, **options)
        assert answer.status_code == status, answer.text[:300]
        return answer.json()["error"]

    def order(self, **fields):
        answer = self.client.post("/api/jobs", json=fields)
        assert answer.status_code == 202, answer.text
        return answer.json()["id"]

    def state(self, job):
        return self.client.get(f"/api/jobs/{job}").json()

    def wait(self, job):
        """Returns the state of a job that has ended."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            state = self.state(job)
            if state["state"] in ("done", "failed", "cancelled"):
                return state
            time.sleep(0.02)
        raise TimeoutError(state)

    def make(self, **fields):
        """Returns the result of a job, and its file."""
        job = self.order(**fields)
        state = self.wait(job)
        assert state["state"] == "done", state
        answer = self.client.get(f"/api/jobs/{job}/result")
        return state["result"], answer

    def picture(self, **fields):
        """Returns the pixels of a job's picture."""
        _, answer = self.make(**fields)
        return np.array(Image.open(io.BytesIO(answer.content)))


@pytest.fixture(scope="session")
def shelf():
    return Shelf("paintings-fast")


@contextlib.contextmanager
def running(service):
    """Serves in a thread, on a port of this machine; yields the address."""
    ready = threading.Event()
    server = WebServer(service, ready.set)
    thread = threading.Thread(target=server.run)
    thread.start()
    assert ready.wait(20)
    (listener,) = server.servers[0].sockets
    yield f"http://localhost:{listener.getsockname()[1]}"
    service.end_streams()
    server.should_exit = True
    thread.join(20)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def start(shelf, tmp_path_factory):
    """Returns a function that starts a server, and gives what visits it."""
    with contextlib.ExitStack() as stack:

        def start(limits=None, shelf=shelf, **options):
            options = {"write_model": lambda folder: None, **options}
            service = Service(
                shelf,
                tmp_path_factory.mktemp("server"),
                files={name: File(data) for name, data in FILES.items()},
                limits=limits or Limits(),
                **options,
            )
            address = stack.enter_context(running(service))

            def visit(**headers):
                client = httpx.Client(
                    base_url=address, headers=headers, timeout=30
                )
                return Visit(stack.enter_context(client))

            return visit

        yield start


@pytest.fixture(scope="module")
def visit(start):
    """Returns a function that comes as a new visitor, to one server."""
    return start()


@pytest.fixture(scope="session")
def pixels():
    """uint8 [48, 64, 3], patches of colour."""
    random = np.random.default_rng(0)
    patches = random.integers(0, 256, (6, 8, 3), np.uint8)
    return patches.repeat(8, axis=0).repeat(8, axis=1)


@pytest.fixture(scope="session")
def encode():
    """Returns a function that makes a file of pixels."""

    def encode(pixels, format="PNG", **options):
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, format, **options)
        return buffer.getvalue()

    return encode


@pytest.fixture(scope="session")
def png(pixels, encode):
    return encode(pixels)
