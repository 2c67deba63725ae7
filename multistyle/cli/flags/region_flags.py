"""Flags that say which part of a photograph is painted, and in what."""

from typing import Any

from multistyle.blends.region_specs import split_masks
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.errors import InputError

# What a mask can say the place of.
MODES_OF_PARTS = ("style_weights", "style_images", "gradient", "mask")


def define_region_flags(flags: VerbFlags) -> None:
    """Defines `--mask` and `--gradient`."""
    part = "Parts of the photograph"
    flags.string(
        "mask",
        "A picture: white is painted, grey partly, black stays photograph; "
        "goes with --style_weights, --style_images or --gradient. Or one a "
        "style, as "
        '"great_wave:left.png,starry_night:right.png"; where they overlap '
        "styles blend. Another size is resized, another aspect is refused.",
        part,
    )
    flags.string(
        "gradient",
        'Styles that turn into each other, as "A>B:horizontal" or "A>B>C:45": '
        "horizontal, vertical, radial, or degrees clockwise from horizontal.",
        part,
    )


def gives_styles(mask: str) -> bool:
    """Whether the text of a mask names a style for each."""
    return split_masks(mask)[0][0] is not None


def check_mask(given: dict[str, Any], mode: str | None) -> None:
    """Raises InputError where a mask without a style has nothing to paint."""
    if "mask" in given and mode not in MODES_OF_PARTS:
        raise InputError(
            "`--mask=FILE` goes with `--style_weights`, `--style_images` or "
            "`--gradient`, or name a style for each: "
            "`--mask=A:left.png,B:right.png`."
        )
