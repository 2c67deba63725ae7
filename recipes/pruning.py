"""Pruning: a narrow network that sees nearly what a wide one sees."""

import numpy as np
import tensorflow as tf

from multistyle.perceptual.pocket import POCKET_BLOCKS, POCKET_MEAN
from multistyle.perceptual.vgg16 import VGG16_MEAN_BGR

NUM_PLACES = 30000
NUM_ROUNDS = 10
RIDGE = 1e-4


def choose_channels(activations, targets, num_channels):
    """Chooses the channels that tell most of all, greedily.

    Each next channel is the one whose part that is not yet known from those
    chosen before explains most of what the targets still miss.

    Args:
        activations: float [P, C].
        targets: float [C, T], linear functions of the activations.
        num_channels: int.

    Returns:
        Indices [num_channels], rising.
    """
    moments = (activations.T @ activations).astype(np.float64)
    moments += 1e-6 * np.trace(moments) / len(moments) * np.eye(len(moments))
    chosen = []
    for _ in range(num_channels):
        power = np.diag(moments)
        gain = np.square(moments @ targets).sum(axis=1)
        gain = gain / np.maximum(power, 1e-9 * power.max())
        gain[chosen] = -1
        best = int(np.argmax(gain))
        chosen.append(best)
        column = moments[:, best]
        moments = moments - np.outer(column, column) / column[best]
    return np.sort(chosen)


def ridge(inputs, outputs):
    """Returns X that brings inputs @ X nearest to outputs."""
    return _solver(inputs)(outputs)


def rectified_ridge(inputs, outputs):
    """Returns X that brings relu(inputs @ X) nearest to relu(outputs).

    Where an output is below 0, any value below 0 will do: so each round
    takes what the last one found there for the output (as in Zhang et al.,
    2015, "Accelerating Very Deep Convolutional Networks").
    """
    solve = _solver(inputs)
    found = solve(outputs)
    for _ in range(NUM_ROUNDS):
        free = np.minimum(inputs @ found, 0)
        found = solve(np.where(outputs > 0, outputs, free))
    return found


def _solver(inputs):
    moments = (inputs.T @ inputs).astype(np.float64)
    moments += RIDGE * np.trace(moments) / len(moments) * np.eye(len(moments))
    inverse = np.linalg.inv(moments)
    return lambda outputs: (inverse @ (inputs.T @ outputs)).astype(np.float32)


def prune(teacher, pocket, images):
    """Fills the pocket's convolutions, bottom up; named layers change nothing.

    Channels are chosen by what they tell of their own layer's features, if
    it is a named one, and of what the next layer makes of them. The kernel
    then brings the pocket's own patches nearest to the teacher's values.

    Args:
        teacher, pocket: `LossNetwork`s.
        images: float32 [B, H, W, 3] in [0, 1].

    Returns:
        Dict layer name -> float32 [C of the pocket, C of the teacher], which
        brings the pocket's activations nearest to the teacher's.

    Reference:
        He et al., 2017, "Channel Pruning for Accelerating Very Deep Neural
        Networks".
    """
    random = np.random.default_rng(1)
    layers = [x for x in teacher.model.layers if x.name.startswith("block")]
    kernels = [layer.get_weights() for layer in layers]
    mine = (images - POCKET_MEAN).astype(np.float32)
    theirs = (images[..., ::-1] * 255.0 - VGG16_MEAN_BGR).astype(np.float32)
    maps = {}
    number = 0
    for block, widths in enumerate(POCKET_BLOCKS, 1):
        for i, width in enumerate(widths, 1):
            kernel, bias = kernels[number]
            number += 1
            before = np.asarray(tf.nn.conv2d(theirs, kernel, 1, "SAME")) + bias
            theirs = np.maximum(before, 0)
            places = random.permutation(before[..., 0].size)[:NUM_PLACES]
            known = _at(theirs, places)
            targets = []
            if i == len(widths):
                targets.append(np.eye(known.shape[1]) / np.linalg.norm(known))
            if number < len(kernels):
                ahead = kernels[number][0].transpose(2, 0, 1, 3)
                ahead = ahead.reshape(known.shape[1], -1)
                targets.append(ahead / np.linalg.norm(known @ ahead))
            chosen = choose_channels(known, np.hstack(targets), width)
            # A ReLU lets scale pass: activations get a mean square of 1.
            wanted = _at(before, places)[:, chosen]
            wanted /= np.sqrt(np.square(known[:, chosen]).mean(axis=0))
            patches = np.insert(_patches_at(mine, places), 0, 1, axis=1)
            solution = rectified_ridge(patches, wanted)
            bias, kernel = solution[0], solution[1:].astype(np.float32)
            kernel = kernel.reshape(3, 3, -1, width)
            layer = pocket.model.get_layer(f"conv{block}_{i}")
            layer.set_weights([kernel, bias])
            mine = np.asarray(tf.nn.conv2d(mine, kernel, 1, "SAME")) + bias
            mine = np.maximum(mine, 0).astype(np.float32)
        name = f"relu{block}_{i}"
        maps[name] = ridge(_at(mine, places), known).astype(np.float32)
        pocket.model.get_layer(name).set_weights([np.eye(width)[None, None]])
        mine, theirs = (
            np.asarray(tf.nn.avg_pool2d(x, 2, 2, "VALID"))
            for x in (mine, theirs)
        )
    return maps


def _at(maps, places):
    """Returns [P, C] of [B, h, w, C] at some of the B h w places."""
    return maps.reshape(-1, maps.shape[-1])[places]


def _patches_at(maps, places):
    """Returns float32 [P, 9 C]: the 3 x 3 neighbours of each place."""
    b, y, x = np.unravel_index(places, maps.shape[:3])
    padded = np.pad(maps, [(0, 0), (1, 1), (1, 1), (0, 0)])
    neighbours = [padded[b, y + i, x + j] for i in range(3) for j in range(3)]
    return np.concatenate(neighbours, axis=1)
