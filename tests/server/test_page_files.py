import pytest


def test_the_page_s_files_are_served_with_their_kinds(visit):
    client = visit().client
    index = client.get("/")
    assert index.text == "<!doctype html>"
    assert index.headers["content-type"] == "text/html; charset=utf-8"
    script = client.get("/page/main.mjs")
    assert script.headers["content-type"].startswith("text/javascript")
    tag = script.headers["etag"]
    again = client.get("/page/main.mjs", headers={"If-None-Match": tag})
    assert again.status_code == 304 and not again.content


@pytest.mark.parametrize(
    "path",
    [
        "/none.html",
        "/../service.py",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/page/",
        "/page/../page/main.mjs/",
    ],
)
def test_no_path_leads_out(visit, path):
    answer = visit().client.get(path)
    assert answer.status_code == 404
    assert "error" in answer.json()


def test_the_browser_s_model_is_made_once(start):
    made = []

    def write_model(folder):
        made.append(folder)
        (folder / "model").mkdir()
        (folder / "model" / "model.json").write_text("{}")

    client = start(write_model=write_model)().client
    for _ in range(2):
        answer = client.get("/model/model.json")
        assert answer.json() == {}
        assert answer.headers["content-type"] == "application/json"
    assert len(made) == 1
