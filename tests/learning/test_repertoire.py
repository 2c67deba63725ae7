import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.learning.reader import find_reader
from multistyle.learning.repertoire import REPERTOIRE_PATH, read_repertoire
from multistyle.network.models import bundled_models, find_model
from multistyle.network.rows import join_layers
from multistyle.network.stored_weights import read_weights
from multistyle.network.styles import fingerprint_kernels


@pytest.mark.parametrize("model", bundled_models())
def test_its_styles_are_of_the_model_s_kind_and_differ(model):
    weights = read_weights(find_model(model))
    digits = fingerprint_kernels(layer.kernel for layer in weights.layers)
    rows = read_repertoire(digits)
    assert list(rows) == [layer.name for layer in weights.layers]
    own, read = (
        np.concatenate(join_layers(each), axis=1)
        for each in (weights.rows, rows)
    )
    assert read.shape == (256, own.shape[1]) and np.isfinite(read).all()
    # No two are one, and they spread as the model's own do, or more.
    deviation = own.std(axis=0).mean()
    assert 0.5 * deviation < read.std(axis=0).mean() < 5 * deviation
    distances = np.abs(read[:, None] - read[None]).mean(axis=2)
    assert distances[~np.eye(256, dtype=bool)].min() > 0.05 * deviation
    numbers = np.load(REPERTOIRE_PATH)
    assert numbers.dtype == np.float16
    (first,) = np.concatenate(
        join_layers(find_reader(digits).read_numbers(np.float32(numbers[:1]))),
        axis=1,
    )
    np.testing.assert_allclose(read[0], first, rtol=1e-4, atol=1e-5)


def test_there_is_none_for_other_shared_weights():
    with pytest.raises(InputError, match="`paintings`"):
        read_repertoire("0" * 64)
