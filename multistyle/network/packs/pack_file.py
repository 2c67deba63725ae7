"""The file of a pack: `.safetensors`, written whole and read with care."""

import base64
import io
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from safetensors import safe_open
from safetensors.numpy import save

from multistyle.blends.names import check_style_name
from multistyle.errors import InputError
from multistyle.files.outputs import check_output_path
from multistyle.files.whole_files import whole_file
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import encode_image
from multistyle.keywords import suggest_keywords
from multistyle.network.packs.pack import FinisherRow, Pack
from multistyle.network.rows import Rows, name_tables, pair_tables
from multistyle.network.styles import check_credits
from multistyle.network.thumbnails import THUMBNAIL_SIZE

SUFFIX = ".safetensors"
# A pack of width 1.0 has about 20,000; one that is read is no larger than this.
MAX_BYTES = 1_000_000

# All facts stand under one key: the library writes several in random order,
# and the same style shall give the same bytes.
_FACTS = "multistyle_style"
_THUMBNAIL = "thumbnail"
_FINGERPRINT = re.compile("[0-9a-f]{64}")


@suggest_keywords
def write_pack(
    path: str | os.PathLike[str], pack: Pack, *, overwrite: bool = False
) -> None:
    """Writes a pack as a `.safetensors` file, whole or not at all.

    The file holds `LAYER/gamma` and `LAYER/beta`, float32 [C], for each layer,
    `thumbnail`, the bytes of a JPEG file, and in its metadata, under
    `multistyle_style`, a JSON object of name, credit and fingerprint. There,
    too, stands the `finisher`, where the pack has one: its fingerprint, and
    `rows`, by the same names the bytes of float32 [C], little-endian, in
    base64. Version 0.1, which knows no finishers, passes over it.

    Args:
        path: of the file to write.
        pack: a `Pack`.
        overwrite: whether a file there may be replaced; the same pack stays.

    Raises:
        InputError: if another file exists there, or none can be made.

    Example:
        >>> pack = multistyle.read_pack("from_a_friend.safetensors")
        >>> multistyle.write_pack("for_a_friend.safetensors", pack)
    """
    arrays = name_tables(pack.rows)
    jpeg = encode_image(pack.thumbnail, "jpg", quality=85)
    arrays[_THUMBNAIL] = np.frombuffer(jpeg, np.uint8)
    facts: dict[str, Any] = {
        "name": pack.name,
        "credit": pack.credit,
        "fingerprint": pack.fingerprint,
    }
    if pack.finisher is not None:
        facts["finisher"] = {
            "fingerprint": pack.finisher.fingerprint,
            "rows": {
                name: base64.b64encode(array.astype("<f4").tobytes()).decode()
                for name, array in name_tables(pack.finisher.rows).items()
            },
        }
    data = save(arrays, {_FACTS: json.dumps(facts, ensure_ascii=False)})
    if os.path.isfile(path) and Path(path).read_bytes() == data:
        return
    check_output_path(path, overwrite=overwrite)
    with whole_file(path) as file:
        file.write(data)


@suggest_keywords
def read_pack(path: str | os.PathLike[str]) -> Pack:
    """Reads a pack; the file may come from anyone.

    Args:
        path: of a file as `write_pack` writes it, or version 0.1.

    Returns:
        A `Pack`, whose every part was checked but for its layers, which the
        network decides.

    Raises:
        InputError: if there is no such file, or it is no pack; the message
            names the file and the part.

    Example:
        >>> multistyle.read_pack("from_a_friend.safetensors").name
        'udnie'
    """
    path = Path(path)
    if not os.path.isfile(path):
        raise InputError(f"There is no style pack `{path}`.")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"has more than {MAX_BYTES:,} bytes")
        with safe_open(path, framework="numpy") as file:
            facts = (file.metadata() or {}).get(_FACTS)
            if facts is None:
                raise InputError("was not written by `styles export`")
            arrays = {key: _read_array(file, key) for key in file.keys()}
        return _checked(json.loads(facts), arrays)
    except Exception as error:
        # A damaged file makes the readers raise nearly anything.
        reason = str(error).split("\n")[0][:200].rstrip(".")
        reason = "".join(filter(str.isprintable, reason))
        raise InputError(f"`{path}` is no style pack: {reason}.") from error


def _read_array(file: Any, key: str) -> np.ndarray:
    found = file.get_slice(key)
    dtype = "U8" if key == _THUMBNAIL else "F32"
    if found.get_dtype() != dtype or len(found.get_shape()) != 1:
        raise InputError(
            f"`{key}` is {found.get_dtype()} {found.get_shape()}, where "
            f"{dtype} of one axis belongs"
        )
    return file.get_tensor(key)


def _checked(facts: Any, arrays: dict[str, np.ndarray]) -> Pack:
    """Makes a pack of what a file holds, or raises what is wrong with it."""
    if not isinstance(facts, dict):
        raise InputError(f"its `{_FACTS}` is no JSON object")
    name = check_style_name(facts.get("name", ""))
    credit = facts.get("credit", {})
    if not isinstance(credit, dict) or not _are_texts(credit.values()):
        raise InputError("its credit must be lines of text")
    credit = check_credits({name: credit}, [name])[name]
    digits = _check_fingerprint(facts.get("fingerprint"), "its fingerprint")
    if _THUMBNAIL not in arrays:
        raise InputError(f"it lacks `{_THUMBNAIL}`")
    thumbnail = _decode_thumbnail(arrays.pop(_THUMBNAIL).tobytes())
    rows = _check_rows(arrays)
    finisher = facts.get("finisher")
    if finisher is not None:
        finisher = _read_finisher(finisher)
    return Pack(name, credit, digits, rows, thumbnail, finisher)


def _read_finisher(facts: Any) -> FinisherRow:
    """Reads what the facts say of the finisher."""
    rows = facts.get("rows") if isinstance(facts, dict) else None
    if not isinstance(rows, dict) or not _are_texts(rows.values()):
        raise InputError("its finisher must be a fingerprint and rows of text")
    digits = _check_fingerprint(
        facts.get("fingerprint"), "the fingerprint of its finisher"
    )
    arrays = {}
    for key, text in rows.items():
        try:
            data = base64.b64decode(text, validate=True)
            arrays[key] = np.frombuffer(data, "<f4").astype(np.float32)
        except ValueError as error:
            raise InputError(f"`{key}` is no float32 in base64") from error
    try:
        return FinisherRow(digits, _check_rows(arrays))
    except InputError as error:
        raise InputError(f"of its finisher, {error}") from error


def _check_fingerprint(digits: Any, whose: str) -> str:
    if not (isinstance(digits, str) and _FINGERPRINT.fullmatch(digits)):
        raise InputError(f"{whose} must be 64 hexadecimal digits")
    return digits


def _check_rows(arrays: dict[str, np.ndarray]) -> Rows:
    rows = pair_tables(arrays)
    for key, array in arrays.items():
        # One such number would be in the blend of every style, times 0.
        if not np.isfinite(array).all():
            raise InputError(f"`{key}` holds a number that is not finite")
    return rows


def _are_texts(values: Iterable[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _decode_thumbnail(data: bytes) -> np.ndarray:
    # The size is known before anything is decoded.
    try:
        image = Image.open(io.BytesIO(data), formats=["JPEG"])
        if max(image.size) <= THUMBNAIL_SIZE:
            return read_image(image)
    except Exception as error:
        raise InputError("its thumbnail is no whole JPEG") from error
    width, height = image.size
    raise InputError(
        f"its thumbnail has {width} x {height} pixels; allowed are "
        f"{THUMBNAIL_SIZE}"
    )
