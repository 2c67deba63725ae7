"""Makes the pocket loss network from VGG-16 and writes it into the package.

python recipes/pocket.py PAINTINGS PHOTOGRAPHS [NETWORK ...]

Needs TensorFlow and the weights of VGG-16. The networks (models, as for
interpolate.py; "paintings" unless given) make the pastiches that the pocket
is shown, whole and half spoilt by random weights.

1. Bottom up, each layer keeps the channels from which the teacher's own
   features and the inputs of its next layer are best predicted, and ridge
   regression fits its kernel to the teacher's values (He et al., 2017).
2. All layers are finetuned on three errors: features, Gram matrices, and the
   direction of the losses' gradient at the picture.
3. Each named layer's linear map to the teacher's channels, A = Q R, becomes
   R: distances stay the teacher's.
"""

import sys
import time

import keras
import numpy as np
import tensorflow as tf

from multistyle.images.files import whole_file
from multistyle.network.models import find_model, load_network
from multistyle.perceptual.loss_networks import load_loss_network
from multistyle.perceptual.losses import gram_matrix, style_loss
from multistyle.perceptual.pocket import (
    POCKET_BLOCKS,
    POCKET_PATH,
    make_pocket,
)
from multistyle.training.content import ContentBatches
from multistyle.training.paintings import Paintings
from multistyle.training.photographs import open_photographs

IMAGE_SIZE = 96
STYLE_SIZE = 384
BATCH_SIZE = 4
NUM_CHUNKS = 14
BATCHES_A_CHUNK = 16
USES_OF_A_CHUNK = 6
LEARNING_RATE = 1e-3
GRADIENT_WEIGHT = 2.0
RIDGE = 1e-4
NUM_FIRST = 32
DECEIT_STEPS = 4
DECEIT_RATE = 0.03
# Content 1 and style 6, the mean over four layers, in the layers' order:
# relu1_2, relu2_2, content and style of relu3_3, relu4_3.
LAYER_WEIGHTS = (1.5, 1.5, 1.0, 1.5, 1.5)
MEAN_BGR = (103.939, 116.779, 123.68)
MEAN_RGB = 0.45


