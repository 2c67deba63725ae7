"""Writes a network into the package as a bundled model.

python recipes/bundle.py MODEL NAME

The arrays are stored as float16; the model card, NAME.json beside it, is
written by hand.
"""

import sys

from multistyle.network.models import (
    BUNDLED_FOLDER,
    find_model,
    load_network,
    save_network,
)


def main(model, name):
    path = BUNDLED_FOLDER / f"{name}.keras"
    save_network(load_network(find_model(model)), path, half_precision=True)
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
