import time

import numpy as np
import pytest

from multistyle.images.samples import PAINTINGS_FOLDER
from multistyle.inference.stylizer import Stylizer
from multistyle.learning.learned_rows import PACES
from multistyle.learning.refining import Pace
from multistyle.network.rows import join_layers, single_rows
from multistyle.server.fields import Fields
from multistyle.server.jobs.job import Job
from multistyle.server.limits import Limits
from multistyle.server.orders.lessons import order_lesson
from multistyle.server.orders.order import Order
from multistyle.server.uploads import Upload
from multistyle.server.visitors import Visitor

PAINTING = PAINTINGS_FOLDER / "starry_night.jpg"


@pytest.fixture(scope="module")
def visitor(visit):
    return visit()


@pytest.fixture(scope="module")
def painting(visitor):
    data = PAINTING.read_bytes()
    return visitor.upload("painting", data, "mine.jpg")["id"]


@pytest.fixture(scope="module")
def photograph(visitor, png):
    return visitor.upload("picture", png)["id"]


def learn(visitor, **fields):
    state = visitor.wait(visitor.order(kind="learn", **fields))
    assert state["state"] == "done", state
    return state["result"]


@pytest.fixture(scope="module")
def learned(visitor, painting):
    return learn(visitor, paintings=[painting], name="mine", learning="instant")


def test_a_row_is_the_library_s(visitor, learned):
    stylizer = Stylizer.load("paintings-fast").learn(
        PAINTING, name="mine", learning="instant"
    )
    row = list(single_rows(stylizer.engine.rows))[-1]
    np.testing.assert_allclose(
        learned["row"], np.concatenate(join_layers(row), axis=1)[0], atol=1e-6
    )
    assert learned["name"] == "mine"
    assert learned["models"] == ["paintings-fast"]
    (known,) = visitor.client.get("/api/info").json()["learned"]
    assert known == learned


def test_what_stays_of_it_is_one_array_a_network(shelf, tmp_path):
    """Arrays of each layer would each keep a page of memory from the system."""
    painting = Upload(id="a", kind="painting", path=PAINTING, bytes=1)
    visitor = Visitor(secret="", folder=tmp_path, uploads={"a": painting})
    fields = {"paintings": ["a"], "name": "mine", "learning": "instant"}
    order = Order(
        fields=Fields(fields, "order"),
        visitor=visitor,
        shelf=shelf,
        limits=Limits(),
    )
    job = Job(kind="learn", folder=tmp_path, work=order_lesson(order))
    job.run()
    assert job.state == "done", job.error
    (row,) = (own["mine"] for own in visitor.rows.values())
    assert row.base is None and row.size == len(job.result.facts["row"])


def test_pictures_are_painted_in_it(visitor, learned, photograph, pixels):
    painted = visitor.picture(
        kind="picture",
        content=photograph,
        look={"weights": {"mine": 1, "udnie": 1}},
    )
    stylizer = Stylizer.load("paintings-fast").learn(
        PAINTING, name="mine", learning="instant"
    )
    expected = stylizer.stylize(pixels, {"mine": 1, "udnie": 1})
    # The rows of learning are rounded to 16 bits, and so are these.
    np.testing.assert_array_equal(painted, expected)


def test_a_wide_model_learns_it_with_its_finisher(
    visitor, learned, painting, photograph
):
    order = {"kind": "picture", "content": photograph, "model": "paintings"}
    look = {"weights": {"own": 1}}
    assert "no style `own`" in visitor.refusal(
        400, "POST", "/api/jobs", json={**order, "look": look}
    )
    result = learn(
        visitor,
        model="paintings",
        paintings=[painting],
        name="own",
        learning="instant",
    )
    assert sorted(result["models"]) == ["paintings", "paintings-fast"]
    assert len(result["row"]) == len(learned["row"])
    visitor.make(**order, look=look)


def test_what_is_learned_is_its_visitor_s(visit, learned, png):
    other = visit()
    upload = other.upload("picture", png)["id"]
    order = {"kind": "picture", "content": upload}
    assert "no style `mine`" in other.refusal(
        400,
        "POST",
        "/api/jobs",
        json={**order, "look": {"weights": {"mine": 1}}},
    )
    assert other.client.get("/api/info").json()["learned"] == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "udnie"}, "has a style `udnie` already"),
        ({"name": "a b"}, "The style name `a b` may hold only letters"),
        ({"learning": "slowly"}, "`learning` is one of instant, quick"),
        ({"paintings": []}, "`paintings` is a list of 1 to 8"),
        ({"paintings": ["none"]}, "no such painting"),
    ],
)
def test_what_is_wrong_with_a_lesson_is_said(
    visitor, painting, changes, sentence
):
    order = {"kind": "learn", "paintings": [painting], "name": "new"}
    answer = visitor.client.post("/api/jobs", json={**order, **changes})
    assert answer.status_code in (400, 404)
    assert sentence in answer.json()["error"]


def test_quick_learning_tells_how_far_it_is(
    visitor, learned, painting, monkeypatch
):
    # Fewer steps than quick has.
    monkeypatch.setitem(PACES, "quick", Pace(8, 0.03))
    job = visitor.order(
        kind="learn", paintings=[painting], name="mine", learning="quick"
    )
    shares = set()
    state = visitor.state(job)
    while state["state"] in ("queued", "running"):
        shares.add(state["share"])
        time.sleep(0.02)
        state = visitor.state(job)
    assert state["state"] == "done" and len(shares) > 3
    # It takes the place of the one before.
    assert state["result"]["row"] != learned["row"]
    names = [
        own["name"] for own in visitor.client.get("/api/info").json()["learned"]
    ]
    assert names.count("mine") == 1
