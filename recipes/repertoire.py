"""Makes the repertoire: what paintings say of themselves, to draw styles from.

    python recipes/repertoire.py PAINTINGS COUNT

PAINTINGS is that of reader.py; COUNT of those that it trained on, spread evenly
over their names, become multistyle/learning/bundled/repertoire.npy. The card
beside it is written by hand.
"""

import sys

import numpy as np
from reader_views import find_paintings

from multistyle.files.whole_files import whole_file
from multistyle.images.codecs.reading import read_image
from multistyle.learning.repertoire import REPERTOIRE_PATH
from multistyle.learning.statistics import painting_statistics


def main():
    folder, count = sys.argv[1], int(sys.argv[2])
    paths, _ = find_paintings(folder)
    chosen = np.linspace(0, len(paths) - 1, count).round().astype(int)
    numbers = [
        painting_statistics([read_image(paths[index])]).numbers()
        for index in chosen
    ]
    with whole_file(REPERTOIRE_PATH) as file:
        np.save(file, np.float16(numbers))


if __name__ == "__main__":
    main()
