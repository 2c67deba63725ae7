"""`multistyle train --sweep`: its wiring."""

from typing import Any

from multistyle.blends.names import did_you_mean
from multistyle.cli.terminal.exit_codes import DONE, INTERRUPTED
from multistyle.cli.terminal.status_line import StatusLine
from multistyle.cli.terminal.voice import say
from multistyle.errors import InputError
from multistyle.training.estimate import measure_step
from multistyle.training.options import SWEEPABLE, TrainingOptions

# Enough to see which value suits a painting.
STEPS_OF_A_RUN = 300


def parse_sweep(spec: str) -> tuple[str, list[float]]:
    """Reads "NAME:VALUE,VALUE,...".

    Args:
        spec: str, as it was given by --sweep.

    Returns:
        The name of a numeric option of a training, and a list of numbers.

    Raises:
        InputError: for another name or form, or what is no number.
    """
    name, _, texts = spec.partition(":")
    if not texts:
        raise InputError(
            f"`{spec}` in --sweep must be NAME:VALUE,VALUE,... as in "
            "style_loss_weight:2,4,6,10."
        )
    if name not in SWEEPABLE:
        raise InputError(
            f"`{name}` in --sweep is no numeric option of a training"
            f"{did_you_mean(name, SWEEPABLE)}"
        )
    kind = SWEEPABLE[name]
    values = []
    for text in texts.split(","):
        try:
            values.append(kind(text))
        except ValueError:
            noun = "a whole number" if kind is int else "a number"
            raise InputError(
                f"`{text}` in --sweep must be {noun}, as `{name}` is."
            ) from None
    return name, values


def run_sweep(
    name: str,
    values: list[float],
    given: dict[str, Any],
    is_dry: bool,
    overwrite: bool,
) -> int:
    """Trains the runs of a sweep, or says what they would take.

    Args:
        name: str, the option that differs.
        values: list of numbers, what it is in each run.
        given: dict, keywords of `TrainingOptions` that flags give.
        is_dry: bool, whether to write nothing.
        overwrite: bool, whether to start every run anew.

    Returns:
        int, the exit code.

    Raises:
        InputError: if the option is given by its own flag, too, or a value is
            out of its limits.
    """
    if name in given:
        raise InputError(
            f"`{name}` is given twice, by --sweep and by its own flag; leave "
            "one of them out."
        )
    options = TrainingOptions(**{"steps": STEPS_OF_A_RUN, **given})
    # Late, so that help and wrong flags need not wait for Keras.
    from multistyle.training.network_training import TrainingStopped
    from multistyle.training.sweep import Sweep

    sweep = Sweep(name, values, options)
    if is_dry:
        return _dry_run(sweep, overwrite)
    line = StatusLine()
    try:
        sheet = sweep.train(
            overwrite=overwrite,
            note=line.say,
            progress=lambda p: line.show(p.__str__, p.is_last),
        )
    except TrainingStopped:
        line.say(
            f"Stopped and saved in `{sweep.folder}`; the same command goes on "
            "from there."
        )
        return INTERRUPTED
    finally:
        line.end()
    print(sheet)
    value, options = list(sweep.runs.items())[-1]
    say("The sheet is named above; each of its rows is a run. Next:")
    say(
        f"  python interpolate.py photo.jpg --model={options.run_dir} "
        "--sheet --output=sheet.png"
    )
    say(
        "  python train.py --style_images=YOUR_PAINTINGS "
        "--content_images=YOUR_PHOTOGRAPHS --run_dir=runs/mine "
        f"--{sweep.name}={value}"
    )
    return DONE


def _dry_run(sweep, overwrite):
    """Prints a line for each run; leaves nothing behind."""
    # Late, see above.
    from multistyle.training.distribution.workers import join_workers
    from multistyle.training.preparation import prepared

    sweep.check(overwrite)
    minutes = 0
    for options in sweep.runs.values():
        workers = join_workers(options.distribute)
        with prepared(options, workers, overwrite=overwrite) as preparation:
            _, done, ingredients = preparation
            pace = "finished"
            if ingredients is not None:
                seconds = measure_step(ingredients)
                minutes += (options.num_steps - done) * seconds / 60
                pace = f"{seconds:.2f} s a step"
        print(
            f"{options.run_dir}: {done} of {options.num_steps} steps done, "
            f"{pace}"
        )
    print(f"About {minutes:.0f} minutes in all on this machine.")
    return DONE
