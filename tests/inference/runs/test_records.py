import pickle

import numpy as np
import pytest

from multistyle.images.codecs.reading import read_image
from multistyle.inference.compositions.blend import Blend
from multistyle.inference.runs.records import failed, make, paint_work
from multistyle.inference.runs.work import Work
from multistyle.inference.stylizer import Stylizer


@pytest.fixture(scope="module")
def stylizer(small_model_path):
    return Stylizer.load(small_model_path, precision="float32")


def test_make_says_what_it_did(stylizer, photograph_folder, tmp_path):
    blend = Blend(stylizer, "great_wave")
    output = tmp_path / "out.png"
    record = make(blend, photograph_folder / "a.png", output)
    assert record.pop("seconds") > 0
    assert record == {
        "input": str(photograph_folder / "a.png"),
        "output": str(output),
        "status": "painted",
    }


def test_a_work_is_painted_by_what_was_pickled(
    stylizer, photograph_folder, tmp_path
):
    blend = pickle.loads(pickle.dumps(Blend(stylizer, "great_wave")))
    output = tmp_path / "out.png"
    work = Work("a.png", str(photograph_folder / "a.png"), str(output))
    outcome = pickle.loads(pickle.dumps(paint_work(blend, work)))
    assert outcome.work == work
    assert outcome.record["status"] == "painted"
    assert (
        outcome.made_of["size"] == (photograph_folder / "a.png").stat().st_size
    )
    np.testing.assert_array_equal(
        read_image(output),
        stylizer.stylize(read_image(work.photograph), "great_wave"),
    )


def test_what_is_said_of_a_photograph_is_handed_on(
    stylizer, photograph_folder, tmp_path
):
    png = photograph_folder / "a.png"
    mislabelled = png.rename(photograph_folder / "a.jpg")
    work = Work("a.jpg", str(mislabelled), str(tmp_path / "out.jpg"))
    outcome = paint_work(Blend(stylizer, "great_wave"), work)
    assert outcome.record["status"] == "painted"
    (line,) = outcome.warnings
    assert line.startswith(f"`{mislabelled}` holds a PNG picture")


def test_what_is_given_up_is_a_record():
    work = Work("a.png", "in/a.png", "out/a.png")
    assert failed(work, "Gone.").record == {
        "input": "in/a.png",
        "output": "out/a.png",
        "status": "failed",
        "error": "Gone.",
    }
