"""The training that needs nothing: a few steps on the sample pictures."""

from multistyle.images.samples import PAINTINGS_FOLDER, PHOTOGRAPHS_FOLDER
from multistyle.perceptual.vgg16_weights import find_vgg16_weights
from multistyle.training.options import TrainingOptions

RUN_DIR = "runs/quickstart"


def quickstart_options():
    """Returns the options of a training that takes minutes and no download.

    Real VGG-16 is the loss network if its weights lie on this machine, else
    the preview.

    Returns:
        A `TrainingOptions`.
    """
    has_vgg16 = find_vgg16_weights() is not None
    return TrainingOptions(
        style_images=str(PAINTINGS_FOLDER),
        content_images=str(PHOTOGRAPHS_FOLDER),
        run_dir=RUN_DIR,
        steps=60,
        batch_size=4,
        image_size=96,
        style_size=160,
        loss_network="vgg16" if has_vgg16 else "preview",
        checkpoint_every=30,
        preview_every=60,
    )
