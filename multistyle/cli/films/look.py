"""What flags say of how a film looks."""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.terminal.voice import say
from multistyle.errors import InputError
from multistyle.network.models import FAST_MODEL

if TYPE_CHECKING:
    from multistyle.inference.loaded_model import LoadedModel
    from multistyle.learning.lesson import Lesson

# What says in which styles, where paintings alone do not.
STYLES = ("style_weights", "keyframes", "mask", "gradient")
# What they are, for example: of a film, and of a camera.
WAYS = (
    '--style_weights=starry_night, --keyframes="0s:starry_night=1; '
    '5s:great_wave=1", --gradient, a --mask for each style, or a painting of '
    "your own, --style_images=mine.jpg"
)
CAMERA_WAYS = (
    "--style_weights=starry_night, or a painting of your own, "
    "--style_images=mine.jpg"
)
LOOK = ("stability", "strength", "keep_colors", "strokes", "stroke_scale")


def has_blend(flags: VerbFlags) -> bool:
    """Whether styles are given: at once, over time, or place by place."""
    return any(getattr(flags, name) is not None for name in STYLES)


def check_blend(
    flags: VerbFlags, lesson: "Lesson | None", *, ways: str = WAYS
) -> None:
    """Raises InputError where nothing says what to paint; it names `ways`."""
    if has_blend(flags):
        return
    if lesson and len(lesson.style_names) > 1:
        names = lesson.style_names
        raise InputError(
            f"Say what to paint of the {len(names)} paintings, for example "
            f'--style_weights="{names[0]}=0.5,{names[1]}=0.5".'
        )
    if not lesson:
        raise InputError(f"Say what to paint, for example {ways}.")


def teach_by(
    flags: VerbFlags,
) -> "Callable[[LoadedModel, Lesson], LoadedModel]":
    """Returns a function that lets a model learn, and shows how far it is."""
    # Late, as below.
    from multistyle.cli.terminal.lessons import teach

    return functools.partial(teach, is_chosen=flags.learning is not None)


def load_by(flags: VerbFlags) -> Callable[..., Any]:
    """Returns a function that loads the engine of a `.keras` file."""

    def load(path, *, precision):
        # Late, so that help and wrong flags need not wait for an engine.
        from multistyle.inference.engines.loading import load_engine

        say(f"Model: `{flags.model or FAST_MODEL}`.")
        return load_engine(
            path, engine=flags.engine or "auto", precision=precision
        )

    return load


def look_of(flags: VerbFlags) -> dict[str, Any]:
    """Returns the keywords of a painter that are given."""
    given = flags.given()
    return {name: given[name] for name in LOOK if name in given}
