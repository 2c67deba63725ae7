"""Trains the reader of a bundled model, which reads a style off a painting.

    python recipes/reader.py MODEL PAINTINGS PHOTOGRAPHS MINUTES HIDDEN

The model is frozen. PAINTINGS is a folder, searched, of paintings and textures;
those named p_...7 are kept for scoring. HIDDEN are the widths of the two hidden
layers, as in 512,256. Most of it is judged by `pocket` on crops of 128 px; the
end, at a falling rate, by VGG-16 on crops of 192 px. The average of the weights
becomes multistyle/learning/bundled/MODEL.npz; the card beside it is written by
hand. What it scores at the end of each part, by `pocket` on every fourth of the
paintings that are kept, stands there and in docs/notebook.md.
"""

import sys
import time
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from PIL import Image
from reader_views import Views, find_paintings

from multistyle.files.whole_files import whole_file
from multistyle.learning.reader import READERS_FOLDER
from multistyle.learning.row_painter import RowPainter
from multistyle.network.growth import style_rows
from multistyle.network.models import load_network
from multistyle.network.rows import join_layers
from multistyle.network.styles import fingerprint
from multistyle.perceptual.color_spread import (
    color_covariance,
    color_spread_loss,
)
from multistyle.perceptual.lattice import lattice_loss
from multistyle.perceptual.loss_networks import load_loss_network
from multistyle.perceptual.losses import (
    content_loss,
    style_loss,
    total_variation_loss,
)
from multistyle.perceptual.spectrum import mean_spectrum
from multistyle.perceptual.weave import weave_loss

POLICY = "mixed_bfloat16"
# Of the time, by pocket; and of the learning rate, at the start and the end of
# each part.
POCKET_SHARE = 0.55
RATES = {"pocket": (1e-3, 7e-4), "vgg16": (6e-4, 1e-5)}
# Side and number of the crops of a batch.
CROPS = {"pocket": (128, 8), "vgg16": (192, 4)}
AVERAGE_DECAY = 0.999
SHORT_SIDE = 256


class Photographs:
    """Random crops of photographs.

    Args:
        folder: path of a folder of JPEG files.
    """

    def __init__(self, folder):
        self._paths = sorted(Path(folder).glob("*.jpg"))
        self._images = {}

    def crops(self, rng, size, count):
        """Returns float32 [count, size, size, 3] in [0, 1]."""
        return np.stack(
            [self._crop(rng, size) for _ in range(count)]
        ) / np.float32(255)

    def _crop(self, rng, size):
        path = self._paths[rng.integers(len(self._paths))]
        if path not in self._images:
            image = Image.open(path).convert("RGB")
            factor = SHORT_SIDE / min(image.size)
            self._images[path] = image.resize(
                [round(side * factor) for side in image.size],
                Image.Resampling.LANCZOS,
            )
        image = self._images[path]
        cut = rng.uniform(size, min(2 * size, SHORT_SIDE))
        left = rng.uniform(0, image.width - cut)
        top = rng.uniform(0, image.height - cut)
        crop = np.asarray(
            image.resize(
                (size, size),
                Image.Resampling.BICUBIC,
                (left, top, left + cut, top + cut),
            )
        )
        return crop[:, ::-1] if rng.random() < 0.5 else crop


