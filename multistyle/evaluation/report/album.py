"""The album: the pictures of an evaluation, kept small."""

from collections.abc import Iterator

import numpy as np

from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import encode_image
from multistyle.images.sheets.sheet import sheet

QUALITY = 85
SHEET_QUALITY = 75
SHEET_CELL_SIZE = 200
PHOTOGRAPHS_A_SHEET = 6
MAX_SHEETS = 4
# Of many styles fewer photographs are shown, though a sheet full of them.
MAX_PASTICHES = 400


class Album:
    """Photographs, paintings and pastiches as JPEG, so that all fit in memory.

    A photograph has a name alone, a painting a style alone, and a pastiche
    both; one by a reference has its name, too.
    """

    def __init__(self) -> None:
        self._jpegs: dict[tuple[str | None, ...], bytes] = {}

    def add(
        self,
        picture: np.ndarray,
        photograph: str | None = None,
        style: str | None = None,
        reference: str | None = None,
    ) -> None:
        """Adds a picture, float [H, W, 3] in [0, 1]."""
        key = (photograph, style, reference)
        self._jpegs[key] = encode_image(picture, "jpg", quality=QUALITY)

    def get(
        self,
        photograph: str | None = None,
        style: str | None = None,
        reference: str | None = None,
    ) -> bytes | None:
        """Returns JPEG bytes, or None if there is no such picture."""
        return self._jpegs.get((photograph, style, reference))

    def sheets(
        self, photographs: list[str], styles: list[str]
    ) -> Iterator[tuple[bytes, list[str]]]:
        """Lays out sheets: photographs in columns, styles in rows.

        Args:
            photographs: list of names; at most 24 of them are shown, and six
                of many styles.
            styles: list of names.

        Yields:
            JPEG bytes of a sheet of up to six photographs, and the list of
            their names.
        """
        fitting = MAX_PASTICHES // len(styles) // PHOTOGRAPHS_A_SHEET
        most = PHOTOGRAPHS_A_SHEET * min(max(1, fitting), MAX_SHEETS)
        step = -(-len(photographs) // most)
        shown = photographs[::step]
        for start in range(0, len(shown), PHOTOGRAPHS_A_SHEET):
            names = shown[start : start + PHOTOGRAPHS_A_SHEET]
            rows = [[None, *(self._pixels(name) for name in names)]]
            rows += [
                [
                    self._pixels(None, style),
                    *(self._pixels(name, style) for name in names),
                ]
                for style in styles
            ]
            picture = sheet(
                rows,
                row_titles=["photograph", *styles],
                cell_size=SHEET_CELL_SIZE,
            )
            yield encode_image(picture, "jpg", quality=SHEET_QUALITY), names

    def _pixels(
        self, photograph: str | None = None, style: str | None = None
    ) -> np.ndarray | None:
        jpeg = self.get(photograph, style)
        return None if jpeg is None else read_image(jpeg)
