"""What is made of one photograph: a blend, a sheet, a grid or a path."""

import math
import os
from pathlib import Path

from multistyle.images.animation import write_gif
from multistyle.images.captions import captioned
from multistyle.images.pictures import check_output, read_image, write_image
from multistyle.images.resizing import resize_long_side
from multistyle.images.sheets import sheet, strip
from multistyle.inference.copies import write_copy
from multistyle.inference.painter import Painter
from multistyle.network import blending

PHOTOGRAPH_TITLE = "photograph"


class Composition:
    """One way to make a picture of a photograph.

    Args:
        stylizer: a `Stylizer`.
        strength, keep_colors: as of `Stylizer.stylize`.
        max_size: int, pixels: a photograph with a longer side is reduced
            first. None is `default_size`, where None leaves it as it is.
        max_pixels: int, as of `read_image`.
        **painting: as of `Stylizer.stylize`.
    """

    # Of the name of the file, where the user gives none.
    noun = None
    default_size = 320
    keeps_alpha = False

    def __init__(
        self,
        stylizer,
        strength=1.0,
        keep_colors="none",
        max_size=None,
        max_pixels=None,
        **painting,
    ):
        self.stylizer = stylizer
        self.style_names = stylizer.style_names
        self.strength = strength
        self.keep_colors = keep_colors
        self.max_size = max_size
        self.max_pixels = max_pixels
        self.painting = painting
        Painter(stylizer.engine, **painting)  # Refuses what is out of range.

    def options(self):
        """Returns what decides how the picture looks, a dict for JSON."""
        visible = self.painting.keys() & {"stroke_scale", "tiling"}
        return {
            "strength": self.strength,
            "keep_colors": self.keep_colors,
            "max_size": self.max_size,
            **{name: self.painting[name] for name in sorted(visible)},
        }

    def outputs(self, output):
        """Returns the paths of the files that `write` makes."""
        return [Path(output)]

    def sources(self):
        """Returns the paths of the files, but photographs, that it reads."""
        return []

    def check(self, output, overwrite=False):
        """Raises InputError where `write` would refuse `output`."""
        check_output(output, overwrite)

    def write(self, photograph, output, overwrite=False):
        """Writes the picture made of a photograph, whole or not at all.

        Args:
            photograph: path of a picture, or an open binary file.
            output: path of the file to write, in the format of its suffix.
            overwrite: bool, whether a file there may be replaced.

        Raises:
            InputError: if the one cannot be read or the other written.
        """
        self.check(output, overwrite)
        picture = self.compose(self.read(photograph))
        write_image(output, picture, overwrite)

    def read(self, path, is_full_size=False, is_deep=False):
        """Reads a photograph, [H, W, 3 or 4], and reduces it.

        It is uint8, or, where `is_deep` asks for it, maybe uint16. With
        `is_full_size`, `default_size` does not count.
        """
        pixels = read_image(
            path,
            self.keeps_alpha,
            at_least=self._size(is_full_size),
            is_deep=is_deep,
            max_pixels=self.max_pixels,
        )
        return self.reduce(pixels, is_full_size)

    def reduce(self, pixels, is_full_size=False):
        """Reduces a photograph, [H, W, C], to the largest size wanted."""
        size = self._size(is_full_size)
        if size and max(pixels.shape[:2]) > size:
            pixels = resize_long_side(pixels, size)
        return pixels

    def _size(self, is_full_size):
        return self.max_size or (None if is_full_size else self.default_size)

    def compose(self, photograph):
        """Makes a picture [h, w, 3 or 4] of a photograph [H, W, 3 or 4]."""
        raise NotImplementedError

    def paint(self, photograph, weights):
        """Paints in weights [N] or a `Region`; it is as `photograph` is."""
        return self.stylizer.stylize(
            photograph,
            weights,
            strength=self.strength,
            keep_colors=self.keep_colors,
            extrapolate=True,  # Weights were checked where they came in.
            **self.painting,
        )


