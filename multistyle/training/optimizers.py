"""The optimizer: it alone sees gradients, so bad ones are caught here."""

from collections.abc import Iterable, Sequence
from typing import Any

import keras
from keras import ops

# Squares of larger gradients overflow float32 when the norm is taken.
LARGEST_GRADIENT = 1e15


@keras.saving.register_keras_serializable("multistyle")
class GuardedAdam(keras.optimizers.Adam):
    """Adam that averages the weights, and whose bad steps change nothing.

    A step whose gradient holds a NaN, an infinity or a number past 1e15
    leaves weights and moments as they are, to the bit, and is counted in
    `skipped` and `skipped_in_a_row`. It is a step all the same: `iterations`
    goes on.

    Args:
        learning_rate: the rate, which a callback sets before each step.
        average_decay: in [0, 1), momentum of the moving average of the
            weights; early steps use less, (1 + t) / (10 + t), so that a
            short training's average is not its start.
        global_clipnorm: the gradient's norm is cut to it.
        **kwargs: of `keras.optimizers.Adam`.
    """

    def __init__(
        self,
        learning_rate: float = 1e-3,
        *,
        beta_2: float = 0.99,
        global_clipnorm: float = 10.0,
        average_decay: float = 0.998,
        name: str = "guarded_adam",
        **kwargs: Any,
    ) -> None:
        super().__init__(
            learning_rate,
            beta_2=beta_2,
            global_clipnorm=global_clipnorm,
            name=name,
            **kwargs,
        )
        self.average_decay = average_decay

    def build(self, variables: Sequence[keras.Variable]) -> None:
        if self.built:
            return
        known = {id(variable) for variable in self.variables}
        super().build(variables)
        self._slots = [v for v in self.variables if id(v) not in known]
        self._averages = self.add_optimizer_variables(variables, "average")
        for average, variable in zip(self._averages, variables, strict=True):
            # A copy, since a step on JAX may not hold one buffer twice.
            average.assign(ops.copy(variable.value))
        self.skipped = self.add_variable((), dtype="int32", name="skipped")
        self.skipped_in_a_row = self.add_variable(
            (), dtype="int32", name="skipped_in_a_row"
        )

    def averages(self) -> list[tuple[keras.Variable, keras.Variable]]:
        """Returns (variable, its moving average) for each that trains."""
        return list(zip(self._trainable_variables, self._averages, strict=True))

    def apply(
        self,
        grads: Iterable,
        trainable_variables: Sequence[keras.Variable] | None = None,
    ) -> None:
        grads = list(grads)
        if trainable_variables is not None:
            self.build(list(trainable_variables))
        largest = ops.max(
            ops.stack([ops.max(ops.abs(ops.cast(g, "float32"))) for g in grads])
        )
        # A comparison with NaN is false, so it does not pass either.
        is_good = largest < LARGEST_GRADIENT
        guarded = [*self._trainable_variables, *self._slots]
        before = [variable.value + 0 for variable in guarded]
        step = ops.cast(self.iterations, "float32")
        super().apply(
            [ops.where(is_good, g, ops.zeros_like(g)) for g in grads],
            trainable_variables,
        )
        for variable, old in zip(guarded, before, strict=True):
            variable.assign(ops.where(is_good, variable.value, old))
        decay = ops.minimum(self.average_decay, (1 + step) / (10 + step))
        for variable, average in self.averages():
            difference = ops.cast(variable.value, average.dtype) - average.value
            average.assign(
                ops.where(
                    is_good,
                    average.value + (1 - decay) * difference,
                    average.value,
                )
            )
        bad = 1 - ops.cast(is_good, "int32")
        self.skipped.assign(self.skipped.value + bad)
        self.skipped_in_a_row.assign(bad * (self.skipped_in_a_row.value + 1))

    def get_config(self) -> dict[str, object]:
        return {**super().get_config(), "average_decay": self.average_decay}
