import pytest

from multistyle.training.options import TrainingOptions
from multistyle.training.phases import Phase, plan_phases


def make(**given):
    defaults = {"steps": 100, "loss_network": "pocket"}
    return TrainingOptions(
        style_images="s",
        content_images="c",
        run_dir="r",
        **{**defaults, **given},
    )


def phase(train, first_step, num_steps, rate, network="pocket", fall=0.3):
    return Phase(train, first_step, num_steps, rate, network, fall)


@pytest.mark.parametrize(
    ("given", "has_start", "has_rows", "expected"),
    [
        ({}, False, False, [phase("all", 0, 100, 2e-3)]),
        (
            {},
            True,
            False,
            [phase("rows", 0, 40, 1e-2), phase("all", 40, 60, 1e-3)],
        ),
        ({}, True, True, [phase("all", 0, 100, 1e-3)]),
        ({"train": "rows"}, True, False, [phase("rows", 0, 100, 1e-2)]),
        (
            {"learning_rate": 0.5},
            True,
            False,
            [phase("rows", 0, 40, 5.0), phase("all", 40, 60, 0.5)],
        ),
        ({"add_to": "m"}, True, False, [phase("rows", 0, 100, 3e-2)]),
        (
            {"add_to": "m", "thaw": "last"},
            True,
            False,
            [phase("rows", 0, 40, 1e-2), phase("last", 40, 60, 1e-3)],
        ),
        (
            {"vgg16_share": 0.25},
            False,
            False,
            [
                phase("all", 0, 75, 2e-3, fall=0.0),
                phase("all", 75, 25, 2e-3, "vgg16", fall=1.0),
            ],
        ),
        (
            {"vgg16_share": 0.8},
            True,
            False,
            [
                phase("rows", 0, 20, 1e-2, fall=0.0),
                phase("rows", 20, 20, 1e-2, "vgg16", fall=0.6),
                phase("all", 40, 60, 1e-3, "vgg16"),
            ],
        ),
        (
            {"vgg16_share": 0.5, "loss_network": "vgg16"},
            False,
            False,
            [phase("all", 0, 100, 2e-3, "vgg16")],
        ),
    ],
)
def test_phases(given, has_start, has_rows, expected):
    phases = plan_phases(make(**given), has_start=has_start, has_rows=has_rows)
    assert [vars(phase) for phase in phases] == [
        pytest.approx(vars(phase)) for phase in expected
    ]


def test_the_rate_rises_is_held_and_falls_to_zero():
    rates = [phase("all", 500, 1000, 0.01).rate(i) for i in range(1000)]
    assert rates[0] == pytest.approx(0.01 / 50)
    assert rates[49] == pytest.approx(0.01)
    assert set(rates[49:700]) == {0.01}
    assert rates[850] == pytest.approx(0.005)
    assert 0 < rates[999] < 0.0001
    assert rates[700:] == sorted(rates[700:], reverse=True)


def test_a_rate_that_does_not_fall_is_held_to_the_end():
    rates = [phase("all", 0, 100, 0.01, fall=0.0).rate(i) for i in range(100)]
    assert set(rates[4:]) == {0.01}


def test_a_phase_of_one_step_has_a_rate():
    assert phase("all", 0, 1, 0.01).rate(0) == 0.01
