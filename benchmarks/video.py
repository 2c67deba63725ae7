"""What painting a film costs, and how still it is; see benchmarks/README.md.

python benchmarks/video.py --style_images=paintings
"""

import argparse
import itertools
import statistics
import tempfile
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from interleaving import median_ratio, time_in_turn

from multistyle.blends.weights import one_hot
from multistyle.evaluation.judge import PAINTING_SIZE, Judge
from multistyle.images.codecs.reading import read_image
from multistyle.images.samples import PAINTINGS_FOLDER, sample_photographs
from multistyle.inference.engines.loading import load_engine
from multistyle.learning.paintings import Paintings
from multistyle.network.models import FAST_MODEL, find_model
from multistyle.perceptual.loss_networks import load_loss_network
from multistyle.perceptual.loss_options import LOSS_NETWORKS
from multistyle.video.decoding.reader import FilmReader
from multistyle.video.encoding.encoder import FilmEncoder
from multistyle.video.encoding.formats import find_format
from multistyle.video.film_painter import FilmPainter
from multistyle.video.film_run import FilmRun
from multistyle.video.flicker import measure_flicker
from multistyle.video.material.color_tags import ColorTags
from multistyle.video.material.film_source import Frame
from multistyle.video.stabilizer import DEFAULT_STABILITY

# Pixels to the right and down by which the window moves from frame to frame.
PAN = (0.7, 0.37)
NOISE = 2
RATE = 25
# The first frames have nothing to hold yet.
NUM_LEFT_OUT = 4
# A loss network is slower than what it judges.
JUDGE_EVERY = 3


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(";")[0])
    parser.add_argument("--model", default=FAST_MODEL)
    parser.add_argument(
        "--style_images",
        default=str(PAINTINGS_FOLDER),
        help="paintings of the model's styles; default: the built-in ones",
    )
    parser.add_argument(
        "--loss_network", default="vgg16", choices=LOSS_NETWORKS
    )
    parser.add_argument(
        "--stability",
        type=float,
        default=DEFAULT_STABILITY,
        help="default: 0.5",
    )
    parser.add_argument(
        "--size", type=int, default=160, help="pixels a side; default: 160"
    )
    parser.add_argument(
        "--frames", type=int, default=20, help="a clip; default: 20"
    )
    parser.add_argument(
        "--films",
        help="a folder of films whose first frames are painted, too",
    )
    parser.add_argument(
        "--film_size",
        type=int,
        default=256,
        help="pixels of a film's longer side; default: 256",
    )
    parser.add_argument(
        "--rounds", type=int, default=3, help="of the speed; default: 3"
    )
    parser.add_argument(
        "--speed_size",
        type=int,
        default=256,
        help="pixels a side of the film whose speed is measured; default: 256",
    )
    parser.add_argument(
        "--speed_frames",
        type=int,
        default=5 * RATE,
        help="of that film; default: 125",
    )
    parser.add_argument("--only", choices=("stability", "speed"))
    options = parser.parse_args()
    if options.only != "speed":
        measure_stability(options)
    if options.only != "stability":
        measure_speed(options)


def measure_stability(options):
    engine = load_engine(find_model(options.model))
    found = Paintings(options.style_images)
    pictures = dict(
        zip(found.style_names, found.read(PAINTING_SIZE), strict=True)
    )
    styles = [name for name in engine.style_names if name in pictures]
    judge = Judge(
        load_loss_network(options.loss_network, dtype="float32"),
        [pictures[name] for name in styles],
    )
    print(
        f"`{options.model}`, {len(styles)} styles, {options.size} px; "
        f"stability {options.stability:g}, judged by {options.loss_network}"
    )
    for name, clips in make_clips(options).items():
        rows = [
            measure_clip(clip, index, engine, styles, judge, options.stability)
            for clip in clips
            for index in range(len(styles))
        ]
        flickers, _ = np.mean(rows, axis=0).T
        print(
            f"  {name}: flicker {flickers[0]:.4f} frame by frame, "
            f"{flickers[1]:.4f} held; style loss "
            f"{np.mean([b[1] / a[1] for a, b in rows]):.3f} of frame by frame"
        )


def make_clips(options):
    """Makes clips by name, a dict of lists of lists of frames."""
    photographs = [read_image(path) for path in sample_photographs()]
    clips = {
        kind: [make_clip(each, kind, options) for each in photographs]
        for kind in ("moving", "still")
    }
    if options.films is not None:
        for path in sorted(Path(options.films).iterdir()):
            frames = FilmReader(path, max_size=options.film_size).frames()
            first = itertools.islice(frames, options.frames)
            clips[path.name] = [[frame.pixels for frame in first]]
    return clips


