"""Model files: saving, loading, and finding them by name."""

import difflib
import hashlib
import io
import json
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from multistyle.errors import InputError
from multistyle.files.homes import expand_home
from multistyle.files.temporaries import temporary_folder
from multistyle.files.whole_files import whole_file
from multistyle.keywords import suggest_keywords

if TYPE_CHECKING:
    from multistyle.network.stored_weights import NetworkWeights
    from multistyle.network.transform import TransformNetwork

DEFAULT_MODEL = "paintings"
FAST_MODEL = "paintings-fast"
BUNDLED_FOLDER = Path(__file__).parent / "bundled"
MODEL_SUFFIX = ".keras"
MODEL_FILE = f"model{MODEL_SUFFIX}"


@suggest_keywords
def save_network(
    network: "TransformNetwork",
    path: str | os.PathLike[str],
    *,
    half_precision: bool = False,
) -> None:
    """Writes a network as a `.keras` file, whole or not at all.

    The file always holds a float32 policy, so that it loads and runs
    anywhere, also when the network was trained in mixed precision.

    Args:
        network: of any dtype policy; it stays as it is.
        path: of the file to write, with the suffix .keras; a file there is
            replaced.
        half_precision: whether to store the arrays as float16, at half the
            size; they load into float32 variables.

    Raises:
        InputError: if the path has another suffix, no file can be made there,
            or the disk is full.

    Example:
        >>> network = multistyle.TransformNetwork(["a", "b"])
        >>> multistyle.save_network(network, "new.keras")
        >>> multistyle.load_network("new.keras").style_names
        ['a', 'b']
    """
    # Else it could replace a photograph, and would not be found as a model.
    if Path(path).suffix != MODEL_SUFFIX:
        raise InputError(
            f"`{path}` must have the suffix {MODEL_SUFFIX}, a model's."
        )
    # Late, so that finding a model does not wait for Keras.
    from multistyle.network.transform import TransformNetwork

    config = {**network.get_config(), "dtype": "float32"}
    copy = TransformNetwork.from_config(config)
    copy.set_weights(network.get_weights())
    with whole_file(path) as file:
        # Keras writes to a path only; what a kill leaves here is removed.
        with temporary_folder(Path(file.name).parent, MODEL_FILE) as folder:
            draft = folder / MODEL_FILE
            copy.save(draft)
            data = draft.read_bytes()
        file.write(_halve(data) if half_precision else data)


@suggest_keywords
def load_network(spec: str | os.PathLike[str]) -> "TransformNetwork":
    """Loads a network under Keras' safe mode.

    Args:
        spec: path of a `.keras` file, as `save_network` writes it, or of a
            run folder, or the name of a bundled model; see `find_model`.

    Returns:
        A `TransformNetwork` with float32 variables.

    Raises:
        InputError: if the file is missing or holds no transform network.

    Example:
        >>> network = multistyle.load_network("runs/one_style/model.keras")
        >>> network.style_names
        ['great_wave']
    """
    path = find_model(spec)

    # Late, as above.
    import keras

    import multistyle.network.transform  # noqa: F401 (Keras knows its class.)
    from multistyle.network.stored_weights import read_weights

    try:
        # What is none of ours, Keras never sees.
        read_weights(path)
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:
        raise unreadable(path, error) from error


def unreadable(path: str | os.PathLike[str], error: Exception) -> InputError:
    """Returns the error that a file is no model, and why."""
    reason = str(error).partition(" has another layout: ")[2] or str(error)
    reason = reason.strip().split("\n")[0].rstrip(".")[:200]
    return InputError(
        f"`{path}` cannot be read as a model of multistyle ({reason}); give a "
        "`.keras` file that it wrote."
    )


def open_network(
    network: "TransformNetwork | str | os.PathLike[str]",
) -> "TransformNetwork":
    """Returns a network, which is loaded where a model is given in its place.

    Args:
        network: the network, or what `load_network` takes.

    Raises:
        InputError: as `load_network`, and for anything else.
    """
    if isinstance(network, (str, os.PathLike)):
        return load_network(network)
    # Late, as above.
    from multistyle.network.transform import TransformNetwork

    if not isinstance(network, TransformNetwork):
        raise InputError(
            "A network is a `TransformNetwork`, or the path or the name of a "
            f"model; got a `{type(network).__name__}`."
        )
    return network


