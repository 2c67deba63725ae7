"""`multistyle export`: flags of an export, and its wiring."""

import json
import os

from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.model_choice import choose_model
from multistyle.cli.terminal.backend import import_keras
from multistyle.cli.terminal.report import say
from multistyle.errors import InputError
from multistyle.export.formats import FORMATS
from multistyle.export.network_export import export_network
from multistyle.files.homes import expand_home
from multistyle.files.whole_folders import try_folder

SUMMARY = "Write a network for use without multistyle."
USAGE = "multistyle export --output=DIR [--model=...] [flags]"
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
    flags.enum(
        "format",
        tuple(FORMATS),
        "saved_model: a folder that TensorFlow alone loads, for any batch, "
        "height and width. Default: saved_model.",
        group,
    )
    flags.string("output", "The folder to write.", group)
    flags.boolean("overwrite", "Replace an export that stands there.", group)
    flags.boolean("json", "Print the outcome as a JSON object.", group)


def run(flags: VerbFlags, arguments: list[str]) -> int:
    if arguments:
        raise InputError(
            f"`{arguments[0]}` is not a flag; a model is given by --model."
        )
    if not flags.output:
        raise InputError("Give the folder to write, by --output.")
    overwrite = bool(flags.overwrite)
    format = flags.format or next(iter(FORMATS))
    try_folder(flags.output, FORMATS[format], overwrite=overwrite)
    # A SavedModel is TensorFlow's, and a model's file knows no backend.
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import_keras()

    # Late, because it imports Keras.
    from multistyle.export.parity import ParityError

    model, name = choose_model(flags.model)
    try:
        rows = export_network(
            model,
            flags.output,
            format=format,
            overwrite=overwrite,
        )
    except ParityError as error:
        say(f"multistyle export: {error} Nothing is written.")
        return 1
    described = json.loads(
        (expand_home(flags.output) / "assets" / "styles.json").read_text(
            "utf-8"
        )
    )
    styles = [style["name"] for style in described["styles"]]
    if flags.json:
        outcome = {
            "model": name,
            "output": flags.output,
            "styles": styles,
            "parity": [row._asdict() for row in rows],
        }
        print(json.dumps(outcome, ensure_ascii=False))
        return 0
    print(f"{flags.output}: a SavedModel of {len(styles)} styles.")
    print("Difference to the Keras network, on pictures in [0, 1]:")
    for row in rows:
        print(
            f"  {row.height} x {row.width}: largest {row.largest:.1e}, "
            f"mean {row.mean:.1e}"
        )
    return 0
