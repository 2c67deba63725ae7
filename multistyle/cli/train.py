"""`multistyle train`: flags of a training, and its wiring."""

import json

from multistyle.cli.flags.training_flags import define_training_flags
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.sweep import parse_sweep, run_sweep
from multistyle.cli.terminal.exit_codes import DONE, INTERRUPTED
from multistyle.cli.terminal.status_line import StatusLine
from multistyle.cli.terminal.voice import say
from multistyle.cli.terminal.workers import worker
from multistyle.errors import InputError
from multistyle.training.estimate import estimate_memory, measure_step
from multistyle.training.options import OF_STYLES, TrainingOptions
from multistyle.training.quickstart import quickstart_options

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
    --run_dir=runs/grown --add_to=paintings
    a style more for a trained network, whose own stay as they are

python train.py --style_images=mine.jpg --content_images=photographs \\
    --run_dir=runs/sweep --sweep=style_loss_weight:2,4,6,10
    one sheet that shows which weight suits a painting

python train.py --style_images=a.jpg,b.jpg --content_images=tfds:coco/2017 \\
    --run_dir=runs/two --init_from=none --image_size=256 --steps=40000

KERAS_BACKEND=jax python train.py --style_images=paintings \\
    --content_images=photographs --run_dir=runs/shared \\
    --distribute=data_parallel
    by all GPUs of this machine; docs/training_at_scale.md has more
"""

REQUIRED = ("style_images", "content_images", "run_dir")


def define_flags(flags: VerbFlags) -> None:
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


def run(flags: VerbFlags, arguments: list[str]) -> int:
    if arguments:
        raise InputError(
            f"`{arguments[0]}` is not a flag; paintings are given by "
            "--style_images and photographs by --content_images."
        )
    given = flags.given()
    is_dry = given.pop("dry_run", False)
    overwrite = given.pop("overwrite", False)
    spec = given.pop("sweep", None)
    if spec is not None:
        name, values = parse_sweep(spec)
        return run_sweep(name, values, _keywords(given), is_dry, overwrite)
    options = quickstart_options()
    if given:
        options = TrainingOptions(**_keywords(given))
    with worker(options) as is_first:
        if is_dry:
            return _dry_run(options, overwrite, is_first)
        return _train(options, overwrite, is_first)


def _train(options, overwrite, is_first):
    # Late, so that help and wrong flags need not wait for Keras.
    from multistyle.training.network_training import (
        TrainingStopped,
        run_training,
    )

    line = StatusLine()
    try:
        folder = run_training(
            options,
            overwrite=overwrite,
            note=line.say,
            progress=lambda p: line.show(p.__str__, p.is_last),
        )
    except TrainingStopped as stop:
        line.say(str(stop))
        return INTERRUPTED
    finally:
        line.end()
    return _finish(options, folder) if is_first else DONE


def _keywords(given):
    """Returns the keywords of `TrainingOptions` that flags give."""
    missing = [f"--{name}" for name in REQUIRED if name not in given]
    if missing:
        raise InputError(
            f"{' and '.join(missing)} must be given; only a call without any "
            "flag uses the built-in pictures."
        )
    numbers = {
        option: _numbers_of_styles(option, given[option])
        for option in OF_STYLES
        if option in given
    }
    return {**given, **numbers}


def _numbers_of_styles(option, text):
    numbers = {}
    for piece in text.split(","):
        name, _, value = piece.partition("=")
        name = name.strip()
        if name in numbers:
            raise InputError(f"--{option} names the style `{name}` twice.")
        try:
            numbers[name] = float(value)
        except ValueError:
            raise InputError(
                f"`{piece}` in --{option} must be NAME=NUMBER."
            ) from None
    return numbers


def _finish(options, folder):
    print(folder.model_path)
    for sheet in folder.sample_sheets()[-1:]:
        print(sheet)
    say("The model and its latest sample sheet are named above. Next:")
    say(
        f"  python interpolate.py photo.jpg --model={options.run_dir} "
        "--sheet --output=sheet.png"
    )
    say(
        "  python train.py --style_images=YOUR_PAINTINGS "
        "--content_images=YOUR_PHOTOGRAPHS --run_dir=runs/mine"
    )
    return DONE


def _dry_run(options, overwrite, is_first):
    """Prints what would be done; leaves nothing behind."""
    # Late, see above.
    from multistyle.training.distribution.workers import join_workers
    from multistyle.training.preparation import prepared

    workers = join_workers(options.distribute)
    with (
        workers.noticing_loss(),
        prepared(options, workers, overwrite=overwrite) as preparation,
    ):
        run, done, ingredients = preparation
        if ingredients is None:
            say(
                f"All {options.num_steps} steps in `{run.path}` are done; "
                "--overwrite starts anew."
            )
            return DONE
        facts = ingredients.facts()
        if is_first:
            print(json.dumps(facts, indent=2))
            say("Timing a few steps ...")
        seconds = measure_step(ingredients)
    if not is_first:
        return DONE
    memory = estimate_memory(
        options,
        ingredients.network.width_multiplier,
        ingredients.precision,
        num_workers=workers.num_workers,
    )
    left = options.num_steps - done
    steps = f"the last {left} of {options.num_steps}" if done else left
    print(
        f"{facts['network']['num_parameters']:,} parameters, about "
        f"{memory / 1e9:.1f} GB of memory, "
        f"{seconds:.2f} s a step: about {left * seconds / 60:.0f} minutes "
        f"for {steps} steps on this machine."
    )
    return DONE
