"""The look: how a photograph is painted, whatever it is painted in."""

from dataclasses import dataclass
from typing import Any

from multistyle.inference.passes.painter import Progress

# Those that were not given are left out of a run's options, so that runs of
# before there was such an option go on.
_YOUNGER = ("max_memory", "stroke_scale", "tiling")


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a photograph is painted, besides the blend of styles.

    Attributes:
        strength, keep_colors, strokes, stroke_scale, tiling, max_memory,
            progress: see `Stylizer.stylize`; None is its default.
        max_size: pixels: a photograph with a longer side is reduced first.
        max_pixels: the most that a photograph's file may have; see
            `read_image`.
    """

    strength: float = 1.0
    keep_colors: str = "none"
    max_size: int | None = None
    max_pixels: int | None = None
    strokes: str = "fitted"
    stroke_scale: float | None = None
    tiling: str | None = None
    max_memory: int | str | None = None
    progress: Progress | None = None

    def __getstate__(self) -> dict[str, Any]:
        # Another process says nothing of how far a picture is.
        return {**vars(self), "progress": None}

    def options(self) -> dict[str, Any]:
        """Returns what decides how the picture looks, a dict for JSON."""
        options = {
            "strength": self.strength,
            "keep_colors": self.keep_colors,
            "max_size": self.max_size,
            "strokes": self.strokes,
        }
        for name in _YOUNGER:
            if getattr(self, name) is not None:
                options[name] = getattr(self, name)
        return options
