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
        # So few steps are better spent on rows alone, and on crops as large as
        # they can be: all weights on small ones leave a net of dots.
        train="rows",
        learning_rate=2e-3,
        steps=60,
        batch_size=2,
        image_size=160,
        style_size=256,
        checkpoint_every=30,
        preview_every=60,
    )
