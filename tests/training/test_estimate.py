import dataclasses
from pathlib import Path

import pytest

from multistyle.training.estimate import estimate_memory, measure_step
from multistyle.training.ingredients import Ingredients


@pytest.mark.parametrize(
    ("given", "width", "precision", "megabytes"),
    [
        # Peaks of resident memory, measured.
        ({"image_size": 128}, 1.0, "bfloat16", 1570),
        ({"image_size": 128}, 1.0, "float32", 1722),
        ({"image_size": 192, "batch_size": 16}, 1.0, "float32", 4337),
        ({"image_size": 192}, 0.25, "float32", 1826),
        (
            {"image_size": 192, "loss_network": "pocket"},
            1.0,
            "float32",
            2311,
        ),
    ],
)
def test_measured_peaks(small_options, given, width, precision, megabytes):
    options = small_options(
        **{"batch_size": 8, "loss_network": "vgg16", **given}
    )
    estimate = estimate_memory(options, width, precision) / 1e6
    assert estimate == pytest.approx(megabytes, rel=0.2)


def test_workers_share_what_a_batch_needs(small_options):
    shared, whole = (
        estimate_memory(
            small_options(batch_size=batch_size), 1.0, "float32", **workers
        )
        for batch_size, workers in ((8, {"num_workers": 4}), (2, {}))
    )
    assert shared == whole


def test_the_larger_of_two_loss_networks_counts(small_options):
    first, second, both = (
        estimate_memory(small_options(**given), 1.0, "float32")
        for given in (
            {"loss_network": "pocket"},
            {"loss_network": "vgg16"},
            {"loss_network": "pocket", "vgg16_share": 0.1},
        )
    )
    assert first < second == both


@pytest.mark.usefixtures("eager_steps")
def test_measuring_writes_nothing(small_options):
    options = small_options()
    assert measure_step(Ingredients(options)) > 0
    assert not Path(options.run_dir).exists()


def test_each_phase_counts_by_its_steps(small_options, monkeypatch):
    ingredients = Ingredients(small_options())
    (phase,) = ingredients.phases
    ingredients.phases = [
        dataclasses.replace(phase, num_steps=num_steps, train=train)
        for num_steps, train in ((6, "rows"), (2, "all"))
    ]
    seconds = {"rows": 1.0, "all": 3.0}
    monkeypatch.setattr(
        "multistyle.training.estimate._measure_step",
        lambda ingredients, phase: seconds[phase.train],
    )
    assert measure_step(ingredients) == 1.5
