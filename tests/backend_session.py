"""What `test_backends.py` runs on each backend, in a process of its own.

    python backend_session.py MODEL DATA RESULTS

MODEL is a `.keras` file; DATA and RESULTS are NumPy archives.
"""

import sys

import keras
import numpy as np
import tensorflow as tf

from multistyle.inference.augmentation import RandomStylization
from multistyle.network.models import load_network
from multistyle.perceptual.loss_networks import load_loss_network
from multistyle.perceptual.loss_options import LossWeights
from multistyle.training.optimizers import GuardedAdam
from multistyle.training.trainer import StyleTransferTrainer


def main(model_path, data_path, results_path):
    data = np.load(data_path)
    network = load_network(model_path)
    results = {"backend": keras.config.backend()}
    for name in ("style_weights", "style_map"):
        inputs = {"image": data["image"], "style_weights": data[name]}
        results[f"picture/{name}"] = to_numpy(network(inputs))
        results[f"flat/{name}"] = np.stack(
            [
                to_numpy(network({**inputs, "image": flat}))
                for flat in data["flat"]
            ]
        )

    results |= augment(model_path, data["crops"])

    loss_network = load_loss_network("pocket")
    trainer = StyleTransferTrainer(
        network,
        loss_network,
        loss_network.style_targets(data["paintings"]),
        loss_weights=LossWeights(weave=0.5),
    )
    optimizer = GuardedAdam()
    optimizer.build(network.trainable_variables)
    is_tensorflow = keras.config.backend() == "tensorflow"
    trainer.compile(optimizer, jit_compile=False if is_tensorflow else "auto")

    def record(step):
        for variable in (*network.weights, *optimizer.variables):
            key = f"{step}/{variable.path}"
            results[key] = to_numpy(variable.value)

    def train(step, crops, style_coefficient=1.0):
        coefficients = trainer.style_coefficients
        coefficients.assign(np.full(coefficients.shape, style_coefficient))
        batch = {"image": crops, "style_weights": data["crop_styles"]}
        logs = trainer.train_on_batch(batch, return_dict=True)
        results[f"loss/{step}"] = float(logs["total_loss"])
        record(step)

    record("before")
    train("good", data["crops"])
    train("nan", np.full_like(data["crops"], np.nan))
    # The loss is finite, and so is its gradient, but not that one's norm.
    train("huge", data["crops"], style_coefficient=1e25)
    train("good again", data["crops"])
    train("flat", np.full_like(data["crops"], 0.7))
    np.savez(results_path, **results)


def augment(model_path, crops):
    """Paints in one style: called, in `tf.data`, and as `fit` sees it."""
    layer = RandomStylization(
        model_path, strength=1, styles=["great_wave"], value_range=(0, 1)
    )
    dataset = tf.data.Dataset.from_tensor_slices(crops).batch(2).map(layer)
    model = keras.Sequential(
        [
            keras.Input(crops.shape[1:]),
            layer,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(1, kernel_initializer="zeros"),
        ]
    )
    model.compile(keras.optimizers.SGD(0.5), "mse")
    model.fit(crops, np.ones((len(crops), 1)), verbose=0)
    random_layers = [RandomStylization(model_path, seed=1) for _ in range(2)]
    return {
        "augmented/call": to_numpy(layer(crops)),
        "augmented/tf.data": next(dataset.as_numpy_iterator()),
        # After one step from zeros: the mean colour of what `fit` sees.
        "augmented/kernel": model.get_weights()[0][:, 0],
        "augmented/seeded": np.stack(
            [to_numpy(layer(255 * crops)) for layer in random_layers]
        ),
    }


def to_numpy(tensor):
    # A copy: the next step may write over the tensor's own memory.
    return np.array(keras.ops.convert_to_numpy(tensor))


if __name__ == "__main__":
    main(*sys.argv[1:])
