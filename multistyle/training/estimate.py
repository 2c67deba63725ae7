"""What a training will need, before it begins: memory and time."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from multistyle.training.options import TrainingOptions

if TYPE_CHECKING:  # With Keras, for which the command's help need not wait.
    from multistyle.training.ingredients import Ingredients
    from multistyle.training.phases import Phase

# Fitted to the peak resident memory of float32 and bfloat16 steps on a CPU
# with TensorFlow, at widths 0.25 and 1.0 and crops of 128 and 192 pixels.
BASE_BYTES = 1.0e9
NETWORK_BYTES_PER_PIXEL = 3400.0
LOSS_BYTES_PER_PIXEL = {"vgg16": 2100.0, "pocket": 900.0}
BFLOAT16_FACTOR = 0.8


def estimate_memory(
    options: TrainingOptions,
    width_multiplier: float,
    precision: str,
    *,
    num_workers: int = 1,
) -> float:
    """Estimates the peak memory of a training, within about a fifth.

    Args:
        options: a `TrainingOptions`.
        width_multiplier: the network's.
        precision: "float32" or "bfloat16".
        num_workers: how many processes share each batch.

    Returns:
        Bytes, of each process on a CPU; a GPU holds all but the first GB.
    """
    # Where both judge, the larger one is in memory at the end.
    loss_network = cast(str, options.loss_network)
    if options.vgg16_share:
        loss_network = "vgg16"
    per_pixel = (
        NETWORK_BYTES_PER_PIXEL * width_multiplier
        + LOSS_BYTES_PER_PIXEL[loss_network]
    )
    if precision == "bfloat16":
        per_pixel *= BFLOAT16_FACTOR
    num_pixels = options.num_crops / num_workers * options.image_size**2
    return BASE_BYTES + num_pixels * per_pixel


def measure_step(ingredients: "Ingredients") -> float:
    """Runs steps that change nothing on disk, and times them.

    Args:
        ingredients: the `Ingredients`, whose network trains a little.

    Returns:
        Seconds that a step takes once it is compiled, the mean over all steps
        of all phases.
    """
    phases = ingredients.phases
    seconds = [
        phase.num_steps * _measure_step(ingredients, phase) for phase in phases
    ]
    return sum(seconds) / sum(phase.num_steps for phase in phases)


def _measure_step(ingredients: "Ingredients", phase: "Phase") -> float:
    trainer = ingredients.compile_trainer(phase)
    ends = []

    def note_the_end(batch: int, logs: Mapping[str, float] | None) -> None:
        float((logs or {})["total_loss"])  # JAX waits for it here.
        ends.append(time.monotonic())

    # Late, see above.
    import keras

    with ingredients.workers.scope():
        trainer.fit(
            ingredients.batches(0, 3),
            shuffle=False,
            verbose=0,
            callbacks=[
                keras.callbacks.LambdaCallback(on_train_batch_end=note_the_end)
            ],
        )
    return min(ends[1] - ends[0], ends[2] - ends[1])
