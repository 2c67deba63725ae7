"""The flags that say how the files of photographs are read and written."""

import os
from collections.abc import Sequence
from pathlib import Path

from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.terminal.streams import standard_input
from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.remote import is_remote
from multistyle.files.tar_files import is_tar_pattern
from multistyle.images.codecs.sources import MAX_PIXELS
from multistyle.images.codecs.streams import STREAM, Stream, hold
from multistyle.images.finding import find_images
from multistyle.images.samples import sample_photographs

RUNNERS = ("processes", "ray")
OUTPUT_FORMATS = ("avif", "bmp", "gif", "jpg", "png", "tif", "webp")


def define_file_flags(flags: VerbFlags, group: str) -> None:
    """Defines `--output_format`, `--jobs` and their like."""
    flags.enum(
        "output_format",
        OUTPUT_FORMATS,
        "The format of --output=-. Default: the photograph's; png of a sheet, "
        "grid or path.",
        group,
    )
    flags.boolean(
        "strip_metadata",
        "Leave out the photograph's EXIF data: camera, time, place.",
        group,
    )
    flags.integer(
        "max_pixels",
        "Refuse a file with more pixels: it may be made to fill the memory. "
        f"Default: {MAX_PIXELS}.",
        group,
        lower_bound=1,
    )
    flags.integer(
        "jobs",
        "Paint so many photographs of a folder at a time, by processes that "
        "load the model once each. Default: 1; of --runner=ray, one for each "
        "GPU, or for each two processors.",
        group,
        lower_bound=1,
    )
    flags.enum(
        "runner",
        RUNNERS,
        "What paints the photographs of a folder: processes of this machine; "
        "or Ray (the extra `ray`), on this machine or on the cluster that the "
        "variable RAY_ADDRESS names. Default: processes.",
        group,
    )
    flags.integer(
        "pictures_per_tar",
        "Of an --output as painted/%06d.tar: each tar file has so many "
        "pictures, and a JSON file for each, as WebDataset reads them. "
        "Default: 1000.",
        group,
        lower_bound=1,
    )
    flags.string(
        "shard",
        "Paint one part of a folder's photographs, 1/8 to 8/8, told by a hash "
        "of their names: one of several machines or processes that may write "
        "into one --output at once.",
        group,
    )


def find_photographs(arguments: list[str]) -> Sequence[Path | Stream]:
    """Returns the photographs that are named, the samples if none is.

    Args:
        arguments: list of what `find_images` takes, or of "-" alone.

    Returns:
        list of `Path`, or of one `Stream`.

    Raises:
        InputError: if there is no photograph, or "-" is one of several.
    """
    if STREAM in arguments:
        if len(arguments) > 1:
            raise InputError(
                f"`{STREAM}`, standard input, is one photograph: give no other."
            )
        return [standard_input()]
    if not arguments:
        return sample_photographs()
    if is_one_file(arguments):
        return [hold(arguments[0])]
    # What URLs name is searched once, by the run.
    here = [argument for argument in arguments if not is_remote(argument)]
    return find_images(here) if here else []


def is_one_file(arguments: list[str]) -> bool:
    """Whether arguments name one file or pipe, no folder and no glob."""
    if len(arguments) != 1:
        return False
    path = expand_home(arguments[0])
    return os.path.lexists(path) and not path.is_dir()


def check_file_flags(flags: VerbFlags, is_single: bool) -> None:
    """Raises InputError for flags that do not go with what is painted."""
    to_stream = flags.output == STREAM
    if to_stream and not is_single:
        raise InputError(
            f"`--output={STREAM}` takes one picture: give one photograph."
        )
    if flags.shard and is_single:
        raise InputError(
            "`--shard` divides the photographs of a folder: give one."
        )
    if flags.runner == "ray" and is_single:
        raise InputError(
            "`--runner=ray` paints the photographs of a folder: give one."
        )
    is_tar = flags.output is not None and is_tar_pattern(flags.output)
    if is_tar and is_single:
        raise InputError(
            f"`--output={flags.output}` takes the photographs of a folder: "
            "give one."
        )
    if flags.pictures_per_tar and not is_tar:
        raise InputError(
            "`--pictures_per_tar` goes with tar files alone, as "
            "`--output=painted/%06d.tar`."
        )
    if flags.output_format and not to_stream:
        raise InputError(
            f"`--output_format` goes with `--output={STREAM}` alone: else the "
            "output's name says it."
        )
