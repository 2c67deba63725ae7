"""The exchange of styles: out of one network, as a pack, into another."""

import os
import warnings

import numpy as np
from PIL import Image

from multistyle.blends.names import check_style_name
from multistyle.errors import InputError, InputWarning
from multistyle.images.pixels import read_pixels
from multistyle.keywords import suggest_keywords
from multistyle.network.finishers import find_finisher
from multistyle.network.growth import append_styles, style_rows, with_styles
from multistyle.network.models import find_model, open_network
from multistyle.network.packs.pack import FinisherRow, Pack
from multistyle.network.packs.pack_file import read_pack
from multistyle.network.rows import Rows, digest_rows, join_rows
from multistyle.network.styles import fingerprint
from multistyle.network.thumbnails import make_thumbnail
from multistyle.network.transform import TransformNetwork


@suggest_keywords
def make_pack(
    network: TransformNetwork | str | os.PathLike[str],
    name: str,
    picture: str | os.PathLike[str] | Image.Image | np.ndarray,
    *,
    finisher: TransformNetwork | str | os.PathLike[str] | None = None,
) -> Pack:
    """Takes one style out of a network; the network stays as it is.

    Args:
        network: a `TransformNetwork`, or what `load_network` takes.
        name: one of its style names.
        picture: that shows the style: a path, a PIL image, or an array
            [H, W, 3], uint8 or float in [0, 1]; a larger one than 96 px is
            reduced.
        finisher: what finishes for the network, as `network` is given; the
            pack takes its style of that name along, if it has one. None is
            the one that the model's file names, where `network` is a file.

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
    if finisher is None and isinstance(network, (str, os.PathLike)):
        finisher = find_finisher(find_model(network))
    network = open_network(network)
    rows = style_rows(network, [name])
    name = check_style_name(name)
    thumbnail = make_thumbnail(read_pixels(picture))
    credit = dict(network.credits.get(name, {}))
    row = None
    if finisher is not None:
        finisher = open_network(finisher)
        if name in finisher.style_names:
            row = FinisherRow(
                fingerprint(finisher), style_rows(finisher, [name])
            )
    return Pack(name, credit, fingerprint(network), rows, thumbnail, row)


@suggest_keywords
def add_pack(
    network: TransformNetwork | str | os.PathLike[str],
    pack: Pack | str | os.PathLike[str],
    name: str | None = None,
) -> TransformNetwork:
    """Adds a pack's style after those of a network.

    Args:
        network: a `TransformNetwork` with the pack's shared weights, or with
            those of its finisher; or what `load_network` takes.
        pack: a `Pack`, or the path of its file.
        name: of the style in the network; None is the pack's.

    Returns:
        A new `TransformNetwork`; the old rows are the same to the bit.

    Raises:
        InputError: if the pack belongs to other shared weights (it gives
            the fingerprints), has other tables, or the name is there already.

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
    rows = pack.rows_for(found)
    if rows is None:
        raise InputError(
            f"{where}The style `{pack.name}` belongs to the shared weights "
            f"`{pack.fingerprint[:12]}`, and the network has `{found[:12]}`: a "
            "style works only with the weights that it was trained with."
        )
    _check_rows(network, pack, rows, where)
    credits = {name: pack.credit} if pack.credit else {}
    return append_styles(network, [name], rows, credits)


def finish_pack(
    finisher: TransformNetwork, pack: Pack, name: str
) -> TransformNetwork | None:
    """Lets what finishes for a network finish in a pack's style, too.

    A style that it has under that name, and the network has not, gives way.

    Args:
        finisher: a `TransformNetwork`, which stays as it is.
        pack: a `Pack`, of the network. If it has no row for the finisher,
            that does without the style, which the network finishes by itself.
        name: of the style in the network.

    Returns:
        The same `TransformNetwork` where nothing changes, else a new one;
        None where no style would be left.

    Raises:
        InputError: if the pack has other tables than the finisher.
    """
    name = check_style_name(name)
    found = fingerprint(finisher)
    rows = pack.rows_for(found)
    if rows is None and pack.finisher is not None:
        warnings.warn(
            f"The style `{pack.name}` comes with a row for a finisher of the "
            f"shared weights `{pack.finisher.fingerprint[:12]}`, and this one "
            f"has `{found[:12]}`: the network paints large photographs in it "
            "by itself, which takes longer.",
            InputWarning,
            stacklevel=2,
        )
    if name in finisher.style_names:
        if rows and _are_same(rows, style_rows(finisher, [name])):
            return finisher
    elif rows is None:
        return finisher
    names = [other for other in finisher.style_names if other != name]
    credits = {n: finisher.credits[n] for n in names if n in finisher.credits}
    finished = style_rows(finisher, names)
    if rows is not None:
        _check_rows(finisher, pack, rows)
        names.append(name)
        finished = join_rows(finished, rows)
        if pack.credit:
            credits[name] = pack.credit
    return with_styles(finisher, names, finished, credits) if names else None


def _check_rows(
    network: TransformNetwork, pack: Pack, rows: Rows, where: str = ""
) -> None:
    """Raises InputError if rows are not of a network's layers."""
    needed = {block.name: block.filters for block in network.blocks}
    given = {layer: gamma.shape[1] for layer, (gamma, _) in rows.items()}
    for layer in sorted(needed.keys() | given.keys()):
        if needed.get(layer, 0) != given.get(layer, 0):
            raise InputError(
                f"{where}The style `{pack.name}` has rows of "
                f"`{given.get(layer, 0)}` in `{layer}`; the network has "
                f"`{needed.get(layer, 0)}`."
            )


def _are_same(first: Rows, second: Rows) -> bool:
    return first.keys() == second.keys() and digest_rows(first) == digest_rows(
        second
    )
