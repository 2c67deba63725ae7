"""The files that `multistyle styles` writes: models and packs."""

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.terminal.listing import count_styles, describe_styles
from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.outputs import check_output_path
from multistyle.network.models import MODEL_SUFFIX

if TYPE_CHECKING:
    from multistyle.network.packs.pack import Pack
    from multistyle.network.transform import TransformNetwork

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


def check_finisher_output(flags: VerbFlags, names: Sequence[str]) -> None:
    """Raises InputError where what finishes for `--output` cannot stand beside.

    Args:
        flags: the verb's.
        names: of the styles that it gains. A file that ends with them may be
            there: a stop came after it, and before the model.
    """
    path = finisher_beside(flags.output)
    overwrite = flags.overwrite or _ends_with(path, names)
    check_output_path(path, overwrite=overwrite)


def finisher_beside(output: str) -> Path:
    """Returns the path of the finisher of a model that is written."""
    path = expand_home(output)
    return path.with_name(f"{path.stem}-finisher{path.suffix}")


def _ends_with(path: Path, names: Sequence[str]) -> bool:
    """Says whether a file holds a network that was grown by these styles."""
    from multistyle.network.stored_weights import read_weights

    try:
        found = read_weights(path).style_names
    except ValueError:
        return False
    return bool(names) and found[-len(names) :] == list(names)


def save_model(
    network: "TransformNetwork",
    flags: VerbFlags,
    finisher: "TransformNetwork | None" = None,
) -> Outcome:
    """Writes a model to `--output`; see `write_network`.

    Args:
        network: the model; its name of a finisher is set.
        flags: the verb's.
        finisher: is written beside it and finishes for it; None leaves it to
            the one that the model names.
    """
    if finisher is not None:
        beside = finisher_beside(flags.output)
        write_network(finisher, beside)
        network.finisher = beside.name
    write_network(network, flags.output)
    styles = describe_styles(network)
    outcome = {"output": flags.output, "styles": styles}
    return outcome, [f"{flags.output}: {count_styles(styles)}"]


class Pair(NamedTuple):
    """A network, and the one that finishes for it, if any."""

    network: "TransformNetwork"
    finisher: "TransformNetwork | None"

    @property
    def is_own(self) -> bool:
        """Whether the finisher is a file beside the model's own."""
        from multistyle.network.models import bundled_models

        is_bundled = self.network.finisher in bundled_models()
        return self.finisher is not None and not is_bundled


def load_pair(spec: str) -> Pair:
    """Loads a model and what finishes for it."""
    # Late, so that help and wrong flags need not wait for Keras.
    from multistyle.cli.model_choice import choose_model
    from multistyle.network.finishers import find_finisher
    from multistyle.network.models import load_network

    path, _ = choose_model(spec)
    network, beside = load_network(path), find_finisher(path)
    if beside is None:
        return Pair(network, None)
    finisher = load_network(beside)
    pair = Pair(network, finisher)
    return _without_others(network, finisher) if pair.is_own else pair


def save_pair(
    pair: Pair, before: Pair, flags: VerbFlags, new_names: Sequence[str] = ()
) -> Outcome:
    """Writes a model to `--output`, and what finishes for it beside.

    A bundled finisher that is as it was is named, and not written.

    Args:
        pair: what `before` became.
        before: see `load_pair`.
        flags: the verb's.
        new_names: see `check_finisher_output`.
    """
    network, finisher = pair
    if finisher is not None and before.is_own:
        network, finisher = _without_others(network, finisher)
    elif finisher is not None and finisher is before.finisher:
        network.finisher = before.network.finisher
        finisher = None
    if finisher is not None:
        check_finisher_output(flags, new_names)
    return save_model(network, flags, finisher)


def _without_others(
    network: "TransformNetwork", finisher: "TransformNetwork"
) -> Pair:
    """Takes from the finisher what the network has not: it may be other."""
    from multistyle.network.growth import remove_styles

    others = set(finisher.style_names) - set(network.style_names)
    if len(others) == len(finisher.style_names):
        network.finisher = None
        return Pair(network, None)
    if others:
        finisher = remove_styles(finisher, others)
    return Pair(network, finisher)


def place_packs(names: Sequence[str], flags: VerbFlags) -> list[Path]:
    """Returns where the packs of styles go, by `--output`.

    A pack of the style may stand there: the same command was stopped.

    Raises:
        InputError: if it is neither a folder nor, for one style, a pack's
            file, or if one cannot be written.
    """
    from multistyle.files.whole_folders import is_folder
    from multistyle.network.packs.pack_file import SUFFIX, read_pack

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
    from multistyle.network.packs.pack_file import write_pack

    outcome = []
    for path, pack in zip(paths, packs, strict=True):
        write_pack(path, pack, overwrite=bool(flags.overwrite))
        outcome.append({"style": pack.name, "output": str(path)})
    return outcome, [str(path) for path in paths]
