"""What `multistyle interpolate` does without a photograph."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.terminal.voice import say
from multistyle.images.codecs.writing import check_output, write_image
from multistyle.images.samples import sample_photographs

if TYPE_CHECKING:
    from multistyle.inference.compositions.look import Look
    from multistyle.inference.stylizer import Stylizer

OVERVIEW_FILE = "blends.png"
# What the sheet says of itself, in its EXIF data.
MARK = "multistyle"
SOFTWARE = 0x0131


def write_overview(
    flags: VerbFlags, stylizer: "Stylizer", model: Path, look: "Look"
) -> str:
    """Writes the sheet of the built-in photographs and returns its path.

    Args:
        flags: `VerbFlags` that were parsed, with `output` and `overwrite`.
        stylizer: a `Stylizer`.
        model: path of its model; the sheet of a run stands beside it.
        look: a `Look`.
    """
    from multistyle.files.whole_folders import is_folder
    from multistyle.inference.compositions.overview import Overview
    from multistyle.network.models import MODEL_FILE

    output = flags.output and os.path.expanduser(flags.output)
    if output is None:
        is_run = model.name == MODEL_FILE
        output = Path(model.parent if is_run else ".", OVERVIEW_FILE)
    elif is_folder(output):
        output = Path(output, OVERVIEW_FILE)
    # Its own sheet may be replaced: a call with no flag can be repeated.
    overwrite = bool(
        flags.overwrite or (flags.output is None and _is_own(output))
    )
    check_output(output, overwrite=overwrite)
    overview = Overview(stylizer, look=look)
    sheet = overview.compose_all(
        [overview.read(p) for p in sample_photographs()]
    )
    exif = Image.Exif()
    exif[SOFTWARE] = MARK
    write_image(output, sheet, overwrite=overwrite, exif=exif.tobytes())
    return str(output)


def _is_own(path):
    """Says whether a file is a sheet that was written here."""
    try:
        with Image.open(path, formats=("PNG",)) as image:
            return image.getexif().get(SOFTWARE) == MARK
    except OSError:
        return False


def say_next_steps(model: str, names: Sequence[str]) -> None:
    """Says what to do next, of a model and its styles."""
    weights = ",".join(f"{name}=0.5" for name in names[:2])
    say("The picture is named above. Next, a photograph of your own:")
    say(
        f"  python interpolate.py photo.jpg --model={model} "
        f'--style_weights="{weights}"'
    )
