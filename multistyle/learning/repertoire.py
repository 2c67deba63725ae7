"""The repertoire: styles of many paintings, to draw from without one."""

from pathlib import Path

import numpy as np

from multistyle.learning.reader import find_reader
from multistyle.network.rows import Rows

# What the paintings say of themselves, as `StyleStatistics.numbers` gives it:
# float16 [K, D]. A tenth of the size of their rows, and for every reader.
REPERTOIRE_PATH = Path(__file__).parent / "bundled" / "repertoire.npy"


def read_repertoire(fingerprint: str) -> Rows:
    """Reads the styles of the bundled repertoire of paintings.

    Args:
        fingerprint: of the shared weights that the rows are for; see
            `network.styles.fingerprint`.

    Returns:
        Dict layer name -> (gamma, beta), each float32 [K, C].

    Raises:
        InputError: if there is no reader for them.
    """
    numbers = np.load(REPERTOIRE_PATH).astype(np.float32)
    return find_reader(fingerprint).read_numbers(numbers)
