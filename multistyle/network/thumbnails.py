"""Thumbnails: the paintings of the bundled styles, as small pictures."""

import functools
import json
from pathlib import Path

import numpy as np

from multistyle.images.resizing import resize_long_side
from multistyle.keywords import suggest_keywords
from multistyle.network.styles import CREDITS_FILE, Credit, Credits

THUMBNAILS_FOLDER = Path(__file__).parent / "bundled" / "thumbnails"
THUMBNAIL_SIZE = 96
# What a painting is known by: styles are renamed, and names given anew.
_IDENTITY = ("artist", "title")


@suggest_keywords
def painting_thumbnail(credit: Credit) -> Path | None:
    """Finds the painting of a bundled style.

    Args:
        credit: of a style, as a network's `credits` holds it by name; it may
            also be of another network, and the style may have another name.

    Returns:
        Path of a JPEG file, RGB, its longer side 96 px; None if the package
        has no painting of that artist and title.

    Example:
        >>> network = multistyle.load_network("paintings")
        >>> path = multistyle.painting_thumbnail(network.credits["udnie"])
        >>> path.name
        'udnie.jpg'
    """
    identity = tuple(credit.get(field) for field in _IDENTITY)
    name = _names_by_identity().get(identity)
    return None if name is None else THUMBNAILS_FOLDER / f"{name}.jpg"


def make_thumbnail(picture: np.ndarray) -> np.ndarray:
    """Reduces a picture, uint8 [H, W, 3], to at most 96 px."""
    if max(picture.shape[:2]) > THUMBNAIL_SIZE:
        return resize_long_side(picture, THUMBNAIL_SIZE)
    return picture


def painting_credits() -> Credits:
    """Returns the credits of all paintings of the bundled styles."""
    text = (THUMBNAILS_FOLDER / CREDITS_FILE).read_text("utf-8")
    return json.loads(text)


@functools.cache
def _names_by_identity() -> dict[tuple[str | None, ...], str]:
    return {
        tuple(credit[field] for field in _IDENTITY): name
        for name, credit in painting_credits().items()
    }
