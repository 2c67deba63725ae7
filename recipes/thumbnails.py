"""Makes the thumbnails of the bundled styles' paintings, and their credits.

python recipes/thumbnails.py PAINTINGS ...

PAINTINGS are folders with the paintings of all styles of the bundled models,
named after them, each with a `styles.json`.
"""

import sys

from multistyle.files.json_files import write_json
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.images.finding import find_images
from multistyle.images.resizing import resize_long_side
from multistyle.network.models import DEFAULT_MODEL, load_network
from multistyle.network.styles import CREDITS_FILE
from multistyle.network.thumbnails import (
    THUMBNAIL_SIZE,
    THUMBNAILS_FOLDER,
)

QUALITY = 80


def main(*folders):
    network = load_network(DEFAULT_MODEL)
    paths = {path.stem: path for path in find_images(folders)}
    for style in network.style_names:
        picture = resize_long_side(read_image(paths[style]), THUMBNAIL_SIZE)
        path = THUMBNAILS_FOLDER / f"{style}.jpg"
        write_image(path, picture, overwrite=True, quality=QUALITY)
    write_json(THUMBNAILS_FOLDER / CREDITS_FILE, network.credits)
    for path in THUMBNAILS_FOLDER.glob("*.jpg"):
        if path.stem not in network.style_names:
            path.unlink()
    total = sum(path.stat().st_size for path in THUMBNAILS_FOLDER.iterdir())
    print(f"{len(network.style_names)} thumbnails, {total / 1e3:.0f} kB")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
