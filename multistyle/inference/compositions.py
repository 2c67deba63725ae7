"""What is made of one photograph: a picture, a sheet, a grid or a path."""

from pathlib import Path

import numpy as np

from multistyle.errors import InputError
from multistyle.images.animation import write_gif
from multistyle.images.files import refuse_existing
from multistyle.images.pictures import (
    FORMATS,
    check_output,
    read_image,
    write_image,
)
from multistyle.images.resizing import resize_long_side
from multistyle.images.sheets import sheet, strip
from multistyle.network.blending import (
    grid_weights,
    parse_grid,
    parse_path,
    path_weights,
    style_weights,
    weights_dict,
)

CELL_SIZE = 320


class Composition:
    """One way of turning a photograph's file into a file.

    Args:
        stylizer: a `Stylizer`.
        strength, keep_colors: as of `Stylizer.stylize`.
        max_size: int, pixels; a photograph with a longer side is reduced
            first. None leaves it, but for a cell of a sheet (320).
    """

    noun = None
    cell_size = CELL_SIZE

    def __init__(
        self, stylizer, strength=1.0, keep_colors="none", max_size=None
    ):
        self.stylizer = stylizer
        self.strength = strength
        self.keep_colors = keep_colors
        self.max_size = max_size or self.cell_size

    def options(self):
        """Returns all that decides how it looks, as a dict for JSON."""
        return {
            "strength": self.strength,
            "keep_colors": self.keep_colors,
            "max_size": self.max_size,
        }

    def output_paths(self, output):
        """Returns the paths of the files that `write` will make."""
        return [Path(output)]

    def check_outputs(self, output, overwrite=False):
        """Raises InputError where `write` would refuse `output`."""
        check_output(output, overwrite)

    def write(self, photograph_path, output, overwrite=False):
        """Makes the composition of one photograph.

        Args:
            photograph_path: of a picture.
            output: path of the file to write, whole or not at all.
            overwrite: bool, whether a file there may be replaced.

        Raises:
            InputError: if the photograph cannot be read, or `output` not
                written.
        """
        self.check_outputs(output, overwrite)
        write_image(
            output, self.compose(self._read(photograph_path)), overwrite
        )

    def compose(self, photograph):
        """Paints uint8 [H, W, 3 or 4] and returns uint8 [h, w, 3 or 4]."""
        raise NotImplementedError

    def paint(self, photograph, weights):
        return self.stylizer.stylize(
            photograph,
            weights,
            strength=self.strength,
            keep_colors=self.keep_colors,
            # The weights are sums to 1 that were checked where they came in.
            extrapolate=True,
        )

    def _read(self, path, keep_alpha=False):
        photograph = read_image(path, keep_alpha, at_least=None)
        if self.max_size and max(photograph.shape[:2]) > self.max_size:
            photograph = resize_long_side(photograph, self.max_size)
        return photograph
