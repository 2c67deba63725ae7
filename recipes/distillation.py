"""Distillation: a pocket network learns to judge as its teacher does."""

import keras
import numpy as np
import tensorflow as tf

from multistyle.perceptual.losses import gram_matrix

GRADIENT_WEIGHT = 3.0
DECEIT_STEPS = 4
DECEIT_RATE = 0.03


class Distillation:
    """Teaches the pocket the features, Gram matrices and gradients of VGG-16.

    Args:
        teacher, pocket: `LossNetwork`s with the same named layers; the
            pocket's named layers must hold the identity.
        maps: dict layer name -> float32 [C of the pocket, C of the teacher],
            A, trained with the rest.

    Pictures:
        Tuple of pastiches [k B, S, S, 3], their photographs [B, S, S, 3], k
        times over, and paintings [B, S, S, 3], float32 in [0, 1].
        "weights", float32 [k B, L], weigh the losses of each pastiche: the
        style losses in the layers' order, content before that of its layer.
    """

    def __init__(self, teacher, pocket, maps):
        self.teacher, self.pocket = teacher, pocket
        self.names = pocket.style_layers
        self.maps = {name: keras.Variable(a) for name, a in maps.items()}
        self.num_channels = {name: a.shape[1] for name, a in maps.items()}
        self.variables = [
            variable
            for layer in pocket.model.layers
            if layer.name not in self.names
            for variable in layer.weights
        ]
        self.variables += self.maps.values()
        self.optimizer = keras.optimizers.Adam(beta_2=0.99)
        self.optimizer.build(self.variables)

    @tf.function
    def teach(self, pictures, weights):
        """Returns the teacher's features, Gram matrices and gradient.

        The first two are lists, a tensor a layer, of all pictures.
        """
        features, gradient = self._look(self.teacher, pictures, weights)
        grams = [gram_matrix(x) for x in features]
        return features, grams, gradient

    @tf.function
    def deceive(self, pictures, weights):
        """Returns pastiches that the pocket likes better than it should.

        They are what a training against the pocket makes: a few steps down
        its own gradient.
        """
        pastiches, *others = pictures
        for _ in range(DECEIT_STEPS):
            _, gradient = self._look(self.pocket, (pastiches, *others), weights)
            scale = tf.math.reduce_std(gradient, (1, 2, 3), keepdims=True)
            pastiches -= DECEIT_RATE * gradient / (scale + 1e-20)
            pastiches = tf.clip_by_value(pastiches, 0, 1)
        return pastiches

    @tf.function
    def learn(self, pictures, weights, features, grams, gradient):
        """Takes one step.

        Args:
            pictures, weights: see above.
            features, grams, gradient: as `teach` returns them.

        Returns:
            float32 [2 * layers + 1]: per layer the relative errors of the
            features, |S A - F|^2 / |F|^2, and of the Gram matrices; last
            1 - the cosine of the gradient at the pastiches.
        """
        with tf.GradientTape() as tape:
            mine, direction = self._look(self.pocket, pictures, weights)
            errors = []
            for name, own, wanted, target in zip(
                self.names, mine, features, grams, strict=True
            ):
                # From second moments, so that S A need not be made.
                a = self.maps[name].value
                gram = gram_matrix(own)
                cross = tf.einsum("bhwc,bhwd->bcd", own, wanted)
                cross = tf.cast(cross, "float32")
                cross /= wanted.shape[1] * wanted.shape[2]
                power = tf.reduce_sum(tf.linalg.trace(target))
                change = tf.reduce_sum(self._power(gram, name)) + power
                change -= 2 * tf.reduce_sum(cross * a)
                errors.append(change / power)
                cross = a @ tf.matmul(target, a, transpose_b=True)
                power = tf.reduce_sum(target**2, (1, 2))
                change = self._square(gram, name) + power
                change -= 2 * tf.reduce_sum(cross * gram, (1, 2))
                errors.append(tf.reduce_mean(change / power))
            errors.append(1 - tf.reduce_mean(cosines(direction, gradient)))
            total = tf.add_n(errors[:-1]) / len(self.names)
            total += GRADIENT_WEIGHT * errors[-1]
        variables = [variable.value for variable in self.variables]
        self.optimizer.apply(tape.gradient(total, variables), self.variables)
        return tf.stack(errors)

    def _look(self, network, pictures, weights):
        """Returns all pictures' features, a list, and the gradient."""
        pastiches, photographs, paintings = pictures
        size = len(photographs)
        times = len(pastiches) // size
        others = network.model(tf.concat([photographs, paintings], 0))
        with tf.GradientTape() as tape:
            tape.watch(pastiches)
            mine = network.model(pastiches)
            losses = []
            for layer in self.names:
                name = layer if network is self.pocket else None
                content, style = others[layer][:size], others[layer][size:]
                if layer == network.content_layer:
                    target = tf.tile(content, (times, 1, 1, 1))
                    change = gram_matrix(mine[layer] - target)
                    num_channels = self.num_channels[layer]
                    power = self._power(gram_matrix(target), name)
                    losses.append(
                        self._power(change, name) / (power + num_channels)
                    )
                target = tf.tile(gram_matrix(style), (times, 1, 1))
                change = gram_matrix(mine[layer]) - target
                losses.append(
                    self._square(change, name) / self._square(target, name)
                )
            loss = tf.reduce_sum(tf.stack(losses, axis=1) * weights)
        features = [
            tf.concat([mine[name], others[name]], 0) for name in self.names
        ]
        return features, tape.gradient(loss, pastiches)

    def _power(self, gram, name=None):
        """Sums squares over channels, [B]; a pocket layer's after A."""
        if name is None:
            return tf.linalg.trace(gram)
        return tf.reduce_sum(gram * self._metric(name), (1, 2))

    def _square(self, gram, name=None):
        """|G|^2, [B]; a pocket layer's |A' G A|^2."""
        if name is None:
            return tf.reduce_sum(gram**2, (1, 2))
        product = gram @ self._metric(name)
        return tf.reduce_sum(product * tf.transpose(product, (0, 2, 1)), (1, 2))

    def _metric(self, name):
        a = self.maps[name].value
        return tf.matmul(a, a, transpose_b=True)


def cosines(first, second):
    """Returns the cosine of each picture's gradients, [B]."""
    product = tf.reduce_sum(first * second, (1, 2, 3))
    power = tf.reduce_sum(first**2, (1, 2, 3))
    power *= tf.reduce_sum(second**2, (1, 2, 3))
    return product * tf.math.rsqrt(power + 1e-30)


def teacher_metric(to_teacher):
    """Returns a square map after which distances are the teacher's.

    A = R' Q with orthonormal rows in Q, so that S R' differ as S A do; scaled
    so that means over channels are the teacher's, too.

    Args:
        to_teacher: A, float [C of the pocket, C of the teacher].

    Returns:
        float32 [C, C] of the pocket, lower triangular.
    """
    matrix = np.asarray(to_teacher, np.float64)
    num_mine, num_theirs = matrix.shape
    r = np.linalg.qr(matrix.T, mode="r") * np.sqrt(num_mine / num_theirs)
    return r.T.astype(np.float32)