class Pictures:
    """Threes of a pastiche, its photograph and a painting."""

    def __init__(self, paintings_spec, photographs_spec, models):
        self.random = np.random.default_rng(0)
        self.paintings = list(Paintings(paintings_spec).read(STYLE_SIZE))
        self.photographs = open_photographs(photographs_spec)
        self.networks = [
            load_network(find_model(model)) for model in models
        ]
        self.trained = [network.get_weights() for network in self.networks]
        self.spare = [
            type(network).from_config(network.get_config()).get_weights()
            for network in self.networks
        ]
        self.step = 0

    def draw(self, batch_size=BATCH_SIZE):
        """Returns three float32 arrays [B, S, S, 3]."""
        photographs = ContentBatches(
            self.photographs,
            1,
            batch_size,
            IMAGE_SIZE,
            first_step=self.step,
            num_steps=1,
        )[0][0]["image"]
        self.step += 1
        paintings = np.stack([self._painting() for _ in range(batch_size)])
        pastiches = np.concatenate(
            [self._paint(photographs) for _ in range(2)]
        )
        return pastiches, photographs, paintings

    def _painting(self):
        """A crop of a painting, or a flipped one, at its size or smaller."""
        painting = self.paintings[self.random.integers(len(self.paintings))]
        painting = np.asarray(painting)[:, :: self.random.choice([1, -1])]
        if self.random.random() < 0.5:
            height, width = (n // 2 * 2 for n in painting.shape[:2])
            painting = painting[:height, :width].reshape(
                height // 2, 2, width // 2, 2, 3
            )
            painting = painting.mean(axis=(1, 3))
        top, left = (
            self.random.integers(n - IMAGE_SIZE + 1)
            for n in painting.shape[:2]
        )
        return painting[top : top + IMAGE_SIZE, left : left + IMAGE_SIZE]

    def _paint(self, photographs):
        """Pastiches of a network between trained and random."""
        k = self.random.integers(len(self.networks))
        network = self.networks[k]
        part = max(0.0, self.random.uniform(-0.5, 1.0))
        network.set_weights(
            [
                (1 - part) * mine + part * other
                for mine, other in zip(
                    self.trained[k], self.spare[k], strict=True
                )
            ]
        )
        shape = (len(photographs), network.num_styles)
        weights = self.random.dirichlet(np.full(shape[1], 0.1), shape[0])
        pastiches = np.asarray(
            network(
                {
                    "image": photographs,
                    "style_weights": weights.astype(np.float32),
                }
            )
        )
        # Towards the photograph: also what lies between the two.
        mix = self.random.uniform(0, 1, (len(photographs), 1, 1, 1)) ** 3
        noise = self.random.normal(0, 0.05 * mix, pastiches.shape)
        pastiches = pastiches + mix * (photographs - pastiches) + noise
        return np.clip(pastiches, 0, 1).astype(np.float32)


def choose_channels(activations, targets, num):
    """Chooses channels from which targets are predicted best, greedily.

    Args:
        activations: float [P, C].
        targets: float [C, T], linear maps of the activations that count.
        num: int.

    Returns:
        Sorted indices [num].
    """
    moments = activations.T @ activations / len(activations)
    moments += 1e-6 * np.trace(moments) / len(moments) * np.eye(len(moments))
    chosen = []
    for _ in range(num):
        power = np.diag(moments).copy()
        gain = np.square(moments @ targets).sum(axis=1)
        gain = gain / np.maximum(power, 1e-9 * power.max())
        gain[chosen] = -1
        best = int(np.argmax(gain))
        chosen.append(best)
        column = moments[:, best : best + 1]
        moments = moments - column @ column.T / column[best]
    return np.sort(chosen)


def ridge(inputs, outputs):
    """Solves inputs @ X = outputs for X in the least squares."""
    moments = inputs.T @ inputs
    moments += RIDGE * np.trace(moments) / len(moments) * np.eye(len(moments))
    return np.linalg.solve(moments, inputs.T @ outputs)


def prune(teacher, pocket, images):
    """Fills the pocket's convolutions, bottom up.

    Returns:
        Dict layer name -> A, float32 [C of the pocket, C of the teacher].
    """
    random = np.random.default_rng(1)
    layers = [x for x in teacher.model.layers if x.name.startswith("block")]
    kernels = [layer.get_weights() for layer in layers]
    mine, theirs = images - MEAN_RGB, images[..., ::-1] * 255.0 - MEAN_BGR
    mine, theirs = mine.astype(np.float32), theirs.astype(np.float32)
    maps, k = {}, 0
    for block, widths in enumerate(POCKET_BLOCKS, 1):
        for i, width in enumerate(widths, 1):
            kernel, bias = kernels[k]
            before = np.asarray(tf.nn.conv2d(theirs, kernel, 1, "SAME") + bias)
            theirs = np.maximum(before, 0)
            places = random.permutation(before[..., 0].size)[:12000]
            flat = theirs.reshape(-1, theirs.shape[-1])[places]
            flat = flat.astype(np.float64)
            is_named = i == len(widths)
            targets = []
            if k + 1 < len(kernels):
                ahead = kernels[k + 1][0].transpose(2, 0, 1, 3)
                ahead = ahead.reshape(flat.shape[-1], -1)
                targets.append(
                    ahead / np.linalg.norm(flat @ ahead)
                )
            if is_named:
                targets.append(np.eye(flat.shape[-1]) / np.linalg.norm(flat))
            chosen = choose_channels(flat, np.hstack(targets), width)
            patches = tf.image.extract_patches(
                mine, (1, 3, 3, 1), (1, 1, 1, 1), (1, 1, 1, 1), "SAME"
            )
            patches = np.asarray(patches).reshape(before[..., 0].size, -1)
            patches = patches[places].astype(np.float64)
            patches = np.hstack([patches, np.ones((len(patches), 1))])
            wanted = before.reshape(-1, before.shape[-1])[places][:, chosen]
            # A ReLU lets scale pass: activations of mean square 1.
            wanted = wanted / np.sqrt(np.square(flat[:, chosen]).mean(axis=0))
            solution = ridge(patches, wanted)
            layer = pocket.model.get_layer(f"conv{block}_{i}")
            shape = layer.kernel.shape
            layer.set_weights([solution[:-1].reshape(shape), solution[-1]])
            mine = tf.nn.conv2d(mine, layer.kernel.value, 1, "SAME") + layer.bias.value
            mine = np.maximum(np.asarray(mine), 0)
            k += 1
        flat_mine = mine.reshape(-1, mine.shape[-1])[places]
        maps[f"relu{block}_{i}"] = ridge(flat_mine.astype(np.float64), flat)
        mine, theirs = (
            np.asarray(tf.nn.avg_pool2d(x, 2, 2, "VALID"))
            for x in (mine, theirs)
        )
    return {name: x.astype(np.float32) for name, x in maps.items()}


class Distillation:
    """Teaches the pocket the features, Gram matrices and gradients of VGG-16.

    Args:
        teacher, pocket: `LossNetwork`s with the same layer names.
        maps: dict layer name -> A [C of the pocket, C of the teacher].
    """

    def __init__(self, teacher, pocket, maps):
        self.teacher, self.pocket = teacher, pocket
        self.names = pocket.style_layers
        self.maps = {
            name: keras.Variable(value) for name, value in maps.items()
        }
        kept = [
            layer
            for layer in pocket.model.layers
            if layer.name not in self.names
        ]
        self.variables = [v for layer in kept for v in layer.weights]
        self.variables += self.maps.values()
        self.optimizer = keras.optimizers.Adam(beta_2=0.99)
        self.optimizer.build(self.variables)

    def _look(self, network, pastiches, photographs, paintings, weights):
        """Returns features, in two parts, and the gradient at the pastiches.

        The loss is the relative one of training, weighted by picture and
        layer; the pocket's is measured after its map to the teacher.
        """
        others = network.model(tf.concat([photographs, paintings], 0))
        times = len(pastiches) // len(photographs)
        with tf.GradientTape() as tape:
            tape.watch(pastiches)
            mine = network.model(pastiches)
            losses = []
            for name in self.names:
                size = len(photographs)
                content, style = others[name][:size], others[name][size:]
                if name == network.content_layer:
                    target = tf.tile(content, (times, 1, 1, 1))
                    change = self._power(network, name, mine[name] - target)
                    power = self._power(network, name, target)
                    losses.append(change / (power + 1.0))
                target = self._gram(network, name, style)
                target = tf.tile(target, (times, 1, 1))
                gram = self._gram(network, name, mine[name])
                losses.append(style_loss({"": gram}, {"": target}))
            loss = tf.reduce_sum(tf.stack(losses, axis=1) * weights)
        return mine, others, tape.gradient(loss, pastiches)

    def _gram(self, network, name, features):
        gram = gram_matrix(features)
        if network is self.teacher:
            return gram
        matrix = self.maps[name].value
        return tf.matmul(matrix, gram @ matrix, transpose_a=True)

    def _power(self, network, name, features):
        """Mean square of the features, as of the teacher's channels."""
        gram = self._gram(network, name, features)
        return tf.linalg.trace(gram) / gram.shape[-1]

    @tf.function
    def teach(self, pictures, weights):
        """Returns the teacher's features of all pictures and its gradient."""
        mine, others, gradient = self._look(self.teacher, *pictures, weights)
        features = [
            tf.concat([mine[name], others[name]], 0) for name in self.names
        ]
        return features, gradient

    @tf.function
    def deceive(self, pastiches, photographs, paintings, weights):
        """Makes pictures that the pocket likes better than it should."""
        for _ in range(DECEIT_STEPS):
            gradient = self._look(
                self.pocket, pastiches, photographs, paintings, weights
            )[-1]
            scale = tf.math.reduce_std(gradient, (1, 2, 3), keepdims=True)
            pastiches -= DECEIT_RATE * gradient / (scale + 1e-20)
            pastiches = tf.clip_by_value(pastiches, 0, 1)
        return pastiches

    @tf.function
    def learn(self, pictures, weights, features, gradient):
        """Takes one step.

        Returns:
            Errors [3, layers]: features, Gram matrices, and 1 - cosine.
        """
        with tf.GradientTape() as tape:
            mine, others, direction = self._look(
                self.pocket, *pictures, weights
            )
            errors = []
            for name, wanted in zip(self.names, features, strict=True):
                own = tf.concat([mine[name], others[name]], 0)
                gram = self._gram(self.pocket, name, own)
                target = gram_matrix(wanted)
                # |S A - F|^2 from second moments: nothing of the size of F.
                cross = tf.einsum(
                    "bhwc,bhwd->cd",
                    tf.cast(own, "float32"),
                    tf.cast(wanted, "float32"),
                ) / (wanted.shape[1] * wanted.shape[2])
                power = tf.reduce_sum(tf.linalg.trace(target))
                change = tf.reduce_sum(tf.linalg.trace(gram)) + power
                change -= 2 * tf.reduce_sum(cross * self.maps[name].value)
                errors.append(change / power)
                errors.append(
                    tf.reduce_mean(style_loss({"": gram}, {"": target}))
                )
            product = tf.reduce_sum(direction * gradient, (1, 2, 3))
            powers = tf.reduce_sum(direction**2, (1, 2, 3)) * tf.reduce_sum(
                gradient**2, (1, 2, 3)
            )
            cosines = product * tf.math.rsqrt(powers + 1e-30)
            errors.append(1 - tf.reduce_mean(cosines))
            total = tf.add_n(errors[:-1]) / len(self.names)
            total += GRADIENT_WEIGHT * errors[-1]
        variables = [v.value for v in self.variables]
        self.optimizer.apply(tape.gradient(total, variables), self.variables)
        return tf.stack(errors)

    def export(self):
        """Turns each map to the teacher into the named layer's kernel."""
        for name, to_teacher in self.maps.items():
            # A' = Q R: what a row S A of the teacher's space measures, S R'
            # measures too.
            matrix = np.asarray(to_teacher.value, np.float64).T
            r = np.linalg.qr(matrix, mode="r")
            r = r * np.sqrt(r.shape[0] / matrix.shape[0])
            self.pocket.model.get_layer(name).set_weights(
                [r.T[None, None].astype(np.float32)]
            )
        with whole_file(POCKET_PATH) as file:
            np.savez(
                file,
                **{
                    f"{layer.name}/{w.name}": np.asarray(w.value, np.float16)
                    for layer in self.pocket.model.layers
                    for w in layer.weights
                },
            )
        for name in self.maps:
            layer = self.pocket.model.get_layer(name)
            layer.set_weights([np.eye(layer.filters)[None, None]])


def main(paintings, photographs, *models):
    keras.utils.set_random_seed(0)
    policy = "mixed_bfloat16"
    teacher = load_loss_network("vgg16", dtype=policy)
    pocket = make_pocket(policy)
    pictures = Pictures(paintings, photographs, models or ["paintings"])
    start = time.monotonic()

    first = np.concatenate(pictures.draw(NUM_FIRST))
    maps = prune(teacher, pocket, first)
    distillation = Distillation(teacher, pocket, maps)
    distillation.export()
    print(f"pruned {time.monotonic() - start:.0f} s", flush=True)
    num_steps = NUM_CHUNKS * BATCHES_A_CHUNK * USES_OF_A_CHUNK
    step = 0
    for _ in range(NUM_CHUNKS):
        lessons = []
        for i in range(BATCHES_A_CHUNK):
            drawn = [tf.constant(x) for x in pictures.draw()]
            weights = pictures.random.exponential(
                1.0, (2 * BATCH_SIZE, len(LAYER_WEIGHTS))
            )
            weights = tf.constant(weights * LAYER_WEIGHTS, tf.float32)
            if i % 2:
                drawn[0] = distillation.deceive(*drawn, weights)
            lessons.append(
                (drawn, weights, *distillation.teach(drawn, weights))
            )
        errors = []
        for i in pictures.random.permutation(USES_OF_A_CHUNK * len(lessons)):
            step += 1
            rate = min(1, step / 50, 1.5 * (1.001 - step / num_steps))
            distillation.optimizer.learning_rate.assign(LEARNING_RATE * rate)
            errors.append(distillation.learn(*lessons[i % len(lessons)]))
        distillation.export()
        print(step, f"{time.monotonic() - start:.0f} s {time.process_time():.0f} cpu", np.round(np.mean(errors, axis=0), 3), flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
