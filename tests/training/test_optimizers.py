import keras
import numpy as np
import pytest
from keras import ops

from multistyle.training.optimizers import GuardedAdam


def make(**options):
    variables = [
        keras.Variable(np.array([1.0, 2.0], np.float32)),
        keras.Variable(np.array([3.0], np.float32)),
    ]
    optimizer = GuardedAdam(**options)
    optimizer.build(variables)
    return optimizer, variables


def state(optimizer, variables):
    kept = [v for v in optimizer.variables if v is not optimizer.iterations]
    counters = (optimizer.skipped, optimizer.skipped_in_a_row)
    kept = [v for v in kept if all(v is not c for c in counters)]
    return [ops.convert_to_numpy(v).copy() for v in (*variables, *kept)]


def gradients(*values):
    return [ops.convert_to_tensor(np.array(v, np.float32)) for v in values]


def test_a_good_step_is_adams():
    optimizer, variables = make(learning_rate=0.1, global_clipnorm=None)
    plain = [keras.Variable(ops.convert_to_numpy(v)) for v in variables]
    adam = keras.optimizers.Adam(0.1, beta_2=0.99)
    for values in (([1, -2], [3]), ([0.5, 0.1], [-1])):
        optimizer.apply(gradients(*values), variables)
        adam.apply(gradients(*values), plain)
    for mine, theirs in zip(variables, plain, strict=True):
        np.testing.assert_array_equal(
            ops.convert_to_numpy(mine), ops.convert_to_numpy(theirs)
        )


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e26, -1e16])
def test_a_bad_step_changes_nothing_and_is_counted(bad):
    optimizer, variables = make(learning_rate=0.1)
    optimizer.apply(gradients([1, 2], [3]), variables)
    before = state(optimizer, variables)
    for _ in range(2):
        optimizer.apply(gradients([1, bad], [3]), variables)
    for old, new in zip(before, state(optimizer, variables), strict=True):
        np.testing.assert_array_equal(old, new)
    assert int(optimizer.skipped) == 2
    assert int(optimizer.skipped_in_a_row) == 2
    assert int(optimizer.iterations) == 3

    optimizer.apply(gradients([1, 2], [3]), variables)
    assert int(optimizer.skipped) == 2
    assert int(optimizer.skipped_in_a_row) == 0
    moved = np.abs(state(optimizer, variables)[0] - before[0])
    assert (moved > 0).all()


def test_keras_own_clipping_alone_would_not_do():
    variable = keras.Variable(np.ones(2, np.float32))
    adam = keras.optimizers.Adam(0.1, global_clipnorm=1.0)
    adam.apply(gradients([1.0, 1e26]), [variable])
    assert not np.isfinite(ops.convert_to_numpy(variable)).all()


def test_the_norm_is_clipped():
    # With beta_1 = 0 and one step the first moment is the clipped gradient.
    optimizer, variables = make(global_clipnorm=5.0, beta_1=0.0)
    optimizer.apply(gradients([30, 0], [40]), variables)
    first_moments = [
        ops.convert_to_numpy(v)
        for v in optimizer.variables
        if "momentum" in v.path
    ]
    np.testing.assert_allclose(np.concatenate(first_moments), [3, 0, 4])


def test_the_average_follows_the_weights():
    optimizer, variables = make(learning_rate=0.1, average_decay=0.5)
    expected = [ops.convert_to_numpy(v).copy() for v in variables]
    for step in range(12):
        optimizer.apply(gradients([1, -1], [1]), variables)
        decay = min(0.5, (1 + step) / (10 + step))
        expected = [
            decay * old + (1 - decay) * ops.convert_to_numpy(v)
            for old, v in zip(expected, variables, strict=True)
        ]
    for (variable, average), value in zip(
        optimizer.averages(), expected, strict=True
    ):
        assert any(variable is v for v in variables)
        np.testing.assert_allclose(
            ops.convert_to_numpy(average), value, rtol=1e-5
        )


def test_the_average_starts_at_the_weights():
    optimizer, variables = make()
    for variable, average in optimizer.averages():
        np.testing.assert_array_equal(
            ops.convert_to_numpy(average), ops.convert_to_numpy(variable)
        )
    assert len(optimizer.averages()) == len(variables)


def test_it_is_serializable():
    optimizer = GuardedAdam(0.01, average_decay=0.9, global_clipnorm=2.0)
    config = keras.saving.serialize_keras_object(optimizer)
    copy = keras.saving.deserialize_keras_object(config)
    assert isinstance(copy, GuardedAdam)
    assert copy.get_config() == optimizer.get_config()
