"""The pictures that come with the package: everything can be tried at once.

Photographs of about 500 pixels, free to use, and thumbnails of paintings in the
public domain. Their credits stand in JSON files beside them.
"""

from pathlib import Path

_FOLDER = Path(__file__).parent / "sample_pictures"
PAINTINGS_FOLDER = _FOLDER / "paintings"
PHOTOGRAPHS_FOLDER = _FOLDER / "photographs"


def sample_photographs() -> list[Path]:
    """Returns the paths of the sample photographs, sorted by name."""
    return sorted(PHOTOGRAPHS_FOLDER.glob("*.jpg"))
