import tracemalloc

import numpy as np
import pytest

pytest.importorskip("openvino")

from multistyle.images.codecs.reading import read_image
from multistyle.images.resizing import resize
from multistyle.images.samples import PAINTINGS_FOLDER
from multistyle.images.values import to_float
from multistyle.inference.engines.openvino.engine import OpenVINOEngine
from multistyle.learning.reader import find_reader
from multistyle.learning.statistics import painting_statistics
from multistyle.network.models import find_model
from multistyle.network.rows import join_layers
from multistyle.perceptual.pocket_features import (
    pocket_arrays,
    pocket_features,
)


@pytest.fixture(scope="module")
def engine():
    return OpenVINOEngine(find_model("paintings-fast"))


@pytest.fixture(scope="module")
def work():
    return read_image(PAINTINGS_FOLDER / "great_wave.jpg")


@pytest.mark.parametrize("size", [(64, 48), (37, 51), (8, 9)])
def test_it_sees_what_numpy_sees(engine, work, size):
    """One graph for each size, also where a side that is odd is halved."""
    image = to_float(resize(work, size))
    seen, expected = engine.pocket()(image), pocket_features(image)
    assert list(seen) == list(expected)
    for name, maps in expected.items():
        assert seen[name].dtype == np.float32
        np.testing.assert_allclose(
            seen[name], maps, rtol=1e-3, atol=1e-5 * np.abs(maps).max()
        )


def test_what_is_seen_outlives_the_next_look(engine, work):
    see = engine.pocket()
    image = to_float(resize(work, (16, 24)))
    first = see(image)
    kept = {name: maps.copy() for name, maps in first.items()}
    see(1 - image)
    for name, maps in kept.items():
        np.testing.assert_array_equal(first[name], maps)


def test_the_row_that_is_read_is_the_same_up_to_rounding(engine, work):
    reader = find_reader(engine.fingerprint)
    by_numpy, by_engine = (
        np.concatenate(
            join_layers(reader.read(painting_statistics([work], *see)))
        )
        for see in ([], [engine.pocket()])
    )
    np.testing.assert_allclose(by_engine, by_numpy, atol=1e-4)
    assert np.ptp(by_numpy) > 1


def test_it_is_made_without_lists_of_numbers(engine):
    """Each number of a list is an object of its own, of 32 bytes."""
    engine.pocket()
    num_bytes = sum(array.nbytes for array in pocket_arrays().values())
    tracemalloc.start()
    try:
        engine.pocket()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2 * num_bytes
