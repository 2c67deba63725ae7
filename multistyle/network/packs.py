"""Style packs: one style as a file, to be added to other networks."""

import io
import json
import os
import re
from pathlib import Path
from typing import Any, NamedTuple

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
from multistyle.images.pixels import read_pixels
from multistyle.images.resizing import resize_long_side
from multistyle.keywords import suggest_keywords
from multistyle.network.growth import append_styles, style_rows
from multistyle.network.models import open_network
from multistyle.network.rows import Rows, name_tables, pair_tables
from multistyle.network.styles import check_credits, fingerprint
from multistyle.network.thumbnails import THUMBNAIL_SIZE
from multistyle.network.transform import TransformNetwork

SUFFIX = ".safetensors"
# A pack of width 1.0 has about 20,000; one that is read is no larger than this.
MAX_BYTES = 1_000_000

# All facts stand under one key: the library writes several in random order,
# and the same style shall give the same bytes.
_FACTS = "multistyle_style"
_THUMBNAIL = "thumbnail"
_FINGERPRINT = re.compile("[0-9a-f]{64}")


class Pack(NamedTuple):
    """One style, and what it takes to add it to a network.

    Attributes:
        name: a style name.
        credit: dict, see `styles.CREDIT_FIELDS`; may be empty.
        fingerprint: of the shared weights that the rows belong to.
        rows: dict layer name -> (gamma, beta), each float32 [1, C].
        thumbnail: uint8 [h, w, 3], at most 96 px.

    Example:
        >>> pack = multistyle.read_pack("from_a_friend.safetensors")
        >>> pack.name, pack.credit["artist"], pack.thumbnail.dtype
        ('udnie', 'Francis Picabia', dtype('uint8'))
    """

    name: str
    credit: dict[str, str]
    fingerprint: str
    rows: Rows
    thumbnail: np.ndarray


@suggest_keywords
def make_pack(
    network: TransformNetwork | str | os.PathLike[str],
    name: str,
    picture: str | os.PathLike[str] | Image.Image | np.ndarray,
) -> Pack:
    """Takes one style out of a network; the network stays as it is.

    Args:
        network: a `TransformNetwork`, or what `load_network` takes.
        name: one of its style names.
        picture: that shows the style: a path, a PIL image, or an array
            [H, W, 3], uint8 or float in [0, 1]; a larger one than 96 px is
            reduced.

    Returns:
        A `Pack`.

    Raises:
        InputError: if the network has no such style, or the picture cannot
            be read.

    Example:
        >>> stylizer = multistyle.Stylizer.load("paintings-fast")
        >>> picture = stylizer.stylize("photo.jpg", "udnie")
        >>> multistyle.make_pack(stylizer.network, "udnie", picture).name
        'udnie'
    """
    network = open_network(network)
    rows = style_rows(network, [name])
    name = check_style_name(name)
    thumbnail = make_thumbnail(read_pixels(picture))
    credit = dict(network.credits.get(name, {}))
    return Pack(name, credit, fingerprint(network), rows, thumbnail)


def make_thumbnail(picture: np.ndarray) -> np.ndarray:
    """Reduces a picture, uint8 [H, W, 3], to at most 96 px."""
    if max(picture.shape[:2]) > THUMBNAIL_SIZE:
        return resize_long_side(picture, THUMBNAIL_SIZE)
    return picture


@suggest_keywords
def add_pack(
    network: TransformNetwork | str | os.PathLike[str],
    pack: Pack | str | os.PathLike[str],
    name: str | None = None,
) -> TransformNetwork:
    """Adds a pack's style after those of a network.

    Args:
        network: a `TransformNetwork` with the pack's shared weights, or what
            `load_network` takes.
        pack: a `Pack`, or the path of its file.
        name: of the style in the network; None is the pack's.

    Returns:
        A new `TransformNetwork`; the old rows are the same to the bit.

    Raises:
        InputError: if the pack belongs to other shared weights (it gives both
            fingerprints), has other tables, or the name is there already.

    Example:
        >>> network = multistyle.Stylizer.load("paintings-fast").network
        >>> pack = multistyle.read_pack("from_a_friend.safetensors")
        >>> multistyle.add_pack(network, pack, "cubes").style_names[-1]
        'cubes'
    """
    where = ""
    if not isinstance(pack, Pack):
        where = f"`{os.fspath(pack)}`: "
        pack = read_pack(pack)
    network = open_network(network)
    name = check_style_name(name or pack.name)
    found = fingerprint(network)
    if found != pack.fingerprint:
        raise InputError(
            f"{where}The style `{pack.name}` belongs to the shared weights "
            f"`{pack.fingerprint[:12]}`, and the network has `{found[:12]}`: a "
            "style works only with the weights that it was trained with."
        )
    needed = {block.name: block.filters for block in network.blocks}
    given = {layer: gamma.shape[1] for layer, (gamma, _) in pack.rows.items()}
    for layer in sorted(needed.keys() | given.keys()):
        if needed.get(layer, 0) != given.get(layer, 0):
            raise InputError(
                f"{where}The style `{pack.name}` has rows of "
                f"`{given.get(layer, 0)}` in `{layer}`; the network has "
                f"`{needed.get(layer, 0)}`."
            )
    credits = {name: pack.credit} if pack.credit else {}
    return append_styles(network, [name], pack.rows, credits)


@suggest_keywords
def write_pack(
    path: str | os.PathLike[str], pack: Pack, *, overwrite: bool = False
) -> None:
    """Writes a pack as a `.safetensors` file, whole or not at all.

    The file holds `LAYER/gamma` and `LAYER/beta`, float32 [C], for each layer,
    `thumbnail`, the bytes of a JPEG file, and in its metadata, under
    `multistyle_style`, a JSON object of name, credit and fingerprint.

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
    facts = {
        "name": pack.name,
        "credit": pack.credit,
        "fingerprint": pack.fingerprint,
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
        path: of a file as `write_pack` writes it.

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
    array = file.get_tensor(key)
    # One such number would be in the blend of every style, times 0.
    if not np.isfinite(array).all():
        raise InputError(f"`{key}` holds a number that is not finite")
    return array


def _checked(facts: Any, arrays: dict[str, np.ndarray]) -> Pack:
    """Makes a pack of what a file holds, or raises what is wrong with it."""
    if not isinstance(facts, dict):
        raise InputError(f"its `{_FACTS}` is no JSON object")
    name = check_style_name(facts.get("name", ""))
    credit = facts.get("credit", {})
    if not isinstance(credit, dict) or not all(
        isinstance(text, str) for text in credit.values()
    ):
        raise InputError("its credit must be lines of text")
    credit = check_credits({name: credit}, [name])[name]
    digits = facts.get("fingerprint")
    if not (isinstance(digits, str) and _FINGERPRINT.fullmatch(digits)):
        raise InputError("its fingerprint must be 64 hexadecimal digits")
    if _THUMBNAIL not in arrays:
        raise InputError(f"it lacks `{_THUMBNAIL}`")
    thumbnail = _decode(arrays.pop(_THUMBNAIL).tobytes())
    return Pack(name, credit, digits, pair_tables(arrays), thumbnail)


def _decode(data: bytes) -> np.ndarray:
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
