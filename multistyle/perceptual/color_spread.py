"""The colour spread: how far apart the colours of a picture lie."""

from typing import Any

from keras import ops

from multistyle.images.opponents import OPPONENTS

# Squared spread below which a painting counts as grey.
GREY = 1e-3


def color_covariance(image: Any) -> Any:
    """Computes how the colours of pictures are spread.

    Args:
        image: float tensor [B, H, W, 3] in [0, 1].

    Returns:
        float32 tensor [B, 2, 2], the covariance over the pixels of two
        opponent channels, red against green and yellow against blue.
    """
    image = ops.cast(image, "float32")
    colors = ops.matmul(image, ops.convert_to_tensor(OPPONENTS))
    batch, height, width, _ = ops.shape(colors)
    colors = ops.reshape(colors, (batch, height * width, 2))
    colors = colors - ops.mean(colors, axis=1, keepdims=True)
    product = ops.matmul(ops.transpose(colors, (0, 2, 1)), colors)
    return product / ops.cast(height * width, "float32")


def color_spread_loss(covariance: Any, target: Any) -> Any:
    """Compares the colours of a pastiche with its painting's.

    |S - T|^2 / (|T|^2 + g^2), at most 2, where g is that of a grey picture.

    Ours. The Gram matrices of a loss network hold colours, too, but a style
    that is read or learned in seconds comes out quieter than its painting: a
    painting in red, green and blue becomes brown.

    Args:
        covariance, target: float32 tensors [B, 2, 2], see `color_covariance`.

    Returns:
        float32 tensor [B].
    """
    difference = ops.sum(ops.square(covariance - target), axis=(1, 2))
    size = ops.sum(ops.square(target), axis=(1, 2)) + GREY**2
    return ops.minimum(difference / size, 2.0)
