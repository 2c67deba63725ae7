"""Data sets of TensorFlow Datasets, whose images are photographs."""

import hashlib
import socket
import threading
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np

from multistyle.errors import InputError
from multistyle.images.codecs.srgb import on_white
from multistyle.images.values import to_uint8

DATASET_PREFIX = "tfds:"
SECONDS_TO_CONNECT = 5


class PhotographDataset:
    """Photographs of a data set that has images; see `Photographs`.

    Args:
        spec: "tfds:NAME" or "tfds:NAME/SPLIT"; the split is "train" unless
            given, and NAME may hold a config, as in "tfds:coco/2017".

    Raises:
        InputError: if the data set is unknown, cannot be downloaded or has
            no "image" feature.
    """

    num_threads = 2

    def __init__(self, spec: str) -> None:
        import tensorflow_datasets as tfds

        self.spec = spec
        name, split = spec.removeprefix(DATASET_PREFIX), "train"
        try:
            if not _is_data_set(name):
                name, _, split = name.rpartition("/")
            _check_network(tfds.builder(name))
            self._source = tfds.data_source(name, split=split)
        except InputError as error:
            raise InputError(
                f"The data set `{spec}` cannot be had: {error}"
            ) from error
        except Exception as error:
            first_line = str(error).strip().split("\n")[0]
            raise InputError(
                f"The data set `{spec}` cannot be had "
                f"({type(error).__name__}: {first_line[:300]}); the form is "
                "tfds:NAME or tfds:NAME/SPLIT."
            ) from error
        if "image" not in self._source.dataset_info.features:
            raise InputError(
                f"The data set `{spec}` has no feature `image`; it has "
                f"{', '.join(self._source.dataset_info.features)}."
            )
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._source)

    def digest(self) -> str:
        """Returns SHA-256 over the data set's version and its length."""
        name = self._source.dataset_info.full_name
        return hashlib.sha256(f"{name} {len(self)}".encode()).hexdigest()

    def read(self, index: int, at_least: int) -> np.ndarray:
        with self._lock:
            image = np.asarray(self._source[index]["image"])
        try:
            return _to_photograph(image)
        except InputError as error:
            raise InputError(f"`{self.spec}[{index}]` {error}") from error


def _to_photograph(image: np.ndarray) -> np.ndarray:
    """Makes uint8 [H, W, 3] of whatever a data set calls an image.

    Numbers that are not whole lie in [0, 1], or, where one is larger, in
    [0, 255].
    """
    if image.ndim == 2:
        image = image[..., None]
    if image.ndim != 3 or not 1 <= image.shape[2] <= 4:
        raise InputError(
            f"is no picture of one to four channels; its shape is "
            f"{image.shape}."
        )
    if image.dtype.kind == "f":
        image = np.nan_to_num(image.astype(np.float32))
        image = to_uint8(image / 255 if image.max(initial=0) > 1 else image)
    elif image.dtype == np.uint16:
        image = to_uint8(image)
    else:
        image = np.clip(image, 0, 255).astype(np.uint8)
    if image.shape[2] == 4:
        return on_white(image)
    if image.shape[2] < 3:
        return np.repeat(image[..., :1], 3, axis=-1)
    return image


def _is_data_set(name: str) -> bool:
    """Returns whether a name, maybe with a config, ends in no split."""
    import tensorflow_datasets as tfds

    if "/" not in name:
        return True
    try:
        tfds.builder(name)
    except Exception:
        return False
    return True


def _check_network(builder: Any) -> None:
    """Refuses at once a download that no network can bring.

    Left alone, TensorFlow Datasets tries each file ten times, for minutes,
    with a page of warnings. Nothing is asked where the data set is prepared,
    something of it is downloaded already, or a proxy stands between.

    Args:
        builder: a `tensorflow_datasets.core.DatasetBuilder`.

    Raises:
        InputError: if none of the servers can be reached.
    """
    folder = Path(builder.data_dir)
    root = folder.parents[len(Path(builder.info.full_name).parts) - 1]
    downloads = root / "downloads" / builder.name
    if folder.exists() or any(downloads.glob("**/*.INFO")):
        return
    urls = [urllib.parse.urlsplit(url) for url in builder.url_infos or ()]
    servers = {(url.scheme, url.hostname) for url in urls}
    for scheme, host in servers:
        if scheme not in ("http", "https") or _has_proxy(scheme, host):
            return
        port = 443 if scheme == "https" else 80
        try:
            socket.create_connection((host, port), SECONDS_TO_CONNECT).close()
            return
        except OSError as error:
            failure = error
    if servers:
        raise InputError(
            f"its server `{host}` cannot be reached "
            f"({failure.strerror or failure}). Connect this machine, or give "
            "photographs in a folder."
        )


def _has_proxy(scheme: str, host: str) -> bool:
    return scheme in urllib.request.getproxies() and not (
        urllib.request.proxy_bypass(host)
    )
