"""`multistyle train`: flags of a training, and its wiring."""

import json

from multistyle.cli.flags.training_flags import define_training_flags
from multistyle.cli.main import INTERRUPTED
from multistyle.cli.sweep import run_sweep
from multistyle.cli.terminal.backend import import_keras
from multistyle.cli.terminal.report import say
from multistyle.errors import InputError
from multistyle.training.estimate import estimate_memory
from multistyle.training.options import OF_STYLES, TrainingOptions

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

python train.py --style_images=new.jpg --content_images=photographs \\
    --run_dir=runs/grown --add_to=paintings --batch_size=4 --steps=540
    a style more for a trained network, whose own stay as they are

python train.py --style_images=mine.jpg --content_images=photographs \\
    --run_dir=runs/sweep --sweep=style_loss_weight:2,4,6,10
    one sheet that shows which weight suits a painting

python train.py --style_images=a.jpg,b.jpg --content_images=tfds:coco/2017 \\
    --run_dir=runs/two --init_from=none --image_size=256 --steps=40000
"""

REQUIRED = ("style_images", "content_images", "run_dir")


def define_flags(flags):
    define_training_flags(flags)
    flags.string(
        "sweep",
        "Try several values of one number, as style_loss_weight:2,4,6,10: a "
        "short training each (300 steps unless given) in --run_dir, and one "
        "sheet of all, sweep.jpg.",
        "Training",
    )
    run = "Run"
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
    sweep = given.pop("sweep", None)
    options = _options(given) if given or sweep is not None else None
    import_keras()
    if sweep is not None:
        return run_sweep(sweep, given, is_dry, overwrite)

    # Late, so that help and wrong flags need not wait for Keras.
    from multistyle.training.loop import TrainingLoop
    from multistyle.training.quickstart import quickstart_options
    from multistyle.training.runs.folder import RunFolder

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
    loop = TrainingLoop(options)
    if is_dry:
        return _dry_run(loop)
    has_start = loop.ingredients.starting_network.network is not None
    start = (
        f"`{loop.ingredients.starting_network.name}`"
        if has_start
        else "nothing"
    )
    say(f"Starting from {start}; judged by {options.loss_network}.")
    if options.thaw:
        say(
            f"The styles of `{options.add_to}` will change, since --thaw lets "
            "layers train that they share."
        )
    if not loop.train(overwrite):
        say(
            f"Stopped and saved in `{options.run_dir}`; the same command "
            "goes on from there."
        )
        return INTERRUPTED
    return _finish(options, loop.run)


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
    for option in OF_STYLES:
        if option in given:
            given[option] = _numbers_of_styles(option, given[option])
    return TrainingOptions(**given)


def _numbers_of_styles(option, text):
    numbers = {}
    for piece in text.split(","):
        name, _, value = piece.partition("=")
        try:
            numbers[name.strip()] = float(value)
        except ValueError:
            raise InputError(
                f"`{piece}` in --{option} must be NAME=NUMBER."
            ) from None
    return numbers


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


def _dry_run(loop):
    """Prints what would be done; writes nothing."""
    facts = loop.ingredients.facts()
    options = loop.options
    print(json.dumps(facts, indent=2, ensure_ascii=False))
    memory = estimate_memory(
        options,
        loop.ingredients.network.width_multiplier,
        loop.ingredients.precision,
    )
    say("Timing a few steps ...")
    seconds = loop.measure_step()
    print(
        f"{facts['network']['num_parameters']:,} parameters, about "
        f"{memory / 1e9:.1f} GB of memory, "
        f"{seconds:.2f} s a step: about "
        f"{options.steps * seconds / 60:.0f} minutes for {options.steps} "
        "steps on this machine."
    )
    return 0
