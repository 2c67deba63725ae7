"""The plan: which pass paints a picture, decided before it is painted."""

from typing import NamedTuple

from multistyle.errors import InputError
from multistyle.inference.passes.memory import (
    BASE,
    DEFAULT_MEMORY,
    SMALLEST_TILE,
    free_memory,
    show,
    tile_size,
)


class Plan(NamedTuple):
    """How a picture is painted.

    Attributes:
        tiling: "estimated" or "exact", where the moments of the tiles come
            from; None for one pass over the whole picture.
        tile_size: the longest side of a tile, in pixels, without its margin;
            None for one pass.
        patch_room: bytes that the patches may take whose moments are
            estimated; they decide how many there are.
        room: bytes for what is painted at a time.
    """

    tiling: str | None
    tile_size: int | None
    patch_room: float
    room: float


def plan_pass(
    size: tuple[int, int],
    image_bytes: int,
    other_bytes: int,
    pixel_bytes: float,
    margin: int,
    tiling: str,
    max_memory: int | None,
) -> Plan:
    """Decides how a picture is painted.

    The picture that comes out follows from the arguments alone. Free memory
    changes only how it is made: where it is short, tiles are smaller, and in
    place of one pass there are tiles under exact moments, which equal it.

    Args:
        size: (height, width) of the picture.
        image_bytes: bytes of the picture itself, which the process holds.
        other_bytes: bytes that it will take besides.
        pixel_bytes: bytes that the engine needs for each pixel it paints.
        margin: pixels around a tile that are painted, too.
        tiling: "estimated" or "exact", of what is too large for one pass.
        max_memory: bytes for the whole process; None is `DEFAULT_MEMORY`, and
            no more than is free.

    Raises:
        InputError: if not even the smallest tile has room.
    """
    fixed = BASE + image_bytes + other_bytes
    room = (max_memory or DEFAULT_MEMORY) - fixed
    side = tile_size(size, pixel_bytes, margin, room)
    patch_room = 0 if side is None else (side + 2 * margin) ** 2 * pixel_bytes
    free = None
    if max_memory is None:
        free = free_memory()
        if free - other_bytes < room:
            tiling = "exact" if side is None else tiling
            fixed, room = other_bytes, free - other_bytes
            side = tile_size(size, pixel_bytes, margin, room)
    if side is None:
        return Plan(None, None, patch_room, room)
    if side < SMALLEST_TILE:
        least = fixed + (SMALLEST_TILE + 2 * margin) ** 2 * pixel_bytes
        raise _too_little(size, least, max_memory, free)
    return Plan(tiling, side, patch_room, room)


def _too_little(size, least, max_memory, free):
    picture = f"a picture of {size[1]} x {size[0]} pixels"
    if max_memory is not None:
        return InputError(
            f"`{show(max_memory)}` is too little memory for {picture}: give "
            f"--max_memory={show(least)} or more, or reduce it by --max_size."
        )
    return InputError(
        f"`{show(free)}` of free memory is too little for {picture}, which "
        f"takes {show(least)}: close other programs, or reduce it by "
        "--max_size."
    )
