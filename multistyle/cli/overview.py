"""What `multistyle interpolate` does without a photograph."""

from pathlib import Path

from multistyle.images.codecs.writing import check_output, write_image
from multistyle.images.samples import sample_photographs

OVERVIEW_FILE = "blends.png"


def write_overview(flags, stylizer, model, options):
    """Writes the sheet of the built-in photographs and returns its path.

    Args:
        flags: `VerbFlags` that were parsed, with `output` and `overwrite`.
        stylizer: a `Stylizer`.
        model: path of its model; the sheet of a run stands beside it.
        options: dict of options of a `Composition`.
    """
    from multistyle.files.whole_folders import is_folder
    from multistyle.inference.compositions.overview import Overview
    from multistyle.network.models import MODEL_FILE

    output, overwrite = flags.output, flags.overwrite
    if output is None:
        # Its own sheet may be replaced: a call with no flag can be repeated.
        is_run = model.name == MODEL_FILE
        output = Path(model.parent if is_run else ".", OVERVIEW_FILE)
        overwrite = True
    elif is_folder(output):
        output = Path(output, OVERVIEW_FILE)
    check_output(output, overwrite=overwrite)
    overview = Overview(stylizer, **options)
    sheet = overview.compose([overview.read(p) for p in sample_photographs()])
    write_image(output, sheet, overwrite=overwrite)
    return str(output)


def next_steps(model, names):
    """Returns the lines that say what to do next, of a model and its styles."""
    weights = ",".join(f"{name}=0.5" for name in names[:2])
    return (
        "The picture is named above. Next, a photograph of your own:\n"
        f"  python interpolate.py photo.jpg --model={model} "
        f'--style_weights="{weights}"'
    )
