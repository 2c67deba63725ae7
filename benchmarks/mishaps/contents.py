"""What files hold, so that two can be compared: whole, or an error."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

# What differs from run to run, in logs.
_TIMES = ("seconds", "time", "mtime_ns", "steps_per_second", "step_seconds")


def read_contents(path: Path) -> Any:
    """Reads all of a file.

    Returns:
        What can be compared by `differ`.

    Raises:
        Exception: of any kind, if it is not whole.
    """
    data = path.read_bytes()
    if path.suffix == ".keras":
        return _read_archive(data)
    if path.suffix == ".npz":
        with np.load(io.BytesIO(data)) as arrays:
            return {name: arrays[name] for name in arrays.files}
    if path.suffix in (".png", ".jpg"):
        return np.asarray(Image.open(io.BytesIO(data)))
    if path.suffix == ".mp4":
        return _read_film(path)
    if path.name == "manifest.jsonl":
        return _read_manifest(_json_lines(data))
    if path.suffix == ".jsonl":
        return [_without_times(line) for line in _json_lines(data)]
    if path.suffix == ".json":
        return _without_times(json.loads(data))
    if path.name.startswith("events.out.tfevents"):
        return b""  # A log, whose records bear the time.
    return data


def differ(one: Any, other: Any) -> float:
    """Returns how far two contents lie apart: 0 of the same.

    Of arrays, the largest difference; infinity of what cannot be compared.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() != other.keys():
            return np.inf
        return max([differ(one[key], other[key]) for key in one], default=0)
    if isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return np.inf
        return max(map(differ, one, other), default=0)
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        if one.shape != other.shape or one.dtype != other.dtype:
            return np.inf
        if one.dtype.kind not in "fiu":
            return 0 if np.array_equal(one, other) else np.inf
        gap = np.abs(one.astype(np.float64) - other.astype(np.float64))
        return float(np.max(gap, initial=0))
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other)
    return 0 if one == other else np.inf


def list_files(folder: Path) -> dict[str, Path]:
    """Returns the files under a folder, hidden ones, too, by their names.

    TensorBoard's logs are one, whatever their number: each run begins one.
    Locks and an empty list of failures are left out.
    """
    files = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.name.startswith("events.out.tfevents"):
            name = "events.out.tfevents"
        is_empty_list = path.name == "failed.jsonl" and not path.stat().st_size
        if not path.is_file() or is_empty_list:
            continue
        if not path.name.endswith(".lock"):
            files[name] = path
    return files


def _read_archive(data: bytes) -> dict[str, Any]:
    import h5py

    found: dict[str, Any] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found["config"] = json.loads(archive.read("config.json"))
        weights = archive.read("model.weights.h5")
    with h5py.File(io.BytesIO(weights), "r") as file:
        file.visititems(
            lambda name, item: (
                found.update({name: item[()]})
                if isinstance(item, h5py.Dataset)
                else None
            )
        )
    return found


def _read_film(path: Path) -> list[np.ndarray]:
    import av

    with av.open(str(path)) as film:
        return [frame.to_ndarray(format="rgb24") for frame in film.decode()]


def _json_lines(data: bytes) -> list[Any]:
    """Returns the lines; one that a kill cut short, at the end, is none."""
    lines = data.decode("utf-8").split("\n")
    return [json.loads(line) for line in lines[:-1] if line]


def _read_manifest(lines: list[dict]) -> dict[str, Any]:
    """Returns the options and what is finished; a stop begins some twice."""
    found = {"options": lines[0]["options"]}
    for line in lines:
        if "finished" in line:
            found[line["finished"]] = _without_times(line)
    return found


def _without_times(obj: Any) -> Any:
    if isinstance(obj, dict):
        return {
            key: _without_times(value)
            for key, value in obj.items()
            if key not in _TIMES
        }
    if isinstance(obj, list):
        return list(map(_without_times, obj))
    return obj