def make_network(weights: "NetworkWeights") -> "TransformNetwork":
    """Makes the network that `load_network` would, of what a file holds."""
    # Late, as above.
    from multistyle.network.transform import TransformNetwork

    network = TransformNetwork.from_config(weights.config)
    for block, layer in zip(network.blocks, weights.layers, strict=True):
        block.convolution.set_weights([layer.kernel])
        block.normalization.set_weights([layer.gamma, layer.beta])
    return network


def bundled_models() -> dict[str, Path]:
    """Returns the models that come with the package, by name."""
    return {path.stem: path for path in sorted(BUNDLED_FOLDER.glob("*.keras"))}


def model_card(name: str) -> dict[str, Any]:
    """Returns the card of a bundled model.

    Args:
        name: of a bundled model.

    Returns:
        "description", "data", "steps", "losses", "licence", "command" and
        what else its JSON file beside the model holds.

    Raises:
        InputError: if no bundled model has that name.
    """
    path = _bundled_path(name)
    return json.loads(path.with_suffix(".json").read_text("utf-8"))


def find_model(spec: str | os.PathLike[str]) -> Path:
    """Finds a model's file.

    Args:
        spec: path of a `.keras` file or of a run folder, or the name of a
            bundled model. A model at that path wins over the name.

    Returns:
        Path of a `.keras` file.

    Raises:
        InputError: if there is none; it lists the nearest bundled names.
    """
    path = expand_home(spec)
    if os.path.isfile(path / MODEL_FILE):
        return path / MODEL_FILE
    if os.path.isfile(path):
        return path
    # A folder of paintings may well be called `paintings`, too.
    if str(spec) in bundled_models():
        return bundled_models()[str(spec)]
    if os.path.isdir(path):
        raise InputError(
            f"The folder `{path}` holds no `{MODEL_FILE}`; has its training "
            "come to a first checkpoint?"
        )
    if path.suffix == MODEL_SUFFIX or os.sep in str(spec):
        raise InputError(f"There is no model file or run folder `{path}`.")
    return _bundled_path(str(spec))


def _bundled_path(name: str) -> Path:
    models = bundled_models()
    if name not in models:
        near = difflib.get_close_matches(name, models, n=3) or list(models)
        raise InputError(
            f"There is no model `{name}`: give a run folder, a `.keras` file "
            f"or a bundled model ({', '.join(f'`{n}`' for n in near)})."
        )
    return models[name]


def _halve(data: bytes) -> bytes:
    """Rewrites the bytes of a `.keras` file with float16 arrays."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            data = source.read(name)
            target.writestr(
                name, _halve_hdf5(data) if name.endswith(".h5") else data
            )
    return result.getvalue()


def _halve_hdf5(data: bytes) -> bytes:
    import h5py  # Late, as above.

    result = io.BytesIO()
    with (
        h5py.File(io.BytesIO(data), "r") as source,
        h5py.File(result, "w") as target,
    ):

        def copy(name: str, item: Any) -> None:
            if isinstance(item, h5py.Dataset):
                array = item[()]
                if array.dtype == np.float32:
                    array = array.astype(np.float16)
                new = target.create_dataset(name, data=array)
            else:
                new = target.require_group(name)
            for key, value in item.attrs.items():
                new.attrs[key] = value

        source.visititems(copy)
    return result.getvalue()


def identify_model(path: str | os.PathLike[str]) -> str:
    """Returns a model's name and the start of its file's SHA-256.

    Args:
        path: of a `.keras` file; one in a run folder bears the folder's name.
    """
    full = Path(path).resolve()
    name = full.parent.name if full.name == MODEL_FILE else full.stem
    return f"{name}@{hashlib.sha256(full.read_bytes()).hexdigest()[:12]}"
