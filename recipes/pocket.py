"""Makes the pocket loss network from VGG-16 and writes it into the package.

python recipes/pocket.py PAINTINGS PHOTOGRAPHS

Needs TensorFlow, the weights of VGG-16 and 3 GB of memory; takes about 20
minutes on one core.

1. Each layer keeps the channels that tell most of what the teacher sees, and
   least squares fits its kernel (pruning.py).
2. All layers learn three things at once: the teacher's features, its Gram
   matrices, and where the gradient of the losses points (distillation.py).
   Half of the pictures are pastiches by the bundled network, mixed with
   random weights to be as good as any half-trained one, a quarter photographs
   and a quarter paintings; half of the pastiches then deceive the pocket.
3. Each named layer becomes a linear map after which distances are the
   teacher's, and the arrays are stored as float16. The model card,
   pocket.json, is written by hand.
"""

import sys
import time

import keras
import numpy as np
import tensorflow as tf
from distillation import Distillation, teacher_metric
from pruning import prune

from multistyle.files.whole_files import whole_file
from multistyle.learning.paintings import Paintings
from multistyle.network.models import (
    DEFAULT_MODEL,
    find_model,
    load_network,
)
from multistyle.perceptual.loss_networks import load_loss_network
from multistyle.perceptual.pocket import POCKET_PATH, make_pocket
from multistyle.training.material.content import ContentBatches
from multistyle.training.material.photographs import open_photographs

IMAGE_SIZE = 96
STYLE_SIZE = 384
BATCH_SIZE = 4
NUM_FIRST = 40
NUM_CHUNKS = 30
BATCHES_A_CHUNK = 16
USES_OF_A_CHUNK = 4
LEARNING_RATE = 5e-4
# Content 1 and style 6, which is the mean over four layers, in the order
# relu1_2, relu2_2, content and style of relu3_3, relu4_3.
LOSS_WEIGHTS = (1.5, 1.5, 1.0, 1.5, 1.5)


class Pictures:
    """What a loss network meets: pastiches, photographs and paintings.

    Args:
        paintings_spec, photographs_spec: folders or globs.
    """

    def __init__(self, paintings_spec, photographs_spec):
        self.random = np.random.default_rng(0)
        self._paintings = list(Paintings(paintings_spec).read(STYLE_SIZE))
        self._photographs = open_photographs(photographs_spec)
        self._network = load_network(find_model(DEFAULT_MODEL))
        self._trained = self._network.get_weights()
        config = self._network.get_config()
        self._untrained = type(self._network).from_config(config).get_weights()
        self._num_batches = 0

    def draw(self, batch_size):
        """Returns pastiches [2 B, S, S, 3], photographs and paintings."""
        photographs = ContentBatches(
            self._photographs,
            1,
            batch_size,
            IMAGE_SIZE,
            first_step=self._num_batches,
            num_steps=1,
        )[0][0]["image"]
        self._num_batches += 1
        paintings = [self._crop_a_painting() for _ in range(batch_size)]
        pastiches = [self._paint(photographs) for _ in range(2)]
        return np.concatenate(pastiches), photographs, np.stack(paintings)

    def _crop_a_painting(self):
        """Crops a painting or its mirror image, whole size or half."""
        painting = self._paintings[self.random.integers(len(self._paintings))]
        painting = painting[:, :: self.random.choice([1, -1])]
        if self.random.random() < 0.5:
            height, width = (n // 2 for n in painting.shape[:2])
            painting = painting[: 2 * height, : 2 * width]
            painting = painting.reshape(height, 2, width, 2, 3)
            painting = painting.mean(axis=(1, 3))
        top, left = (
            self.random.integers(n - IMAGE_SIZE + 1) for n in painting.shape[:2]
        )
        return painting[top : top + IMAGE_SIZE, left : left + IMAGE_SIZE]

    def _paint(self, photographs):
        """Paints with a network between trained and not trained at all."""
        part = max(0.0, self.random.uniform(-0.5, 1.0))
        pairs = zip(self._trained, self._untrained, strict=True)
        self._network.set_weights([a + part * (b - a) for a, b in pairs])
        shape = len(photographs), self._network.num_styles
        style_weights = self.random.dirichlet(np.full(shape[1], 0.1), shape[0])
        inputs = {
            "image": photographs,
            "style_weights": style_weights.astype(np.float32),
        }
        pastiches = np.asarray(self._network(inputs))
        # Most are pastiches; some are on the way back to the photograph.
        mix = self.random.uniform(0, 1, (len(photographs), 1, 1, 1)) ** 3
        noise = self.random.normal(0, 0.05 * mix, pastiches.shape)
        pastiches = pastiches + mix * (photographs - pastiches) + noise
        return np.clip(pastiches, 0, 1).astype(np.float32)


def draw_lessons(pictures, distillation):
    """Returns a chunk of what `Distillation.learn` takes."""
    lessons = []
    for i in range(BATCHES_A_CHUNK):
        drawn = [tf.constant(x) for x in pictures.draw(BATCH_SIZE)]
        shape = len(drawn[0]), len(LOSS_WEIGHTS)
        weights = pictures.random.exponential(1.0, shape) * LOSS_WEIGHTS
        weights = tf.constant(weights, tf.float32)
        if i % 2:
            drawn[0] = distillation.deceive(drawn, weights)
        lessons.append((drawn, weights, *distillation.teach(drawn, weights)))
    return lessons


def save(pocket, maps):
    """Writes the pocket's file, named layers from the maps to the teacher."""
    arrays = {}
    for layer in pocket.model.layers:
        for variable in layer.weights:
            value = np.asarray(variable.value)
            if layer.name in maps:
                value = teacher_metric(maps[layer.name].value)[None, None]
            name = f"{layer.name}/{variable.name}"
            arrays[name] = value.astype(np.float16)
    with whole_file(POCKET_PATH) as file:
        np.savez(file, **arrays)


def main(paintings, photographs):
    keras.utils.set_random_seed(0)
    teacher = load_loss_network("vgg16", dtype="mixed_bfloat16")
    pocket = make_pocket("mixed_bfloat16")
    pictures = Pictures(paintings, photographs)
    maps = prune(teacher, pocket, np.concatenate(pictures.draw(NUM_FIRST)))
    distillation = Distillation(teacher, pocket, maps)

    start = time.monotonic()
    num_steps = NUM_CHUNKS * BATCHES_A_CHUNK * USES_OF_A_CHUNK
    step = 0
    for _ in range(NUM_CHUNKS):
        lessons = draw_lessons(pictures, distillation)
        errors = []
        for i in pictures.random.permutation(USES_OF_A_CHUNK * len(lessons)):
            step += 1
            rate = min(1, step / 50, 1.5 * (1.001 - step / num_steps))
            distillation.optimizer.learning_rate.assign(LEARNING_RATE * rate)
            errors.append(distillation.learn(*lessons[i % len(lessons)]))
        means = " ".join(f"{x:.3f}" for x in np.mean(errors, axis=0))
        seconds = time.monotonic() - start
        print(f"{step}/{num_steps}  {seconds:.0f} s  {means}", flush=True)
    save(pocket, distillation.maps)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
