"""The training that needs nothing: a few steps on the sample pictures."""

from multistyle.images.samples import PAINTINGS_FOLDER, PHOTOGRAPHS_FOLDER
from multistyle.training.options import TrainingOptions

RUN_DIR = "runs/quickstart"


def quickstart_options() -> TrainingOptions:
    """Returns the options of a training that takes minutes and no download.

    Returns:
        A `TrainingOptions`.
    """
    return TrainingOptions(
        style_images=str(PAINTINGS_FOLDER),
        content_images=str(PHOTOGRAPHS_FOLDER),
        run_dir=RUN_DIR,
        steps=60,
        batch_size=4,
        image_size=96,
        style_size=160,
        checkpoint_every=30,
        preview_every=60,
    )
