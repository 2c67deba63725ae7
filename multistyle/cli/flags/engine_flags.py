"""The flags that say what runs the network, and in which numbers."""

from pathlib import Path

from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.inference.engines.loading import ENGINES
from multistyle.inference.engines.precision import PRECISIONS, go_on_in


def define_engine_flags(flags: VerbFlags, group: str) -> None:
    """Defines `--engine` and `--precision`."""
    flags.enum(
        "engine",
        ENGINES,
        "What runs the network: openvino, the extra `fast`, on the processor; "
        "keras, on a GPU where its backend sees one. Default: auto, which is "
        "keras where it sees a GPU, else openvino where it is installed.",
        group,
    )
    flags.enum(
        "precision",
        PRECISIONS,
        "Numbers of the convolutions. bfloat16 takes about half the time and "
        "differs by 0.4 of 255 in the mean; openvino alone has it. Default: "
        "auto, which is bfloat16 where the processor gains from it; what was "
        "stopped goes on as it began.",
        group,
    )


def precision_of(flags: VerbFlags, is_single: bool) -> str:
    """Returns the precision to paint photographs in.

    Args:
        flags: the verb's.
        is_single: whether one photograph is painted. The output of several is
            a folder, which goes on in what it was begun with.
    """
    # Late, so that help need not wait for it.
    from multistyle.inference.folder_runs import MANIFEST_FILE

    precision = flags.precision or "auto"
    if is_single or not flags.output:
        return precision
    manifest = Path(flags.output, MANIFEST_FILE)
    return go_on_in(manifest, precision, bool(flags.overwrite))
