"""`multistyle styles`: the styles of a network, one by one and as packs."""

import json
import math
from pathlib import Path

from multistyle.blends.names import split_names
from multistyle.cli.actions import Action, choose_action
from multistyle.cli.flags.learning_flags import (
    define_learning_flags,
    define_style_images_flag,
    read_lesson,
)
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.learned_styles import grow, learn_styles
from multistyle.cli.style_files import (
    Pair,
    check_model_output,
    load_pair,
    place_packs,
    save_pair,
    write_packs,
)
from multistyle.cli.terminal.exit_codes import DONE
from multistyle.cli.terminal.lessons import teach
from multistyle.cli.terminal.listing import (
    count_styles,
    describe_styles,
    style_lines,
)
from multistyle.cli.terminal.voice import say
from multistyle.errors import InputError
from multistyle.files.json_files import write_json
from multistyle.files.outputs import check_output_path
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import check_output, write_image

SUMMARY = "List, learn, share, add, remove, rename and map styles."
USAGE = (
    "multistyle styles list|learn|export|add|remove|rename|map MODEL ... "
    "[flags]"
)
EXAMPLES = """
multistyle styles list paintings
    the styles by painter and the shared weights of a model; packs, too

multistyle styles learn paintings mine.jpg --output=grown.keras
    a model with the style of a painting of your own, too; or packs

multistyle styles export paintings --styles=udnie --output=udnie.safetensors
    one style as a pack of 20 kB; several go into a folder

multistyle styles add runs/mine udnie.safetensors --output=more.keras
    a model with one more style, if it has the shared weights of the pack

multistyle styles remove more.keras --styles=udnie --output=fewer.keras
    a model with one style less

multistyle styles rename more.keras udnie picabia --output=named.keras
    a model in which a style has another name

multistyle styles map paintings --output=map.png
    alike beside alike, and the same as map.json

multistyle styles map paintings --style_images=mine.jpg --output=mine.png
    and where a painting of your own is among them
"""


def define_flags(flags: VerbFlags) -> None:
    group = "Styles"
    flags.string(
        "styles",
        "export, remove: which, separated by commas. Default for export: all.",
        group,
    )
    flags.string(
        "output",
        "learn, add, remove, rename: the .keras file to write. learn, export: "
        "a .safetensors file, or a folder for NAME.safetensors. map: a "
        "picture, beside which a .json file of the same name is written.",
        group,
    )
    flags.string(
        "thumbnail",
        "export: a picture of the painting, for the pack of one style. "
        "Default: the painting itself of a bundled style, else a built-in "
        "photograph, painted in the style.",
        group,
    )
    flags.string("as", "add: the name to give to the style of one pack.", group)
    flags.boolean("overwrite", "Replace outputs that are there.", group)
    flags.boolean("json", "Print the outcome as JSON.", group)
    define_style_images_flag(
        flags,
        "map: paintings whose styles are learned first, and stand on the map, "
        "too, as for `multistyle interpolate`.",
        group,
    )
    define_learning_flags(flags)


def run(flags: VerbFlags, arguments: list[str]) -> int:
    action, arguments = choose_action("styles", ACTIONS, flags, arguments)
    outcome, lines = action.run(flags, *arguments)
    if flags.json:
        lines = [json.dumps(outcome)]
    print("\n".join(lines))
    return DONE


def _list(flags, source):
    from multistyle.network.packs.pack_file import SUFFIX, read_pack
    from multistyle.network.styles import fingerprint

    finisher = None
    if Path(source).suffix == SUFFIX:
        pack = read_pack(source)
        digits, styles = pack.fingerprint, [{"name": pack.name, **pack.credit}]
        if pack.finisher is not None:
            finisher = pack.finisher.fingerprint
    else:
        network, _ = _load(source)
        digits, styles = fingerprint(network), describe_styles(network)
    outcome = {"source": source, "fingerprint": digits, "styles": styles}
    line = f"{source}: {count_styles(styles)}, shared weights {digits[:12]}"
    if finisher is not None:
        outcome["finisher"] = finisher
        line += f", and those of its finisher {finisher[:12]}"
    return outcome, [line, *style_lines(styles)]


