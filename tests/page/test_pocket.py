"""The page's pocket network in Node, beside the one of NumPy."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from multistyle.learning.statistics import picture_statistics
from multistyle.perceptual.pocket_features import pocket_arrays
from multistyle.perceptual.pocket_form import POCKET_BLOCKS, POCKET_MEAN
from tests.page.network_cases import ENGINE, photograph

JOB = Path(__file__).with_name("pocket_job.mjs")


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
@pytest.mark.parametrize("size", [(64, 48), (75, 91)])
def test_it_measures_what_numpy_measures(size, tmp_path):
    image = photograph(*size)
    arrays = pocket_arrays()
    for name, array in {**arrays, "image": image}.items():
        array.astype("<f4").tofile(tmp_path / f"{name.replace('/', '_')}.f32")
    job = {
        "engine": str(ENGINE),
        "form": {"blocks": POCKET_BLOCKS, "mean": POCKET_MEAN},
        "shapes": {name: array.shape for name, array in arrays.items()},
        "h": size[0],
        "w": size[1],
    }
    (tmp_path / "job.json").write_text(json.dumps(job), "utf-8")
    done = subprocess.run(
        ["node", str(JOB), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    measured = json.loads(done.stdout)
    expected = picture_statistics(image)
    for name in ("means", "powers"):
        np.testing.assert_allclose(
            measured[name], getattr(expected, name), rtol=1e-4, atol=1e-5
        )
