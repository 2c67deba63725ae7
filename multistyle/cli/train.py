"""`multistyle train`: flags of a training, and its wiring."""

import json

from multistyle.cli.backend import import_keras
from multistyle.cli.report import say
from multistyle.errors import InputError
from multistyle.perceptual.loss_options import LOSS_NETWORKS, LOSS_SCALINGS
from multistyle.training.estimate import estimate_memory
from multistyle.training.options import PRECISIONS, TRAIN, TrainingOptions

SUMMARY = "Train one network on a set of paintings."
USAGE = (
    "multistyle train --style_images=PAINTINGS --content_images=PHOTOGRAPHS "
    "--run_dir=DIR [flags]"
)
EXAMPLES = """
python train.py
    a few steps on built-in pictures, into runs/quickstart

python train.py --style_images=paintings --content_images=photographs \\
    --run_dir=runs/mine
    your own; the same command again goes on where it stopped

python train.py --style_images=a.jpg,b.jpg --content_images=tfds:coco/2017 \\
    --run_dir=runs/two --init_from=none --image_size=256 --steps=40000
"""

# What a shell calls a command that Ctrl-C ended.
INTERRUPTED = 130
REQUIRED = ("style_images", "content_images", "run_dir")


def define_flags(flags):
    data = "Data"
    flags.multi_string(
        "style_images",
        "Paintings, one style each: a folder, a glob or a list with commas. "
        "A styles.json beside them may credit them.",
        data,
    )
    flags.multi_string(
        "content_images",
        "Photographs to learn on: a folder with its subfolders, a glob, a "
        "list, or tfds:NAME[/SPLIT] of TensorFlow Datasets.",
        data,
    )
    flags.string(
        "run_dir",
        "Folder for the model, options, metrics, samples and checkpoints.",
        data,
    )

    network = "Network"
    flags.float(
        "width_multiplier",
        "Factor on the network's filters: 1 is the paper's, 0.25 small and "
        "fast. Default: that of --init_from, else 1.",
        network,
    )
    flags.boolean(
        "skip_connections",
        "Add the first two layers' results on the way up (ours; the paper "
        "has none). Default: as in --init_from, else true.",
        network,
    )
    flags.string(
        "init_from",
        "Network whose shared weights to start from: a run folder, a .keras "
        "file, a bundled model, or none. Default: the bundled model.",
        network,
    )
    flags.enum(
        "train",
        TRAIN,
        "all: rows of gamma and beta first, then everything; rows: those "
        "alone, fast, with the shared weights as they are. Default: all.",
        network,
    )

    losses = "Losses"
    flags.enum(
        "loss_network",
        LOSS_NETWORKS,
        "vgg16 is the real one; preview needs no weights and gives rough "
        "pictures. Default: vgg16.",
        losses,
    )
    flags.string(
        "vgg_weights",
        "HDF5 file of VGG-16 without its top. Default: the environment "
        "variable MULTISTYLE_VGG16_WEIGHTS, else Keras downloads it (59 MB).",
        losses,
    )
    flags.enum(
        "loss_scaling",
        LOSS_SCALINGS,
        "relative: each loss beside the size of its target; paper: the "
        "paper's form and weights. Default: relative.",
        losses,
    )
    flags.float(
        "content_loss_weight",
        "How much the photograph's content counts. Default: 1.",
        losses,
    )
    flags.float(
        "style_loss_weight",
        "How much the painting's style counts: 1 only shifts colours, 10 "
        "loses faces. Default: 6 (paper: 1).",
        losses,
    )
    flags.float(
        "total_variation_loss_weight",
        "How much roughness counts. Default: 0.15 (paper: 0).",
        losses,
    )
    flags.string(
        "style_coefficients",
        'Factor on single styles\' style loss, as "starry_night=2,udnie=0.5". '
        "Default: 1 each.",
        losses,
    )

    training = "Training"
    flags.integer("steps", "Batches in all. Default: 2000.", training)
    flags.integer("batch_size", "Crops a batch. Default: 8.", training)
    flags.integer(
        "image_size",
        "Pixels of the square crops of the photographs. Default: 192.",
        training,
    )
    flags.integer(
        "style_size",
        "Pixels of a painting's short side; larger gives broader strokes. "
        "Default: 384.",
        training,
    )
    flags.float(
        "learning_rate",
        "Default: 0.002 from nothing; 0.001 from a network, whose rows alone "
        "first train at ten times that.",
        training,
    )
    flags.enum(
        "precision",
        PRECISIONS,
        "auto: bfloat16 where this machine gains from it. Default: auto.",
        training,
    )
    flags.integer("seed", "Default: 0.", training)

    run = "Run"
    flags.integer(
        "checkpoint_every", "Steps between checkpoints. Default: 250.", run
    )
    flags.integer(
        "preview_every", "Steps between sample sheets. Default: 500.", run
    )
    flags.boolean(
        "dry_run",
        "Print options, data, parameters, and estimated memory and time on "
        "this machine, and stop.",
        run,
    )
    flags.boolean(
        "overwrite", "Start anew, removing the run in --run_dir first.", run
    )


