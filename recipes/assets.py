"""Draws the interface assets of docs/assets and the sheet of them painted.

python recipes/assets.py

Drawn four times as large and reduced, so that the edges are smooth; every
shape is shaded a little, since flat colour gives strokes nothing to hold on
to.
"""

import math
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.images.sheets.sheet import sheet
from multistyle.inference.stylizer import Stylizer

DOCS = Path(__file__).parents[1] / "docs"
STYLES = ("great_wave", "starry_night", "delaunay_metzinger")
ICON_SIZE = 128
SCREEN_SIZE = (200, 300)
OVERSAMPLING = 4
BLUE, RED, YELLOW, GREEN = (
    ((92, 160, 236), (30, 78, 160)),
    ((244, 110, 96), (170, 30, 54)),
    ((255, 216, 92), (226, 140, 30)),
    ((128, 204, 110), (34, 120, 84)),
)


def points(shape):
    """Scales points of a square from -1 to 1 to an icon's pixels."""
    half = ICON_SIZE * OVERSAMPLING / 2
    return [(half + half * x, half + half * y) for x, y in shape]


def heart(draw):
    angles = np.linspace(0, 2 * math.pi, 200)
    x = 16 * np.sin(angles) ** 3
    y = sum(
        factor * np.cos(k * angles)
        for k, factor in enumerate((13, -5, -2, -1), start=1)
    )
    draw.polygon(points(zip(x / 19, -y / 19 - 0.05, strict=True)), fill=255)


def star(draw):
    corners = [
        (
            radius * math.sin(k * math.pi / 5),
            -radius * math.cos(k * math.pi / 5) + 0.06,
        )
        for k, radius in enumerate((0.95, 0.42) * 5)
    ]
    draw.polygon(points(corners), fill=255)


def gear(draw):
    angles = np.linspace(0, 2 * math.pi, 400)
    radius = 0.74 + 0.16 * np.tanh(6 * np.sin(8 * angles))
    x, y = radius * np.cos(angles), radius * np.sin(angles)
    draw.polygon(points(zip(x, y, strict=True)), fill=255)
    draw.ellipse(points([(-0.32, -0.32), (0.32, 0.32)]), fill=0)


def bubble(draw):
    draw.rounded_rectangle(
        points([(-0.9, -0.75), (0.9, 0.4)]), ICON_SIZE, fill=255
    )
    draw.polygon(points([(-0.5, 0.3), (0.1, 0.3), (-0.55, 0.85)]), fill=255)
    for x in (-0.4, 0, 0.4):
        dot = [(x - 0.11, -0.28), (x + 0.11, -0.06)]
        draw.ellipse(points(dot), fill=0)


def shaded(size, colors):
    """A shading from one colour, at the top left, to another, [h, w, 3]."""
    y, x = np.mgrid[0 : size[0], 0 : size[1]] / max(size)
    share = np.clip((x + y) / 2 + 0.08 * np.sin(9 * (x - y)), 0, 1)[..., None]
    first, second = np.array(colors, np.float64)
    return np.rint(first * (1 - share) + second * share).astype(np.uint8)


def icon(shape, colors):
    """Draws an icon, uint8 [H, W, 4]; what is transparent is black."""
    size = (ICON_SIZE * OVERSAMPLING,) * 2
    silhouette = Image.new("L", size)
    shape(ImageDraw.Draw(silhouette))
    alpha = np.asarray(
        silhouette.resize((ICON_SIZE,) * 2, Image.Resampling.BOX)
    )
    pixels = shaded((ICON_SIZE, ICON_SIZE), colors)
    pixels[alpha == 0] = 0
    return np.dstack([pixels, alpha])


def screen():
    """Draws a window with a title, a list, a picture and buttons."""
    height, width = (length * OVERSAMPLING for length in SCREEN_SIZE)
    page = Image.new("RGB", (width, height), (244, 245, 248))
    draw = ImageDraw.Draw(page)

    def box(left, top, right, bottom, fill, radius=0):
        corners = [OVERSAMPLING * v for v in (left, top, right, bottom)]
        draw.rounded_rectangle(corners, OVERSAMPLING * radius, fill=fill)

    def text(x, y, words, size, fill):
        font = ImageFont.load_default(size * OVERSAMPLING)
        place = (x * OVERSAMPLING, y * OVERSAMPLING)
        draw.text(place, words, fill=fill, font=font)

    box(0, 0, 300, 26, (54, 62, 92))
    for x, (color, _) in zip((8, 22, 36), (RED, YELLOW, GREEN), strict=True):
        box(x, 8, x + 10, 18, color, 5)
    text(110, 6, "Holiday", 12, (255, 255, 255))
    box(0, 26, 84, 200, (222, 228, 240))
    for row, words in enumerate(("Albums", "People", "Places", "Shared")):
        top = 36 + 26 * row
        box(6, top, 78, top + 20, BLUE[0] if row == 1 else (236, 240, 248), 4)
        text(14, top + 3, words, 11, (40, 48, 72))
    picture = shaded((110 * OVERSAMPLING, 196 * OVERSAMPLING), BLUE)
    page.paste(Image.fromarray(picture), (94 * OVERSAMPLING, 36 * OVERSAMPLING))
    hills = [(94, 146), (94, 116), (140, 84), (184, 122), (230, 92), (290, 128)]
    corners = [*hills, (290, 146)]
    draw.polygon(
        [(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in corners],
        fill=GREEN[1],
    )
    box(244, 46, 270, 72, YELLOW[0], 13)
    box(150, 160, 214, 184, RED[1], 6)
    text(165, 164, "Share", 12, (255, 255, 255))
    box(222, 160, 290, 184, (210, 216, 230), 6)
    text(238, 164, "Export", 12, (40, 48, 72))
    size = (SCREEN_SIZE[1], SCREEN_SIZE[0])
    return np.array(page.resize(size, Image.Resampling.BOX))


def on_white(pixels):
    image = Image.fromarray(pixels).convert("RGBA")
    page = Image.new("RGBA", image.size, "white")
    return np.array(Image.alpha_composite(page, image).convert("RGB"))


def main():
    assets = {
        "heart": icon(heart, RED),
        "star": icon(star, YELLOW),
        "gear": icon(gear, BLUE),
        "bubble": icon(bubble, GREEN),
        "screen": screen(),
    }
    paths = []
    for name, pixels in assets.items():
        paths.append(DOCS / "assets" / f"{name}.png")
        write_image(paths[-1], pixels, overwrite=True)
    stylizer = Stylizer.load("paintings")
    before = [read_image(path, keep_alpha=True) for path in paths]
    rows = [before] + [
        [stylizer.stylize(pixels, style) for pixels in before]
        for style in STYLES
    ]
    picture = sheet(
        [[on_white(pixels) for pixels in row] for row in rows],
        row_titles=["before", *STYLES],
        cell_size=(ICON_SIZE, 192),
    )
    path = DOCS / "pictures" / "assets.jpg"
    write_image(path, picture, overwrite=True, quality=85)


if __name__ == "__main__":
    main()