def measure_clip(clip, index, engine, styles, judge, stability):
    """Paints a clip in one style, frame by frame and held.

    Returns:
        Two pairs of the flicker figure and the style loss.
    """
    weights = one_hot(styles[index], engine.style_names)
    figures = []
    for each in (0, stability):
        painter = FilmPainter(engine, lambda _: weights, stability=each)
        painted = paint_clip(clip, painter)[NUM_LEFT_OUT:]
        losses = [
            judge.style(judge.view(np.float32(picture) / 255))[index]
            for picture in painted[::JUDGE_EVERY]
        ]
        flicker = measure_flicker(clip[NUM_LEFT_OUT:], painted)
        figures.append((flicker.figure, np.mean(losses)))
    return figures


def make_clip(photograph, kind, options):
    """Makes a film of a photograph, a list of uint8 [size, size, 3].

    "moving" is a window that pans over it by parts of a pixel; "still" stands
    and has the noise of a sensor.
    """
    random = np.random.default_rng(0)
    size, (right, down) = options.size, PAN
    room = [int(pan * options.frames) + 9 for pan in (down, right)]
    factor = max(
        (size + more) / side
        for more, side in zip(room, photograph.shape[:2], strict=True)
    )
    photograph = cv2.resize(
        photograph, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA
    ).astype(np.float32)
    frames = []
    for number in range(options.frames):
        moved = number if kind == "moving" else 0
        place = np.float32(
            [[1, 0, 4 + right * moved], [0, 1, 4 + down * moved]]
        )
        frame = cv2.warpAffine(
            photograph,
            place,
            (size, size),
            flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        )
        if kind == "still":
            frame = frame + random.normal(0, NOISE, frame.shape)
        frames.append(np.rint(frame).clip(0, 255).astype(np.uint8))
    return frames


def paint_clip(clip, painter):
    painted = []
    for number, pixels in enumerate(clip):
        staged = Frame(number, number, number / RATE, pixels)
        for stage in painter.stages:
            staged = stage(staged)
        painted.append(staged.picture)
    return painted


def measure_speed(options):
    """Prints frames a second from file to file, and of each part alone."""
    clip_options = argparse.Namespace(
        size=options.speed_size, frames=options.speed_frames
    )
    engine = load_engine(find_model(options.model))
    weights = one_hot(engine.style_names[0], engine.style_names)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "film.mp4")
        output = Path(folder, "painted.mp4")
        clip = make_clip(
            read_image(sample_photographs()[0]), "moving", clip_options
        )
        write_film(source, clip)
        frames = list(FilmReader(source).frames())

        def make_painter(stability=DEFAULT_STABILITY):
            return FilmPainter(engine, lambda _: weights, stability=stability)

        def run(stability):
            painter = make_painter(stability)
            with FilmRun(source, output, overwrite=True) as film_run:
                for _ in film_run.paint(painter, {}):
                    pass

        def decode():
            for _ in FilmReader(source).frames():
                pass

        def paint():
            painter = make_painter(0)
            for frame in frames:
                painter.paint(painter.follow(frame))

        def follow():
            painter = make_painter()
            for frame in frames:
                painter.follow(frame)

        def hold():
            painter = make_painter()
            for staged in followed:
                painter.stabilize(staged)

        painter = make_painter()
        followed = [
            staged._replace(picture=np.float32(staged.picture) / 255)
            for staged in map(painter.follow, frames)
        ]
        cases = {
            "frame by frame": lambda: run(0),
            "held": lambda: run(DEFAULT_STABILITY),
            "decoding alone": decode,
            "painting alone": paint,
            "following alone": follow,
            "holding alone": hold,
            "encoding alone": lambda: write_film(output, clip),
        }
        seconds = time_in_turn(cases, options.rounds)
    size = f"{options.speed_size} px"
    print(f"From file to file at {size}, `{options.model}`")
    for name, found in seconds.items():
        rate = len(clip) / statistics.median(found)
        print(
            f"  {name:<26}{rate:6.1f} frames a second, {rate / RATE:.2f} of 25"
        )
    still = "decoding alone", "painting alone", "encoding alone"
    held = *still, "following alone", "holding alone"
    for name, parts in (("frame by frame", still), ("held", held)):
        slowest = max(parts, key=lambda part: statistics.median(seconds[part]))
        together = np.sum([seconds[part] for part in parts], axis=0)
        print(
            f"  {name}: {median_ratio(seconds[name], seconds[slowest]):.2f} of "
            f"{slowest}, {median_ratio(seconds[name], together):.2f} of its "
            "parts one after another"
        )


class _Clip:
    """What a `FilmEncoder` asks of a film's reader."""

    time_base = Fraction(1, RATE)
    rate = Fraction(RATE)
    sample_aspect_ratio = Fraction(1)
    color_tags = ColorTags()

    def __init__(self, size):
        self.size = size


def write_film(path, clip):
    reader = _Clip(clip[0].shape[:2])
    with FilmEncoder(path, find_format(path), reader) as encoder:
        for number, pixels in enumerate(clip):
            encoder.write(pixels, number)


if __name__ == "__main__":
    main()
