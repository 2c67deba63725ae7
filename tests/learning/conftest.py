import itertools

import numpy as np
import pytest


@pytest.fixture(scope="module")
def small_reader(small_network, tmp_path_factory):
    """Makes a reader for `small_network` the only one; returns its file.

    Its weights are random, so that paintings differ in what is read.
    """
    from multistyle.learning import reader
    from multistyle.learning.statistics import COLOR_STEPS
    from multistyle.network.styles import fingerprint

    random = np.random.default_rng(0)
    channels = [block.filters for block in small_network.blocks]
    sizes = [2 * 352 + COLOR_STEPS**3, 12, 8, 2 * sum(channels)]
    arrays = {
        "fingerprint": fingerprint(small_network),
        "num_channels": channels,
        "mean": np.zeros(sizes[0]),
        "deviation": np.full(sizes[0], 100.0),
    }
    for i, shape in enumerate(itertools.pairwise(sizes)):
        arrays[f"kernel_{i}"] = random.normal(0, 0.1, shape)
        arrays[f"bias_{i}"] = random.normal(0, 0.5, shape[1])
    path = tmp_path_factory.mktemp("readers") / "small.npz"
    np.savez(path, **arrays)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "READERS_FOLDER", path.parent)
        reader._readers.cache_clear()
        yield path
    reader._readers.cache_clear()
