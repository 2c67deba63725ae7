"""`multistyle interpolate`: flags of the blends of a photograph, and wiring."""

import json
from typing import Any

from multistyle.cli.compositions.modes import (
    are_varied,
    ask_for_mode,
    find_mode,
    first_of_several,
    make_compositions,
    make_look,
)
from multistyle.cli.compositions.overview import (
    say_next_steps,
    write_overview,
)
from multistyle.cli.compositions.runs import (
    SingleRun,
    begin_runner,
    begun_options,
    make_folder_run,
    read_listed,
)
from multistyle.cli.flags.engine_flags import define_engine_flags
from multistyle.cli.flags.file_flags import (
    check_file_flags,
    define_file_flags,
    find_photographs,
    is_one_file,
)
from multistyle.cli.flags.learning_flags import (
    define_painting_flags,
    read_lesson,
)
from multistyle.cli.flags.region_flags import define_region_flags
from multistyle.cli.flags.size_flags import define_size_flags
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.terminal.exit_codes import DONE
from multistyle.cli.terminal.report import report, say_others
from multistyle.errors import InputError
from multistyle.files.remote import is_remote
from multistyle.images.codecs.streams import STREAM
from multistyle.images.colors import KEEP_COLORS

SUMMARY = "Paint photographs in the styles of a network and their blends."
USAGE = (
    "multistyle interpolate [PHOTOGRAPH ... | -] "
    "[--style_weights=... | --style_images=... | --gradient=... | "
    "--mask=... | --sheet | --grid=... | --path=... | --blends=...] [flags]"
)
EXAMPLES = """
python interpolate.py
    built-in photographs in every style of the newest run under runs/

python interpolate.py photo.jpg --output=out.png \\
    --style_weights="starry_night=0.7,great_wave=0.3"

python interpolate.py photo.jpg --style_images=mine.jpg --output=out.png
    in a painting of your own, which is learned in seconds

python interpolate.py photo.jpg --path="starry_night>great_wave" \\
    --frames=24 --output=walk.gif

python interpolate.py holiday --style_weights=great_wave --output=painted
    a folder, into a tree like its own; again, it goes on where it stopped

python interpolate.py - --style_weights=great_wave < photo.jpg > out.jpg
    from standard input to standard output
"""


def define_flags(flags: VerbFlags) -> None:
    blend = "What to paint (one of the first four, or in parts)"
    flags.string(
        "style_weights",
        'One picture in a blend, as "starry_night=0.7,great_wave=0.3", '
        "brought to a sum of 1; a name alone weighs 1. Or the path of a "
        ".json file with such a dict. random draws a blend of two styles for "
        "each photograph of a folder; its manifest.jsonl lists them, and "
        "repeats them by --blends.",
        blend,
    )
    flags.string(
        "blends",
        "A list that gives each picture a look of its own: CSV with a header, "
        "or a JSON object a line, with input (in the folder that is given), "
        "output, and columns named as flags: style_weights, gradient, mask, "
        "strength, keep_colors, stroke_scale and others.",
        blend,
    )
    flags.integer(
        "copies",
        "Of --style_weights=random: photo_1.jpg to photo_N.jpg, each in a "
        "blend of its own. Default: 1.",
        blend,
        lower_bound=1,
    )
    flags.integer(
        "seed",
        "Of --style_weights=random: another draws other blends. Default: 0.",
        blend,
    )
    flags.boolean(
        "sheet",
        "A sheet with every style; into a folder, or under a name without a "
        "suffix, pages of 24.",
        blend,
    )
    flags.string(
        "styles",
        "Which styles a --sheet shows, separated by commas. Default: all.",
        blend,
    )
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

    define_painting_flags(flags)
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
        "photo_stylized.jpg, photo_mine.jpg and the like, in the current "
        "folder.",
        files,
    )
    flags.boolean("overwrite", "Replace outputs that are there.", files)
    flags.boolean("json", "Print one JSON object a photograph.", files)
    define_file_flags(flags, files)


def run(flags: VerbFlags, arguments: list[str]) -> int:
    given = flags.given()
    mode = find_mode(given)
    if arguments == [STREAM] and are_varied(given):
        raise InputError(
            f"`{STREAM}`, standard input, is no file by whose content a blend "
            "is chosen: give files or a folder."
        )
    listed = read_listed(flags, arguments) if mode == "blends" else None
    has_names = listed is not None and listed.works
    photographs = [] if has_names else find_photographs(arguments)
    if arguments == [STREAM] and flags.output is None:
        flags.output = STREAM
    is_single = arguments == [STREAM] or is_one_file(arguments)
    is_single = is_single and not are_varied(given)
    is_single = is_single and not is_remote(flags.output)
    check_file_flags(flags, is_single)
    lesson = read_lesson(flags, max_pixels=flags.max_pixels)

    # Late, so that help and wrong flags need not wait for an engine.
    from multistyle.cli.model_choice import choose_model
    from multistyle.cli.terminal.lessons import teach
    from multistyle.inference.engines.loading import load_engine
    from multistyle.inference.stylizer import Stylizer
    from multistyle.network.models import identify_model

    model, name = choose_model(flags.model, prefers_run=not arguments)
    begun = begun_options(flags, is_single, first_of_several(mode, lesson))
    if "strokes" in begun and "stroke_scale" not in given:
        given.setdefault("strokes", begun["strokes"])
    engine_name = flags.engine if is_single else begin_runner(flags)
    engine = load_engine(
        model,
        engine=engine_name or "auto",
        precision=flags.precision or begun.get("precision", "auto"),
    )
    stylizer = Stylizer(engine=engine)
    facts = {"model": identify_model(model), "precision": engine.precision}
    if mode is None:
        if arguments:
            raise InputError(ask_for_mode(stylizer.style_names))
        output = write_overview(flags, stylizer, model, make_look(given))
        print(json.dumps({"output": output, **facts}) if flags.json else output)
        say_next_steps(name, stylizer.style_names)
        return DONE
    # What is wrong with the rest of the call is found before the paintings
    # are learned.
    known = stylizer.announced(lesson) if lesson else stylizer
    paintings = lesson.paintings.paths if lesson else []
    compositions = make_compositions(mode, given, known, lesson, listed)
    is_one_of_several = len(compositions) > 1
    runs: list[tuple[Any, dict[str, Any]]] = []
    for style, composition in compositions.items():
        options = {**facts, **composition.options()}
        if lesson:
            names = [style] if style and is_one_of_several else None
            options.update(lesson.options(stylizer.engine, names))
        run: Any
        if is_single:
            run = SingleRun(
                composition,
                photographs[0],
                flags,
                paintings=paintings,
                style=style,
                is_one_of_several=is_one_of_several,
            )
        else:
            run = make_folder_run(
                composition,
                arguments or photographs,
                flags,
                options,
                paintings=paintings,
                style=style if is_one_of_several else None,
                listed=listed,
            )
        runs.append((run, options))
    if lesson:
        taught = teach(stylizer, lesson, is_chosen="learning" in given)
        for composition in compositions.values():
            composition.stylizer = taught
    say_others(runs[0][0].num_others)
    records = (
        # A photograph's own blend is in its record.
        {**record, **options, **record}
        for run, options in runs
        for record in run.records()
    )
    total = sum(len(run) for run, _ in runs)
    return report(records, total, as_json=bool(flags.json))
