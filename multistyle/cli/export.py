"""`multistyle export`: flags of an export, and its wiring."""

import json
import os

from multistyle.cli.terminal.backend import import_keras
from multistyle.cli.terminal.report import say
from multistyle.errors import InputError

SUMMARY = "Write a network for use without multistyle."
USAGE = "multistyle export --output=DIR [--model=...] [flags]"
EXAMPLES = """
multistyle export --output=served
    the bundled model

multistyle export --model=runs/mine --output=served --overwrite
    your own, in place of the one before
"""

FORMATS = ("saved_model",)


def define_flags(flags):
    group = "Export"
    flags.string(
        "model",
        "A run folder, a .keras file or a bundled model. Default: the bundled "
        "model.",
        group,
    )
    flags.enum(
        "format",
        FORMATS,
        "saved_model: a folder that TensorFlow alone loads, for any batch, "
        "height and width. Default: saved_model.",
        group,
    )
    flags.string("output", "The folder to write.", group)
    flags.boolean("overwrite", "Replace an export that stands there.", group)
    flags.boolean("json", "Print the outcome as a JSON object.", group)


def run(flags, arguments):
    if arguments:
        raise InputError(
            f"`{arguments[0]}` is not a flag; a model is given by --model."
        )
    if not flags.output:
        raise InputError("Give the folder to write, by --output.")
    # A SavedModel is TensorFlow's, and a model's file knows no backend.
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import_keras()

    # Late, so that help and wrong flags need not wait for Keras.
    from multistyle.cli.model_choice import choose_model
    from multistyle.export.parity import ParityError
    from multistyle.export.saved_model import export_saved_model
    from multistyle.network.models import load_network

    model, name = choose_model(flags.model)
    network = load_network(model)
    try:
        rows = export_saved_model(network, flags.output, bool(flags.overwrite))
    except ParityError as error:
        say(f"multistyle export: {error} Nothing is written.")
        return 1
    if flags.json:
        outcome = {
            "model": name,
            "output": flags.output,
            "styles": network.style_names,
            "parity": [row._asdict() for row in rows],
        }
        print(json.dumps(outcome, ensure_ascii=False))
        return 0
    print(f"{flags.output}: a SavedModel of {network.num_styles} styles.")
    print("Difference to the Keras network, on pictures in [0, 1]:")
    for row in rows:
        print(
            f"  {row.height} x {row.width}: largest {row.largest:.1e}, "
            f"mean {row.mean:.1e}"
        )
    return 0
