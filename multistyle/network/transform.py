"""The transform network: a photograph and style weights to a pastiche."""

import functools
import os
from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from multistyle.blends.names import check_style_names
from multistyle.files.homes import expand_home
from multistyle.network.architecture import (
    EXTENSION,
    NUM_RESIDUAL_BLOCKS,
    find_addends,
)
from multistyle.network.export_signature import free_signature
from multistyle.network.layers import StyledConvolution
from multistyle.network.normalization import LayerMoments, Shape, Tensor
from multistyle.network.reflection import extend
from multistyle.network.styles import Credits, check_credits, check_finisher

# By layer name.
Moments = dict[str, LayerMoments]


@keras.saving.register_keras_serializable("multistyle")
class TransformNetwork(keras.Model):
    """Paints a photograph in a blend of N learned styles, in one pass.

    Contract, residual blocks, expand, as in the paper's table; every
    convolution is shared and a style is one row of gamma and beta in each of
    the sixteen normalizations. It is built on construction.

    Departures from the paper, with the reasons in docs/how_it_works.md:

    - `skip_connections`: the results of the first two convolutions are added
      to the layers of the same size on the way up. No parameters.
    - The result has the photograph's size for every height and width from 8
      (reflection to a multiple of four, cropped back); there it grows.
    - Except in training, the photograph is reflected by 8 pixels on each side,
      too, so that lines along the border are cropped.

    Args:
        style_names: N names, each once; see `blends.names`.
        num_styles: in place of `style_names`: the names are then "style_0"
            and so on.
        width_multiplier: above 0, the factor on the filters of every layer
            but the last; 1.0 is the paper's network.
        skip_connections: see above; False is the paper's network.
        credits: by style name: "artist", "title", "year" and "licence", each
            optional text; kept in the saved model.
        extend_image: whether a picture is reflected on each side and to a
            multiple of four first. False is magenta's network, for its
            checkpoints: each halving rounds an odd size up, and the result,
            which then is too large, is cropped. Only without skip
            connections.
        finisher: the name of a bundled model, or of a `.keras` file beside
            the model's own, that paints the finer levels of large photographs
            in its place, in the styles of the same names.
        **kwargs: of `keras.Model`.

    Call arguments:
        inputs: dict of "image", float tensor [B, H, W, 3] in [0, 1],
            H, W >= 8, RGB, and "style_weights", float tensor [B, N],
            [B, 1, 1, N] or [B, H, W, N]. They are used as they are:
            normalising them is the caller's part (`blends.weights`).
        moments: None, or a dict as `measure` returns it, to use in place of
            the picture's own.
        training: True leaves the 8 pixels on each side away, at 0.89 of
            the arithmetic for crops of 256 px.

    Returns:
        Float tensor [B, H, W, 3] in [0, 1], RGB.

    Raises:
        ValueError: for names that are missing, doubled or malformed, for a
            width that is not above 0, and for skip connections without
            `extend_image`.

    Example:
        >>> import numpy as np
        >>> network = multistyle.TransformNetwork(["a", "b"])
        >>> image = np.zeros((1, 64, 48, 3), np.float32)
        >>> half_a_half_b = np.array([[0.5, 0.5]], np.float32)
        >>> batch = {"image": image, "style_weights": half_a_half_b}
        >>> tuple(network(batch).shape)
        (1, 64, 48, 3)

    Reference:
        Dumoulin et al., 2017, "A Learned Representation for Artistic Style",
        table 1; Johnson et al., 2016, for N = 1.
    """

    def __init__(
        self,
        style_names: Sequence[str] | None = None,
        *,
        num_styles: int | None = None,
        width_multiplier: float = 1.0,
        skip_connections: bool = True,
        credits: Credits | None = None,
        extend_image: bool = True,
        finisher: str | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("name", "transform_network")
        super().__init__(autocast=False, **kwargs)
        if (style_names is None) == (num_styles is None):
            raise ValueError(
                "Give either `style_names` or `num_styles`; got "
                f"style_names={style_names!r}, num_styles={num_styles!r}."
            )
        if not 0 < width_multiplier < float("inf"):
            raise ValueError(
                "`width_multiplier` must be a number above 0; got "
                f"`{width_multiplier}`."
            )
        if skip_connections and not extend_image:
            raise ValueError(
                "`skip_connections` need `extend_image`: without it the sizes "
                "on the way down and up differ."
            )
        if style_names is None:
            style_names = [f"style_{i}" for i in range(num_styles or 0)]
        self.style_names = check_style_names(style_names)
        self.credits = check_credits(credits or {}, self.style_names)
        self.width_multiplier = float(width_multiplier)
        self.skip_connections = bool(skip_connections)
        self.extend_image = bool(extend_image)
        self.finisher = check_finisher(finisher)

        layer = functools.partial(
            StyledConvolution,
            num_styles=self.num_styles,
            dtype=self.dtype_policy,
        )
        narrow, middle, wide = (self._filters(f) for f in (32, 64, 128))
        self.contract = [
            layer(narrow, 9, name="contract_1"),
            layer(middle, 3, strides=2, name="contract_2"),
            layer(wide, 3, strides=2, name="contract_3"),
        ]
        self.residual = [
            layer(wide, 3, activation=activation, name=f"residual_{i}_{j}")
            for i in range(1, NUM_RESIDUAL_BLOCKS + 1)
            for j, activation in ((1, "relu"), (2, None))
        ]
        self.expand = [
            layer(middle, 3, upsample=True, name="expand_1"),
            layer(narrow, 3, upsample=True, name="expand_2"),
            layer(3, 9, activation="sigmoid", name="expand_3"),
        ]
        channels = 3
        for block in self.blocks:
            block.build((None, None, None, channels))
            channels = block.filters
        self.built = True

    @property
    def num_styles(self) -> int:
        """How many styles it has, N."""
        return len(self.style_names)

    @property
    def blocks(self) -> list[StyledConvolution]:
        """The sixteen `StyledConvolution` layers, in the order of the pass."""
        return [*self.contract, *self.residual, *self.expand]

    @property
    def addends(self) -> dict[str, str]:
        """Maps a block's name to that of the one whose output is added."""
        return find_addends(self.skip_connections)

    @property
    def reach(self) -> int:
        """How far beyond itself a cell of 4 x 4 pixels sees, in pixels.

        Given moments, a cell of the pastiche depends on no pixel of the
        photograph that is farther away: 55 for the paper's layers.
        """
        first, last = 0, 3
        for block in reversed(self.blocks):
            pad = block.kernel_size // 2
            first = first * block.strides - pad
            last = last * block.strides + pad
            if block.upsample:
                first, last = first // 2, last // 2
        return max(-first, last - 3)

    def _filters(self, filters: int) -> int:
        return max(1, round(filters * self.width_multiplier))

    def call(
        self,
        inputs: dict[str, Tensor],
        moments: Moments | None = None,
        training: bool = False,
    ) -> Tensor:
        picture, _ = self._paint(inputs, moments, 0 if training else EXTENSION)
        return picture

    def measure(
        self, inputs: dict[str, Tensor], moments: Moments | None = None
    ) -> tuple[Tensor, Moments]:
        """Paints and reports the moments that every normalization used.

        Args:
            inputs, moments: see the call.

        Returns:
            The pair of the picture [B, H, W, 3] and a dict layer name ->
            (mean, variance), each float32 [B, 1, 1, C].
        """
        return self._paint(inputs, moments, EXTENSION)

    def _paint(
        self, inputs: dict[str, Tensor], moments: Moments | None, margin: int
    ) -> tuple[Tensor, Moments]:
        image = ops.cast(inputs["image"], self.compute_dtype)
        style_weights = inputs["style_weights"]
        height, width = ops.shape(image)[1], ops.shape(image)[2]
        x = image
        if self.extend_image:
            x = extend(x, (height, width), margin)
        else:
            margin = 0
        # The result, before it is cropped, has this size in either case.
        if len(style_weights.shape) == 4:
            style_weights = extend(style_weights, (height, width), margin)
        outputs: dict[str | None, Tensor] = {}
        used: Moments = {}
        for block in self.blocks:
            x, used[block.name] = block(
                x,
                style_weights,
                addend=outputs.pop(self.addends.get(block.name), None),
                moments=None if moments is None else moments[block.name],
                return_moments=True,
            )
            if block.name in self.addends.values():
                outputs[block.name] = x
        cropped = x[:, margin : margin + height, margin : margin + width]
        return cropped, used

    def export(
        self,
        filepath: str | os.PathLike[str],
        format: str = "tf_saved_model",
        verbose: bool | None = None,
        input_signature: Any = None,
        **kwargs: Any,
    ) -> None:
        """Exports the network by Keras alone, for any batch and size.

        What is written takes "image", float32 [B, H, W, 3] in [0, 1], and
        "style_weights", float32 [B, N], and gives float32 [B, H, W, 3].
        `multistyle.export_network` checks the pictures, too, and writes the
        styles' names and a signature for files.

        Args:
            filepath: where to write.
            format, verbose: of `keras.Model.export`, with the format's demands.
            input_signature: None, or other shapes of the dict, as Keras takes
                them, such as [None, None, None, N] for maps of weights.
            **kwargs: of `keras.Model.export`.

        Raises:
            InputError: for a SavedModel where Keras runs on another backend
                than TensorFlow, which needs fixed sizes.

        Example:
            >>> network = multistyle.TransformNetwork(["a", "b"])
            >>> network.export("saved_by_keras", verbose=False)
        """
        if input_signature is None:
            input_signature = free_signature(self.num_styles, format)
        super().export(
            expand_home(filepath), format, verbose, input_signature, **kwargs
        )

    def compute_output_shape(
        self, inputs_shape: dict[str, Shape], moments_shape: Any = None
    ) -> Shape:
        return tuple(inputs_shape["image"])

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "style_names": list(self.style_names),
            "width_multiplier": self.width_multiplier,
            "skip_connections": self.skip_connections,
            "credits": self.credits,
            "extend_image": self.extend_image,
            **({"finisher": self.finisher} if self.finisher else {}),
        }
