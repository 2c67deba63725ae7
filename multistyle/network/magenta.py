"""Checkpoints of magenta's image_stylization, read as networks of ours."""

import os
import re
from collections.abc import Sequence

import numpy as np

from multistyle.errors import InputError
from multistyle.network.architecture import FULL_WIDTHS, NUM_RESIDUAL_BLOCKS
from multistyle.network.transform import TransformNetwork

PREFIX = "transformer/"
# In the order of the pass, which is that of `TransformNetwork.blocks`.
CONVOLUTIONS = (
    *(f"{PREFIX}contract/conv{i}" for i in (1, 2, 3)),
    *(
        f"{PREFIX}residual/residual{i}/conv{j}"
        for i in range(1, NUM_RESIDUAL_BLOCKS + 1)
        for j in (1, 2)
    ),
    *(f"{PREFIX}expand/conv{i}/conv" for i in (1, 2, 3)),
)
KERNEL_SIZES = (9, *[3] * (len(CONVOLUTIONS) - 2), 9)
KERNEL, GAMMA, BETA = "weights", "InstanceNorm/gamma", "InstanceNorm/beta"
NAMES = tuple(
    f"{convolution}/{name}"
    for convolution in CONVOLUTIONS
    for name in (KERNEL, GAMMA, BETA)
)

_ENDING = re.compile(r"\.(index|meta|data-\d+-of-\d+)$")
_MAX_SHOWN = 6


def import_checkpoint(
    path: str | os.PathLike[str], style_names: Sequence[str] | None = None
) -> TransformNetwork:
    """Makes a network of a checkpoint that paints the pictures it painted.

    magenta's network is the paper's, and ours without skip connections:
    reflected borders, convolutions without bias, epsilon 1e-5, pixels in
    [0, 1] on both sides. What differs is dealt with here:

    - It does not extend a picture whose size four does not divide; neither
      does the network that is made (`extend_image`). Its result, which
      grows, is cropped to the picture's size.
    - It rounds widths down, int(alpha * filters), and ours to the nearest.
      Where both cannot be had, the network is wider, and the channels beyond
      the checkpoint's are zero throughout.

    Args:
        path: of a checkpoint of TensorFlow 1 in either format: the one file
            of the first, the prefix or any file of the second, or the folder
            of a training, for its latest checkpoint. Variables outside
            `transformer/` and an optimizer's slots are not regarded.
        style_names: N names, in the order of the rows; None is "style_00" and
            so on.

    Raises:
        InputError: if there is no checkpoint, if it cannot be read, if its
            variables are not those of magenta's network, or if the names are
            not as many as its styles.

    Reference:
        github.com/magenta/magenta, magenta/models/image_stylization: model.py
        (layers, widths, names), ops.py (normalization).
    """
    variables = _read(path)
    num_styles, widths = _check(path, variables)
    if style_names is None:
        style_names = [f"style_{i:02d}" for i in range(num_styles)]
    if len(style_names) != num_styles:
        raise InputError(
            f"The checkpoint `{path}` holds `{num_styles}` styles, and "
            f"`{len(style_names)}` names are given: give a name for each, in "
            "the order of its rows."
        )
    network = TransformNetwork(
        style_names,
        width_multiplier=max(
            width / full
            for width, full in zip(widths, FULL_WIDTHS, strict=True)
        ),
        skip_connections=False,
        extend_image=False,
    )
    for block, convolution in zip(network.blocks, CONVOLUTIONS, strict=True):
        for variable, name in (
            (block.convolution.kernel, KERNEL),
            (block.normalization.gamma, GAMMA),
            (block.normalization.beta, BETA),
        ):
            array = variables[f"{convolution}/{name}"]
            widened = np.zeros(variable.shape, np.float32)
            widened[tuple(map(slice, array.shape))] = array
            variable.assign(widened)
    return network


def _read(path):
    """Reads the variables under `transformer/`: {name: float32 array}."""
    try:
        import tensorflow as tf
    except ImportError as error:
        raise InputError(
            f"Reading the checkpoint `{path}` needs TensorFlow, which is not "
            "installed here: `pip install tensorflow`."
        ) from error
    prefix = _ENDING.sub("", str(path))
    if os.path.isdir(prefix):
        prefix = tf.train.latest_checkpoint(prefix) or prefix
    if not any(map(os.path.isfile, (f"{prefix}.index", prefix))):
        raise InputError(
            f"There is no checkpoint `{path}`: give a file, the name that its "
            "files begin with, or the folder of a training."
        )
    try:
        reader = tf.train.load_checkpoint(prefix)
        return {
            name: np.asarray(reader.get_tensor(name), np.float32)
            for name in sorted(reader.get_variable_to_shape_map())
            if name.startswith(PREFIX) and not _is_slot(name)
        }
    except Exception as error:
        first_line = str(error).strip().split("\n")[0]
        raise InputError(
            f"`{path}` cannot be read as a checkpoint of TensorFlow "
            f"({first_line[:200]}); give a whole one, at a path without `*`, "
            "`?` and `[`."
        ) from error


def _is_slot(name):
    """Returns whether it is what an optimizer keeps of a variable."""
    return any(name.startswith(f"{variable}/") for variable in NAMES)


def _check(path, variables):
    """Checks names, shapes and values.

    Returns:
        (number of styles, widths of the first three convolutions).
    """
    missing = [name for name in NAMES if name not in variables]
    extra = [name for name in variables if name not in NAMES]
    faults = [f"it lacks {_list(missing)}"] if missing else []
    faults += [f"it has {_list(extra)} besides"] if extra else []
    if not faults:
        # Zeros, where an axis is missing, differ from every shape below.
        tables = [
            (*variables[f"{convolution}/{GAMMA}"].shape, 0, 0)[:2]
            for convolution in CONVOLUTIONS[:3]
        ]
        num_styles, widths = tables[0][0], [width for _, width in tables]
        faults = [
            f"`{name}` has the shape `{list(variables[name].shape)}` where "
            f"`{shape}` is due"
            for name, shape in _shapes(num_styles, *widths).items()
            if list(variables[name].shape) != shape
        ][:_MAX_SHOWN]
        faults += [
            f"`{name}` is not finite"
            for name, array in variables.items()
            if not np.isfinite(array).all()
        ][:_MAX_SHOWN]
    if faults:
        raise InputError(
            f"`{path}` holds no network of magenta's image_stylization: "
            f"{'; '.join(faults)}."
        )
    return num_styles, widths


def _shapes(num_styles, narrow, middle, wide):
    """Returns the shapes of all variables: {name: list of int}."""
    channels = (3, narrow, middle, *[wide] * 11, middle, narrow, 3)
    shapes = {}
    for convolution, size, before, after in zip(
        CONVOLUTIONS, KERNEL_SIZES, channels, channels[1:], strict=False
    ):
        shapes[f"{convolution}/{KERNEL}"] = [size, size, before, after]
        shapes[f"{convolution}/{GAMMA}"] = [num_styles, after]
        shapes[f"{convolution}/{BETA}"] = [num_styles, after]
    return shapes


def _list(names):
    """Names the first few: "`a`, `b` and 29 more"."""
    shown = ", ".join(f"`{name}`" for name in names[:_MAX_SHOWN])
    more = len(names) - _MAX_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
