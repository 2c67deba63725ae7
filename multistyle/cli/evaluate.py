"""`multistyle evaluate`: flags of an evaluation, and its wiring."""

import time
from pathlib import Path

import multistyle
from multistyle.cli.terminal.backend import import_keras
from multistyle.cli.terminal.report import PROGRESS_SECONDS, say
from multistyle.errors import InputError
from multistyle.perceptual.loss_options import LOSS_NETWORKS

SUMMARY = "Say in figures and pictures how good a network is."
USAGE = (
    "multistyle evaluate --content_images=PHOTOGRAPHS "
    "[--style_images=PAINTINGS] [--model=...] [flags]"
)
EXAMPLES = """
multistyle evaluate --content_images=photographs --style_images=paintings
    the bundled model, on photographs that it was not trained on

multistyle evaluate --model=runs/mine --content_images=photographs \\
    --style_images=paintings --reference=gatys:50,runs/one_style
    yours, beside Gatys' optimisation and beside another network
"""

OUTPUT_FOLDER = "evaluations"


def define_flags(flags):
    data = "Data"
    flags.string(
        "model",
        "A run folder, a .keras file or a bundled model. Default: the bundled "
        "model.",
        data,
    )
    flags.multi_string(
        "content_images",
        "Photographs that the network was not trained on: a folder with its "
        "subfolders, a glob or a list.",
        data,
    )
    flags.multi_string(
        "style_images",
        "The paintings of the model's styles, matched by their names. Without "
        "them there are no style losses, no totals and no blends.",
        data,
    )

    judging = "Judging"
    flags.multi_string(
        "reference",
        "What to compare with: gatys:N, the optimisation of each picture in N "
        "steps, which takes long, or a model that knows some of the styles; a "
        "list with commas.",
        judging,
    )
    flags.integer(
        "num_reference_photographs",
        "On how many of the photographs the references paint. Default: all.",
        judging,
        lower_bound=1,
    )
    flags.integer(
        "num_blend_photographs",
        "On how many of the photographs each pair of styles is blended; 0 "
        "leaves blends out. Default: 1.",
        judging,
        lower_bound=0,
    )
    flags.enum(
        "loss_network",
        LOSS_NETWORKS,
        "The judge. Figures of another than vgg16 compare only with their "
        "like. Default: vgg16.",
        judging,
    )
    flags.string(
        "vgg_weights",
        "HDF5 file of VGG-16 without its top. Default: the environment "
        "variable MULTISTYLE_VGG16_WEIGHTS, else Keras downloads it (59 MB).",
        judging,
    )

    files = "Files"
    flags.string(
        "output",
        "Folder for report.json and report.html. Default: "
        f"{OUTPUT_FOLDER}/ and the model's name.",
        files,
    )
    flags.boolean("overwrite", "Replace a report that stands there.", files)