def run(flags, arguments):
    if arguments:
        raise InputError(
            f"`{arguments[0]}` is not a flag; paintings are given by "
            "--style_images and photographs by --content_images."
        )
    given = flags.given()
    is_dry = given.pop("dry_run", False)
    overwrite = given.pop("overwrite", False)
    options = _options(given) if given else None
    import_keras()

    # Late, so that help and wrong flags need not wait for Keras.
    from multistyle.training.quickstart import quickstart_options
    from multistyle.training.runs import RunFolder
    from multistyle.training.session import TrainingSession

    options = options or quickstart_options()
    if not is_dry:
        folder = RunFolder(options.run_dir)
        folder.check(options.record(), overwrite)
        if folder.num_steps_done() == options.steps and not overwrite:
            say(
                f"The training in `{options.run_dir}` is finished, "
                f"{options.steps} steps; --overwrite starts it anew."
            )
            return _finish(options, folder)
    if options.loss_network == "preview":
        say(
            "The loss network is the preview, which needs no weights: what "
            "it trains are previews. The real one is --loss_network=vgg16, "
            "whose weights --vgg_weights or a download of 59 MB brings."
        )
    session = TrainingSession(options)
    if is_dry:
        return _dry_run(session)
    has_start = session.start.network is not None
    start = f"`{session.start.name}`" if has_start else "nothing"
    say(f"Starting from {start}.")
    if not session.train(overwrite):
        say(
            f"Stopped and saved in `{options.run_dir}`; the same command "
            "goes on from there."
        )
        return INTERRUPTED
    return _finish(options, session.run)


def _options(given):
    missing = [f"--{name}" for name in REQUIRED if name not in given]
    if missing:
        raise InputError(
            f"{' and '.join(missing)} must be given; only a call without any "
            "flag uses the built-in pictures."
        )
    for name in ("style_images", "content_images"):
        if len(given[name]) == 1:
            given[name] = given[name][0]
    if "style_coefficients" in given:
        given["style_coefficients"] = _coefficients(given["style_coefficients"])
    return TrainingOptions(**given)


def _coefficients(text):
    coefficients = {}
    for piece in text.split(","):
        name, _, value = piece.partition("=")
        try:
            coefficients[name.strip()] = float(value)
        except ValueError:
            raise InputError(
                f"`{piece}` in --style_coefficients must be NAME=NUMBER."
            ) from None
    return coefficients


def _finish(options, folder):
    sheets = sorted(folder.sample_folder.glob("*"))
    print(folder.model_path)
    if sheets:
        print(sheets[-1])
    say("The model and its latest sample sheet are named above. Next:")
    say(
        f"  python interpolate.py photo.jpg --model={options.run_dir} "
        "--sheet --output=sheet.png"
    )
    say(
        "  python train.py --style_images=YOUR_PAINTINGS "
        "--content_images=YOUR_PHOTOGRAPHS --run_dir=runs/mine"
    )
    return 0


def _dry_run(session):
    """Prints what would be done; writes nothing."""
    facts = session.facts()
    options = session.options
    print(json.dumps(facts, indent=2, ensure_ascii=False))
    memory = estimate_memory(
        options, session.network.width_multiplier, session.precision
    )
    say("Timing a few steps ...")
    seconds = session.measure_step()
    print(
        f"{facts['network']['num_parameters']:,} parameters, about "
        f"{memory / 1e9:.1f} GB of memory, "
        f"{seconds:.2f} s a step: about "
        f"{options.steps * seconds / 60:.0f} minutes for {options.steps} "
        "steps on this machine."
    )
    return 0
