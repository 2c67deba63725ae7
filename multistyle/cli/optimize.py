"""`multistyle optimize`: flags of the optimisation of a picture, and wiring."""

import shutil
import sys
import time
from pathlib import Path

from multistyle.cli.main import INTERRUPTED
from multistyle.cli.terminal.backend import import_keras
from multistyle.cli.terminal.report import say
from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import check_output, write_image
from multistyle.images.colors import KEEP_COLORS, keep_colors
from multistyle.images.resizing import (
    resize,
    resize_long_side,
    resize_short_side,
)
from multistyle.images.values import to_float
from multistyle.perceptual.loss_options import (
    LOSS_NETWORKS,
    LossWeights,
    default_loss_network,
)
from multistyle.perceptual.precision import PRECISION_CHOICES

SUMMARY = "Paint one photograph by Gatys' optimisation, without a network."
USAGE = "multistyle optimize PHOTOGRAPH --style_image=PAINTING [flags]"
EXAMPLES = """
multistyle optimize photo.jpg --style_image=painting.jpg
    minutes on a processor, seconds on a GPU: photo_painting.jpg

multistyle optimize photo.jpg --style_image=painting.jpg --output=large.png \\
    --image_size=1024 --steps=400
    from coarse to fine; Ctrl-C ends it early and keeps the picture so far
"""

IMAGE_SIZE = 512


def define_flags(flags):
    picture = "Picture"
    flags.string("style_image", "The painting; any picture will do.", picture)
    flags.integer(
        "image_size",
        "Reduce the photograph first to so many pixels on its long side; time "
        f"and memory grow with their square. Default: {IMAGE_SIZE}.",
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
        PRECISION_CHOICES,
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


def run(flags, arguments):
    if len(arguments) != 1:
        raise InputError(
            f"Give one photograph; got {len(arguments) or 'none'}."
        )
    if not flags.style_image:
        raise InputError("Give the painting, by --style_image.")
    loss_weights = _loss_weights(flags)
    photograph = to_float(read_image(arguments[0]))
    style_image = to_float(read_image(flags.style_image))
    image_size = flags.image_size or IMAGE_SIZE
    if max(photograph.shape) > image_size:
        photograph = resize_long_side(photograph, image_size)
    style_image = resize_short_side(
        style_image, flags.style_size or max(photograph.shape)
    )
    import_keras()

    # Late, so that help and wrong flags need not wait for Keras.
    from multistyle.perceptual.optimization import PictureOptimizer

    output = _output(flags, arguments[0])
    optimizer = PictureOptimizer(_loss_network(flags), loss_weights)
    given = flags.given()
    options = {name: given[name] for name in ("start", "seed") if name in given}
    if flags.steps:
        options["num_steps"] = flags.steps
    step, interrupted = None, False
    show = _Progress()
    try:
        for step in optimizer.steps(photograph, style_image, **options):
            show(step)
    except KeyboardInterrupt:
        show.end_line()
        if step is None:
            raise
        interrupted = True
    picture = resize(step.picture, photograph.shape[:2])
    picture = keep_colors(photograph, picture, flags.keep_colors or "none")
    write_image(output, picture, flags.overwrite)
    print(output)
    if not interrupted:
        return 0
    say(
        f"Stopped after step {step.number} of {step.num_steps}; the picture "
        "so far is written."
    )
    return INTERRUPTED


def _loss_weights(flags):
    given = flags.given()
    return LossWeights(
        **{
            name.removesuffix("_loss_weight"): value
            for name, value in given.items()
            if name.endswith("_loss_weight")
        }
    )


def _loss_network(flags):
    from multistyle.perceptual.loss_networks import load_loss_network
    from multistyle.perceptual.precision import choose_precision

    name = flags.loss_network or default_loss_network(flags.vgg_weights)
    precision = choose_precision(flags.precision or "auto")
    dtype = "mixed_bfloat16" if precision == "bfloat16" else "float32"
    return load_loss_network(name, flags.vgg_weights, dtype)


def _output(flags, photograph):
    """Returns the path to write, which is found to be free."""
    from multistyle.files.whole_folders import is_folder
    from multistyle.inference.folder_runs import check_apart, output_name

    suffix = Path(output_name(photograph)).suffix
    stems = Path(photograph).stem, Path(flags.style_image).stem
    name = f"{'_'.join(stems)}{suffix}"
    output = flags.output or name
    if is_folder(output):
        output = Path(output, name)
    check_apart([photograph, flags.style_image], [output])
    check_output(output, flags.overwrite)
    return output


class _Progress:
    """Shows steps, time left and losses, as a training does."""

    def __init__(self):
        self._start = time.monotonic()
        self._last_shown = self._start
        self._is_terminal = sys.stderr.isatty()

    def __call__(self, step):
        now = time.monotonic()
        pause = 0.5 if self._is_terminal else 10
        is_last = step.number == step.num_steps
        if now - self._last_shown < pause and not is_last:
            return
        self._last_shown = now
        line = self._line(step, now - self._start)
        if self._is_terminal:
            columns = shutil.get_terminal_size().columns - 1
            line = line[:columns].ljust(columns) + "\r"
            print(line, end="", file=sys.stderr, flush=True)
            if is_last:
                self.end_line()
        else:
            say(line)

    def end_line(self):
        """Keeps the last line that a terminal shows."""
        if self._is_terminal:
            say("")

    def _line(self, step, seconds):
        height, width = step.picture.shape[:2]
        parts = [
            f"step {step.number}/{step.num_steps}",
            f"{width} x {height}",
            f"{seconds * (1 / step.share - 1):.0f} s left",
        ]
        for term, value in reversed(step.losses.items()):
            name = term.removesuffix("_loss").removeprefix("total_")
            parts.append(f"{name} {value:.3f}")
        return "  ".join(parts)
