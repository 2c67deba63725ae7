"""What every transform network is made of, without Keras."""

NUM_RESIDUAL_BLOCKS = 5
# Smaller pictures leave the last reflection nothing to reflect.
MIN_SIZE = 8
LAYER_NAMES = (
    *(f"contract_{i}" for i in (1, 2, 3)),
    *(
        f"residual_{i}_{j}"
        for i in range(1, NUM_RESIDUAL_BLOCKS + 1)
        for j in (1, 2)
    ),
    *(f"expand_{i}" for i in (1, 2, 3)),
)
# The layers that halve height and width, and those that double them first.
HALVING_LAYERS = ("contract_2", "contract_3")
DOUBLING_LAYERS = ("expand_1", "expand_2")
# Filters of the first three layers, at width 1.0.
FULL_WIDTHS = (32, 64, 128)
# Added to the variance in each normalization, as in magenta's network.
EPSILON = 1e-5
# A channel whose variance is a smaller share of 1 + mean² is flat, but for
# rounding; from twice this on it varies. See `network.normalization`.
FLAT = 1e-8
# Before it is painted, a picture is continued by its reflection, so many pixels
# on each side, and the pastiche is cropped. Styles draw lines along the border,
# most of all where a painting's scan shows its frame; they fall outside.
EXTENSION = 8


def extension(length: int) -> tuple[int, int]:
    """Returns the pixels (before, after) by which a side is continued.

    After it there are as many more as make the whole a multiple of four.
    """
    return EXTENSION, EXTENSION + -length % 4


def find_addends(skip_connections: bool) -> dict[str, str]:
    """Maps a layer's name to that of the one whose output is added to it.

    Args:
        skip_connections: see `network.transform.TransformNetwork`.
    """
    names = ["contract_3"]
    names += [f"residual_{i}_2" for i in range(1, NUM_RESIDUAL_BLOCKS + 1)]
    addends = dict(zip(names[1:], names, strict=False))
    if skip_connections:
        addends["expand_1"] = "contract_2"
        addends["expand_2"] = "contract_1"
    return addends


def kernel_shapes(
    width_multiplier: float,
) -> tuple[tuple[int, int, int, int], ...]:
    """Returns the shapes [k, k, C, F] of the convolutions of all layers.

    Args:
        width_multiplier: factor on the filters of every layer but the last.
    """
    narrow, middle, wide = (
        max(1, round(width * width_multiplier)) for width in FULL_WIDTHS
    )
    inner = [(middle, wide), *[(wide, wide)] * (2 * NUM_RESIDUAL_BLOCKS)]
    inner = [(narrow, middle), *inner, (wide, middle), (middle, narrow)]
    return (
        (9, 9, 3, narrow),
        *((3, 3, before, after) for before, after in inner),
        (9, 9, narrow, 3),
    )
