import keras
import pytest

from multistyle.errors import InputError
from multistyle.export.network_export import export_network
from multistyle.export.parity import SIZES


def test_a_file_is_exported(small_model_path, tmp_path):
    if keras.backend.backend() != "tensorflow":
        pytest.skip("needs Keras on TensorFlow")
    rows = export_network(small_model_path, tmp_path / "served")
    assert [(row.height, row.width) for row in rows] == list(SIZES)
    assert (tmp_path / "served" / "saved_model.pb").is_file()


def test_an_unknown_format_is_named(small_model_path, tmp_path):
    with pytest.raises(InputError, match="`onyx` .* use one of saved_model"):
        export_network(small_model_path, tmp_path / "served", format="onyx")
