"""Which model a call uses."""

from pathlib import Path

from multistyle.cli.terminal.voice import say
from multistyle.errors import InputError
from multistyle.network.models import (
    DEFAULT_MODEL,
    MODEL_FILE,
    bundled_models,
    find_model,
)

RUNS_FOLDER = "runs"


def choose_model(
    spec: str | None, prefers_run: bool = False
) -> tuple[Path, str]:
    """Finds a model's file, and says on standard error which it is.

    Args:
        spec: what `find_model` takes, or None: the bundled model or the
            newest run under `runs/`, whichever there is.
        prefers_run: bool, which of the two comes first.

    Returns:
        (path of a `.keras` file, text by which a user would name it).

    Raises:
        InputError: if there is no such model, or none at all.
    """
    if spec is not None:
        path = find_model(spec)
        say(f"Model: `{spec}`.")
        return path, spec
    candidates = []
    if DEFAULT_MODEL in bundled_models():
        path = bundled_models()[DEFAULT_MODEL]
        candidates.append((path, DEFAULT_MODEL, "which is bundled"))
    runs = Path(RUNS_FOLDER).glob(f"*/{MODEL_FILE}")
    newest = max(runs, key=lambda path: path.stat().st_mtime, default=None)
    if newest:
        run = (newest, str(newest.parent), "the newest run")
        candidates.insert(0 if prefers_run else 1, run)
    if not candidates:
        raise InputError(
            f"There is no model yet, and no run under `{RUNS_FOLDER}/`: train "
            "one by `python train.py`, or name one by --model."
        )
    path, name, kind = candidates[0]
    say(f"Model: `{name}`, {kind}.")
    return path, name
