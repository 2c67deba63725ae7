import json

import pytest

from multistyle.cli.terminal.report import Progress, report
from multistyle.cli.terminal.voice import speaking

PAINTED = {"output": "a.png", "status": "painted"}
KEPT = {"output": "b.png", "status": "kept"}
FAILED = {"output": "c.png", "status": "failed", "error": "`c` is empty."}


def test_paths_on_stdout_and_the_rest_on_stderr(capsys):
    assert report([PAINTED, KEPT, FAILED], 3, as_json=False) == 1
    captured = capsys.readouterr()
    assert captured.out == "a.png\n"
    assert captured.err == (
        "Left out: `c` is empty.\n1 painted, 1 kept, 1 failed.\n"
    )


def test_one_photograph_needs_no_sum(capsys):
    assert report([PAINTED], 1, as_json=False) == 0
    assert capsys.readouterr().err == ""


def test_json_has_an_object_for_each(capsys):
    records = [{**record, "model": "é"} for record in (PAINTED, KEPT)]
    assert report(records, 2, as_json=True) == 0
    assert [
        json.loads(line) for line in capsys.readouterr().out.splitlines()
    ] == records


def test_the_speed_of_many(capsys, monkeypatch):
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)

    def records():
        nonlocal now
        for _ in range(50):
            now += 0.5
            yield PAINTED
        yield KEPT

    report(records(), 51, as_json=True)
    assert capsys.readouterr().err == (
        "50 painted, 1 kept; 2 pictures a second.\n"
    )


def test_progress_says_how_many_are_left(capsys):
    with speaking(shows_progress=True):
        report([KEPT, PAINTED, PAINTED], 3, as_json=False)
    assert capsys.readouterr().err == (
        "1 of 3, about 0 s left\n1 kept, 2 painted.\n"
    )


def test_progress_within_a_picture_says_what_is_left(capsys, monkeypatch):
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    progress = Progress()
    with speaking(shows_progress=True):
        for seconds, share in ((0, 0), (10, 0.25), (10, 0.3), (20, 0.8)):
            now = 100.0 + seconds
            progress(share)
    assert capsys.readouterr().err == (
        "25% of a picture, about 30 s left\n80% of a picture, about 5 s left\n"
    )


def test_an_interrupt_says_how_to_go_on(capsys):
    def records():
        yield KEPT
        yield PAINTED
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        report(records(), 5, as_json=False)
    assert capsys.readouterr().err == (
        "2 of 5 are done; the same command goes on from there.\n"
    )
