"""Runs: what is made of photographs, and where, checked before it is made."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.terminal.backend import silence_keras, silent_stderr
from multistyle.cli.terminal.streams import file_name, paint_to_stream
from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.remote import full_url, is_remote
from multistyle.files.tar_files import is_tar_pattern
from multistyle.images.codecs.streams import STREAM, Stream

if TYPE_CHECKING:
    from multistyle.inference.compositions.composition import Composition
    from multistyle.inference.runs.blend_list import BlendList
    from multistyle.inference.runs.folder_run import FolderRun

# Else the first process that paints takes all memory of a GPU.
_SHARES_OF_GPU = {
    "TF_FORCE_GPU_ALLOW_GROWTH": "true",
    "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
}


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
    from multistyle.inference.runs.stopped_runs import (
        begun_with,
        find_manifests,
    )

    if is_single or not flags.output or is_remote(flags.output):
        return {}
    manifests = find_manifests(Path(_folder_of(flags), style or ""))
    if not manifests:
        return {}
    return begun_with(manifests[-1], bool(flags.overwrite))


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
        given = Path(file_name(self._photograph))
        name = Path(writable_name(given))
        noun = self._composition.noun
        if output is None or is_one_of_several:
            if output is not None and not is_folder(output):
                raise InputError(
                    "Several paintings need a folder to be painted into: give "
                    f"--output=FOLDER, not `{output}`."
                )
            suffix = name.suffix if noun == "stylized" else ".png"
            return Path(output or ".", f"{given.stem}_{style or noun}{suffix}")
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
    listed: "BlendList | None" = None,
) -> "FolderRun":
    """Makes the run of many photographs, into the folder of `--output`.

    Args:
        composition: a `Composition`.
        specs: list of what `find_images` takes.
        flags: the verb's.
        facts: dict for JSON, all that decides how the outputs look.
        paintings: paths of the paintings that are learned for it.
        style: None, or the style after which a folder within it is named.
        listed: None, or the `BlendList` of --blends.

    Raises:
        InputError: as `FolderRun`, and where the output is no folder.
    """
    from multistyle.inference.runs.blend_list import mask_paths
    from multistyle.inference.runs.bucket_run import BucketRun
    from multistyle.inference.runs.folder_run import FolderRun
    from multistyle.inference.runs.output_tree import (
        check_apart,
        find_works,
        join_place,
    )
    from multistyle.inference.runs.shard import read_shard
    from multistyle.inference.runs.tar_run import (
        WAITING,
        TarRun,
        place_in_tar,
    )

    check_folder(
        flags, "Several photographs" if composition.copies is None else "Copies"
    )
    is_tar = is_tar_pattern(flags.output)
    folder = _folder_of(flags)
    if style:
        folder = join_place(folder, style)
    masks: list[Path] = []
    if listed is not None and listed.works:
        works, num_others = listed.works, 0
        masks = mask_paths(works)
    else:
        works, num_others = find_works(
            specs,
            folder,
            copies=composition.copies,
            except_in=Path(folder, WAITING) if is_tar else flags.output,
        )
    shard = read_shard(flags.shard) if flags.shard else None
    options: dict[str, Any] = {
        "overwrite": bool(flags.overwrite),
        "runner": _make_runner(flags),
        "shard": shard,
        "num_others": num_others,
    }
    make_run: Callable[..., FolderRun] = FolderRun
    place = folder
    if is_remote(folder):
        make_run = BucketRun
    elif is_tar:
        make_run = TarRun
        place = join_place(folder, Path(flags.output).name)
        works = place_in_tar(works, folder, place)
        if flags.pictures_per_tar:
            options["pictures_per_tar"] = flags.pictures_per_tar
    works = shard.select(works) if shard else works
    run = make_run(composition, works, place, facts, **options)
    check_apart([*paintings, *masks], run.outputs)
    return run


def _folder_of(flags):
    """Returns the path or the URL of the folder that --output is or lies in."""
    if is_remote(flags.output):
        return full_url(flags.output)
    output = expand_home(flags.output)
    return str(output.parent if is_tar_pattern(output) else output)


def check_folder(flags: VerbFlags, noun: str) -> None:
    """Raises InputError where `noun` have no folder to be written into."""
    from multistyle.files.whole_folders import is_folder

    if flags.output is not None and is_tar_pattern(flags.output):
        if is_remote(flags.output):
            raise InputError(
                "Tar files are written on this machine: give `--output` a "
                "path, or a folder's URL."
            )
        return
    if flags.output is None or not is_folder(flags.output):
        got = f", not `{flags.output}`" if flags.output else ""
        raise InputError(
            f"{noun} need a folder to be written into: give "
            f"--output=FOLDER{got}."
        )


def read_listed(flags: VerbFlags, arguments: Sequence[str]) -> "BlendList":
    """Reads the list of --blends, whose inputs lie in the one argument.

    Raises:
        InputError: as `read_blend_list`, and for what is no folder.
    """
    from multistyle.inference.runs.blend_list import read_blend_list

    check_folder(flags, "Listed blends")
    root: str | Path = arguments[0] if arguments else "."
    if not is_remote(root):
        root = expand_home(root)
    is_folder = isinstance(root, str) or os.path.isdir(root)
    if len(arguments) > 1 or not is_folder:
        raise InputError(
            f"`--blends={flags.blends}` lists photographs of one folder: give "
            f"that, not `{' '.join(arguments)}`."
        )
    return read_blend_list(flags.blends, root, _folder_of(flags))


def begin_runner(flags: VerbFlags) -> str | None:
    """Starts what --runner names, before the model is loaded for it.

    Returns:
        The engine that is to paint: --engine, else Keras where Ray has GPUs,
        which this machine may lack; None leaves it to this machine.

    Raises:
        InputError: if there is no such runner here.
    """
    if flags.runner != "ray":
        if flags.jobs is not None and flags.jobs > 1:
            for name, value in _SHARES_OF_GPU.items():
                os.environ.setdefault(name, value)
        return flags.engine
    from multistyle.inference.runs.ray.session import count_gpus, start_ray

    with silent_stderr():
        start_ray()
    return flags.engine or ("keras" if count_gpus() else None)


def _make_runner(flags):
    """Returns the `Runner` of --runner and --jobs; None paints here."""
    if flags.runner == "ray":
        from multistyle.inference.runs.ray.runner import RayRunner

        return RayRunner(flags.jobs, uses_gpus=flags.engine != "openvino")
    from multistyle.inference.runs.workers import Workers

    if flags.jobs is None or flags.jobs == 1:
        return None
    return Workers(flags.jobs, prepare=silence_keras)
