"""The files that `multistyle styles` writes: models and packs."""

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.terminal.listing import count_styles, describe_styles
from multistyle.errors import InputError
from multistyle.files.outputs import check_output_path

if TYPE_CHECKING:
    from multistyle.network.packs import Pack
    from multistyle.network.transform import TransformNetwork

MODEL_SUFFIX = ".keras"
# For JSON, and the lines to print in its place.
Outcome = tuple[Any, list[str]]


def check_model_output(flags: VerbFlags) -> None:
    """Raises InputError where `--output` can be no model's file."""
    if Path(flags.output).suffix != MODEL_SUFFIX:
        raise InputError(
            f"`{flags.output}` must have the suffix {MODEL_SUFFIX}, a model's."
        )
    check_output_path(flags.output, overwrite=flags.overwrite)


def write_network(
    network: "TransformNetwork", path: str | os.PathLike[str]
) -> None:
    """Writes a model's file, as small as it can be without a change."""
    from multistyle.network.models import save_network

    # Bundled models are float16.
    with np.errstate(over="ignore"):
        fits_half = all(
            (array.astype(np.float16) == array).all()
            for array in network.get_weights()
        )
    save_network(network, path, half_precision=fits_half)


def save_model(network: "TransformNetwork", flags: VerbFlags) -> Outcome:
    """Writes a model to `--output`; see `write_network`."""
    write_network(network, flags.output)
    styles = describe_styles(network)
    outcome = {"output": flags.output, "styles": styles}
    return outcome, [f"{flags.output}: {count_styles(styles)}"]


def place_packs(names: Sequence[str], flags: VerbFlags) -> list[Path]:
    """Returns where the packs of styles go, by `--output`.

    A pack of the style may stand there: the same command was stopped.

    Raises:
        InputError: if it is neither a folder nor, for one style, a pack's
            file, or if one cannot be written.
    """
    from multistyle.files.whole_folders import is_folder
    from multistyle.network.packs import SUFFIX, read_pack

    def may_write(path: Path, name: str) -> bool:
        with contextlib.suppress(InputError):
            return bool(flags.overwrite) or read_pack(path).name == name
        return False

    if is_folder(flags.output):
        paths = [Path(flags.output, name + SUFFIX) for name in names]
    elif len(names) == 1 and Path(flags.output).suffix == SUFFIX:
        paths = [Path(flags.output)]
    else:
        raise InputError(
            f"`{flags.output}` must be a folder, or for one style a file with "
            f"the suffix {SUFFIX}."
        )
    for path, name in zip(paths, names, strict=True):
        check_output_path(path, overwrite=may_write(path, name))
    return paths


def write_packs(
    paths: Sequence[Path], packs: "Sequence[Pack]", flags: VerbFlags
) -> Outcome:
    """Writes packs to where `place_packs` said."""
    from multistyle.network.packs import write_pack

    outcome = []
    for path, pack in zip(paths, packs, strict=True):
        write_pack(path, pack, overwrite=bool(flags.overwrite))
        outcome.append({"style": pack.name, "output": str(path)})
    return outcome, [str(path) for path in paths]
