"""`multistyle interpolate`: flags of the blends of a photograph, and wiring."""

import json
import os
from pathlib import Path

from multistyle.cli.flags.engine_flags import define_engine_flags, precision_of
from multistyle.cli.flags.file_flags import (
    check_file_flags,
    define_file_flags,
    find_photographs,
    folder_options,
    is_one_file,
)
from multistyle.cli.flags.region_flags import (
    check_mask,
    define_region_flags,
    gives_styles,
)
from multistyle.cli.flags.size_flags import define_size_flags, size_options
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.overview import next_steps, write_overview
from multistyle.cli.terminal.report import report, say
from multistyle.cli.terminal.streams import STREAM, file_name, paint_to_stream
from multistyle.errors import InputError
from multistyle.images.colors import KEEP_COLORS

SUMMARY = "Paint photographs in the styles of a network and their blends."
USAGE = (
    "multistyle interpolate [PHOTOGRAPH ... | -] "
    "[--style_weights=... | --gradient=... | --mask=... | --sheet | "
    "--grid=... | --path=...] [flags]"
)
EXAMPLES = """
python interpolate.py
    built-in photographs in every style of the newest run under runs/

python interpolate.py photo.jpg --output=out.png \\
    --style_weights="starry_night=0.7,great_wave=0.3"

python interpolate.py photo.jpg --path="starry_night>great_wave" \\
    --frames=24 --output=walk.gif

python interpolate.py holiday --style_weights=great_wave --output=painted
    a folder, into a tree like its own; again, it goes on where it stopped

python interpolate.py - --style_weights=great_wave < photo.jpg > out.jpg
    from standard input to standard output
"""

MODES = ("style_weights", "sheet", "grid", "path", "gradient", "mask")


def define_flags(flags: VerbFlags) -> None:
    blend = "What to paint (one of the first four, or in parts)"
    flags.string(
        "style_weights",
        'One picture in a blend, as "starry_night=0.7,great_wave=0.3", '
        "brought to a sum of 1; a name alone weighs 1. Or the path of a "
        ".json file with such a dict.",
        blend,
    )
    flags.boolean("sheet", "A sheet with every style.", blend)
    flags.string(
        "grid",
        "A square of blends of four styles, A,B,C,D: top left, top right, "
        "bottom left, bottom right.",
        blend,
    )
    flags.string(
        "path",
        'Blends from style to style, "A>B>C". The output decides: .gif is an '
        "animation, another picture's name a strip, a folder or a name "
        "without a suffix numbered frames.",
        blend,
    )
    flags.integer(
        "frames",
        "Pictures of a --path, at least one a style. Default: four from each "
        "style to the next.",
        blend,
        lower_bound=2,
    )
    flags.boolean(
        "extrapolate",
        "Allow negative --style_weights: away from a style.",
        blend,
    )

    define_region_flags(flags)
    look = "Look"
    flags.float(
        "strength",
        "Blend of pixels with the photograph; 0 is exactly the photograph. "
        "Default: 1.",
        look,
        lower_bound=0,
        upper_bound=1,
    )
    flags.enum(
        "keep_colors",
        KEEP_COLORS,
        "luminance: each pixel keeps the photograph's colour and takes the "
        "painting's lightness. histogram: the painting gets the "
        "photograph's colours as a whole. Default: none.",
        look,
    )
    define_size_flags(flags)
    files = "Model and files"
    flags.string(
        "model",
        "A run folder, a .keras file or a bundled model. Default: the bundled "
        "`paintings`; without a photograph the newest run under runs/.",
        files,
    )
    define_engine_flags(flags, files)
    flags.string(
        "output",
        "File to write, in the format of its name; of several photographs or "
        "a folder, the folder to write into; - is standard output. Default: "
        "photo_stylized.jpg and the like, in the current folder.",
        files,
    )
    flags.boolean("overwrite", "Replace outputs that are there.", files)
    flags.boolean("json", "Print one JSON object a photograph.", files)
    define_file_flags(flags, files)


