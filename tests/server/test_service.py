from multistyle.server.gate import HEADERS
from multistyle.server.shelf import Shelf


class Broken(Shelf):
    @property
    def models(self):
        return 1 / 0


def test_a_fault_of_ours_is_a_sentence_with_all_headers(start):
    answer = start(shelf=Broken())().client.get("/api/info")
    assert answer.status_code == 500
    assert "(ZeroDivisionError); whoever runs it" in answer.json()["error"]
    for name, value in HEADERS.items():
        assert answer.headers[name] == value


def test_what_there_is_not_is_said(visit):
    visitor = visit()
    sentence = visitor.refusal(404, "GET", "/api/nothing")
    assert (
        sentence == "There is no such page, or it was removed: reload the page."
    )
    sentence = visitor.refusal(405, "PUT", "/api/info")
    assert sentence == "`PUT` is not for `/api/info`."
