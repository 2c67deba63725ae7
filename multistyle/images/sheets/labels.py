"""Short texts as small pictures."""

import functools
import math
import re
import unicodedata
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

INK = (38, 38, 38)
_NUM_LINES = 3
_SMALLEST = 9
# Pillow's own font draws ASCII. For a text that needs more, the wide fonts
# that Linux, macOS and Windows bring.
_FONTS = (
    None,
    "DejaVuSans.ttf",
    "NotoSansCJK-Regular.ttc",
    "Arial Unicode.ttf",
    "arial.ttf",
    "msyh.ttc",
)


def draw_labels(
    texts: Sequence[str], width: int, font_size: int, *, align: str = "center"
) -> list[Image.Image]:
    """Draws texts on white, all in one size of type.

    A long text is broken at spaces, `_` and `-` into at most three lines. If
    one of them still does not fit, all are drawn smaller; at the smallest size
    that can be read, what does not fit is cut with an ellipsis.

    Args:
        texts: any Unicode. A text for which this machine has no font loses
            its accents.
        width: pixels; no label is wider.
        font_size: pixels; the largest that is used.
        align: "left", "center" or "right", for labels of several lines.

    Returns:
        list of PIL images of mode RGB, as wide and high as their text.
    """
    chosen = [_choose_font(str(text)) for text in texts]
    for size in range(max(font_size, _SMALLEST), _SMALLEST - 1, -1):
        fonts = [_font(name, size) for _, name in chosen]
        wrapped = [
            _wrap(text, font, width)
            for (text, _), font in zip(chosen, fonts, strict=True)
        ]
        if all(map(_fits, wrapped, fonts, [width] * len(fonts))):
            break
    else:
        wrapped = [
            _cut(lines, font, width)
            for lines, font in zip(wrapped, fonts, strict=True)
        ]
    return [
        _draw(lines, font, align)
        for lines, font in zip(wrapped, fonts, strict=True)
    ]


@functools.lru_cache(maxsize=64)
def _font(name, size):
    """Returns a font, Pillow's own for None; None if there is no such."""
    if name is None:
        return ImageFont.load_default(size)
    try:
        return ImageFont.truetype(name, size)
    except OSError:
        return None


def _choose_font(text):
    """Returns a text and the name of a font that can draw it."""
    text = unicodedata.normalize("NFC", text)
    for name in _FONTS:
        font = _font(name, 16)
        if font and _has_glyphs(font, text):
            return text, name
    marked = unicodedata.normalize("NFKD", text)
    return "".join(c for c in marked if not unicodedata.combining(c)), None


def _has_glyphs(font, text):
    # A font draws all that it does not know as it draws this, no letter.
    unknown = bytes(font.getmask("\uffff"))
    return all(
        char.isspace() or bytes(font.getmask(char)) != unknown for char in text
    )


def _wrap(text, font, width):
    lines = [""]
    for piece in re.findall(r"[^\s_-]*[\s_-]+|[^\s_-]+", text):
        line = lines[-1] + piece
        if lines[-1] and font.getlength(line.strip()) > width:
            lines.append(piece)
        else:
            lines[-1] = line
    return [line.strip() for line in lines]


def _fits(lines, font, width):
    return len(lines) <= _NUM_LINES and all(
        font.getlength(line) <= width for line in lines
    )


def _cut(lines, font, width):
    kept = lines[:_NUM_LINES]
    if len(lines) > _NUM_LINES:
        kept[-1] += "…"
    for i, line in enumerate(kept):
        while len(line) > 1 and font.getlength(line) > width:
            line = line.rstrip("…")[:-1] + "…"
        kept[i] = line
    return kept


def _draw(lines, font, align):
    widths = [font.getlength(line) for line in lines]
    line_height = sum(font.getmetrics())
    label = Image.new(
        "RGB", (math.ceil(max(widths)), line_height * len(lines)), "white"
    )
    draw = ImageDraw.Draw(label)
    share = {"left": 0, "center": 0.5, "right": 1}[align]
    for i, line in enumerate(lines):
        x = share * (max(widths) - widths[i])
        draw.text((x, i * line_height), line, INK, font)
    return label
