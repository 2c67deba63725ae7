import json
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from multistyle.server import service, uploads
from multistyle.server.jobs import job as jobs
from multistyle.server.limits import Limits
from multistyle.server.shelf import Shelf

LOOK = {"weights": {"starry_night": 1}}


def test_info_says_what_there_is(visit):
    info = visit().client.get("/api/info").json()
    assert info["model"] == info["browser_model"] == "paintings-fast"
    first = info["models"][0]
    assert first["name"] == "paintings-fast" and first["kind"] == "bundled"
    assert first["width_multiplier"] == 0.25 and "description" in first["card"]
    styles = {style["name"]: style for style in first["styles"]}
    assert styles["starry_night"]["artist"] == "Vincent van Gogh"
    assert "paintings" in [model["name"] for model in info["models"]]
    assert info["allowed"] == ["films", "learning", "models"]
    assert info["limits"]["uploads"] == 20 and info["video"] is True
    assert info["uploads"] == info["jobs"] == info["learned"] == []


def test_what_is_one_visitor_s_is_hidden_from_others(visit, png):
    mine, theirs = visit(), visit()
    upload = mine.upload("picture", png)["id"]
    job = mine.order(kind="preview", content=upload, look=LOOK, long_side=48)
    mine.wait(job)
    for method, url in [
        ("DELETE", f"/api/uploads/{upload}"),
        ("GET", f"/api/jobs/{job}"),
        ("GET", f"/api/jobs/{job}/events"),
        ("GET", f"/api/jobs/{job}/result"),
        ("DELETE", f"/api/jobs/{job}"),
    ]:
        assert "no such" in theirs.refusal(404, method, url)
    order = {"kind": "picture", "content": upload, "look": LOOK}
    assert "no such picture" in theirs.refusal(
        404, "POST", "/api/jobs", json=order
    )
    assert theirs.client.get("/api/info").json()["uploads"] == []
    # A reload finds what there is.
    info = mine.client.get("/api/info").json()
    assert [each["id"] for each in info["uploads"]] == [upload]
    assert [each["id"] for each in info["jobs"]] == [job]


def test_events_tell_of_a_job_until_it_ends(visit, png):
    visitor = visit()
    upload = visitor.upload("picture", png)["id"]
    job = visitor.order(kind="picture", content=upload, look=LOOK)
    with visitor.client.stream("GET", f"/api/jobs/{job}/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in answer.iter_lines() if line]
    assert all(line.startswith("data: ") for line in lines)
    states = [json.loads(line[6:]) for line in lines]
    assert states[-1]["state"] == "done"
    assert states[-1] == visitor.state(job)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{", "The request is not JSON"),
        (b"[" * 100_000, "The request is not JSON: it lies too deep"),
        (b"[]", "The request is a JSON object"),
        (b"{}", "`kind` is text"),
        (b'{"kind": "dance"}', "`kind` is one of picture, preview"),
        (b'{"kind": "picture", "content": "none"}', "no such picture"),
        (b'"%s"' % (b"x" * 1_100_000), "too long"),
    ],
)
def test_what_is_wrong_with_a_request_is_said(visit, body, sentence):
    answer = visit().client.post("/api/jobs", content=body)
    assert answer.status_code in (400, 404, 413)
    assert sentence in answer.json()["error"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"look": {}}, "Weights are an object"),
        ({"look": {"weights": {"nigt": 1}}}, "There is no style `nigt`"),
        ({"look": {"weights": {"udnie": -1}}}, "is below 0"),
        ({"look": {**LOOK, "strength": 2}}, "`strength` is a number from 0"),
        ({"look": {**LOOK, "strenght": 1}}, "has no `strenght`; it may have"),
        ({"look": {**LOOK, "keepColors": "sepia"}}, "`keepColors` is false"),
        ({"look": {**LOOK, "regions": [{"mask": "x"}]}}, "no such mask"),
        ({"model": "monet"}, "There is no model `monet` here: choose one of"),
        ({"format": "bmp"}, "`format` is one of png, jpeg; got `bmp`"),
        ({"max_size": 1}, "`max_size` is a number from 8"),
        ({"colour": 1}, "has no `colour`"),
    ],
)
def test_what_is_wrong_with_an_order_is_said(visit, png, changes, sentence):
    visitor = visit()
    upload = visitor.upload("picture", png)["id"]
    order = {"kind": "picture", "content": upload, "look": LOOK, **changes}
    answer = visitor.client.post("/api/jobs", json=order)
    assert answer.status_code in (400, 404)
    assert sentence in answer.json()["error"]
    assert visitor.client.get("/api/info").json()["jobs"] == []


