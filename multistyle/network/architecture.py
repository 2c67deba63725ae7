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
# Added to the variance in each normalization, as in magenta's network.
EPSILON = 1e-5
