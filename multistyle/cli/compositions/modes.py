"""What `multistyle interpolate` makes of a photograph, as its flags say."""

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from multistyle.blends.content_blends import (
    RANDOM,
    ContentList,
    DrawnBlends,
)
from multistyle.blends.names import name_some, split_names
from multistyle.cli.flags.region_flags import check_mask, gives_styles
from multistyle.cli.flags.size_flags import size_options
from multistyle.cli.terminal.voice import say
from multistyle.errors import InputError, InputWarning
from multistyle.learning.lesson import Lesson

if TYPE_CHECKING:
    from multistyle.inference.compositions.composition import Composition
    from multistyle.inference.compositions.look import Look
    from multistyle.inference.runs.blend_list import BlendList
    from multistyle.inference.stylizer import Stylizer

# The flags that say what to paint; paintings are painted in where none is
# given.
MODES = (
    "style_weights",
    "sheet",
    "grid",
    "path",
    "gradient",
    "mask",
    "blends",
)
PAINTINGS = "style_images"


def find_mode(given: dict[str, Any]) -> str | None:
    """Returns the one flag that says what to paint, or None.

    Args:
        given: dict of the flags that were given.

    Raises:
        InputError: for two of them, and for a flag that goes with another.
    """
    modes = [name for name in MODES if given.get(name) not in (None, False)]
    if "mask" in modes and not gives_styles(given["mask"]):
        modes.remove("mask")
    if len(modes) > 1:
        raise InputError(
            f"`--{modes[0]}` and `--{modes[1]}` exclude each other: give one."
        )
    mode = modes[0] if modes else None
    if mode is None and PAINTINGS in given:
        mode = PAINTINGS
    for name, needed in (
        ("frames", "path"),
        ("styles", "sheet"),
        ("extrapolate", "style_weights"),
    ):
        if name in given and mode != needed:
            raise InputError(f"`--{name}` goes with `--{needed}` alone.")
    check_mask(given, mode)
    _check_varied(given)
    return mode


def are_varied(given: dict[str, Any]) -> bool:
    """Whether each photograph of a folder gets blends of its own."""
    return given.get("style_weights") == RANDOM or "blends" in given


def _check_varied(given):
    spec = given.get("style_weights")
    for name in ("copies", "seed"):
        if name in given and spec != RANDOM:
            raise InputError(
                f"`--{name}` goes with `--style_weights={RANDOM}` alone."
            )
    if str(spec).endswith(".jsonl"):
        raise InputError(
            f"`--style_weights={spec}` is a list of blends: give it as "
            "`--blends`."
        )
    for name in ("mask", "extrapolate"):
        if name in given and are_varied(given):
            flag = "--blends" if spec is None else f"--style_weights={spec}"
            raise InputError(f"`--{name}` does not go with `{flag}`.")


def first_of_several(mode: str | None, lesson: Lesson | None) -> str | None:
    """Returns the first style where each painting gives a picture of its own.

    None where there is one picture a photograph.
    """
    if mode != PAINTINGS or lesson is None or len(lesson.style_names) == 1:
        return None
    return lesson.style_names[0]


def ask_for_mode(names: Sequence[str]) -> str:
    """Returns a line that says what can be painted in the styles."""
    example = names[0]
    if len(names) > 1:
        example = f"{names[0]}=0.7,{names[1]}=0.3"
    return (
        f'Say what to paint, for example --style_weights="{example}", or '
        "--sheet, --grid, --path, --gradient or --mask, or a painting of your "
        f"own, --style_images=mine.jpg; the styles are "
        f"{name_some(names)}."
    )


def make_compositions(
    mode: str,
    given: dict[str, Any],
    stylizer: "Stylizer",
    lesson: Lesson | None,
    listed: "BlendList | None" = None,
) -> "dict[str | None, Composition]":
    """Makes the composition that is asked for, or one for each painting.

    Args:
        mode: as `find_mode` returns it.
        given: dict of the flags that were given.
        stylizer: a `Stylizer`.
        lesson: None, or the `Lesson` of paintings.
        listed: None, or the `BlendList` of --blends.

    Returns:
        Dict from the style that an output is named after, or None, to its
        `Composition`.

    Raises:
        InputError: for what is wrong with a flag.
    """
    if lesson is None or mode != PAINTINGS:
        if listed is not None:
            given = {**listed.defaults, **given}
        composition = _composition(mode, given, stylizer, listed)
        if lesson is not None and not are_varied(given):
            _note_unused(lesson, composition)
        return {None: composition}
    return {
        name: _composition(mode, {**given, "style_weights": name}, stylizer)
        for name in lesson.style_names
    }


def _composition(mode, given, stylizer, listed=None):
    # Late, so that help and wrong flags need not wait for them.
    from multistyle.inference.compositions.blend import Blend
    from multistyle.inference.compositions.grid import Grid
    from multistyle.inference.compositions.listed import ListedBlends
    from multistyle.inference.compositions.path import BlendPath
    from multistyle.inference.compositions.sheet import Sheet
    from multistyle.inference.compositions.varied import VariedBlends

    look = make_look(given)
    if are_varied(given):
        strip_metadata = given.get("strip_metadata", False)
        if listed is not None and listed.works:
            blend = ListedBlends(
                stylizer, look=look, strip_metadata=strip_metadata
            )
            blend.check_works(listed.works)
            return blend
        return VariedBlends(
            stylizer,
            _read_blends(given, stylizer.style_names),
            look=look,
            strip_metadata=strip_metadata,
        )
    if mode == "sheet":
        names = given.get("styles")
        return Sheet(stylizer, styles=names and split_names(names), look=look)
    if mode == "grid":
        return Grid(stylizer, given["grid"], look=look)
    if mode == "path":
        return BlendPath(
            stylizer,
            given["path"],
            num_frames=given.get("frames"),
            look=look,
        )
    region = stylizer.region(
        given.get("style_weights"),
        given.get("mask"),
        given.get("gradient"),
        extrapolate=given.get("extrapolate", False),
        note=say,
        max_pixels=given.get("max_pixels"),
    )
    return Blend(
        stylizer,
        region,
        look=look,
        strip_metadata=given.get("strip_metadata", False),
    )


def _note_unused(lesson, composition):
    """Warns where one blend is painted, and no painting is part of it."""
    weights = composition.options().get("style_weights")
    names = lesson.style_names
    if isinstance(weights, dict) and not weights.keys() & set(names):
        blend = ",".join(f"{name}=0.5" for name in [*weights, names[0]][-2:])
        warnings.warn(
            f"`--style_weights` has no weight for `{names[0]}`, which is "
            f'learned and not painted in: give, for example, "{blend}".',
            InputWarning,
            stacklevel=2,
        )


def _read_blends(given, style_names):
    """Returns the `ContentBlends` that flags give."""
    if "blends" in given:
        return ContentList(given["blends"], style_names)
    options = {
        name: given[name] for name in ("copies", "seed") if name in given
    }
    return DrawnBlends(style_names, **options)


def make_look(given: dict[str, Any]) -> "Look":
    """Returns the `Look` that flags give."""
    from multistyle.inference.compositions.look import Look

    names = ("strength", "keep_colors", "max_pixels")
    look = {name: given[name] for name in names if name in given}
    return Look(**look, **size_options(given))
