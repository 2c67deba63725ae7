"""What a training step costs, as ratios in one run; see benchmarks/README.md.

    python benchmarks/training.py --rounds=5

It needs the weights of VGG-16, found as `multistyle train` finds them. Where
PyTorch is installed, its training of the same step is timed beside ours.
"""

import argparse
import tempfile
import time
from pathlib import Path

import keras
import numpy as np
from interleaving import median_ratio, time_in_turn
from parts import NetworkAlone, Photograph, WeightsAlone
from PIL import Image

from multistyle import TransformNetwork
from multistyle.perceptual.loss_networks import load_loss_network
from multistyle.perceptual.loss_options import LOSS_NETWORKS, LossWeights
from multistyle.perceptual.precision import choose_precision, is_accelerated
from multistyle.training.material.content import ContentBatches
from multistyle.training.material.photographs import open_photographs
from multistyle.training.optimizers import GuardedAdam
from multistyle.training.trainer import StyleTransferTrainer

NUM_STYLES = 4
POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16"}
PHOTOGRAPH_SIZE = (375, 500)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(";")[0])
    parser.add_argument("--rounds", type=int, default=5, help="default: 5")
    parser.add_argument(
        "--image_size", type=int, default=128, help="default: 128"
    )
    parser.add_argument("--batch_size", type=int, default=4, help="default: 4")
    parser.add_argument("--width_multiplier", type=float, default=1.0)
    parser.add_argument(
        "--compile",
        action="store_true",
        help="time PyTorch's step by torch.compile, too; compiling it takes "
        "minutes and a C++ compiler",
    )
    parser.add_argument(
        "--processor_time",
        action="store_true",
        help="count the processor's time in place of the clock's: for one "
        "thread of a busy machine",
    )
    options = parser.parse_args()

    batch = make_batch(options)
    trainers = {
        precision: make_trainer(make_network(precision, options), precision)
        for precision in POLICIES
    }
    pytorch = make_pytorch_steps(trainers["float32"], batch, options.compile)
    steps = {
        f"in {precision}": make_step(trainer, batch)
        for precision, trainer in trainers.items()
    }
    precision = choose_precision()
    whole = f"in {precision}"
    trainer = trainers[precision]
    parts = make_parts(trainer, precision, batch)
    others = {
        f"{part} by {name}": case
        for name in LOSS_NETWORKS[1:]
        for part, case in make_parts_judged_by(
            name, trainer.transform_network, precision, batch
        ).items()
    }
    with tempfile.TemporaryDirectory() as folder:
        parts["photographs, read and cropped"] = make_reader(folder, options)
        cases = {**steps, **parts, **others, **pytorch}
        clock = (
            time.process_time if options.processor_time else time.perf_counter
        )
        seconds = time_in_turn(cases, options.rounds, clock)

    def report(title, names, base):
        print(f"\n{title}")
        for name in names:
            ratio = median_ratio(seconds[name], seconds[base])
            print(f"  {name:<48}{ratio:6.2f}")

    print(
        f"Ratios of times, each the median of {options.rounds} rounds: "
        f"{options.batch_size} crops of {options.image_size} px, width "
        f"{options.width_multiplier:g}, Keras on {keras.backend.backend()}."
    )
    report("A step, beside one in float32", ["in bfloat16"], "in float32")
    report(f"The parts of a step {whole}, beside all of it", parts, whole)
    report(f"Other loss networks, beside a step {whole}", others, whole)
    for precision in POLICIES if pytorch else ():
        report(
            f"PyTorch, beside our step in {precision}",
            [name for name in pytorch if precision in name],
            f"in {precision}",
        )


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


def make_network(precision, options):
    return TransformNetwork(
        num_styles=NUM_STYLES,
        width_multiplier=options.width_multiplier,
        dtype=POLICIES[precision],
    )


def make_trainer(network, precision, loss_network="vgg16"):
    loss_network = load_loss_network(loss_network, dtype=POLICIES[precision])
    paintings = np.random.default_rng(1).random(
        (NUM_STYLES, 64, 64, 3), np.float32
    )
    targets = loss_network.style_targets(paintings)
    # PyTorch's step has no lattice loss.
    weights = LossWeights(lattice=0)
    return StyleTransferTrainer(
        network, loss_network, targets, loss_weights=weights
    )


def make_step(model, batch):
    """Returns a function that takes a step, compiled as in a training."""
    optimizer = GuardedAdam()
    optimizer.build(model.trainable_variables)
    is_plain = keras.backend.backend() == "tensorflow" and not is_accelerated()
    model.compile(optimizer, jit_compile=False if is_plain else "auto")
    return lambda: model.train_on_batch(batch)


def make_parts(trainer, precision, batch):
    """Returns {name: case}; the first two overlap only in the optimizer."""
    network = trainer.transform_network
    content_model = trainer.loss_network.content_model
    return {
        "transform network, forward, backward, optimizer": make_step(
            NetworkAlone(network), batch
        ),
        "losses, forward and backward": make_step(
            make_trainer(Photograph(NUM_STYLES), precision), batch
        ),
        "of those, the photograph's content": lambda: (
            content_model.predict_on_batch(batch["image"])
        ),
        "optimizer": make_step(WeightsAlone(network), batch),
    }


def make_parts_judged_by(loss_network, network, precision, batch):
    """Returns {name: case} of another loss network."""
    return {
        part: make_step(make_trainer(trained, precision, loss_network), batch)
        for part, trained in (
            ("a step", network),
            ("the losses", Photograph(NUM_STYLES)),
        )
    }


def make_reader(folder, options):
    """Returns a function that makes a batch from photographs in a folder."""
    random = np.random.default_rng(2)
    for i in range(8):
        coarse = random.integers(0, 256, (30, 40, 3), dtype=np.uint8)
        photograph = Image.fromarray(coarse).resize(PHOTOGRAPH_SIZE[::-1])
        photograph.save(Path(folder) / f"{i}.jpg", quality=90)
    batches = ContentBatches(
        open_photographs(folder),
        NUM_STYLES,
        options.batch_size,
        options.image_size,
    )
    return lambda: batches[0]


def make_pytorch_steps(trainer, batch, with_compiled):
    """Returns {name: case} of PyTorch's step with our networks' weights."""
    try:
        from pytorch_step import make_step as make_pytorch_step
    except ImportError:
        print("PyTorch is not installed: its steps are left out.")
        return {}
    loss = trainer.compute_loss(x=batch, y_pred=trainer(batch, training=True))
    print(f"The loss before training: ours {float(loss):.4f}")
    steps = {}
    for is_compiled in (False, True) if with_compiled else (False,):
        for precision in POLICIES:
            name = f"{precision}, {'compiled' if is_compiled else 'eager'}"
            steps[name] = make_pytorch_step(
                trainer.transform_network,
                trainer.loss_network,
                trainer.style_targets,
                batch,
                precision,
                is_compiled,
            )
            print(f"  PyTorch's in {name}: {steps[name]():.4f}")
    return steps


if __name__ == "__main__":
    main()