def run(flags, arguments):
    if arguments:
        raise InputError(
            f"`{arguments[0]}` is not a flag; photographs are given by "
            "--content_images."
        )
    if not flags.content_images:
        raise InputError("Give the photographs, by --content_images.")
    if flags.reference and not flags.style_images:
        raise InputError("--reference needs the paintings, by --style_images.")
    import_keras()

    # Late, so that help and wrong flags need not wait for Keras.
    from multistyle.cli.model_choice import choose_model, identify_model
    from multistyle.evaluation.evaluator import Evaluator
    from multistyle.evaluation.judge import (
        PAINTING_SIZE,
        STYLE_LOSS_WEIGHT,
        Judge,
    )
    from multistyle.evaluation.photographs import PHOTOGRAPH_SIZE, Photographs
    from multistyle.evaluation.references import load_references
    from multistyle.evaluation.report import check_folder, write_report
    from multistyle.network.models import load_network
    from multistyle.perceptual.loss_networks import load_loss_network

    path, name = choose_model(flags.model)
    own_name = identify_model(path).partition("@")[0]
    folder = flags.output or Path(OUTPUT_FOLDER, own_name)
    check_folder(folder, bool(flags.overwrite))
    network = load_network(path)
    photographs = Photographs(_spec(flags.content_images))
    left_out = list(photographs.unreadable)
    paintings = {}
    if flags.style_images:
        paintings, notes = _read_paintings(_spec(flags.style_images), network)
        left_out += notes
    for message in left_out:
        say(f"Left out: {message}")
    loss_network = load_loss_network(
        flags.loss_network or "vgg16", flags.vgg_weights, "float32"
    )
    given = flags.given()
    evaluator = Evaluator(
        network,
        Judge(loss_network, paintings.values()),
        paintings,
        photographs,
        load_references(flags.reference or [], loss_network),
        progress=_Progress(),
        **{
            key: given[key]
            for key in ("num_reference_photographs", "num_blend_photographs")
            if key in given
        },
    )
    record = {
        "model": name,
        "version": multistyle.__version__,
        "judge": {
            "loss_network": loss_network.name,
            "photograph_size": PHOTOGRAPH_SIZE,
            "painting_size": PAINTING_SIZE,
            "style_loss_weight": STYLE_LOSS_WEIGHT,
        },
        "left_out": left_out,
        **evaluator.run(),
    }
    _, page = write_report(folder, record, evaluator.album)
    _print_summary(record)
    say(f"The report: {page}")
    return 1 if photographs.unreadable else 0


def _spec(specs):
    """Returns a single spec by itself, so that messages show it plainly."""
    return specs[0] if len(specs) == 1 else specs


def _read_paintings(spec, network):
    """Reads the paintings of the network's styles.

    Returns:
        Dict style -> float32 [H, W, 3], in the network's order, and a list of
        messages: what cannot be read or is no style of it.
    """
    from multistyle.blends.names import did_you_mean
    from multistyle.evaluation.judge import PAINTING_SIZE
    from multistyle.training.material.paintings import Paintings

    found = Paintings(spec)
    known = set(found.style_names) & set(network.style_names)
    if not known:
        name = found.style_names[0]
        raise InputError(
            f"None of the {len(found.style_names)} paintings of `{spec}` has "
            f"the name of one of the model's styles; the first is `{name}`"
            f"{did_you_mean(name, network.style_names)}."
        )
    notes = list(found.unreadable)
    notes += [
        f"`{name}` is no style of the model."
        for name in found.style_names
        if name not in known
    ]
    read = dict(zip(found.style_names, found.read(PAINTING_SIZE), strict=True))
    return {
        name: read[name] for name in network.style_names if name in known
    }, notes


def _print_summary(record):
    """Prints the losses of each style, and ratios to the references."""
    figures = record["figures"]
    terms = list(figures["mean"])
    ratios = {
        name: found
        for name, found in record["references"]["ratios"].items()
        if found
    }
    lines = [["", *terms, *(f"over {name}" for name in ratios)]]

    def add(name, summary, ratio_row):
        values = [summary.get(term, {}).get("mean") for term in terms]
        values += [ratio_row(found).get("total") for found in ratios.values()]
        shown = ("" if value is None else f"{value:.3f}" for value in values)
        lines.append([name, *shown])

    for style, summary in figures["styles"].items():
        add(style, summary, lambda found, s=style: found["rows"].get(s, {}))
    add("mean", figures["mean"], lambda found: found["mean"])
    if ratios:
        add("median", {}, lambda found: found["median"])
    for name, zero_line in record["zero_lines"].items():
        add(f"({name})", zero_line["mean"], lambda found: {})
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for name, *cells in lines:
        line = name.ljust(widths[0])
        for cell, width in zip(cells, widths[1:], strict=True):
            line += f"  {cell:>{width}}"
        print(line.rstrip())


class _Progress:
    """Says now and then how much is done."""

    def __init__(self):
        self._start = self._shown = time.monotonic()

    def __call__(self, done, total):
        now = time.monotonic()
        if now - self._shown < PROGRESS_SECONDS:
            return
        self._shown = now
        left = (now - self._start) / done * (total - done)
        say(f"{done} of {total} pictures, about {left:.0f} s left")
