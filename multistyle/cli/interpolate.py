"""`multistyle interpolate`: flags of the blends of a photograph, and wiring."""

import json
from pathlib import Path

from multistyle.cli.backend import import_keras
from multistyle.cli.report import report, say
from multistyle.errors import InputError
from multistyle.images.colors import KEEP_COLORS
from multistyle.images.pictures import check_output, find_images, write_image
from multistyle.images.samples import sample_photographs

SUMMARY = "Paint photographs in the styles of a network and their blends."
USAGE = (
    "multistyle interpolate [PHOTOGRAPH ...] "
    "[--style_weights=... | --sheet | --grid=... | --path=...] [flags]"
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
"""

MODES = ("style_weights", "sheet", "grid", "path")
OVERVIEW_FILE = "blends.png"


def define_flags(flags):
    blend = "What to paint (one of the first four)"
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
        "luminance: paint with the photograph's colours. Default: none.",
        look,
    )
    flags.integer(
        "max_size",
        "Reduce a photograph first whose longer side has more pixels. "
        "Default: 320 on a sheet, grid or strip and in a GIF, else no limit.",
        look,
        lower_bound=1,
    )

    files = "Model and files"
    flags.string(
        "model",
        "A run folder, a .keras file or a bundled model. Default: the bundled "
        "`paintings`; without a photograph the newest run under runs/.",
        files,
    )
    flags.string(
        "output",
        "File to write, in the format of its name; of several photographs or "
        "a folder, the folder to write into. Default: photo_stylized.jpg and "
        "the like, in the current folder.",
        files,
    )
    flags.boolean("overwrite", "Replace outputs that are there.", files)
    flags.boolean("json", "Print one JSON object a photograph.", files)


def run(flags, arguments):
    given = flags.given()
    mode = _mode(given)
    photographs = find_images(arguments) if arguments else sample_photographs()

    # Late, so that help and wrong flags need not wait for an engine.
    from multistyle.cli.model_choice import choose_model, identify_model
    from multistyle.inference.engines import load_graph, load_keras
    from multistyle.inference.stylizer import Stylizer

    model, name = choose_model(flags.model, prefers_run=not arguments)
    engine = load_graph(model)
    if engine is None:
        import_keras()
        engine = load_keras(model)
    stylizer = Stylizer(engine=engine)
    facts = {"model": identify_model(model)}
    if mode is None:
        if arguments:
            raise InputError(_ask_for_mode(stylizer.style_names))
        output = _write_overview(flags, stylizer, model)
        print(json.dumps({"output": output, **facts}) if flags.json else output)
        say(_next_steps(name, stylizer.style_names))
        return 0
    composition = _composition(mode, given, stylizer)
    facts.update(composition.options())
    if len(arguments) == 1 and Path(arguments[0]).is_file():
        records, total = _single(composition, photographs[0], flags), 1
    else:
        specs = arguments or photographs
        folder_run = _folder_run(composition, specs, flags, facts)
        records, total = folder_run.records(), len(folder_run)
    return report(records, total, flags.json, facts)


def _mode(given):
    """Returns the one flag that says what to paint, or None."""
    modes = [name for name in MODES if given.get(name) not in (None, False)]
    if len(modes) > 1:
        raise InputError(
            f"`--{modes[0]}` and `--{modes[1]}` exclude each other: give one."
        )
    mode = modes[0] if modes else None
    for name, needed in (("frames", "path"), ("extrapolate", "style_weights")):
        if name in given and mode != needed:
            raise InputError(f"`--{name}` goes with `--{needed}` alone.")
    return mode


def _ask_for_mode(names):
    example = names[0]
    if len(names) > 1:
        example = f"{names[0]}=0.7,{names[1]}=0.3"
    shown = ", ".join(f"`{name}`" for name in names)
    return (
        f'Say what to paint, for example --style_weights="{example}", or '
        f"--sheet, --grid or --path; the styles are {shown}."
    )


def _composition(mode, given, stylizer):
    from multistyle.inference import compositions

    options = _look(given)
    if mode == "sheet":
        return compositions.Sheet(stylizer, **options)
    if mode == "grid":
        return compositions.Grid(stylizer, given["grid"], **options)
    if mode == "path":
        return compositions.BlendPath(
            stylizer, given["path"], given.get("frames"), **options
        )
    return compositions.Blend(
        stylizer,
        given["style_weights"],
        given.get("extrapolate", False),
        **options,
    )


def _look(given):
    names = ("strength", "keep_colors", "max_size")
    return {name: given[name] for name in names if name in given}


def _single(composition, photograph, flags):
    """Makes the composition of one photograph; returns its record, in a list.

    What is wrong with the output is found before anything is painted.
    """
    from multistyle.inference.batch import check_apart, make, output_name
    from multistyle.inference.compositions import is_folder

    output = flags.output
    if output is None:
        suffix = Path(output_name(photograph)).suffix
        if composition.noun != "stylized":
            suffix = ".png"
        output = f"{photograph.stem}_{composition.noun}{suffix}"
    elif is_folder(output) and composition.noun != "path":
        output = Path(output, output_name(photograph.name))
    check_apart([photograph], composition.outputs(output))
    composition.check(output, flags.overwrite)
    return [make(composition, photograph, output, flags.overwrite)]


def _folder_run(composition, specs, flags, facts):
    from multistyle.inference.batch import FolderRun
    from multistyle.inference.compositions import is_folder

    if flags.output is None or not is_folder(flags.output):
        got = f", not `{flags.output}`" if flags.output else ""
        raise InputError(
            "Several photographs need a folder to be written into: give "
            f"--output=FOLDER{got}."
        )
    return FolderRun(composition, specs, flags.output, facts, flags.overwrite)


def _write_overview(flags, stylizer, model):
    """Writes the sheet of the built-in photographs and returns its path."""
    from multistyle.inference.compositions import Overview, is_folder
    from multistyle.network.models import MODEL_FILE

    output, overwrite = flags.output, flags.overwrite
    if output is None:
        # Its own sheet may be replaced: a call with no flag can be repeated.
        is_run = model.name == MODEL_FILE
        output = Path(model.parent if is_run else ".", OVERVIEW_FILE)
        overwrite = True
    elif is_folder(output):
        output = Path(output, OVERVIEW_FILE)
    check_output(output, overwrite)
    overview = Overview(stylizer, **_look(flags.given()))
    sheet = overview.compose([overview.read(p) for p in sample_photographs()])
    write_image(output, sheet, overwrite)
    return str(output)


def _next_steps(model, names):
    weights = ",".join(f"{name}=0.5" for name in names[:2])
    return (
        "The picture is named above. Next, a photograph of your own:\n"
        f"  python interpolate.py photo.jpg --model={model} "
        f'--style_weights="{weights}"'
    )
