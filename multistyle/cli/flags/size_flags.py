"""Flags of large pictures: how broad the strokes are, and what memory takes."""

from typing import Any

from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.terminal.report import Progress
from multistyle.inference.passes.memory import read_memory
from multistyle.inference.passes.painter import STROKES, TILINGS

NAMES = ("max_size", "strokes", "stroke_scale", "tiling")


def define_size_flags(flags: VerbFlags) -> None:
    """Defines `--max_size`, `--strokes`, `--tiling` and their like."""
    size = "Large photographs"
    flags.integer(
        "max_size",
        "Reduce a photograph first whose longer side has more pixels. "
        "Default: no limit; on a sheet, grid or strip and in a GIF, pictures "
        "are reduced to 320 once they are painted.",
        size,
        lower_bound=1,
    )
    define_stroke_flags(flags, size)
    flags.enum(
        "tiling",
        TILINGS,
        "How a photograph that is too large for the memory is measured before "
        "its tiles are painted: on typical cells, or all of it, layer by "
        "layer, on the disk. Default: estimated.",
        size,
    )
    flags.string(
        "max_memory",
        "Memory that may be used, as 2GB or 800MB; a photograph that needs "
        "more is painted by tiles. Default: 3.5GB.",
        size,
    )


def define_stroke_flags(flags: VerbFlags, group: str) -> None:
    """Defines `--strokes` and `--stroke_scale`."""
    flags.enum(
        "strokes",
        STROKES,
        "fitted: as broad, beside the picture, as on a photograph of 1,000 "
        "pixels; a larger one is painted coarse to fine. pixels: in one pass, "
        "with strokes of 10 to 20 pixels on every photograph. Default: "
        "fitted.",
        group,
    )
    flags.float(
        "stroke_scale",
        "Breadth of fitted strokes: 2 is twice as broad, 0.5 half. Default: 1.",
        group,
        lower_bound=0.01,
    )


def size_options(given: dict[str, Any]) -> dict[str, Any]:
    """Returns the options of a `Look` that were given.

    Args:
        given: dict of the flags that were given.

    Raises:
        InputError: if --max_memory is not an amount of memory.
    """
    options = {name: given[name] for name in NAMES if name in given}
    if "max_memory" in given:
        options["max_memory"] = read_memory(given["max_memory"])
    return {**options, "progress": Progress()}