def test_a_newer_preview_ends_the_older_one(visit, encode):
    visitor = visit()
    large = encode(np.zeros((900, 1200, 3), np.uint8))
    upload = visitor.upload("picture", large)["id"]
    order = {"kind": "preview", "content": upload, "look": LOOK}
    newest, states = visitor.order(**order), []
    for _ in range(5):
        before, newest = newest, visitor.order(**order)
        job = visitor.client.get(f"/api/jobs/{before}").json()
        states.append(job.get("state"))
    # Some are forgotten by now; none goes on.
    assert set(states) <= {"cancelled", "done", None}
    assert "cancelled" in states
    assert visitor.wait(newest)["state"] == "done"


def test_a_removed_job_leaves_nothing(start, png, tmp_path):
    visitor = start()()
    upload = visitor.upload("picture", png)["id"]
    job = visitor.order(kind="picture", content=upload, look=LOOK)
    visitor.wait(job)
    assert visitor.client.delete(f"/api/jobs/{job}").status_code == 204
    visitor.refusal(404, "GET", f"/api/jobs/{job}")
    assert visitor.client.delete(f"/api/uploads/{upload}").status_code == 204
    info = visitor.client.get("/api/info").json()
    assert info["jobs"] == info["uploads"] == []


def test_a_job_ends_when_its_page_closes(start, encode, monkeypatch):
    monkeypatch.setattr(jobs, "PATIENCE", 0.8)
    monkeypatch.setattr(service, "_SWEEP", 0.1)
    visitor = start(shelf=Shelf("paintings"))()
    large = encode(np.zeros((700, 900, 3), np.uint8))
    upload = visitor.upload("picture", large)["id"]
    weights = {"weights": {"starry_night": 1}}
    job = visitor.order(
        kind="path",
        content=upload,
        points=[weights["weights"], {"udnie": 1}],
        seconds=60,
    )
    with visitor.client.stream("GET", f"/api/jobs/{job}/events") as answer:
        lines = answer.iter_lines()
        next(lines)
        # While it is watched it goes on.
        time.sleep(1.5)
    info = visitor.client.get("/api/info").json()
    assert info["jobs"][0]["state"] == "running"
    end = time.monotonic() + 20
    while info["jobs"][0]["state"] == "running":
        assert time.monotonic() < end
        time.sleep(0.2)
        # It does not count as asking for the job.
        info = visitor.client.get("/api/info").json()
    assert info["jobs"][0]["state"] == "cancelled"


def test_engines_go_when_nothing_is_painted(start, png, monkeypatch):
    monkeypatch.setattr(service, "_IDLE", 0.3)
    monkeypatch.setattr(service, "_SWEEP", 0.1)
    shelf = Shelf("paintings-fast")
    visitor = start(shelf=shelf)()
    upload = visitor.upload("picture", png)["id"]
    order = {"kind": "picture", "content": upload, "look": LOOK}
    before = visitor.picture(**order)
    engine = weakref.ref(shelf.engine(shelf.models["paintings-fast"].path))
    end = time.monotonic() + 20
    while engine() is not None:
        assert time.monotonic() < end
        time.sleep(0.05)
    # It comes back, and paints as before.
    np.testing.assert_array_equal(visitor.picture(**order), before)


def test_masks_come_and_go(start, png):
    visitor = start(Limits(uploads=1))()
    upload = visitor.upload("picture", png)["id"]
    masks = [visitor.upload("mask", png)["id"] for _ in range(18)]
    uploads = visitor.client.get("/api/info").json()["uploads"]
    assert [each["id"] for each in uploads] == [upload, *masks[2:]]


def test_each_limit_is_a_sentence(start, encode, png, pixels):
    limits = Limits(
        pixels=10_000,
        film_seconds=1,
        upload_bytes=100_000,
        uploads=2,
        jobs=1,
        visitors=2,
        allowed=frozenset(),
    )
    visit = start(limits)
    visitor = visit()
    post = "/api/uploads?kind="
    for kind in ("painting", "film", "model"):
        assert "server" in visitor.refusal(403, "POST", post + kind)
    wide = encode(np.zeros((101, 100, 3), np.uint8))
    assert "The picture has 100 x 101 pixels" in visitor.refusal(
        413, "POST", f"{post}picture", content=wide
    )
    for content in (b"x" * 100_001, iter([b"x" * 60_000] * 2)):
        assert "has more than 0.1 MB" in visitor.refusal(
            413, "POST", f"{post}picture", content=content
        )
    upload = visitor.upload("picture", png)["id"]
    visitor.upload("picture", png)
    assert "You have 2 files here, of at most 2" in visitor.refusal(
        429, "POST", f"{post}picture", content=png
    )
    order = {
        "kind": "path",
        "content": upload,
        "points": [{"starry_night": 1}, {"udnie": 1}],
        "seconds": 30,
    }
    job = visitor.order(**order)
    assert "1 of your jobs are waiting or running" in visitor.refusal(
        429, "POST", "/api/jobs", json=order
    )
    visitor.client.delete(f"/api/jobs/{job}")
    assert "is off on this server" in visitor.refusal(
        403,
        "POST",
        "/api/jobs",
        json={"kind": "learn", "paintings": [upload], "name": "mine"},
    )
    other = visit()
    other.upload("picture", png)
    assert "2 visitors are here" in visit().refusal(503, "GET", "/api/info")


