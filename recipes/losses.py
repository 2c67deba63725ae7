"""Makes the picture of what content and style are: losses.jpg.

python recipes/losses.py PAINTING

Three optimisations from the same noise: under the content of a photograph
alone, under the style of the painting alone, and under both. Needs the weights
of VGG-16 and takes minutes.
"""

import sys
import tempfile
from pathlib import Path

from multistyle.cli.main import main as multistyle
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.images.resizing import resize_long_side
from multistyle.images.sheets.captions import captioned
from multistyle.images.sheets.sheet import sheet

DOCS = Path(__file__).parents[1] / "docs"
PHOTOGRAPH = DOCS / "photographs" / "astronaut.jpg"
SIZE = 256
NUM_STEPS = 150
WEIGHTS = {
    "content alone": ("--style_loss_weight=0",),
    "style alone": ("--content_loss_weight=0",),
    "both": (),
}


def optimize(painting, weights, output):
    code = multistyle(
        [
            *("optimize", str(PHOTOGRAPH), f"--style_image={painting}"),
            *("--start=noise", f"--image_size={SIZE}", f"--steps={NUM_STEPS}"),
            *("--loss_network=vgg16", f"--output={output}", *weights),
        ]
    )
    if code:
        sys.exit(code)


def main(painting):
    pictures = [read_image(PHOTOGRAPH), read_image(painting)]
    with tempfile.TemporaryDirectory() as folder:
        for title, weights in WEIGHTS.items():
            path = Path(folder) / f"{title}.png"
            optimize(painting, weights, path)
            pictures.append(read_image(path))
    pictures = [resize_long_side(picture, SIZE) for picture in pictures]
    size = min(min(picture.shape[:2]) for picture in pictures)
    cells = [picture[:size, :size] for picture in pictures]
    titles = ["photograph", "painting", *WEIGHTS]
    page = sheet([captioned(cells, titles)], cell_size=SIZE + 32)
    path = DOCS / "pictures" / "losses.jpg"
    write_image(path, page, overwrite=True, quality=85)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
