"""Writes a network into the package as a bundled model.

python recipes/bundle.py MODEL NAME [FINISHER]

The arrays are stored as float16; the model card, NAME.json beside it, is
written by hand. FINISHER is the bundled model that paints the finer levels of
large photographs for it; without one it does so by itself.
"""

import sys

from multistyle.network.models import (
    BUNDLED_FOLDER,
    find_model,
    load_network,
    save_network,
)
from multistyle.network.styles import check_finisher


def main(model, name, finisher=None):
    path = BUNDLED_FOLDER / f"{name}.keras"
    network = load_network(find_model(model))
    network.finisher = check_finisher(finisher)
    save_network(network, path, half_precision=True)
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(*sys.argv[1:])