class Blend(Composition):
    """The photograph, painted in one blend; the rest of its file is kept.

    Args:
        stylizer: a `Stylizer`.
        style_weights, extrapolate: as of `Stylizer.stylize`; a `Region` may
            vary over the picture and leave parts of it as they are.
        strip_metadata: bool, whether to leave out the EXIF data.
        **options: of `Composition`.
    """

    noun = "stylized"
    default_size = None
    keeps_alpha = True

    def __init__(
        self,
        stylizer,
        style_weights,
        extrapolate=False,
        strip_metadata=False,
        **options,
    ):
        super().__init__(stylizer, **options)
        self.strip_metadata = strip_metadata
        self.region = stylizer.region(style_weights, extrapolate=extrapolate)

    def options(self):
        options = self.region.options(self.style_names) | super().options()
        if self.strip_metadata:
            options["strip_metadata"] = True
        return options

    def sources(self):
        paths = [mask.path for mask in self.region.masks]
        return [path for path in paths if path is not None]

    def write(self, photograph, output, overwrite=False):
        self.check(output, overwrite)
        write_copy(self, photograph, output, overwrite, self.strip_metadata)

    def compose(self, photograph):
        return self.paint(photograph, self.region)


class Sheet(Composition):
    """The photograph in every style, with the names, about square."""

    noun = "sheet"

    def options(self):
        return {"sheet": True, **super().options()}

    def compose(self, photograph):
        pictures = [photograph]
        for name in self.style_names:
            weights = blending.one_hot(name, self.style_names)
            pictures.append(self.paint(photograph, weights))
        cells = captioned(pictures, [PHOTOGRAPH_TITLE, *self.style_names])
        columns = math.ceil(math.sqrt(len(cells)))
        return sheet(
            [cells[i : i + columns] for i in range(0, len(cells), columns)],
            cell_size=cells[0].shape[:2],
        )


class Grid(Composition):
    """The photograph in the blends of four styles, one in each corner.

    Args:
        stylizer: a `Stylizer`.
        corners: text "A,B,C,D": top left and right, bottom left and right.
        **options: of `Composition`.
    """

    noun = "grid"

    def __init__(self, stylizer, corners, **options):
        super().__init__(stylizer, **options)
        self.corners = blending.parse_grid(corners, self.style_names)
        self.names = [name.strip() for name in corners.split(",")]

    def options(self):
        return {"grid": self.names, **super().options()}

    def compose(self, photograph):
        rows = [
            [self.paint(photograph, weights) for weights in row]
            for row in blending.grid_weights(self.corners)
        ]
        titles = [""] * len(rows)
        titles[0] = " > ".join(self.names[:2])
        titles[-1] = " > ".join(self.names[2:])
        return sheet(rows, titles, cell_size=max(photograph.shape[:2]))


class BlendPath(Composition):
    """The photograph in blends that lead from style to style.

    A name without a suffix, or a folder, gives numbered frames in a folder;
    the suffix .gif an animation; that of another format one picture, the
    frames side by side. Frames alone have the photograph's own size.

    Args:
        stylizer: a `Stylizer`.
        stops: text "A>B>C".
        num_frames: int; None is four from each stop to the next.
        **options: of `Composition`.
    """

    noun = "path"

    def __init__(self, stylizer, stops, num_frames=None, **options):
        super().__init__(stylizer, **options)
        self.names = [name.strip() for name in stops.split(">")]
        self.weights = blending.path_weights(
            blending.parse_path(stops, self.style_names), num_frames
        )

    def options(self):
        return {
            "path": self.names,
            "frames": len(self.weights),
            **super().options(),
        }

    def outputs(self, output):
        if not is_folder(output):
            return super().outputs(output)
        digits = max(4, len(str(len(self.weights))))
        return [
            Path(output, f"frame_{number:0{digits}}.png")
            for number in range(1, len(self.weights) + 1)
        ]

    def check(self, output, overwrite=False):
        for path in self.outputs(output):
            check_output(path, overwrite)

    def write(self, photograph, output, overwrite=False):
        self.check(output, overwrite)
        if is_folder(output):
            frames = self.frames(self.read(photograph, is_full_size=True))
            for path, frame in zip(self.outputs(output), frames, strict=True):
                write_image(path, frame, overwrite)
        elif Path(output).suffix.lower() == ".gif":
            frames = self.frames(self.read(photograph))
            write_gif(output, frames, overwrite=overwrite)
        else:
            super().write(photograph, output, overwrite)

    def frames(self, photograph):
        """Yields the frames, uint8 like `photograph`, one at a time."""
        for weights in self.weights:
            yield self.paint(photograph, weights)

    def compose(self, photograph):
        return strip(list(self.frames(photograph)))


def is_folder(output):
    """Says whether an output's name stands for a folder."""
    text = os.fspath(output)
    return (
        text.endswith(("/", os.sep))
        or Path(text).is_dir()
        or not Path(text).suffix
    )