def _export(flags, model):
    picture = read_image(flags.thumbnail) if flags.thumbnail else None
    network, finisher = load_pair(model)

    from multistyle.inference.stylizer import Stylizer
    from multistyle.inference.swatches import show_style
    from multistyle.network.packs.exchange import make_pack
    from multistyle.network.thumbnails import THUMBNAIL_SIZE

    names = split_names(flags.styles) if flags.styles else network.style_names
    if picture is not None and len(names) > 1:
        raise InputError("`--thumbnail` goes with one style of `--styles`.")
    paths = place_packs(names, flags)
    if picture is None:
        stylizer = Stylizer(network)
        pictures = [show_style(stylizer, n, THUMBNAIL_SIZE) for n in names]
    else:
        pictures = [picture]
    packs = [
        make_pack(network, name, shown, finisher=finisher)
        for name, shown in zip(names, pictures, strict=True)
    ]
    return write_packs(paths, packs, flags)


def _add(flags, model, *paths):
    name = flags.given().get("as")
    if name is not None and len(paths) > 1:
        raise InputError(f"`--as` goes with one pack; got `{len(paths)}`.")
    check_model_output(flags)
    from multistyle.network.packs.exchange import add_pack, finish_pack
    from multistyle.network.packs.pack_file import read_pack

    packs = [read_pack(path) for path in paths]
    network, finisher = before = load_pair(model)
    for path, pack in zip(paths, packs, strict=True):
        new_name = name or pack.name
        if new_name in network.style_names:
            raise InputError(
                f"There is a style `{new_name}` already; add "
                f"`{path}` alone, with another name by --as."
            )
        network = add_pack(network, path, name)
        finisher = finisher and finish_pack(finisher, pack, new_name)
    names = network.style_names[-len(packs) :]
    return save_pair(Pair(network, finisher), before, flags, names)


def _remove(flags, model):
    if not flags.styles:
        raise InputError("Give the styles to remove, by --styles.")
    check_model_output(flags)
    before = load_pair(model)

    from multistyle.network.growth import remove_styles

    left = remove_styles(before.network, split_names(flags.styles))
    return save_pair(before._replace(network=left), before, flags)


def _rename(flags, model, old, new):
    check_model_output(flags)
    before = load_pair(model)

    from multistyle.network.growth import rename_style

    network, finisher = before
    if before.is_own and old in finisher.style_names:
        finisher = rename_style(finisher, old, new)
    network = rename_style(network, old, new)
    return save_pair(Pair(network, finisher), before, flags)


def _map(flags, model):
    output = Path(flags.output)
    facts_path = output.with_suffix(".json")
    check_output(output, overwrite=flags.overwrite)
    check_output_path(facts_path, overwrite=flags.overwrite)
    lesson = read_lesson(flags)
    network, name = _load(model)

    from multistyle.evaluation.style_map import map_styles
    from multistyle.inference.stylizer import Stylizer

    stylizer = Stylizer(network)
    if lesson:
        is_chosen = flags.learning is not None
        taught = teach(stylizer, lesson, is_chosen=is_chosen)
        stylizer = Stylizer(grow(stylizer.engine, taught.engine, lesson))
    picture, facts = map_styles(stylizer)
    facts = {"model": name, **facts}
    write_image(output, picture, overwrite=flags.overwrite)
    write_json(facts_path, facts)
    say(
        f"The map shows {facts['share_shown']:.0%} of the variance of the rows."
    )
    outcome = {"output": str(output), "facts": str(facts_path), **facts}
    return outcome, [str(output), str(facts_path)]


def _load(spec):
    """Returns a model's network and name."""
    # Late, so that help and wrong flags need not wait for Keras.
    from multistyle.cli.model_choice import choose_model
    from multistyle.network.models import load_network

    path, name = choose_model(spec)
    return load_network(path), name


_FILE = ("output", "overwrite")
_LEARNING = ("learning", "loss_network", "vgg_weights")
# Each returns its outcome for JSON, and the lines to print in its place.
ACTIONS = {
    "list": Action(_list, "MODEL, or PACK in its place", (1, 1)),
    "learn": Action(
        learn_styles,
        "MODEL PAINTING ... --output=NEW.keras",
        (2, math.inf),
        (*_LEARNING, *_FILE),
    ),
    "export": Action(
        _export,
        "MODEL --styles=A,B --output=FOLDER",
        (1, 1),
        ("styles", "thumbnail", *_FILE),
    ),
    "add": Action(
        _add,
        "MODEL PACK ... --output=NEW.keras",
        (2, math.inf),
        ("as", *_FILE),
    ),
    "remove": Action(
        _remove,
        "MODEL --styles=A,B --output=NEW.keras",
        (1, 1),
        ("styles", *_FILE),
    ),
    "rename": Action(
        _rename, "MODEL OLD NEW --output=NEW.keras", (3, 3), _FILE
    ),
    "map": Action(
        _map,
        "MODEL --output=MAP.png",
        (1, 1),
        ("style_images", *_LEARNING, *_FILE),
    ),
}
