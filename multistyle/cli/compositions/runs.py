"""Runs: what is made of photographs, and where, checked before it is made."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.terminal.backend import import_keras, silent_stderr
from multistyle.cli.terminal.streams import STREAM, file_name, paint_to_stream
from multistyle.errors import InputError
from multistyle.files.remote import is_remote
from multistyle.images.codecs.sources import Stream

if TYPE_CHECKING:
    from multistyle.inference.compositions.composition import Composition
    from multistyle.inference.runs.folder_run import FolderRun


def begun_options(
    flags: VerbFlags, is_single: bool, style: str | None = None
) -> dict[str, Any]:
    """Returns what a folder that was stopped goes on with; see `begun_with`.

    Args:
        flags: the verb's.
        is_single: whether one photograph is painted, which is not gone on
            with.
        style: None, or the first of several styles, each in a folder.
    """
    from multistyle.inference.runs.folder_run import MANIFEST_FILE
    from multistyle.inference.runs.stopped_runs import begun_with

    if is_single or not flags.output or is_remote(flags.output):
        return {}
    manifest = Path(flags.output, style or "", MANIFEST_FILE)
    return begun_with(manifest, bool(flags.overwrite))


class SingleRun:
    """The composition of one photograph, like a `FolderRun` of many.

    Args:
        composition: a `Composition`.
        photograph: path of a picture, or a `Stream`.
        flags: the verb's.
        paintings: paths of the paintings that are learned for it.
        style: None, or the style that the output is named after.
        is_one_of_several: whether there are other styles' outputs beside.

    Attributes:
        num_others: 0, of the files of other kinds.

    Raises:
        InputError: for what is wrong with the output.
    """

    def __init__(
        self,
        composition: "Composition",
        photograph: Path | Stream,
        flags: VerbFlags,
        *,
        paintings: Sequence[Path] = (),
        style: str | None = None,
        is_one_of_several: bool = False,
    ) -> None:
        from multistyle.inference.runs.output_tree import check_apart

        self.num_others = 0
        self._composition = composition
        self._photograph = photograph
        self._flags = flags
        self._output = self._place(style, is_one_of_several)
        if self._output != STREAM:
            sources = [photograph, *composition.sources(), *paintings]
            check_apart(sources, composition.outputs(self._output))
            composition.check(self._output, flags.overwrite)

    def _place(self, style, is_one_of_several):
        """Returns the path of the output, or `STREAM`."""
        from multistyle.files.whole_folders import is_folder
        from multistyle.images.codecs.formats import writable_name

        output = self._flags.output and os.path.expanduser(self._flags.output)
        name = Path(writable_name(file_name(self._photograph)))
        noun = self._composition.noun
        if output is None or is_one_of_several:
            if output is not None and not is_folder(output):
                raise InputError(
                    "Several paintings need a folder to be painted into: give "
                    f"--output=FOLDER, not `{output}`."
                )
            suffix = name.suffix if noun == "stylized" else ".png"
            return Path(output or ".", f"{name.stem}_{style or noun}{suffix}")
        if output != STREAM and is_folder(output):
            if not self._composition.fills_folders:
                return Path(output, name)
        return output

    def __len__(self) -> int:
        return 1

    def records(self) -> Iterator[dict[str, Any]]:
        """Makes it, and yields its record; see `runs.records.make`."""
        from multistyle.inference.runs.records import make

        if self._output == STREAM:
            format = self._flags.output_format
            yield paint_to_stream(self._composition, self._photograph, format)
        else:
            overwrite = bool(self._flags.overwrite)
            yield make(
                self._composition, self._photograph, self._output, overwrite
            )


def make_folder_run(
    composition: "Composition",
    specs: Sequence[Any],
    flags: VerbFlags,
    facts: dict[str, Any],
    *,
    paintings: Sequence[Path] = (),
    style: str | None = None,
) -> "FolderRun":
    """Makes the run of many photographs, into the folder of `--output`.

    Args:
        composition: a `Composition`.
        specs: list of what `find_images` takes.
        flags: the verb's.
        facts: dict for JSON, all that decides how the outputs look.
        paintings: paths of the paintings that are learned for it.
        style: None, or the style after which a folder within it is named.

    Raises:
        InputError: as `FolderRun`, and where the output is no folder.
    """
    from multistyle.files.whole_folders import is_folder
    from multistyle.inference.runs.bucket_run import BucketRun
    from multistyle.inference.runs.folder_run import FolderRun
    from multistyle.inference.runs.output_tree import check_apart, find_works

    if flags.output is None or not is_folder(flags.output):
        got = f", not `{flags.output}`" if flags.output else ""
        noun = "Several photographs" if composition.copies is None else "Copies"
        raise InputError(
            f"{noun} need a folder to be written into: give "
            f"--output=FOLDER{got}."
        )
    folder = f"{flags.output.rstrip('/')}/{style}" if style else flags.output
    works, num_others = find_works(
        specs, folder, copies=composition.copies, except_in=flags.output
    )
    make_run = BucketRun if is_remote(folder) else FolderRun
    run = make_run(
        composition,
        works,
        folder,
        facts,
        overwrite=bool(flags.overwrite),
        runner=_make_runner(flags),
        num_others=num_others,
    )
    check_apart(paintings, run.outputs)
    return run


def begin_runner(flags: VerbFlags) -> str | None:
    """Starts what --runner names, before the model is loaded for it.

    Returns:
        The engine that is to paint: --engine, else Keras where Ray has GPUs,
        which this machine may lack; None leaves it to this machine.

    Raises:
        InputError: if there is no such runner here.
    """
    if flags.runner != "ray":
        return flags.engine
    from multistyle.inference.runs.ray_session import count_gpus, start_ray

    with silent_stderr():
        start_ray()
    return flags.engine or ("keras" if count_gpus() else None)


def _make_runner(flags):
    """Returns the `Runner` of --runner and --jobs; None paints here."""
    if flags.runner == "ray":
        from multistyle.inference.runs.ray_runner import RayRunner

        return RayRunner(flags.jobs, uses_gpus=flags.engine != "openvino")
    from multistyle.inference.runs.workers import Workers

    if flags.jobs is None or flags.jobs == 1:
        return None
    prepare = import_keras if "keras" in sys.modules else None
    return Workers(flags.jobs, prepare=prepare)