class Training:
    """Trains a perceptron whose numbers are rows, through their pictures."""

    def __init__(self, network, views, photographs, hidden):
        self.painter = RowPainter(network, dtype=POLICY)
        self.fingerprint = fingerprint(network)
        self.views, self.photographs = views, photographs
        # Of the first twelve, so that a grown model gives the same.
        rows = np.concatenate(
            join_layers(style_rows(network, network.style_names[:12])), axis=1
        )
        self.mean_row, self.scale = rows.mean(axis=0), 2 * rows.std(axis=0)
        numbers = np.stack([s.numbers() for s in views.statistics])
        self.mean, self.deviation = numbers.mean(0), numbers.std(0) + 1e-4
        layers = [
            keras.layers.Dense(
                width,
                activation=lambda x: keras.activations.gelu(
                    x, approximate=True
                ),
            )
            for width in hidden
        ]
        layers.append(
            keras.layers.Dense(
                len(self.scale),
                kernel_initializer=keras.initializers.RandomNormal(stddev=0.01),
            )
        )
        self.perceptron = keras.Sequential(
            [
                keras.Input((len(self.mean),)),
                keras.layers.GaussianNoise(0.05),
                *layers,
            ]
        )
        self.variables = self.perceptron.trainable_variables
        self.averages = [tf.Variable(v.value) for v in self.variables]
        self.optimizer = keras.optimizers.Adam(beta_2=0.99)
        self.optimizer.build(self.variables)
        self.rng = np.random.default_rng(0)

    def train(self, loss_network, minutes):
        """Trains for some minutes under one loss network."""
        name = loss_network.name
        size, count = CROPS[name]
        first, last = RATES[name]
        step = self._make_step(loss_network)
        start, steps = time.time(), 0
        while (done := (time.time() - start) / (minutes * 60)) < 1:
            rate = first * (1 - done) + last * done
            self.optimizer.learning_rate.assign(
                rate * min(1, (steps + 1) / 100)
            )
            numbers, *aims = self.views.draw(self.rng, count, name)
            numbers = (numbers - self.mean) / self.deviation
            losses = step(
                self.photographs.crops(self.rng, size, count),
                np.clip(numbers, -4, 4).astype("f"),
                *aims,
                np.float32(min(AVERAGE_DECAY, (1 + steps) / (50 + steps))),
            )
            steps += 1
            if steps % 100 == 0:
                content, style, colors = (float(loss) for loss in losses)
                print(
                    f"{name} {steps} {100 * done:.0f} % content {content:.3f} "
                    f"style {style:.3f} colors {colors:.3f}",
                    flush=True,
                )

    def _make_step(self, network):
        @tf.function
        def step(photograph, numbers, grams, weaves, colors, decay):
            with tf.GradientTape() as tape:
                read = self.perceptron(numbers, training=True)
                rows = self.mean_row + self.scale * read
                image = self.painter(photograph, rows)
                features = network(image)
                layer = network.content_layer
                content = content_loss(
                    features[layer], network.content_features(photograph)
                )
                style = style_loss(network.gram_matrices(features), grams)
                spectrum = mean_spectrum(image)
                spread = color_spread_loss(color_covariance(image), colors)
                loss = tf.reduce_mean(
                    content
                    + 6 * tf.minimum(style, 3.0)
                    + 0.15 * total_variation_loss(image)
                    + 0.2 * lattice_loss(spectrum)
                    + 0.3 * tf.nn.relu(weave_loss(spectrum) - weaves)
                    + 0.3 * spread
                )
            gradients = tape.gradient(loss, self.variables)
            gradients, norm = tf.clip_by_global_norm(gradients, 5.0)
            if tf.math.is_finite(norm):
                self.optimizer.apply(gradients, self.variables)
                for mine, new in zip(
                    self.averages, self.variables, strict=True
                ):
                    mine.assign(decay * mine + (1 - decay) * new.value)
            return [tf.reduce_mean(x) for x in (content, style, spread)]

        return step

    def score(self, views, network):
        """Prints how four crops of 192 px look in the paintings of `views`."""
        rng = np.random.default_rng(5)
        photographs = self.photographs.crops(rng, *CROPS["vgg16"])
        wanted = network.content_features(photographs)
        totals = []
        for statistics, grams in views.each(network.name):
            numbers = (statistics.numbers() - self.mean) / self.deviation
            row = self._read(np.clip(numbers, -4, 4)[None].astype("f"))
            rows = tf.repeat(self.mean_row + self.scale * row, 4, axis=0)
            features = network(self.painter(photographs, rows))
            content = content_loss(features[network.content_layer], wanted)
            style = style_loss(network.gram_matrices(features), grams)
            totals.append(float(tf.reduce_mean(content + 6 * style)))
        print(
            f"{len(totals)} paintings kept: total by {network.name} "
            f"{np.mean(totals):.3f}, median {np.median(totals):.3f}",
            flush=True,
        )

    def _read(self, x):
        """Does as the perceptron, by the averages of its weights."""
        dense = self.perceptron.layers[1:]
        for i, layer in enumerate(dense):
            kernel, bias = self.averages[2 * i : 2 * i + 2]
            x = layer.activation(x @ kernel + bias)
        return x

    def save(self, path):
        """Writes the average, which gives rows themselves, as float16."""
        arrays = {
            "mean": self.mean,
            "deviation": self.deviation,
        }
        for i in range(len(self.averages) // 2):
            kernel, bias = (np.asarray(a) for a in self.averages[2 * i :][:2])
            if 2 * i + 2 == len(self.averages):
                kernel = kernel * self.scale
                bias = bias * self.scale + self.mean_row
            arrays |= {f"kernel_{i}": kernel, f"bias_{i}": bias}
        halves = {name: a.astype(np.float16) for name, a in arrays.items()}
        with whole_file(path) as file:
            np.savez_compressed(
                file,
                fingerprint=self.fingerprint,
                num_channels=self.painter.num_channels,
                **halves,
            )


def main():
    model, paintings, photographs, minutes, hidden = sys.argv[1:]
    minutes = float(minutes)
    paths, kept = find_paintings(paintings)
    pocket = load_loss_network("pocket", dtype=POLICY)
    training = Training(
        load_network(model),
        Views(paths, pocket),
        Photographs(photographs),
        [int(width) for width in hidden.split(",")],
    )
    scoring = Views(kept[::4], pocket, views=1)
    training.train(pocket, POCKET_SHARE * minutes)
    training.score(scoring, pocket)
    vgg16 = load_loss_network("vgg16", dtype=POLICY)
    training.views.see(vgg16)
    training.train(vgg16, (1 - POCKET_SHARE) * minutes)
    training.score(scoring, pocket)
    training.save(READERS_FOLDER / f"{model}.npz")


if __name__ == "__main__":
    main()
