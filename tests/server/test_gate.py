import pytest

from multistyle.server.gate import HEADERS, Door

HOME = "http://localhost"


def scope(path="/api/info", query="", **headers):
    headers = {"host": "localhost:8420", **headers}
    return {
        "type": "http",
        "path": path,
        "query_string": query.encode(),
        "headers": [
            (name.replace("_", "-").encode(), value.encode())
            for name, value in headers.items()
        ],
    }


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"host": "127.0.0.1:8420"},
        {"host": "[::1]:8420"},
        {"host": "LOCALHOST."},
        {"origin": "http://localhost:8420"},
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
    ],
)
def test_a_request_of_its_own_comes_in(headers):
    Door().check(scope(**headers))


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        (
            {"host": "evil.example"},
            "does not answer to the name `evil.example`",
        ),
        ({"host": ""}, "does not answer"),
        ({"host": "192.168.1.5:8420"}, "does not answer"),
        ({"host": "localhost.evil.example"}, "does not answer"),
        ({"origin": "http://evil.example"}, "another page, `http://evil.ex"),
        ({"origin": "http://localhost:3000"}, "another page"),
        ({"origin": "null"}, "another page, `null`"),
        ({"origin": "http://[::1"}, "another page, `http://\\[::1`"),
        ({"sec_fetch_site": "cross-site"}, "another page"),
        ({"sec_fetch_site": "same-site"}, "another page"),
    ],
)
def test_a_foreign_request_is_refused(headers, sentence):
    with pytest.raises(ValueError, match=sentence) as caught:
        Door().check(scope(**headers))
    assert caught.value.status == 403


def test_beyond_this_machine_an_address_is_no_foreign_name():
    door = Door(names=frozenset({"studio"}), takes_addresses=True)
    door.check(scope(host="192.168.1.5:8420"))
    door.check(scope(host="studio:8420"))
    with pytest.raises(ValueError, match="`studio.evil.example`"):
        door.check(scope(host="studio.evil.example"))


def test_what_is_asked_of_the_server_needs_the_token():
    door = Door(token="abc", port=7)
    door.check(scope(path="/index.html"))
    for known in (
        scope(query="token=abc"),
        scope(cookie="multistyle_token_7=abc"),
        scope(authorization="Bearer abc"),
    ):
        door.check(known)
    for unknown in (
        scope(),
        scope(query="token=abcd"),
        scope(cookie="multistyle_token_8=abc"),
        scope(authorization="Bearer é"),
    ):
        with pytest.raises(ValueError, match="lacks the token") as caught:
            door.check(unknown)
        assert caught.value.status == 403


def test_a_cookie_is_the_server_s_alone():
    cookie = Door(port=7).cookie("visitor", "x")
    assert cookie.startswith("multistyle_visitor_7=x; ")
    assert cookie.endswith("HttpOnly; SameSite=Strict")
    assert Door(is_secure=True).cookie("visitor", "x").endswith("; Secure")


def test_each_answer_has_the_headers(visit):
    client = visit().client
    answers = [
        client.get("/"),
        client.get("/api/info"),
        client.get("/api/none"),
        client.get("/api/info", headers={"Host": "evil.example"}),
        client.post("/api/jobs", headers={"Origin": "http://evil.example"}),
    ]
    statuses = [answer.status_code for answer in answers]
    assert statuses == [200, 200, 404, 403, 403]
    for answer in answers:
        for name, value in HEADERS.items():
            assert answer.headers[name] == value


def test_the_token_goes_from_the_address_into_a_cookie(start):
    client = start(door=Door(token="secret"))().client
    assert client.get("/api/info").status_code == 403
    answer = client.get("/?token=secret")
    assert answer.status_code == 303 and answer.headers["location"] == "/"
    assert client.get("/api/info").status_code == 200
    # A wrong one takes nothing from who has it, nor breaks the headers.
    for wrong in ("wrong", "%E2%82%AC", "a%0D%0Ab"):
        answer = client.get(f"/?token={wrong}")
        assert answer.status_code == 303 and "set-cookie" not in answer.headers
    assert client.get("/api/info").status_code == 200
    client.cookies.clear()
    client.get("/?token=wrong")
    assert "lacks the token" in client.get("/api/info").json()["error"]
