"""The losses: content, style, total variation and stability.

Each takes whole batches and returns one value for each picture, so that a
style's own figures can be read off. Values are float32 whatever the dtype of
the features is.
"""

from typing import Any

from keras import ops

PAPER_STYLE_LAYER_WEIGHT = 1e-4
STABILITY_MARGIN = 7


def gram_matrix(features: Any) -> Any:
    """Computes channel correlations, the texture statistics of a style.

    G[c, d] = sum_p F[p, c] F[p, d] / (h w).

    Args:
        features: float tensor [B, h, w, C], any range; h and w may be
            dynamic.

    Returns:
        float32 tensor [B, C, C], symmetric, independent of the image's size.

    Raises:
        ValueError: if `features` is not of rank 4.

    Reference:
        Gatys et al., 2016, "Image Style Transfer Using CNNs", eq. 3.
    """
    if len(features.shape) != 4:
        raise ValueError(
            "`features` must be of rank 4, [B, h, w, C]; got the shape "
            f"{tuple(features.shape)}."
        )
    return _gram_matrix(ops.convert_to_tensor(features))


@ops.custom_gradient
def _gram_matrix(features: Any) -> Any:
    """The Gram matrix and its gradient, F (dG + dG') / (h w).

    The gradient of a product of two matrices takes two products, here both in
    float32. As F is both matrices, one product is enough; it is done in the
    dtype of the features, to which their gradient is rounded anyway.
    """
    batch, height, width, channels = ops.shape(features)
    num_positions = ops.cast(height * width, "float32")
    flat = ops.reshape(features, (batch, height * width, channels))

    def gradient(*args: Any, upstream: Any = None) -> Any:
        # PyTorch alone gives it by name.
        upstream = args[0] if upstream is None else upstream
        both = (upstream + ops.transpose(upstream, (0, 2, 1))) / num_positions
        change = ops.matmul(flat, ops.cast(both, flat.dtype))
        return ops.reshape(change, ops.shape(features))

    wide = ops.cast(flat, "float32")
    gram = ops.matmul(ops.transpose(wide, (0, 2, 1)), wide) / num_positions
    return gram, gradient


def content_loss(
    features: Any, target_features: Any, *, scaling: str = "relative"
) -> Any:
    """Compares what is where, by features of a pastiche and its photograph.

    relative: mean (F - Fc)^2 / (mean Fc^2 + 1);
    paper:    mean (F - Fc)^2.

    The relative form departs from the paper: all layers and pictures weigh
    alike, whatever the scale of their activations. The 1 keeps a flat
    photograph, whose features are near 0, from being divided by nothing.

    Args:
        features, target_features: float tensors [B, h, w, C].
        scaling: one of `loss_options.LOSS_SCALINGS`.

    Returns:
        float32 tensor [B].

    Reference:
        Gatys et al., 2016, eq. 1; Johnson et al., 2016, eq. 2.
    """
    features = ops.cast(features, "float32")
    target = ops.cast(target_features, "float32")
    difference = ops.mean(ops.square(features - target), axis=(1, 2, 3))
    if scaling == "paper":
        return difference
    return difference / (ops.mean(ops.square(target), axis=(1, 2, 3)) + 1.0)


def style_loss(
    gram_matrices: dict[str, Any],
    target_gram_matrices: dict[str, Any],
    *,
    scaling: str = "relative",
) -> Any:
    """Compares textures, by Gram matrices of a pastiche and a painting.

    relative: mean over layers of mean (G - Gs)^2 / mean Gs^2;
    paper:    sum over layers of 1e-4 mean (G - Gs)^2.

    Args:
        gram_matrices, target_gram_matrices: dicts layer name -> float32
            tensor [B, C, C].
        scaling: one of `loss_options.LOSS_SCALINGS`.

    Returns:
        float32 tensor [B].

    Reference:
        Gatys et al., 2016, eq. 4 and 5; the paper's weights are those of
        magenta's image_stylization. The relative form departs from both: in
        the absolute one the losses of styles differ by more than 1000 times
        (Cheng et al., 2021), and a few styles would lead the training.
    """
    total: Any = 0.0
    for name, target in target_gram_matrices.items():
        difference = ops.mean(
            ops.square(gram_matrices[name] - target), axis=(1, 2)
        )
        if scaling == "paper":
            total = total + PAPER_STYLE_LAYER_WEIGHT * difference
        else:
            mean_square = ops.mean(ops.square(target), axis=(1, 2))
            total = total + difference / (
                mean_square * len(target_gram_matrices)
            )
    return total


def total_variation_loss(image: Any) -> Any:
    """Measures roughness, as the mean absolute difference of neighbours.

    Args:
        image: float tensor [B, H, W, C] in [0, 1].

    Returns:
        float32 tensor [B]: the mean over vertical neighbours plus the mean
        over horizontal ones; 2 for a checkerboard of single black and white
        pixels, 0 for a flat picture.

    Reference:
        Johnson et al., 2016, section 3.2. Absolute values take the place of
        squares, because they leave edges sharp.
    """
    image = ops.cast(image, "float32")
    vertical = ops.abs(image[:, 1:] - image[:, :-1])
    horizontal = ops.abs(image[:, :, 1:] - image[:, :, :-1])
    return ops.mean(vertical, axis=(1, 2, 3)) + ops.mean(
        horizontal, axis=(1, 2, 3)
    )


def stability_loss(image: Any, shifted_image: Any, shift: Any) -> Any:
    """Measures how far a pastiche fails to follow its photograph.

    mean |T(x)[p + s] - T(x')[p]| where x'[p] = x[p + s], up to noise.

    A lattice, or dots in rows, that a network paints at the same places
    whatever the photograph shows does not move with the photograph, and so
    has a loss; so has what flickers in a film.

    Args:
        image: float tensor [B, H, W, C] in [0, 1], the pastiche T(x).
        shifted_image: the same of the shifted photograph, T(x').
        shift: int tensor [2], s in pixels, rows then columns, each from
            -`STABILITY_MARGIN` to `STABILITY_MARGIN`. Borders of that width
            are left out of x', but not of x, so that a line along them has a
            loss, too.

    Returns:
        float32 tensor [B].

    Reference:
        Wang et al., 2020, "Consistent Video Style Transfer via Relaxation and
        Regularization", section 4, with whole shifts in place of a flow.
    """
    margin = STABILITY_MARGIN
    _, height, width, _ = image.shape
    rows = ops.arange(margin, height - margin, dtype="int32")
    columns = ops.arange(margin, width - margin, dtype="int32")
    shift = ops.cast(shift, "int32")
    moved = ops.take(image, rows + shift[0], axis=1)
    moved = ops.take(moved, columns + shift[1], axis=2)
    difference = ops.abs(
        ops.cast(moved, "float32")
        - ops.cast(shifted_image[:, margin:-margin, margin:-margin], "float32")
    )
    return ops.mean(difference, axis=(1, 2, 3))
