"""How still a painted film is, and what that costs: figures and their bars."""

import itertools
from typing import NamedTuple

import cv2
import numpy as np

from multistyle.images.values import to_uint8
from multistyle.video.flicker import measure_flicker
from multistyle.video.material.film_source import Frame
from multistyle.video.motion import MotionEstimator

RATE = 25
# The first frames have nothing to hold yet.
NUM_LEFT_OUT = 4
# A loss network is slower than what it judges; each age of what is held has its
# turn.
JUDGE_EVERY = 3
# Pixels of a frame below which what was uncovered says nothing.
_LEAST_UNCOVERED = 40

# What is asked for: at most so much of frame by frame's flicker, where the
# scene moves and where it stands; of its style loss; at least so much of its
# sharpness; at most so much of the difference elsewhere, where something was
# uncovered.
BARS = {"flicker": 0.45, "style": 1.03, "sharpness": 0.95, "ghost": 1.1}
STILL_FLICKER = 0.1


class Figures(NamedTuple):
    """Of one clip in one style.

    Attributes:
        alone, held: the flicker figure, frame by frame and held.
        style: style loss, held over frame by frame.
        sharpness: energy of the two finest bands, likewise.
        ghost: mean difference of the two where something was uncovered, over
            that elsewhere; NaN where nothing was.
        cut: levels of 255 by which the two differ at most after a cut; 0 where
            there is none.
    """

    alone: float
    held: float
    style: float
    sharpness: float
    ghost: float
    cut: float


def measure_clip(clip, painter, style_of):
    """Paints a clip, and measures it frame by frame and held.

    Args:
        clip: a `Clip`.
        painter: a `FilmPainter` that has painted nothing.
        style_of: function of a painting, float32 [H, W, 3], that returns its
            style loss.
    """
    own, motions, held = [], [], []
    estimator = MotionEstimator()
    for number, pixels in enumerate(clip.frames):
        staged = painter.paint(
            painter.follow(Frame(number, number, number / RATE, pixels))
        )
        own.append(staged.picture)
        motion = staged.motion
        if motion is not None and not motion.is_cut:
            # That of the painter is not so strict about what is uncovered.
            motion = estimator.estimate(clip.frames[number - 1], pixels)
        motions.append(motion)
        held.append(painter.stabilize(staged).picture)
    flickers = [_flicker(clip, painted) for painted in (own, held)]
    pairs = list(zip(own, held, strict=True))[NUM_LEFT_OUT:]
    losses = [[style_of(p) for p in pair] for pair in pairs[::JUDGE_EVERY]]
    energies = [[_sharpness(p) for p in pair] for pair in pairs]
    style, sharpness = (
        after / before
        for before, after in (np.mean(losses, 0), np.mean(energies, 0))
    )
    cuts = [255 * np.abs(held[n] - own[n]).max() for n in clip.cuts]
    return Figures(
        *flickers,
        style,
        sharpness,
        _ghost(pairs, motions[NUM_LEFT_OUT:]),
        float(max(cuts, default=0)),
    )


def summarize(figures):
    """Returns the `Figures` of all styles as one: means, and the worst cut."""
    columns = np.array(figures)
    ghosts = columns[:, 4]
    known = ghosts[~np.isnan(ghosts)]
    return Figures(
        *columns[:, :4].mean(axis=0),
        known.mean() if len(known) else np.nan,
        columns[:, 5].max(),
    )


def show(figures, is_still):
    """Returns a line of figures, with a star behind each beyond its bar."""
    # Below 0 it is calmer than the film.
    share = max(0, figures.held) / max(figures.alone, 1e-9)
    bars = {**BARS, "flicker": STILL_FLICKER if is_still else BARS["flicker"]}

    def star(name, value):
        is_beyond = (
            value < bars[name] if name == "sharpness" else value > bars[name]
        )
        return f"{value:5.2f}{'*' if is_beyond else ' '}"

    return (
        f"{figures.alone:7.4f} {figures.held:7.4f} {star('flicker', share)} "
        f"{figures.style:6.3f}{'*' if figures.style > bars['style'] else ' '} "
        f"{star('sharpness', figures.sharpness)} "
        f"{star('ghost', figures.ghost)} {figures.cut:4.1f}"
    )


HEADING = f"{'':16}  alone    held share    style  sharp ghost  cut"


def _flicker(clip, painted):
    """Returns the flicker figure, scene by scene."""
    figures, counts = [], []
    bounds = [NUM_LEFT_OUT, *clip.cuts, len(painted)]
    for start, stop in itertools.pairwise(bounds):
        if stop - start > 1:
            found = measure_flicker(
                clip.frames[start:stop], map(to_uint8, painted[start:stop])
            )
            figures.append(found.figure)
            counts.append(found.num_pairs)
    return np.average(figures, weights=counts)


def _sharpness(picture):
    """Returns the energy of the two finest bands of a Laplacian pyramid."""
    energy = 0.0
    for _ in range(2):
        half = cv2.pyrDown(picture)
        band = picture - cv2.pyrUp(half, dstsize=picture.shape[1::-1])
        energy += float(np.square(band).mean())
        picture = half
    return energy


def _ghost(pairs, motions):
    """Returns the difference where something was uncovered over elsewhere."""
    inside, outside, count = 0.0, 0.0, 0
    for (own, held), motion in zip(pairs, motions, strict=True):
        if motion is None or motion.is_cut:
            continue
        difference = np.abs(held - own).mean(axis=2)
        # Single pixels are no area.
        hidden = (~motion.is_visible).astype(np.uint8)
        hidden = cv2.erode(hidden, np.ones((3, 3), np.uint8)) > 0
        uncovered = int(hidden.sum())
        if uncovered >= _LEAST_UNCOVERED:
            inside += difference[hidden].sum()
            outside += difference[~hidden].mean() * uncovered
            count += uncovered
    return inside / outside if count and outside else np.nan
