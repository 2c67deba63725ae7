import json

import keras
import numpy as np
import pytest


def check_layer_contract(
    layer_class, options, inputs, output_shape, weight_shapes, path
):
    """Runs one layer through all that Keras asks of a layer.

    Args:
        layer_class: class of the layer.
        options: dict, keyword arguments of its constructor.
        inputs: list of float32 arrays, the call's arguments, batch first.
        output_shape: shape that the call gives for `inputs`.
        weight_shapes: list of the shapes of its weights, in their order.
        path: of a `.keras` file to write.
    """
    # Build, eager shape and dtype.
    layer = layer_class(**options, name="layer")
    output = layer(*inputs)
    assert tuple(output.shape) == output_shape
    assert keras.backend.standardize_dtype(output.dtype) == "float32"
    assert [tuple(w.shape) for w in layer.weights] == weight_shapes

    # Symbolic shape, known and unknown.
    input_shapes = [array.shape for array in inputs]
    assert tuple(layer.compute_output_shape(*input_shapes)) == output_shape
    symbols = [keras.Input((None, None, array.shape[-1])) for array in inputs]
    symbolic = layer(*symbols)
    assert symbolic.shape == (None, None, None, output_shape[-1])
    assert symbolic.dtype == "float32"

    # Configuration, through JSON.
    config = json.loads(json.dumps(layer.get_config()))
    assert set(options) <= set(config)
    twin = layer_class.from_config(config)
    assert twin.get_config() == layer.get_config()
    twin(*inputs)
    twin.set_weights(layer.get_weights())
    np.testing.assert_array_equal(
        keras.ops.convert_to_numpy(twin(*inputs)),
        keras.ops.convert_to_numpy(output),
    )

    # Mixed precision: weights stay float32.
    mixed = layer_class(**options, dtype="mixed_bfloat16")
    half = mixed(*inputs)
    assert keras.backend.standardize_dtype(half.dtype) == "bfloat16"
    assert {w.dtype for w in mixed.weights} == {"float32"}

    # One step of `fit` changes every weight, and the file keeps them.
    model = keras.Model(symbols, symbolic)
    model.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=False)
    target = np.random.default_rng(1).normal(0, 1, output_shape)
    before = layer.get_weights()
    history = model.fit(inputs, target, verbose=0)
    assert np.isfinite(history.history["loss"]).all()
    for old, new in zip(before, layer.get_weights(), strict=True):
        assert np.abs(new - old).max() > 0
    model.save(path)
    loaded = keras.saving.load_model(path, safe_mode=True)
    np.testing.assert_array_equal(
        keras.ops.convert_to_numpy(loaded(inputs)),
        keras.ops.convert_to_numpy(model(inputs)),
    )


@pytest.fixture
def check_layer(tmp_path):
    """`check_layer_contract` with a path of its own to write."""

    def check(*args):
        check_layer_contract(*args, tmp_path / "layer.keras")

    return check
