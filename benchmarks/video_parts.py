"""Masks that move, and ranges, beside the whole film; see benchmarks/README.md.

python benchmarks/video_parts.py --films=films
"""

import argparse
import itertools
import tempfile
from pathlib import Path

import numpy as np
from film_clips import make_clip, read_clips

from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.images.samples import sample_photographs
from multistyle.network.models import FAST_MODEL
from multistyle.video.film import paint_film
from multistyle.video.motion import MotionEstimator, warp

KINDS = ("moving", "still", "passing")
# The disc in which the first style is painted moves otherwise than the film:
# pixels a frame, to the right; and the width of its soft edge.
SPEED = 2
SOFTNESS = 6
# The part that is painted by itself, of so many frames before the last.
RANGE = 4
# The first frames have nothing to hold yet.
NUM_LEFT_OUT = 4
# What is asked for: of the flicker frame by frame, in each style and where one
# passes into the other; levels of 255 in the mean, from a range to the whole.
BARS = {"inside": 0.45, "outside": 0.45, "edge": 1.0, "range": 1.0}
HEADING = f"{'':16} inside  outside  edge    range (without lead-in)  worst"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(";")[0])
    parser.add_argument("--model", default=FAST_MODEL)
    parser.add_argument(
        "--styles",
        default="starry_night,great_wave",
        help="inside and outside of the mask; default: %(default)s",
    )
    parser.add_argument(
        "--size", type=int, default=160, help="pixels a side; default: 160"
    )
    parser.add_argument(
        "--frames", type=int, default=24, help="a clip; default: 24"
    )
    parser.add_argument(
        "--films", type=Path, help="a folder of films that are painted, too"
    )
    options = parser.parse_args()
    photograph = read_image(sample_photographs()[0])
    counts = {"size": options.size, "num_frames": options.frames}
    clips = {kind: make_clip(photograph, kind, **counts) for kind in KINDS}
    if options.films is not None:
        found = read_clips(options.films, **counts)
        clips.update({name: clip for name, (clip,) in found.items()})
    print(f"`{options.model}`, {options.styles}")
    print(HEADING)
    for name, clip in clips.items():
        with tempfile.TemporaryDirectory() as folder:
            line = measure(clip, Path(folder), options)
        print(f"{name:16} {line}", flush=True)


def measure(clip, folder, options):
    """Paints a clip whole and in part, and returns a line of figures."""
    masks = draw_masks(clip.frames)
    inside, outside = options.styles.split(",")
    for number, (frame, mask) in enumerate(
        zip(clip.frames, masks, strict=True)
    ):
        levels = np.rint(255 * mask).astype(np.uint8)
        write(folder / f"in_{number:03}.png", frame)
        write(folder / f"first_{number:03}.png", levels)
        write(folder / f"second_{number:03}.png", 255 - levels)

    def paint(name, **of_film):
        paint_film(
            folder / "in_%03d.png",
            folder / f"{name}_%03d.png",
            mask={
                inside: str(folder / "first_%03d.png"),
                outside: str(folder / "second_%03d.png"),
            },
            model=options.model,
            fps=25,
            **of_film,
        )
        paths = sorted(folder.glob(f"{name}_*.png"))
        return [read_image(path) for path in paths]

    alone, held = paint("alone", stability=0), paint("held")
    shares = [
        max(0, now) / max(before, 1e-9)
        for before, now in zip(
            flickers(clip, masks, alone),
            flickers(clip, masks, held),
            strict=True,
        )
    ]
    begin = len(held) - RANGE - 1
    part = paint("part", begin=f"{begin}f", end=f"{begin + RANGE}f")
    # A film that begins there is the same part, without what came before.
    for path in folder.glob("in_*.png"):
        if int(path.stem[3:]) < begin:
            path.unlink()
    for name in ("first", "second"):
        for path in folder.glob(f"{name}_*.png"):
            if int(path.stem.rpartition("_")[2]) < begin:
                path.unlink()
    begun = paint("begun")[:RANGE]
    whole = np.int32(held[begin : begin + RANGE])
    differences = [np.abs(np.int32(each) - whole) for each in (part, begun)]
    means = [float(difference.mean()) for difference in differences]
    figures = [*zip(BARS, [*shares, means[0]], strict=True)]
    starred = [
        f"{value:5.2f}{'*' if value > BARS[name] else ' '}"
        for name, value in figures
    ]
    return (
        f"{starred[0]}  {starred[1]}  {starred[2]}  {starred[3]} "
        f"({means[1]:.2f}) {differences[0].max():15}"
    )


def draw_masks(frames):
    """Draws the disc of each frame, float32 [H, W] in [0, 1]."""
    height, width = frames[0].shape[:2]
    rows, columns = np.mgrid[:height, :width]
    masks = []
    for number in range(len(frames)):
        middle = width / 3 + SPEED * number
        distance = np.hypot(rows - height / 2, columns - middle)
        ramp = (min(height, width) / 3 - distance) / SOFTNESS + 0.5
        masks.append(ramp.clip(0, 1).astype(np.float32))
    return masks


def flickers(clip, masks, painted):
    """Returns the flicker figures inside of the mask, outside, at its edge."""
    estimator = MotionEstimator()
    sums, counts = np.zeros(3), np.zeros(3)
    for number, (first, second) in enumerate(itertools.pairwise(clip.frames)):
        motion = estimator.estimate(first, second)
        if number < NUM_LEFT_OUT or motion.is_cut or number + 1 in clip.cuts:
            continue
        added = _difference(painted, number, motion)
        added -= _difference(clip.frames, number, motion)
        before = warp(masks[number], motion.flow)
        least, most = (
            choose(before, masks[number + 1])
            for choose in (np.minimum, np.maximum)
        )
        is_inside, is_outside = least >= 1, most <= 0
        areas = (is_inside, is_outside, ~(is_inside | is_outside))
        for index, area in enumerate(areas):
            sums[index] += added[area & motion.is_visible].sum()
            counts[index] += (area & motion.is_visible).sum()
    return sums / np.maximum(counts, 1)


def _difference(frames, number, motion):
    """Returns float [H, W], how far a frame is from the one before, moved."""
    before, after = (np.float32(frame) for frame in frames[number : number + 2])
    moved = warp(before, motion.flow, is_smooth=True)
    return np.abs(moved - after).mean(axis=2) / 255


def write(path, pixels):
    """Writes a picture, [H, W, 3], or [H, W] of grey."""
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[..., None], 3, axis=2)
    write_image(path, pixels)


if __name__ == "__main__":
    main()
