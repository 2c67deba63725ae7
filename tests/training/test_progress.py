import pytest

from multistyle.training.progress import ProgressLines, TrainingProgress


def make(**given):
    return TrainingProgress(
        **{
            "step": 30,
            "num_steps": 2000,
            "losses": {"total_loss": 2.25, "total_variation_loss": 0.5},
            "images_per_second": 9.96,
            "seconds_left": 1800.0,
            "num_skipped": 0,
            "is_last": False,
            **given,
        }
    )


def test_a_line_has_losses_speed_and_time():
    assert str(make()) == (
        "step 30/2000  10.0 images/s  30 min left  total 2.250  variation 0.500"
    )


def test_a_line_leaves_out_what_is_not_known():
    first = make(images_per_second=None, seconds_left=None, losses={})
    assert str(first) == "step 30/2000"


def test_skipped_steps_are_told():
    assert str(make(num_skipped=3)).endswith("  3 skipped")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (89, "89 s"), (120, "2 min"), (6577, "1 h 50 min")],
)
def test_the_time_has_its_unit(seconds, text):
    assert f"  {text} left  " in str(make(seconds_left=seconds))


def test_lines_come_now_and_then_and_at_the_end():
    lines = []
    show = ProgressLines(lines.append)
    for step in range(1, 6):
        show(make(step=step, num_steps=5, is_last=step == 5))
    assert [line.split("  ")[0] for line in lines] == ["step 1/5", "step 5/5"]
