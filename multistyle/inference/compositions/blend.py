"""A blend: the photograph painted, and the rest of its file kept."""

from multistyle.inference.compositions.composition import Composition
from multistyle.inference.compositions.copies import write_copy


class Blend(Composition):
    """The photograph, painted in one blend; the rest of its file is kept.

    Args:
        stylizer: a `Stylizer`.
        style_weights, extrapolate: see `Stylizer.stylize`; a `Region` may
            vary over the picture and leave parts of it as they are.
        look: a `Look`.
        strip_metadata: whether to leave out the EXIF data.
    """

    noun = "stylized"
    default_size = None
    keeps_alpha = True

    def __init__(
        self,
        stylizer,
        style_weights,
        *,
        look=None,
        extrapolate=False,
        strip_metadata=False,
    ):
        super().__init__(stylizer, look=look)
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