def test_who_brought_nothing_makes_room_for_others(start, png):
    visit = start(Limits(visitors=2))
    known = visit()
    upload = known.upload("picture", png)["id"]
    # Any number may look in.
    for _ in range(4):
        assert visit().client.get("/api/info").status_code == 200
    uploads = known.client.get("/api/info").json()["uploads"]
    assert [each["id"] for each in uploads] == [upload]


def test_files_on_their_way_count(start, png):
    visitor = start(Limits(uploads=2))()
    visitor.client.get("/api/info")
    under_way, go_on = threading.Event(), threading.Event()

    def drip():
        yield png[:50]
        under_way.set()
        go_on.wait(20)
        yield png[50:]

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(visitor.upload, "picture", drip())
        assert under_way.wait(20)
        first = visitor.upload("picture", png)["id"]
        url = "/api/uploads?kind=picture"
        sentence = visitor.refusal(429, "POST", url, content=png)
        assert "You have 2 files here" in sentence
        visitor.client.delete(f"/api/uploads/{first}")
        go_on.set()
        slow = slow.result(20)["id"]
    uploads = visitor.client.get("/api/info").json()["uploads"]
    assert [each["id"] for each in uploads] == [slow]
    visitor.upload("picture", png)


def test_a_file_that_stops_coming_is_let_go(start, png, monkeypatch):
    monkeypatch.setattr(uploads, "_PATIENCE", 0.5)
    visitor = start()()
    stopped = threading.Event()

    def stall():
        yield png[:50]
        stopped.wait(20)
        yield png[50:]

    url = "/api/uploads?kind=picture"
    threading.Timer(3, stopped.set).start()
    sentence = visitor.refusal(408, "POST", url, content=stall())
    assert "Nothing came for 0.5 seconds" in sentence
    assert visitor.client.get("/api/info").json()["uploads"] == []


def test_the_time_of_a_picture_is_said_before(visit, encode, png):
    visitor = visit()
    order = {"kind": "picture", "look": LOOK, "format": "png"}

    def estimate(**fields):
        answer = visitor.client.post("/api/estimate", json={**order, **fields})
        assert answer.status_code == 200, answer.text
        return answer.json()

    # Of a photograph that is not there yet, too.
    small, large = (
        estimate(width=4 * side, height=3 * side) for side in (300, 1000)
    )
    assert 0 < small["seconds"] < large["seconds"]
    assert large["before"] == 0 and large["wait"] == 0
    reduced = estimate(
        width=4000, height=3000, max_size=1200, strip_metadata=True
    )
    assert reduced["seconds"] < large["seconds"] / 2
    # A model's finer levels are painted by another network.
    wide = estimate(width=1000, height=750, model="paintings")
    assert wide["seconds"] > 0
    upload = visitor.upload("picture", png)["id"]
    assert estimate(content=upload)["seconds"] >= 0
    job = visitor.order(content=upload, **order)
    assert visitor.state(job)["state"] != "failed"
    for changes, sentence in [
        ({}, "no such picture"),
        ({"width": 10**5, "height": 10**5}, "here at most 50 million"),
        ({"width": 10, "height": 10, "colour": 1}, "has no `colour`"),
        ({"width": 10, "height": 10, "model": "monet"}, "There is no model"),
    ]:
        answer = visitor.client.post("/api/estimate", json={**order, **changes})
        assert 400 <= answer.status_code < 500
        assert sentence in answer.json()["error"]


def test_the_time_of_a_job_is_said_while_it_waits(start, encode):
    visitor = start()()
    large = encode(np.zeros((700, 900, 3), np.uint8))
    upload = visitor.upload("picture", large)["id"]
    # So that the pace of the network is known.
    visitor.client.post("/api/estimate", json={"content": upload, "look": LOOK})
    walk = {
        "kind": "path",
        "content": upload,
        "points": [{"starry_night": 1}, {"udnie": 1}],
        "seconds": 30,
    }
    first, second = visitor.order(**walk), visitor.order(**walk)
    states = [visitor.state(job) for job in (first, second)]
    assert states[1]["state"] == "queued"
    assert 0 < states[0]["seconds_left"] < states[1]["seconds_left"]
    for job in (second, first):
        visitor.client.delete(f"/api/jobs/{job}")
