"""`multistyle export`: flags of an export, and its wiring."""

import json
import os
from typing import Any

from multistyle.blends.names import split_names
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.model_choice import choose_model
from multistyle.cli.terminal.exit_codes import DONE, SOME_FAILED
from multistyle.cli.terminal.voice import complain, say
from multistyle.errors import InputError
from multistyle.export.formats import FORMATS, STORES, find_format
from multistyle.export.network_export import check_size, export_network
from multistyle.files.homes import expand_home
from multistyle.files.whole_folders import try_folder

SUMMARY = "Write a network for use without multistyle."
USAGE = "multistyle export --output=DIR [--format=...] [--model=...] [flags]"
EXAMPLES = """
multistyle export --output=served
    the bundled model

multistyle export --model=runs/mine --output=served --overwrite
    your own, in place of the one before
"""


def define_flags(flags: VerbFlags) -> None:
    group = "Export"
    flags.string(
        "model",
        "A run folder, a .keras file or a bundled model. Default: the bundled "
        "model.",
        group,
    )
    described = "; ".join(
        f"{name}: {format.summary}" for name, format in FORMATS.items()
    )
    flags.enum(
        "format",
        tuple(FORMATS),
        f"{described}. Default: saved_model.",
        group,
    )
    flags.string("output", "The folder to write.", group)
    flags.string(
        "styles",
        "The styles to keep, separated by commas. Default: all.",
        group,
    )
    flags.string(
        "bake",
        "One blend, as A=0.7,B=0.3: the export paints it alone, and has no "
        "input for weights. Default: weights are an input.",
        group,
    )
    flags.enum(
        "store",
        STORES,
        "How weights are kept; they compute in float32 all the same. "
        "Default: float16 where the format has it and it loses nothing, as of "
        "the bundled models.",
        group,
    )
    flags.integer(
        "size",
        "The one size of all pictures, pixels a side, where a format has "
        "one. Default: any size.",
        group,
    )
    flags.boolean("overwrite", "Replace an export that stands there.", group)
    flags.boolean("json", "Print export.json as one JSON object.", group)


def run(flags: VerbFlags, arguments: list[str]) -> int:
    if arguments:
        raise InputError(
            f"`{arguments[0]}` is not a flag; a model is given by --model."
        )
    if not flags.output:
        raise InputError("Give the folder to write, by --output.")
    overwrite = bool(flags.overwrite)
    name = flags.format or next(iter(FORMATS))
    format = find_format(
        name,
        baked=flags.bake is not None,
        store=flags.store,
        sized=flags.size is not None,
    )
    check_size(flags.size)
    try_folder(flags.output, format.mark, overwrite=overwrite)
    if format.backend is not None:
        # A model's file knows no backend, so any can be read with this one.
        os.environ["KERAS_BACKEND"] = format.backend
    # Late, because they import Keras.
    from multistyle.export.description import DESCRIPTION_FILE
    from multistyle.export.parity import ParityError

    model, model_name = choose_model(flags.model)
    try:
        export_network(
            model,
            flags.output,
            format=name,
            styles=None if flags.styles is None else split_names(flags.styles),
            bake=flags.bake,
            store=flags.store,
            size=flags.size,
            overwrite=overwrite,
        )
    except ParityError as error:
        complain(f"multistyle export: {error} Nothing is written.")
        return SOME_FAILED
    path = expand_home(flags.output) / DESCRIPTION_FILE
    description = json.loads(path.read_text("utf-8"))
    if flags.json:
        outcome = {
            "model": model_name,
            "output": flags.output,
            **description,
        }
        print(json.dumps(outcome))
        return DONE
    _print_outcome(flags.output, format.noun, description)
    if name == "web":
        say("To open it, run this, and go to http://localhost:8000:")
        say(f'  python -m http.server 8000 --directory "{flags.output}"')
    return DONE


def _print_outcome(output: str, noun: str, description: dict[str, Any]) -> None:
    styles = description["styles"]
    if "weight" in styles[0]:
        blend = ", ".join(f"{s['name']} {s['weight']:g}" for s in styles)
        print(f"{output}: {noun} of one blend: {blend}.")
    else:
        plural = "s" if len(styles) > 1 else ""
        print(f"{output}: {noun} of {len(styles)} style{plural}.")
    if "parity" not in description:
        print(description["note"])
        return
    if "note" in description:
        say(description["note"])
    print("Difference to the Keras network, on pictures in [0, 1]:")
    for row in description["parity"]:
        print(
            f"  {row['height']} x {row['width']}: largest "
            f"{row['largest']:.1e}, mean {row['mean']:.1e}"
        )
    latency = description["latency"]
    print(
        f"Time of a picture of {latency['height']} x {latency['width']}: "
        f"{latency['seconds']:.3f} s here."
    )
