import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.perceptual.loss_options import LossWeights
from multistyle.perceptual.vgg16_weights import WEIGHTS_VARIABLE
from multistyle.training.options import SWEEPABLE, TrainingOptions


def make(**given):
    return TrainingOptions(
        **{"style_images": "s", "content_images": "c", "run_dir": "r", **given}
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"steps": 0}, "`steps` must be at least 1; got `0`"),
        ({"steps": 2.5}, "`steps` must be a whole number; got `2.5`"),
        ({"steps": "many"}, "`steps` must be a whole number; got `many`"),
        ({"seed": True}, "`seed` must be a whole number; got `True`"),
        ({"learning_rate": "1e-3"}, "`learning_rate` must be a number; got"),
        ({"style_loss_weight": [6]}, "`style_loss_weight` must be a number"),
        ({"skip_connections": "no"}, "`skip_connections` is True, False or"),
        ({"style_images": 3}, "`style_images` is a folder, a glob, a file"),
        ({"style_shares": "a=2"}, "`style_shares` is a dict from style name"),
        ({"style_shares": {"a": "2"}}, "`style_shares['a']` must be a number"),
        ({"image_size": 31}, "`image_size` must be at least 32"),
        ({"seed": -1}, "`seed` must be at least 0"),
        ({"width_multiplier": 0.0}, "`width_multiplier` must be a number"),
        ({"learning_rate": float("nan")}, "`learning_rate` must be a number"),
        ({"train": "some"}, "`train` is one of all, rows; got `some`"),
        ({"loss_network": "vgg19"}, "`loss_network` is one of vgg16, pocket"),
        ({"vgg16_share": 1.5}, "`vgg16_share` must be a number from 0 to 1"),
        ({"thaw": "last"}, "`thaw` is for styles that are added to a network"),
        ({"add_to": "m", "thaw": "first"}, "`thaw` is one of last; got"),
        ({"add_to": "m", "train": "rows"}, "leave out `init_from` and `train`"),
        ({"stability_loss_weight": -1}, "`stability_loss_weight` must be a"),
        ({"precision": "float16"}, "`precision` is one of"),
        ({"style_loss_weight": -1.0}, "`style_loss_weight` must be a number"),
        ({"train": "rows", "init_from": "none"}, "needs a network"),
        (
            {"style_coefficients": {"a": 0.0}},
            "`style_coefficients` are numbers above 0; got `0.0` for `a`",
        ),
        ({"style_shares": {"a": 0.0}}, "`style_shares` are numbers above 0"),
        (
            {"stability_coefficients": {"a": -1.0}},
            "`stability_coefficients` are numbers of at least 0; got `-1.0`",
        ),
        (
            {"stability_coefficients": {"a": float("nan")}},
            "`stability_coefficients` are numbers of at least 0; got `nan`",
        ),
    ],
)
def test_limits(given, message):
    with pytest.raises(InputError) as error:
        make(**given)
    assert message in str(error.value)


def test_a_style_may_do_without_the_stability_loss():
    options = make(stability_coefficients={"a": 0.0})
    assert options.stability_coefficients == {"a": 0.0}


def test_default_loss_weights():
    assert make().loss_weights() == LossWeights(
        content=1.0, style=6.0, total_variation=0.15
    )


def test_the_weave_loss_is_for_trainings_that_start_from_a_network():
    assert make().loss_weights(has_start=True).weave == 0.5
    given = make(weave_loss_weight=0.1)
    assert given.loss_weights(has_start=True).weave == 0.1
    paper = make(loss_scaling="paper")
    assert paper.loss_weights(has_start=True).weave == 0


def test_the_papers_loss_weights():
    weights = make(loss_scaling="paper").loss_weights()
    assert weights == LossWeights(
        content=1.0,
        style=1.0,
        total_variation=0.0,
        lattice=0.0,
        scaling="paper",
    )


def test_given_loss_weights_win():
    weights = make(
        loss_scaling="paper",
        total_variation_loss_weight=0.5,
        lattice_loss_weight=0.25,
    ).loss_weights()
    assert weights == LossWeights(
        content=1.0,
        style=1.0,
        total_variation=0.5,
        lattice=0.25,
        scaling="paper",
    )


def test_the_record_is_json_and_leaves_out_what_changes_no_result():
    record = make(style_images=["a", "b"], checkpoint_every=7).record()
    assert json.loads(json.dumps(record)) == record
    assert record["style_images"] == ["a", "b"]
    for name in ("run_dir", "checkpoint_every", "preview_every", "vgg_weights"):
        assert name not in record


def test_tuples_and_paths_are_recorded_as_lists_and_text():
    record = make(style_images=("a", Path("b"))).record()
    assert record["style_images"] == ["a", "b"]
    assert record == make(style_images=["a", "b"]).record()
    one = make(style_images=[Path("a")], content_images=("c",))
    assert one.record() == make(style_images="a").record()
    assert json.loads(json.dumps(record)) == record


def test_rows_that_are_added_need_few_and_small_batches():
    options = make()
    assert (options.steps, options.batch_size) == (2000, 8)
    options = make(add_to="m", loss_network="vgg16")
    assert (options.steps, options.batch_size) == (230, 4)
    options = make(add_to="m", loss_network="pocket")
    assert (options.steps, options.batch_size) == (385, 4)
    options = make(add_to="m", steps=7, batch_size=2)
    assert (options.steps, options.batch_size) == (7, 2)


def test_numpys_numbers_are_recorded_as_pythons():
    options = make(steps=np.int64(7), learning_rate=np.float64(0.5))
    assert type(options.steps) is int and type(options.learning_rate) is float
    assert json.dumps(options.record())


def test_what_can_be_swept_are_the_numbers_that_change_the_picture():
    assert SWEEPABLE["steps"] is SWEEPABLE["seed"] is int
    assert SWEEPABLE["style_loss_weight"] is SWEEPABLE["vgg16_share"] is float
    numbers = {
        field.name
        for field in dataclasses.fields(TrainingOptions)
        if field.type in (int, int | None, float, float | None)
    }
    assert set(SWEEPABLE) == numbers - {"checkpoint_every", "preview_every"}


def test_vgg16_judges_where_its_weights_are_and_else_pocket(
    monkeypatch, tmp_path
):
    monkeypatch.delenv(WEIGHTS_VARIABLE, raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert make().loss_network == "pocket"
    weights = tmp_path / "vgg16.h5"
    weights.touch()
    assert make(vgg_weights=str(weights)).loss_network == "vgg16"
    monkeypatch.setenv(WEIGHTS_VARIABLE, str(weights))
    assert make().record()["loss_network"] == "vgg16"
    assert make(loss_network="pocket").loss_network == "pocket"
