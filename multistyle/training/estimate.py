"""What a training will need, before it begins."""

# Fitted to the peak resident memory of float32 and bfloat16 steps on a CPU
# with TensorFlow, at widths 0.25 and 1.0 and crops of 128 and 192 pixels.
BASE_BYTES = 1.0e9
NETWORK_BYTES_PER_PIXEL = 3400.0
LOSS_BYTES_PER_PIXEL = {"vgg16": 2100.0, "pocket": 900.0}
BFLOAT16_FACTOR = 0.8


def estimate_memory(options, width_multiplier, precision):
    """Estimates the peak memory of a training, within about a fifth.

    Args:
        options: a `TrainingOptions`.
        width_multiplier: float, the network's.
        precision: "float32" or "bfloat16".

    Returns:
        Bytes, of the process on a CPU; a GPU holds all but the first GB.
    """
    # Under both, the larger one is in memory at the end.
    loss_network = "vgg16" if options.vgg16_share else options.loss_network
    per_pixel = (
        NETWORK_BYTES_PER_PIXEL * width_multiplier
        + LOSS_BYTES_PER_PIXEL[loss_network]
    )
    if precision == "bfloat16":
        per_pixel *= BFLOAT16_FACTOR
    num_pixels = options.batch_size * options.image_size**2
    return BASE_BYTES + num_pixels * per_pixel
