"""The pictures that come with the package, all in the public domain.

Thumbnails of at most 160 pixels: enough to try everything without a
download. Their credits stand in JSON files beside them.
"""

from pathlib import Path

_FOLDER = Path(__file__).parent / "sample_pictures"
PAINTINGS_FOLDER = _FOLDER / "paintings"
PHOTOGRAPHS_FOLDER = _FOLDER / "photographs"


def sample_paintings() -> list[Path]:
    """Returns the paths of the sample paintings, sorted by name."""
    return sorted(PAINTINGS_FOLDER.glob("*.jpg"))


def sample_photographs() -> list[Path]:
    """Returns the paths of the sample photographs, sorted by name."""
    return sorted(PHOTOGRAPHS_FOLDER.glob("*.jpg"))
