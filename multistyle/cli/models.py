"""`multistyle models`: lists the bundled models, and imports others'."""

import json
import math
import os
from pathlib import Path

from multistyle.cli.actions import Action, choose_action
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.terminal.exit_codes import DONE
from multistyle.cli.terminal.listing import (
    count_styles,
    describe_styles,
    style_lines,
)
from multistyle.cli.terminal.voice import say
from multistyle.errors import InputError
from multistyle.files.outputs import check_output_path
from multistyle.network.models import MODEL_SUFFIX

SUMMARY = "List the bundled models, or import one of magenta's."
USAGE = (
    "multistyle models [NAME ...] [--json], or "
    "multistyle models import_magenta CHECKPOINT --output=NAME.keras [flags]"
)
EXAMPLES = """
multistyle models
    all with their styles, by painter; such a name is what --model takes

multistyle models paintings-fast
    one of them

multistyle models import_magenta multistyle-pastiche-generator-varied.ckpt \\
    --output=varied.keras
    a network that magenta's image_stylization trained
"""


def define_flags(flags: VerbFlags) -> None:
    flags.boolean(
        "json", "Print a JSON object a model, with its whole card.", "List"
    )
    group = "import_magenta"
    flags.string("output", "The .keras file to write.", group)
    flags.string(
        "style_names",
        "A list with commas, a name for each style in the checkpoint's order. "
        "Default: style_00,style_01 and so on.",
        group,
    )
    flags.boolean("overwrite", "Replace a file that stands there.", group)


def run(flags: VerbFlags, arguments: list[str]) -> int:
    # Late, so that help need not wait for NumPy.
    from multistyle.network.models import bundled_models

    if not arguments or arguments[0] in bundled_models():
        arguments = ["list", *arguments]
    action, arguments = choose_action("models", ACTIONS, flags, arguments)
    return action.run(flags, *arguments)


def _list(flags, *names):
    # Late, so that help and wrong flags need not wait for Keras.
    from multistyle.network.models import bundled_models, model_card

    names = names or list(bundled_models())
    cards = {name: model_card(name) for name in names}
    entries = [_describe(name, card) for name, card in cards.items()]
    if flags.json:
        lines = [json.dumps(entry) for entry in entries]
    else:
        lines = list(_as_text(entries))
    print("\n".join(lines))
    return DONE


def _import_magenta(flags, checkpoint):
    if flags.json is not None:
        raise InputError("`models import_magenta` takes no `--json`.")
    if Path(flags.output).suffix != MODEL_SUFFIX:
        raise InputError(
            "Give the file to write by --output, with a name that ends in "
            f"`.keras`; got `{flags.output}`."
        )
    check_output_path(flags.output, overwrite=bool(flags.overwrite))
    # A checkpoint is TensorFlow's, and a model's file knows no backend.
    os.environ["KERAS_BACKEND"] = "tensorflow"
    # Late, so that help and wrong flags need not wait for Keras.
    from multistyle.network.magenta import import_checkpoint
    from multistyle.network.models import save_network

    names = flags.style_names
    network = import_checkpoint(
        checkpoint,
        names and [name.strip() for name in names.split(",")],
    )
    save_network(network, flags.output)
    print(flags.output)
    say(f"A model of {network.num_styles} styles, named above. Next:")
    say(
        f"  multistyle interpolate photo.jpg --model={flags.output} --sheet "
        "--output=sheet.png"
    )
    return DONE


def _describe(name, card):
    from multistyle.network.models import bundled_models, load_network

    path = bundled_models()[name]
    return {
        "name": name,
        "path": str(path),
        "bytes": path.stat().st_size,
        "styles": describe_styles(load_network(path)),
        "card": card,
    }


def _as_text(entries):
    """Yields lines; styles that a model above has, too, stand there."""
    shown = {}
    for entry in entries:
        card, styles = entry["card"], entry["styles"]
        yield (
            f"{entry['name']}: {count_styles(styles)}, "
            f"{entry['bytes'] / 1e6:.1f} MB, {card['licence']}"
        )
        yield f"  {card['description']}"
        lines = tuple(style_lines(styles))
        if lines in shown:
            yield f"  Its styles are those of {shown[lines]}, above."
        else:
            yield from lines
            shown[lines] = entry["name"]


ACTIONS = {
    "list": Action(_list, "[NAME ...]", (0, math.inf)),
    "import_magenta": Action(
        _import_magenta,
        "CHECKPOINT --output=NAME.keras",
        (1, 1),
        ("output", "style_names", "overwrite"),
    ),
}
