"""The flag that says what runs the network."""

from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.inference.engines.loading import ENGINES


def define_engine_flag(flags: VerbFlags, group: str) -> None:
    """Defines `--engine`."""
    flags.enum(
        "engine",
        ENGINES,
        "What runs the network: openvino, the extra `fast`, on the processor; "
        "keras, on a GPU where its backend sees one. Default: auto, which is "
        "keras where it sees a GPU, else openvino where it is installed.",
        group,
    )
