"""Grows a bundled model by styles of the gallery.

python recipes/grow.py NAME [SOURCE ...] [--styles=A,B,C]

NAME is a bundled model. Each SOURCE is a model on its shared weights, as a run
folder or a `.keras` file, or a pack: a style comes from the first that has it.
Without --styles all come that recipes/gallery.json credits and a SOURCE has, in
the order of that file. The model's first twelve styles stay in their places, to
the bit; what it was grown by before goes, so that without a SOURCE it is the
model of the twelve again. The card beside it is written by hand.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from multistyle.errors import InputError
from multistyle.network.growth import append_styles, style_rows, with_styles
from multistyle.network.models import (
    bundled_models,
    load_network,
    save_network,
)
from multistyle.network.packs.pack_file import SUFFIX, read_pack
from multistyle.network.styles import fingerprint

GALLERY = Path(__file__).parent / "gallery.json"
NUM_FIRST = 12


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("name", choices=bundled_models())
    parser.add_argument("sources", nargs="*")
    parser.add_argument("--styles", help="which, and in which order")
    options = parser.parse_args()
    credits = json.loads(GALLERY.read_text("utf-8"))
    before = load_network(options.name)
    first = before.style_names[:NUM_FIRST]
    base = with_styles(
        before,
        first,
        style_rows(before, first),
        {name: before.credits[name] for name in first},
    )
    found = {}
    for source in options.sources:
        for name, rows in read_styles(source, base).items():
            found.setdefault(name, rows)
    if options.styles:
        names = options.styles.split(",")
    else:
        names = [name for name in credits if name in found]
    grown = base
    for name in names:
        if name not in found or name not in credits:
            raise InputError(
                f"There is no style `{name}` in the sources and in `{GALLERY}`."
            )
        grown = append_styles(grown, [name], found[name], {name: credits[name]})
    # Its finisher may have been grown by the same styles already.
    grown.finisher = before.finisher
    path = bundled_models()[options.name]
    save_network(grown, path, half_precision=True)
    check(load_network(path), base, names)
    print(
        f"{path}: {NUM_FIRST} + {len(names)} styles, "
        f"{path.stat().st_size / 1e6:.2f} MB"
    )


def read_styles(source, base):
    """Returns {name: rows} of a source.

    Raises:
        InputError: if it belongs to other shared weights.
    """
    if Path(source).suffix == SUFFIX:
        pack = read_pack(source)
        digits, styles = pack.fingerprint, {pack.name: pack.rows}
    else:
        network = load_network(source)
        digits = fingerprint(network)
        styles = {
            name: style_rows(network, [name]) for name in network.style_names
        }
    if digits != fingerprint(base):
        raise InputError(f"`{source}` has other shared weights.")
    return styles


def check(grown, base, names):
    """Makes sure that what was there is there, to the bit."""
    assert grown.style_names == [*base.style_names, *names]
    assert fingerprint(grown) == fingerprint(base)
    kept = style_rows(grown, base.style_names)
    for layer, tables in style_rows(base, base.style_names).items():
        for table, now in zip(tables, kept[layer], strict=True):
            np.testing.assert_array_equal(now, table)
    for block, old in zip(grown.blocks, base.blocks, strict=True):
        np.testing.assert_array_equal(
            block.convolution.get_weights()[0],
            old.convolution.get_weights()[0],
        )


if __name__ == "__main__":
    main()
