"""`multistyle evaluate`: flags of an evaluation, and its wiring."""

import time
from pathlib import Path
from typing import Any

from multistyle.blends.names import split_names
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.terminal.exit_codes import DONE, SOME_FAILED
from multistyle.cli.terminal.status_line import StatusLine
from multistyle.cli.terminal.voice import complain, say
from multistyle.durations import show_duration
from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.images.codecs.sources import MAX_PIXELS
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
# Flags that bear the names of what they give to `evaluate_network`.
KEYWORDS = (
    "save_pictures",
    "overwrite",
    "num_reference_photographs",
    "num_blend_photographs",
    "loss_network",
    "vgg_weights",
    "max_pixels",
)


def define_flags(flags: VerbFlags) -> None:
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

    flags.string(
        "styles",
        "Which styles to judge, separated by commas. Default: all, which take "
        "long where there are many.",
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
        "On how many of the photographs pairs of styles are blended, 66 of "
        "many; 0 leaves blends out. Default: 1.",
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
    flags.string(
        "save_pictures",
        "Folder for the photographs, paintings and pastiches, as PNG of the "
        "same names in content/, style/ and stylized/, as ArtFID and FID read "
        "them. Default: none are saved.",
        files,
    )
    flags.boolean(
        "overwrite", "Replace a report and pictures that stand there.", files
    )
    flags.integer(
        "max_pixels",
        "Refuse a photograph or painting with more pixels: it may be made to "
        f"fill the memory. Default: {MAX_PIXELS}.",
        files,
        lower_bound=1,
    )


def run(flags: VerbFlags, arguments: list[str]) -> int:
    if arguments:
        raise InputError(
            f"`{arguments[0]}` is not a flag; photographs are given by "
            "--content_images."
        )
    if not flags.content_images:
        raise InputError("Give the photographs, by --content_images.")
    for name in ("reference", "save_pictures"):
        if getattr(flags, name) and not flags.style_images:
            raise InputError(
                f"--{name} needs the paintings, by --style_images."
            )
    # Late, so that help and wrong flags need not wait for Keras.
    from multistyle.cli.model_choice import choose_model
    from multistyle.evaluation.evaluation import evaluate_network
    from multistyle.evaluation.report.document import PAGE_FILE
    from multistyle.network.models import identify_model

    path, name = choose_model(flags.model)
    own_name = identify_model(path).partition("@")[0]
    folder = expand_home(flags.output or Path(OUTPUT_FOLDER, own_name))
    given = flags.given()
    record = evaluate_network(
        path,
        _spec(flags.content_images),
        name=name,
        style_images=_spec(flags.style_images or []) or None,
        styles=flags.styles and split_names(flags.styles),
        output=folder,
        references=flags.reference or (),
        note=lambda message: complain(f"Left out: {message}"),
        progress=_Progress(),
        **{name: given[name] for name in KEYWORDS if name in given},
    )
    _print_summary(record)
    say(f"The report: {folder / PAGE_FILE}")
    return SOME_FAILED if record["unreadable"] else DONE


def _spec(specs: list[str]) -> str | list[str]:
    """Returns a single spec by itself, so that messages show it plainly."""
    return specs[0] if len(specs) == 1 else specs


def _print_summary(record: dict[str, Any]) -> None:
    """Prints the losses of each style, and ratios to the references."""
    figures = record["figures"]
    losses = list(figures["mean"])
    ratios = {
        name: found
        for name, found in record["references"]["ratios"].items()
        if found
    }
    compared = list(ratios.values())
    lines = [["", *losses, *(f"over {name}" for name in ratios)]]

    def add(
        name: str, summary: dict[str, Any], ratios: list[dict[str, float]]
    ) -> None:
        values = [summary.get(loss, {}).get("mean") for loss in losses]
        values += [row.get("total") for row in ratios]
        shown = ("" if value is None else f"{value:.3f}" for value in values)
        lines.append([name, *shown])

    none: list[dict[str, float]] = [{} for _ in compared]
    for style, summary in figures["styles"].items():
        add(
            style, summary, [found["rows"].get(style, {}) for found in compared]
        )
    add("mean", figures["mean"], [found["mean"] for found in compared])
    if compared:
        add("median", {}, [found["median"] for found in compared])
    for name, zero_line in record["zero_lines"].items():
        add(f"({name})", zero_line["mean"], none)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for name, *entries in lines:
        line = name.ljust(widths[0])
        for entry, width in zip(entries, widths[1:], strict=True):
            line += f"  {entry:>{width}}"
        print(line.rstrip())


class _Progress:
    """Says how much is done."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._shown = StatusLine()

    def __call__(self, done: int, total: int) -> None:
        left = (time.monotonic() - self._start) / done * (total - done)
        self._shown.show(
            lambda: (
                f"{done} of {total} pictures, about {show_duration(left)} left"
            )
        )
