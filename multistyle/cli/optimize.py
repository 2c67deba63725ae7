"""`multistyle optimize`: flags of the optimisation of a picture, and wiring."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.terminal.exit_codes import DONE, INTERRUPTED
from multistyle.cli.terminal.status_line import StatusLine
from multistyle.cli.terminal.voice import end_line, say
from multistyle.durations import show_duration
from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.whole_folders import is_folder
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.sources import MAX_PIXELS
from multistyle.images.codecs.writing import check_output
from multistyle.images.colors import KEEP_COLORS
from multistyle.perceptual.loss_options import LOSS_NETWORKS
from multistyle.perceptual.precision import PRECISIONS

if TYPE_CHECKING:
    from multistyle.perceptual.optimization.optimizer import OptimizationStep

SUMMARY = "Paint one photograph by Gatys' optimisation, without a network."
USAGE = "multistyle optimize PHOTOGRAPH --style_image=PAINTING [flags]"
EXAMPLES = """
multistyle optimize photo.jpg --style_image=painting.jpg
    minutes on a processor, seconds on a GPU: photo_painting.jpg

multistyle optimize photo.jpg --style_image=painting.jpg --output=large.png \\
    --image_size=1024 --steps=400
    from coarse to fine; Ctrl-C ends it early and keeps the picture so far
"""

# Flags that bear the names of what they give to `optimize_picture`.
KEYWORDS = (
    "overwrite",
    "image_size",
    "style_size",
    "keep_colors",
    "start",
    "seed",
    "precision",
    "loss_network",
    "vgg_weights",
    "content_loss_weight",
    "style_loss_weight",
    "total_variation_loss_weight",
)


def define_flags(flags: VerbFlags) -> None:
    picture = "Picture"
    flags.string("style_image", "The painting; any picture will do.", picture)
    flags.integer(
        "image_size",
        "Reduce the photograph first to so many pixels on its long side; time "
        "and memory grow with their square. Default: 512.",
        picture,
        lower_bound=1,
    )
    flags.integer(
        "style_size",
        "Pixels of the painting's short side; larger gives broader strokes. "
        "Default: as many as the picture's long side has.",
        picture,
        lower_bound=1,
    )
    flags.enum(
        "keep_colors",
        KEEP_COLORS,
        "luminance, histogram: paint in the photograph's colours, pixel by "
        "pixel or as a whole. Default: none.",
        picture,
    )

    optimization = "Optimisation"
    flags.integer(
        "steps",
        "More give a picture nearer to the painting. Default: 200.",
        optimization,
        lower_bound=1,
    )
    flags.enum(
        "start",
        ("photograph", "noise"),
        "noise gives a freer picture and needs more steps. Default: "
        "photograph.",
        optimization,
    )
    flags.integer(
        "seed", "Of the noise. Default: 0.", optimization, lower_bound=0
    )
    flags.enum(
        "precision",
        PRECISIONS,
        "auto: bfloat16 where this machine gains from it. Default: auto.",
        optimization,
    )

    losses = "Losses"
    flags.enum(
        "loss_network",
        LOSS_NETWORKS,
        "vgg16 is the real one; pocket is a small copy that comes with "
        "multistyle. Default: vgg16 where its weights lie on this machine, "
        "else pocket.",
        losses,
    )
    flags.string(
        "vgg_weights",
        "HDF5 file of VGG-16 without its top. Default: the environment "
        "variable MULTISTYLE_VGG16_WEIGHTS, else Keras downloads it (59 MB).",
        losses,
    )
    for term, what in (
        ("content", "the photograph's content counts. Default: 1."),
        ("style", "the painting's style counts. Default: 6."),
        ("total_variation", "roughness counts. Default: 0.15."),
    ):
        flags.float(f"{term}_loss_weight", f"How much {what}", losses)

    files = "Files"
    flags.string(
        "output",
        "File to write, in the format of its name, or a folder. Default: "
        "photo_painting.jpg and the like, in the current folder.",
        files,
    )
    flags.boolean("overwrite", "Replace an output that is there.", files)
    flags.integer(
        "max_pixels",
        "Refuse a picture with more pixels: it may be made to fill the "
        f"memory. Default: {MAX_PIXELS}.",
        files,
        lower_bound=1,
    )


def run(flags: VerbFlags, arguments: list[str]) -> int:
    if len(arguments) != 1:
        raise InputError(
            f"Give one photograph; got {len(arguments) or 'none'}."
        )
    if not flags.style_image:
        raise InputError("Give the painting, by --style_image.")
    paths = [expand_home(path) for path in (arguments[0], flags.style_image)]
    pictures = [read_image(path, max_pixels=flags.max_pixels) for path in paths]
    output = _output(flags, *paths)
    # Late, so that help and wrong flags need not wait for Keras.
    from multistyle.perceptual.optimization.picture import optimize_picture

    given = flags.given()
    options = {name: given[name] for name in KEYWORDS if name in given}
    if flags.steps:
        options["num_steps"] = flags.steps
    progress = _Progress()
    try:
        optimize_picture(*pictures, output=output, progress=progress, **options)
    except KeyboardInterrupt:
        step = progress.step
        if step is None:
            raise
        end_line()
        print(output)
        say(
            f"Stopped after step {step.number} of {step.num_steps}; the "
            "picture so far is written."
        )
        return INTERRUPTED
    print(output)
    return DONE


def _output(flags: VerbFlags, photograph: Path, style_image: Path) -> str:
    """Returns the path to write, which is found to be free."""
    from multistyle.images.codecs.formats import writable_name
    from multistyle.inference.runs.output_tree import check_apart

    suffix = Path(writable_name(photograph)).suffix
    name = f"{photograph.stem}_{style_image.stem}{suffix}"
    output = os.path.expanduser(flags.output or name)
    if is_folder(output):
        output = os.path.join(output, name)
    check_apart([photograph, style_image], [output])
    check_output(output, overwrite=bool(flags.overwrite))
    return output


class _Progress:
    """Shows steps, time left and losses, as a training does."""

    def __init__(self) -> None:
        self.step: OptimizationStep | None = None
        self._start = time.monotonic()
        self._shown = StatusLine()

    def __call__(self, step: "OptimizationStep") -> None:
        self.step = step
        seconds = time.monotonic() - self._start
        self._shown.show(
            lambda: self._line(step, seconds),
            is_last=step.number == step.num_steps,
        )

    def _line(self, step: "OptimizationStep", seconds: float) -> str:
        height, width = step.picture.shape[:2]
        parts = [
            f"step {step.number}/{step.num_steps}",
            f"{width} x {height}",
            f"{show_duration(seconds * (1 / step.share - 1))} left",
        ]
        for term, value in reversed(step.losses.items()):
            name = term.removesuffix("_loss").removeprefix("total_")
            parts.append(f"{name} {value:.3f}")
        return "  ".join(parts)
