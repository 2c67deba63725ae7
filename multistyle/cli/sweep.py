"""`multistyle train --sweep`: its wiring."""

from multistyle.cli.main import DONE, INTERRUPTED
from multistyle.cli.terminal.report import say


def run_sweep(spec, given, is_dry, overwrite):
    """Trains the runs of a sweep, or says what they would take.

    Args:
        spec: str, as of `training.sweep.Sweep`.
        given: dict, options of a training that the user set.
        is_dry: bool, whether to write nothing.
        overwrite: bool, whether to start every run anew.

    Returns:
        int, the exit code.
    """
    from multistyle.training.sweep import Sweep

    sweep = Sweep(spec, **given)
    if is_dry:
        return _dry_run(sweep)
    sheet = sweep.train(say, overwrite)
    if sheet is None:
        say(
            f"Stopped and saved in `{sweep.folder}`; the same command goes on "
            "from there."
        )
        return INTERRUPTED
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


def _dry_run(sweep):
    """Prints a line for each run; writes nothing."""
    from multistyle.training.loop import TrainingLoop
    from multistyle.training.runs.folder import RunFolder

    minutes = 0
    for options in sweep.runs.values():
        done = RunFolder(options.run_dir).num_steps_done() or 0
        seconds = TrainingLoop(options, say).measure_step()
        minutes += (options.steps - done) * seconds / 60
        print(
            f"{options.run_dir}: {done} of {options.steps} steps done, "
            f"{seconds:.2f} s a step"
        )
    print(f"About {minutes:.0f} minutes in all on this machine.")
    return DONE
