import json

from multistyle.training.runs.metrics import MetricsLog, forget_metrics_after


def test_a_line_a_step_and_tensorboards_file(tmp_path):
    paths = tmp_path / "metrics.jsonl", tmp_path / "tensorboard"
    with MetricsLog(*paths) as log:
        log.add({"step": 1, "total_loss": 2.5})
        log.add({"step": 2, "total_loss": None})
    lines = (tmp_path / "metrics.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [
        {"step": 1, "total_loss": 2.5},
        {"step": 2, "total_loss": None},
    ]
    (events,) = (tmp_path / "tensorboard").iterdir()
    assert b"total_loss" in events.read_bytes()


def test_steps_that_come_again_are_forgotten(tmp_path):
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"step": 1}\n{"step": 2}\n{"step": 3}\n{"st')
    forget_metrics_after(path, 2)
    assert path.read_text() == '{"step": 1}\n{"step": 2}\n'
    forget_metrics_after(tmp_path / "missing.jsonl", 2)
    assert not (tmp_path / "missing.jsonl").exists()


def test_lines_that_are_no_steps_are_forgotten(tmp_path):
    path = tmp_path / "metrics.jsonl"
    path.write_bytes(b'{"step": 1}\n3\n{}\n[1]\n\xff\xfe\n{"step": 2}\n')
    forget_metrics_after(path, 5)
    assert path.read_text() == '{"step": 1}\n{"step": 2}\n'
