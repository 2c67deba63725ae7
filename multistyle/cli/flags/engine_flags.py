"""The flags that say what runs the network, and in which numbers."""

from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.inference.engines.loading import ENGINES
from multistyle.perceptual.precision import PRECISIONS


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