def run(flags: VerbFlags, arguments: list[str]) -> int:
    given = flags.given()
    mode = _mode(given)
    photographs = find_photographs(arguments)
    if arguments == [STREAM] and flags.output is None:
        flags.output = STREAM
    is_single = arguments == [STREAM] or is_one_file(arguments)
    check_file_flags(flags, is_single)

    # Late, so that help and wrong flags need not wait for an engine.
    from multistyle.cli.model_choice import choose_model, open_engine
    from multistyle.inference.stylizer import Stylizer
    from multistyle.network.models import identify_model

    model, name = choose_model(flags.model, prefers_run=not arguments)
    precision = precision_of(flags, is_single)
    engine = open_engine(model, flags.engine, precision)
    stylizer = Stylizer(engine=engine)
    facts = {"model": identify_model(model), "precision": engine.precision}
    if mode is None:
        if arguments:
            raise InputError(_ask_for_mode(stylizer.style_names))
        output = write_overview(flags, stylizer, model, _look(given))
        print(json.dumps({"output": output, **facts}) if flags.json else output)
        say(next_steps(name, stylizer.style_names))
        return 0
    composition = _composition(mode, given, stylizer)
    facts.update(composition.options())
    if is_single:
        records, total = _single(composition, photographs[0], flags), 1
    else:
        specs = arguments or photographs
        folder_run = _folder_run(composition, specs, flags, facts)
        records, total = folder_run.records(), len(folder_run)
        if folder_run.num_others == 1:
            say("1 file of another kind is left out.")
        elif folder_run.num_others:
            say(f"{folder_run.num_others} files of other kinds are left out.")
    return report(records, total, as_json=bool(flags.json), facts=facts)


def _mode(given):
    """Returns the one flag that says what to paint, or None."""
    modes = [name for name in MODES if given.get(name) not in (None, False)]
    if "mask" in modes and not gives_styles(given["mask"]):
        modes.remove("mask")
    if len(modes) > 1:
        raise InputError(
            f"`--{modes[0]}` and `--{modes[1]}` exclude each other: give one."
        )
    mode = modes[0] if modes else None
    for name, needed in (("frames", "path"), ("extrapolate", "style_weights")):
        if name in given and mode != needed:
            raise InputError(f"`--{name}` goes with `--{needed}` alone.")
    check_mask(given, mode)
    return mode


def _ask_for_mode(names):
    example = names[0]
    if len(names) > 1:
        example = f"{names[0]}=0.7,{names[1]}=0.3"
    shown = ", ".join(f"`{name}`" for name in names)
    return (
        f'Say what to paint, for example --style_weights="{example}", or '
        "--sheet, --grid, --path, --gradient or --mask; the styles are "
        f"{shown}."
    )


def _composition(mode, given, stylizer):
    from multistyle.inference.compositions.blend import Blend
    from multistyle.inference.compositions.grid import Grid
    from multistyle.inference.compositions.path import BlendPath
    from multistyle.inference.compositions.sheet import Sheet

    look = _look(given)
    if mode == "sheet":
        return Sheet(stylizer, look=look)
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


def _look(given):
    from multistyle.inference.compositions.look import Look

    names = ("strength", "keep_colors", "max_pixels")
    look = {name: given[name] for name in names if name in given}
    return Look(**look, **size_options(given))


def _single(composition, photograph, flags):
    """Makes the composition of one photograph; returns its record, in a list.

    What is wrong with the output is found before anything is painted.
    """
    from multistyle.files.whole_folders import is_folder
    from multistyle.images.codecs.formats import writable_name
    from multistyle.inference.folder_runs import check_apart, make

    output = flags.output and os.path.expanduser(flags.output)
    if output == STREAM:
        return [paint_to_stream(composition, photograph, flags.output_format)]
    if output is None:
        name = Path(file_name(photograph))
        suffix = Path(writable_name(name)).suffix
        if composition.noun != "stylized":
            suffix = ".png"
        output = f"{name.stem}_{composition.noun}{suffix}"
    elif is_folder(output) and composition.noun != "path":
        output = Path(output, writable_name(file_name(photograph)))
    sources = [photograph, *composition.sources()]
    check_apart(sources, composition.outputs(output))
    composition.check(output, flags.overwrite)
    return [make(composition, photograph, output, flags.overwrite)]


def _folder_run(composition, specs, flags, facts):
    from multistyle.files.whole_folders import is_folder
    from multistyle.inference.folder_runs import FolderRun

    if flags.output is None or not is_folder(flags.output):
        got = f", not `{flags.output}`" if flags.output else ""
        raise InputError(
            "Several photographs need a folder to be written into: give "
            f"--output=FOLDER{got}."
        )
    return FolderRun(
        composition,
        specs,
        flags.output,
        facts,
        flags.overwrite,
        **folder_options(flags, composition.stylizer.engine),
    )
