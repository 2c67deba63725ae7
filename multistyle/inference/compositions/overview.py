"""Several photographs in all that a network can, on one sheet."""

import numpy as np

from multistyle.blends.weights import describe, one_hot, style_weights
from multistyle.images.sheets.blocks import blocks
from multistyle.inference.compositions.composition import Composition
from multistyle.inference.compositions.sheet import PHOTOGRAPH_TITLE

NUM_BLENDS = 4
# Where there are many styles, fewer photographs are shown in them.
MOST_CELLS = 64


class Overview(Composition):
    """Several photographs in every style and in a few blends of neighbours."""

    def compose_all(self, photographs: list[np.ndarray]) -> np.ndarray:
        """Makes one sheet: photographs in columns, styles in rows.

        Many styles stand in several blocks, each under the photographs.

        Args:
            photographs: list of uint8 [H, W, 3]; the first count.

        Returns:
            uint8 [h, w, 3].
        """
        all_weights = list(self._weights())
        photographs = photographs[: max(1, MOST_CELLS // len(all_weights))]
        shown = [self.show(pixels) for pixels in photographs]
        rows, titles = [], []
        for weights in all_weights:
            rows.append([self.paint_cell(p, weights) for p in photographs])
            text = describe(weights, self.style_names)
            titles.append(text.replace(",", ", "))
        cell_size = max(max(pixels.shape[:2]) for pixels in shown)
        return blocks(
            shown,
            rows,
            header_title=PHOTOGRAPH_TITLE,
            row_titles=titles,
            cell_size=cell_size,
        )

    def _weights(self):
        """Yields each style; after the first few, a blend with the next."""
        names = self.style_names
        for i, name in enumerate(names):
            yield one_hot(name, names)
            if i < min(NUM_BLENDS, len(names) - 1):
                yield style_weights({name: 1, names[i + 1]: 1}, names)
