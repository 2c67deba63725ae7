"""Makes the pictures of docs/how_it_works.md but for those of the losses.

python recipes/how_it_works.py

From docs/photographs alone: rows.jpg shows rows of numbers and what they paint,
layers.jpg what the network's layers make of one photograph in two styles, and
moments.jpg why tiles need the moments of the whole picture.
"""

from pathlib import Path

import numpy as np
from keras import ops

from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.images.resizing import resize, resize_long_side
from multistyle.images.sheets.captions import captioned
from multistyle.images.sheets.sheet import sheet
from multistyle.images.values import to_float, to_uint8
from multistyle.network.models import find_model, load_network

DOCS = Path(__file__).parents[1] / "docs"
STYLES = ("starry_night", "great_wave")
SHARES = {
    STYLES[0]: (1, 0),
    "3 : 1": (0.75, 0.25),
    "1 : 1": (0.5, 0.5),
    "1 : 3": (0.25, 0.75),
    STYLES[1]: (0, 1),
}
CELL_SIZE = 224
LAYERS = (
    "contract_1",
    "contract_3",
    "residual_5_2",
    "expand_1",
    "expand_2",
)
# How many deviations from the mean over the styles are full blue or red.
NUM_DEVIATIONS = 2.5


def main():
    network = load_network(find_model("paintings"))
    draw_rows(network)
    draw_layers(network)
    draw_moments(network)


def read(name, size):
    path = DOCS / "photographs" / f"{name}.jpg"
    return to_float(resize_long_side(read_image(path), size))


def blend(network, **weights):
    """Returns style weights [1, N]."""
    names = network.style_names
    return np.array([[weights.get(name, 0.0) for name in names]], np.float32)


def paint(network, photograph, style_weights, moments=None):
    """Returns the pastiche [H, W, 3] and the moments that it was made with."""
    batch = {"image": photograph[None], "style_weights": style_weights}
    pastiche, moments = network.measure(batch, moments)
    return ops.convert_to_numpy(pastiche)[0], moments


def save(name, cells):
    cell_size = max(max(cell.shape) for row in cells for cell in row)
    picture = sheet(cells, cell_size=cell_size)
    path = DOCS / "pictures" / f"{name}.jpg"
    write_image(path, picture, overwrite=True, quality=85)


def draw_rows(network):
    """Blends of two rows, and what they paint."""
    photograph = read("coffee", CELL_SIZE)
    tables = np.concatenate(
        [
            ops.convert_to_numpy(table)
            for block in network.blocks
            for table in (block.normalization.gamma, block.normalization.beta)
        ],
        axis=1,
    )
    tables = (tables - tables.mean(axis=0)) / (tables.std(axis=0) + 1e-6)
    numbers, pastiches = [], []
    for shares in SHARES.values():
        weights = blend(network, **dict(zip(STYLES, shares, strict=True)))
        numbers.append(draw_row((weights @ tables)[0], photograph.shape[:2]))
        pastiches.append(to_uint8(paint(network, photograph, weights)[0]))
    save("rows", [captioned(numbers, list(SHARES)), pastiches])


def draw_row(row, size):
    """Draws numbers as coloured fields: blue below the mean, red above."""
    width = round(np.sqrt(len(row) * size[1] / size[0]))
    height = -(-len(row) // width)
    fields = np.zeros(height * width)
    fields[: len(row)] = np.clip(row / NUM_DEVIATIONS, -1, 1)
    fields = fields.reshape(height, width, 1)
    ends = np.where(fields < 0, (0.13, 0.35, 0.75), (0.8, 0.15, 0.12))
    colours = 1 - np.abs(fields) * (1 - ends)
    rows = np.arange(size[0]) * height // size[0]
    columns = np.arange(size[1]) * width // size[1]
    return to_uint8(colours[rows][:, columns])


def draw_layers(network):
    """The channels of some layers, three as colours, in two styles."""
    photograph = read("astronaut", CELL_SIZE)
    size = photograph.shape[:2]
    rows = []
    for style in STYLES:
        outputs = run_layers(network, photograph, blend(network, **{style: 1}))
        cells = [to_uint8(photograph)]
        cells += [draw_channels(outputs[name], size) for name in LAYERS]
        cells.append(to_uint8(outputs["expand_3"]))
        rows.append(captioned(cells, ["photograph", *LAYERS, style]))
    save("layers", rows)


def run_layers(network, photograph, style_weights):
    """Returns the outputs of all blocks, a dict name -> [h, w, C]."""
    outputs, x = {}, photograph[None]
    for block in network.blocks:
        addend = outputs.get(network.addends.get(block.name))
        x = outputs[block.name] = block(x, style_weights, addend=addend)
    return {name: ops.convert_to_numpy(x)[0] for name, x in outputs.items()}


def draw_channels(features, size):
    """Draws the three directions in which channels vary most, as colours."""
    flat = features.reshape(-1, features.shape[-1])
    flat = flat - flat.mean(axis=0)
    _, _, directions = np.linalg.svd(flat.T @ flat)
    values = flat @ directions[:3].T
    low, high = np.percentile(values, (2, 98), axis=0)
    values = np.clip((values - low) / (high - low), 0, 1)
    picture = values.reshape(*features.shape[:2], 3)
    return resize(to_uint8(picture), size)


def draw_moments(network):
    """Four tiles by their own moments, and by those of the picture."""
    photograph = read("astronaut", 2 * CELL_SIZE)
    height, width = (length // 2 for length in photograph.shape[:2])
    style_weights = blend(network, great_wave=1)
    whole, moments = paint(network, photograph, style_weights)
    own, given = np.zeros_like(whole), np.zeros_like(whole)
    for rows in (slice(None, height), slice(height, None)):
        for columns in (slice(None, width), slice(width, None)):
            tile = photograph[rows, columns]
            own[rows, columns], _ = paint(network, tile, style_weights)
            tile, place = see_around(photograph, rows, columns, network.reach)
            painted, _ = paint(network, tile, style_weights, moments)
            given[rows, columns] = painted[place]
    titles = [
        "photograph",
        "four tiles, each by its own moments",
        "four tiles by the picture's moments",
        "in one piece",
    ]
    cells = [to_uint8(x) for x in (photograph, own, given, whole)]
    cells = [resize_long_side(x, 336) for x in cells]
    save("moments", [captioned(cells, titles)])


def see_around(photograph, rows, columns, margin):
    """Cuts a tile with what is around it, and says where in it the tile is."""
    margin = -(-margin // 4) * 4
    cuts, places = [], []
    for part, length in zip((rows, columns), photograph.shape[:2], strict=True):
        start, stop, _ = part.indices(length)
        low, high = max(0, start - margin), min(length, stop + margin)
        cuts.append(slice(low, high))
        places.append(slice(start - low, stop - low))
    return photograph[tuple(cuts)], tuple(places)


if __name__ == "__main__":
    main()
