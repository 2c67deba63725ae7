"""The README's main command, as it stands, without network or weights."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """What two rounds of the two scripts print: [(train, interpolate), ...]."""
    folder = tmp_path_factory.mktemp("quickstart")
    environment = {**os.environ, "KERAS_HOME": str(folder / "keras")}
    environment.pop("MULTISTYLE_VGG16_WEIGHTS", None)

    def run(script):
        result = subprocess.run(
            [sys.executable, str(ROOT / script)],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, result.stderr
        return result

    return folder, [(run("train.py"), run("interpolate.py")) for _ in range(2)]


def test_it_trains_and_says_what_is_next(outcomes):
    folder, ((train, _), _) = outcomes
    model, sheet = train.stdout.split()
    assert Path(model) == Path("runs/quickstart/model.keras")
    assert (folder / model).is_file() and (folder / sheet).is_file()
    assert "judged by pocket" in train.stderr
    assert "step 60/60" in train.stderr
    assert "--style_images=YOUR_PAINTINGS" in train.stderr
    metrics = (folder / "runs/quickstart/metrics.jsonl").read_text("utf-8")
    totals = [json.loads(line)["total_loss"] for line in metrics.splitlines()]
    assert np.mean(totals[-10:]) < 0.75 * np.mean(totals[:10])


def test_it_paints_a_blended_sheet(outcomes):
    folder, ((_, interpolate), _) = outcomes
    path = folder / interpolate.stdout.strip()
    assert path.parent == folder / "runs" / "quickstart"
    pixels = np.asarray(Image.open(path).convert("RGB"), np.float32)
    assert min(pixels.shape[:2]) > 400
    assert pixels.std() > 30
    first = interpolate.stderr.splitlines()[0]
    assert first == "Model: `runs/quickstart`, the newest run."


def test_a_finished_run_says_so(outcomes):
    _, (_, (train, interpolate)) = outcomes
    assert "is finished" in train.stderr
    assert "images/s" not in train.stderr
    assert interpolate.stdout.strip().endswith("blends.png")
