"""What a training step costs, as ratios in one run; see benchmarks/README.md.

    python benchmarks/training.py --rounds=5

It needs the weights of VGG-16, found as `multistyle train` finds them.
"""

import argparse

import keras
import numpy as np
from interleaving import median_ratio, time_in_turn
from keras import ops

from multistyle import TransformNetwork
from multistyle.perceptual.loss_networks import load_loss_network
from multistyle.training.optimizers import GuardedAdam
from multistyle.training.precision import is_accelerated
from multistyle.training.trainer import StyleTransferTrainer

NUM_STYLES = 4
POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16"}


class NetworkAlone(keras.Model):
    """Trains a transform network by a loss that costs nothing."""

    def __init__(self, transform_network):
        super().__init__(autocast=False)
        self.transform_network = transform_network
        self.built = True

    def call(self, inputs):
        return self.transform_network(inputs)

    def compute_loss(
        self,
        x=None,
        y=None,
        y_pred=None,
        sample_weight=None,
        training=True,
    ):
        return ops.mean(ops.cast(y_pred, "float32"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(";")[0])
    parser.add_argument("--rounds", type=int, default=5, help="default: 5")
    parser.add_argument(
        "--image_size", type=int, default=128, help="default: 128"
    )
    parser.add_argument("--batch_size", type=int, default=4, help="default: 4")
    parser.add_argument("--width_multiplier", type=float, default=1.0)
    options = parser.parse_args()

    batch = make_batch(options)
    cases = {}
    for precision, policy in POLICIES.items():
        network = TransformNetwork(
            num_styles=NUM_STYLES,
            width_multiplier=options.width_multiplier,
            dtype=policy,
        )
        full = make_trainer(network, policy)
        for part, model in (("full", full), ("alone", NetworkAlone(network))):
            compile_as_in_training(model, network)
            cases[precision, part] = lambda model=model: model.train_on_batch(
                batch
            )
    seconds = time_in_turn(cases, options.rounds)

    print(
        f"Ratios of times, each the median of {options.rounds} rounds: "
        f"{options.batch_size} crops of {options.image_size} px, width "
        f"{options.width_multiplier:g}."
    )
    ratio = median_ratio(
        seconds["bfloat16", "full"], seconds["float32", "full"]
    )
    print(f"  a step in bfloat16 beside float32           {ratio:6.2f}")
    for precision in POLICIES:
        share = median_ratio(
            seconds[precision, "alone"], seconds[precision, "full"]
        )
        print(f"  transform network's share, {precision:<17}{share:6.2f}")
        print(f"  loss network's share, {precision:<22}{1 - share:6.2f}")


def make_batch(options):
    """Returns noise in random styles, as `fit` hands it to the trainer."""
    random = np.random.default_rng(0)
    size = options.image_size
    styles = random.integers(NUM_STYLES, size=options.batch_size)
    return {
        "image": random.random((options.batch_size, size, size, 3), np.float32),
        "style_weights": np.eye(NUM_STYLES, dtype=np.float32)[
            styles, None, None
        ],
    }


def make_trainer(network, policy):
    loss_network = load_loss_network("vgg16", dtype=policy)
    paintings = np.random.default_rng(1).random(
        (NUM_STYLES, 64, 64, 3), np.float32
    )
    targets = loss_network.style_targets(paintings)
    return StyleTransferTrainer(network, loss_network, targets)


def compile_as_in_training(model, network):
    optimizer = GuardedAdam()
    optimizer.build(network.trainable_variables)
    is_plain = keras.backend.backend() == "tensorflow" and not is_accelerated()
    model.compile(optimizer, jit_compile=False if is_plain else "auto")


if __name__ == "__main__":
    main()
