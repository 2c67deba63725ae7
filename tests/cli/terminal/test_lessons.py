"""What is said of a lesson whose learning nobody chose."""

import pytest

from multistyle.cli.terminal.lessons import teach
from multistyle.images.samples import PAINTINGS_FOLDER
from multistyle.inference.stylizer import Stylizer
from multistyle.learning import learned_rows
from multistyle.learning.lesson import Lesson
from multistyle.learning.paintings import Paintings
from multistyle.learning.refining import Pace

ONE = PAINTINGS_FOLDER / "woman_with_a_parasol.jpg"


@pytest.fixture(autouse=True)
def quick_is_quick(monkeypatch):
    monkeypatch.setitem(learned_rows.PACES, "quick", Pace(1, 0.05))


@pytest.mark.parametrize(
    "names, line",
    [
        (
            "a",
            "Learning `a`: quick, about 10 s a painting; "
            "--loss_network=vgg16 comes closer, in about 20 s.",
        ),
        (
            "abcd",
            "Learning 4 styles: instant, about 1 s a painting; "
            "--learning=quick comes closer, in about 10 s.",
        ),
    ],
)
def test_a_line_says_what_comes_closer(
    names, line, small_network, small_reader, capsys, tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    lesson = Lesson(Paintings([f"{name}:{ONE}" for name in names]))
    teach(Stylizer(small_network), lesson, is_chosen=False)
    assert capsys.readouterr().err.splitlines()[0] == line
    # Now it is known, and what comes closer is said all the same.
    teach(Stylizer(small_network), lesson, is_chosen=False)
    assert "comes closer" in capsys.readouterr().err


def test_a_learning_that_was_chosen_is_not_compared(
    small_network, small_reader, capsys
):
    lesson = Lesson(Paintings(ONE), learning="instant")
    teach(Stylizer(small_network), lesson, is_chosen=True)
    assert "comes closer" not in capsys.readouterr().err


def test_a_finisher_says_that_it_learns(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    lesson = Lesson(Paintings(f"mine:{ONE}"), learning="instant")
    taught = teach(Stylizer.load("paintings"), lesson, is_chosen=True)
    assert "finer sizes" not in capsys.readouterr().err
    assert taught.engine.finisher.style_names[-1] == "mine"
    said = "Learning `mine` for the finer sizes, too."
    assert capsys.readouterr().err.splitlines()[0] == said
