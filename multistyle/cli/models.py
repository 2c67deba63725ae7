"""`multistyle models`: lists the bundled models."""

import json

from multistyle.cli.backend import import_keras
from multistyle.errors import InputError

SUMMARY = "List the models that come with multistyle."
USAGE = "multistyle models [--json]"
EXAMPLES = """
multistyle models
    a name listed here is what --model takes
"""


def define_flags(flags):
    flags.boolean(
        "json", "Print a JSON object a model, with its whole card.", "List"
    )


def run(flags, arguments):
    if arguments:
        raise InputError(f"`{arguments[0]}` is not a flag.")
    import_keras()

    # Late, so that help and wrong flags need not wait for Keras.
    from multistyle.network.models import bundled_models

    for name, path in bundled_models().items():
        entry = _describe(name, path)
        if flags.json:
            print(json.dumps(entry, ensure_ascii=False))
        else:
            print(_as_text(entry))
    return 0


def _describe(name, path):
    from multistyle.network.models import load_network, model_card

    network = load_network(path)
    return {
        "name": name,
        "path": str(path),
        "bytes": path.stat().st_size,
        "styles": [
            {"name": style, **network.credits.get(style, {})}
            for style in network.style_names
        ],
        "card": model_card(name),
    }


def _as_text(entry):
    card, styles = entry["card"], entry["styles"]
    lines = [
        f"{entry['name']}: {len(styles)} styles, "
        f"{entry['bytes'] / 1e6:.1f} MB, {card['licence']}",
        f"  {card['description']}",
    ]
    column = max(len(style["name"]) for style in styles) + 2
    for style in styles:
        credit = [style.get(key) for key in ("artist", "title", "year")]
        shown = ", ".join(part for part in credit if part)
        lines.append(f"  {style['name']:<{column}}{shown}".rstrip())
    return "\n".join(lines)
