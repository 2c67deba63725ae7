"""What a call says while it learns paintings."""

import importlib
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from multistyle.cli.terminal.status_line import StatusLine
from multistyle.durations import show_duration
from multistyle.learning.lesson import Lesson

if TYPE_CHECKING:
    from multistyle.inference.loaded_model import LoadedModel

# Before it, most of the time went into what is done once.
_FIRST_SHARE = 0.1

Model = TypeVar("Model", bound="LoadedModel")


def teach(model: Model, lesson: Lesson, *, is_chosen: bool) -> Model:
    """Lets a model learn paintings, and shows how far it is.

    Args:
        model: a `LoadedModel`, such as a `Stylizer`.
        lesson: a `Lesson`.
        is_chosen: whether the user said how they are learned; else it is said
            here, with what would come closer to the paintings.

    Returns:
        The model with the styles.

    Raises:
        InputError: as `LoadedModel.taught`.
    """
    learning = lesson.learning(model.engine)
    names = _names(lesson.style_names)
    better = "" if is_chosen else _better(lesson, learning)
    way = f"{learning}, about {lesson.seconds(learning)} s a painting{better}"
    # Else an engine that needs no Keras can learn by itself.
    needs_keras = lesson.options(model.engine).get("loss_network") == "vgg16"
    progress = _Progress(f"Learning {names}: {way}.", needs_keras)
    finisher_progress = _Progress(
        f"Learning {names} for the finer sizes, too.", needs_keras
    )
    try:
        taught = model.taught(
            lesson, progress=progress, finisher_progress=finisher_progress
        )
    finally:
        progress.line.end()
    if not progress.has_begun and better:
        progress.line.say(f"Learned before: {names}, {learning}{better}.")
    return taught


class _Progress:
    """Says what is learned, and how far it is; called with shares, from 0."""

    def __init__(self, first_line: str, needs_keras: bool) -> None:
        self.line = StatusLine()
        self.has_begun = False
        self._first_line = first_line
        self._needs_keras = needs_keras
        self._start = 0.0

    def __call__(self, share: float) -> None:
        if not self.has_begun:
            self.line.say(self._first_line)
            if self._needs_keras:
                importlib.import_module("keras")
            self.has_begun = True
            self._start = time.monotonic()
        elif share == 1:
            seconds = time.monotonic() - self._start
            self.line.show(lambda: f"Learned in {seconds:.0f} s", is_last=True)
        elif share > _FIRST_SHARE:
            left = (time.monotonic() - self._start) * (1 / share - 1)
            self.line.show(
                lambda: f"Learned {share:.0%}, about {show_duration(left)} left"
            )


def _names(names: Sequence[str]) -> str:
    if len(names) > 3:
        return f"{len(names)} styles"
    return ", ".join(f"`{name}`" for name in names)


def _better(lesson: Lesson, learning: str) -> str:
    """Returns what comes closer, and what it costs; "" of the best.

    By `pocket`, more steps than those of quick gain less than VGG-16 does in
    as much time.
    """
    if learning == "instant":
        flag, seconds = "--learning=quick", lesson.seconds("quick")
    elif lesson.loss_network == "pocket":
        flag = "--loss_network=vgg16"
        seconds = lesson.seconds(learning, "vgg16")
    elif learning == "quick":
        flag, seconds = "--learning=thorough", lesson.seconds("thorough")
    else:
        return ""
    return f"; {flag} comes closer, in about {seconds} s"
