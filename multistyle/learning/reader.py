"""The reader: a small network that reads a style off a painting."""

import functools
import math
from pathlib import Path

import numpy as np

from multistyle.errors import InputError
from multistyle.files.digests import file_digest
from multistyle.learning.statistics import StyleStatistics
from multistyle.network.rows import Rows, split_layers

READERS_FOLDER = Path(__file__).parent / "bundled"
# Numbers that are farther from their mean, in standard deviations, count as if
# they were as far as this: a painting may be like none that was trained on.
FARTHEST = 4.0


class StyleReader:
    """Reads rows of gamma and beta off what a painting says of itself.

    A perceptron of two hidden layers. Its training painted photographs by the
    frozen shared weights of one network, in rows that it read off thousands of
    views of paintings; recipes/reader.py.

    Args:
        path: of the `.npz` file that the recipe made.

    Attributes:
        fingerprint: of the shared weights that the rows are for.
        digest: SHA-256 of the file.

    Example:
        >>> import numpy as np
        >>> from multistyle.learning.reader import find_reader
        >>> from multistyle.learning.statistics import painting_statistics
        >>> from multistyle.network.models import load_network
        >>> from multistyle.network.styles import fingerprint
        >>> reader = find_reader(fingerprint(load_network("paintings-fast")))
        >>> painting = np.zeros((64, 64, 3), np.uint8)
        >>> rows = reader.read(painting_statistics([painting]))
        >>> [table.shape for table in rows["contract_1"]]
        [(1, 8), (1, 8)]
    """

    def __init__(self, path: Path) -> None:
        with np.load(path) as file:
            arrays = {name: file[name] for name in file}
        self.fingerprint = str(arrays["fingerprint"])
        self.digest = file_digest(path)
        self._num_channels = [int(n) for n in arrays["num_channels"]]
        self._mean, self._deviation = (
            arrays[name].astype(np.float32) for name in ("mean", "deviation")
        )
        self._layers = [
            tuple(
                arrays[f"{kind}_{i}"].astype(np.float32)
                for kind in ("kernel", "bias")
            )
            for i in range(3)
        ]

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns its weights, float32, by name, as the file has them."""
        layers = {
            f"{kind}_{i}": array
            for i, layer in enumerate(self._layers)
            for kind, array in zip(("kernel", "bias"), layer, strict=True)
        }
        return {"mean": self._mean, "deviation": self._deviation, **layers}

    def read(self, statistics: StyleStatistics) -> Rows:
        """Returns the rows of one style.

        Args:
            statistics: of its paintings, see `painting_statistics`.

        Returns:
            Dict layer name -> (gamma, beta), each float32 [1, C].
        """
        return self.read_numbers(statistics.numbers()[None])

    def read_numbers(self, numbers: np.ndarray) -> Rows:
        """Returns the rows of several styles.

        Args:
            numbers: float32 [M, D], of each what `StyleStatistics.numbers`
                gives.

        Returns:
            Dict layer name -> (gamma, beta), each float32 [M, C].
        """
        x = (numbers - self._mean) / self._deviation
        x = np.clip(x, -FARTHEST, FARTHEST)
        for i, (kernel, bias) in enumerate(self._layers):
            x = x @ kernel + bias
            if i < len(self._layers) - 1:
                x = _gelu(x)
        gamma, beta = np.split(x, 2, axis=1)
        return split_layers(gamma, beta, self._num_channels)


def can_read(fingerprint: str) -> bool:
    """Says whether there is a reader for a network's shared weights."""
    return fingerprint in _readers()


def find_reader(fingerprint: str) -> StyleReader:
    """Returns the reader for a network's shared weights.

    Args:
        fingerprint: see `network.styles.fingerprint`.

    Raises:
        InputError: if none of the bundled readers is for them.
    """
    if not can_read(fingerprint):
        raise InputError(
            "A style is read off a painting for the shared weights of "
            f"{', '.join(f'`{path.stem}`' for path in _paths())} alone: give "
            "--learning=quick or --learning=thorough for this model."
        )
    return _readers()[fingerprint]


def _paths():
    return sorted(READERS_FOLDER.glob("*.npz"))


@functools.cache
def _readers():
    readers = [StyleReader(path) for path in _paths()]
    return {reader.fingerprint: reader for reader in readers}


def _gelu(x):
    """Gaussian error linear units, by tanh as in Keras' approximation."""
    inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
    return 0.5 * x * (1 + np.tanh(inner))
