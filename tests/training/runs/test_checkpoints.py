import io

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.network.transform import TransformNetwork
from multistyle.training.optimizers import GuardedAdam
from multistyle.training.runs.checkpoints import Checkpoints


@pytest.fixture(scope="module")
def trained():
    """A network and its optimizer, filled with distinct numbers."""
    network = TransformNetwork(num_styles=2, width_multiplier=0.1)
    optimizer = GuardedAdam()
    optimizer.build(network.trainable_variables)
    random = np.random.default_rng(0)
    for variable in (*network.weights, *optimizer.variables):
        variable.assign(random.integers(0, 99, variable.shape))
    return network, optimizer


def values(network, optimizer):
    return [np.array(v) for v in (*network.weights, *optimizer.variables)]


def test_what_is_written_comes_back(trained, tmp_path):
    checkpoints = Checkpoints(tmp_path / "checkpoints")
    assert checkpoints.read() is None
    assert checkpoints.last_step() is None
    checkpoints.write(7, *trained, rate_scale=0.5)
    checkpoint = checkpoints.read()
    assert checkpoint.step == checkpoints.last_step() == 7
    assert checkpoint.rate_scale == 0.5

    network = TransformNetwork(num_styles=2, width_multiplier=0.1)
    optimizer = GuardedAdam()
    optimizer.build(network.trainable_variables)
    checkpoint.restore_network(network)
    checkpoint.restore_optimizer(optimizer)
    for old, new in zip(
        values(*trained), values(network, optimizer), strict=True
    ):
        np.testing.assert_array_equal(old, new)


def test_the_last_two_are_kept(trained, tmp_path):
    checkpoints = Checkpoints(tmp_path)
    for step in (2, 10, 100):
        checkpoints.write(step, *trained, rate_scale=1.0)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["step_00000010.npz", "step_00000100.npz"]


def flip_bits(data):
    """Flips a bit of every hundredth byte."""
    flipped = np.frombuffer(data, np.uint8).copy()
    flipped[50::100] ^= 4
    return flipped.tobytes()


def put_nan(data):
    """Puts a NaN into the last array."""
    arrays = dict(np.load(io.BytesIO(data)))
    name = max(name for name in arrays if name.startswith("network"))
    arrays[name].flat[0] = np.nan
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


DAMAGES = {
    "cut": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "noise": lambda data: data[::-1],
    "flipped": flip_bits,
    "not a number": put_nan,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_one_gives_way_to_the_one_before(trained, tmp_path, damage):
    checkpoints = Checkpoints(tmp_path)
    for step in (1, 3):
        checkpoints.write(step, *trained, rate_scale=1.0)
    path = tmp_path / "step_00000003.npz"
    path.write_bytes(damage(path.read_bytes()))
    assert checkpoints.read().step == 1
    assert checkpoints.damaged == [path]
    # Nor does it take the place of a whole one.
    checkpoints.write(2, *trained, rate_scale=1.0)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["step_00000001.npz", "step_00000002.npz"]
    assert checkpoints.read().step == 2
    assert checkpoints.damaged == []


def test_a_checkpoint_of_another_network_is_refused(trained, tmp_path):
    checkpoints = Checkpoints(tmp_path)
    checkpoints.write(1, *trained, rate_scale=1.0)
    checkpoint = checkpoints.read()
    other = TransformNetwork(num_styles=3, width_multiplier=0.1)
    with pytest.raises(InputError, match="is the checkpoint of another netw"):
        checkpoint.restore_network(other)
    optimizer = GuardedAdam()
    optimizer.build(other.trainable_variables)
    with pytest.raises(InputError, match="is the checkpoint of another optim"):
        checkpoint.restore_optimizer(optimizer)


def test_files_of_other_names_are_no_checkpoints(trained, tmp_path):
    checkpoints = Checkpoints(tmp_path)
    (tmp_path / "step_of_mine.npz").write_bytes(b"")
    assert checkpoints.last_step() is None
    checkpoints.write(1, *trained, rate_scale=1.0)
    assert checkpoints.last_step() == 1
