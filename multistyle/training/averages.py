"""The network that a training saves: the average of its last weights."""

from keras import ops

from multistyle.network.transform import TransformNetwork
from multistyle.training.optimizers import GuardedAdam


class AveragedCopy:
    """A float32 copy of a network, with the averages of the weights that train.

    Args:
        network: the `TransformNetwork` that trains.
    """

    def __init__(self, network: TransformNetwork) -> None:
        self._network = network
        self._copy = TransformNetwork.from_config(
            {**network.get_config(), "dtype": "float32"}
        )

    def update(self, optimizer: GuardedAdam) -> TransformNetwork:
        """Brings the copy up to date.

        Args:
            optimizer: the `GuardedAdam` of the network.

        Returns:
            The copy; weights that do not train are the network's own.
        """
        averages = {
            id(variable): average for variable, average in optimizer.averages()
        }
        for mine, theirs in zip(
            self._copy.weights, self._network.weights, strict=True
        ):
            # By NumPy, since a step on JAX takes its buffers with it.
            source = averages.get(id(theirs), theirs)
            mine.assign(ops.convert_to_numpy(source))
        return self._copy
