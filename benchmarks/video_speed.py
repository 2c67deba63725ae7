"""What painting a film costs, in time and memory; see benchmarks/README.md.

python benchmarks/video_speed.py --frames=125
"""

import argparse
import statistics
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
from film_clips import make_clip
from interleaving import median_ratio, time_in_turn

from multistyle.blends.masks import Mask
from multistyle.blends.weights import one_hot
from multistyle.images.codecs.reading import read_image
from multistyle.images.samples import sample_photographs
from multistyle.inference.engines.loading import load_engine
from multistyle.network.models import FAST_MODEL, find_model
from multistyle.video.decoding.reader import FilmReader
from multistyle.video.encoding.encoder import FilmEncoder
from multistyle.video.encoding.formats import find_format
from multistyle.video.film_painter import FilmPainter
from multistyle.video.film_run import FilmRun
from multistyle.video.material.color_tags import ColorTags
from multistyle.video.parts.cues import Cues
from multistyle.video.parts.mask_films import StillMask
from multistyle.video.stabilizer import DEFAULT_STABILITY

RATE = 25
_MEMORY_STEPS = 10
_MIB = 2**20


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(";")[0])
    parser.add_argument("--model", default=FAST_MODEL)
    parser.add_argument(
        "--width", type=int, default=256, help="pixels; default: 256"
    )
    parser.add_argument(
        "--height", type=int, default=256, help="pixels; default: 256"
    )
    parser.add_argument(
        "--frames", type=int, default=5 * RATE, help="default: 125"
    )
    parser.add_argument(
        "--rounds", type=int, default=3, help="of the speed; default: 3"
    )
    parser.add_argument(
        "--processor_time",
        action="store_true",
        help="count the processor's time, of both cores, not the clock's",
    )
    parser.add_argument(
        "--memory",
        action="store_true",
        help="paint one film and print the memory that is resident, in place "
        "of the speed",
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        film = _Film(Path(folder), options)
        if options.memory:
            measure_memory(film)
        else:
            measure_speed(film, options)


class _Film:
    """A film that pans over a photograph, and how it is painted."""

    time_base = Fraction(1, RATE)
    rate = Fraction(RATE)
    sample_aspect_ratio = Fraction(1)
    color_tags = ColorTags()

    def __init__(self, folder, options):
        self.size = options.height, options.width
        self.source = folder / "film.mp4"
        self.output = folder / "painted.mp4"
        self.num_frames = options.frames
        # Fewer are made than are shown: they go there and back.
        self._made = [
            np.ascontiguousarray(frame[: options.height, : options.width])
            for frame in make_clip(
                read_image(sample_photographs()[0]),
                "moving",
                size=max(self.size),
                num_frames=min(options.frames, 2 * RATE),
            ).frames
        ]
        self.write(self.source)
        self._engine = load_engine(find_model(options.model))

    def write(self, path):
        """Encodes the film."""
        way = [*self._made, *self._made[-2:0:-1]] or self._made
        with FilmEncoder(path, find_format(path), self) as encoder:
            for number in range(self.num_frames):
                encoder.write(way[number % len(way)], number)

    def painter(self, stability=DEFAULT_STABILITY, is_masked=False):
        """Returns a `FilmPainter` of one style, or of two side by side."""
        names = self._engine.style_names
        weights = one_hot(names[0], names)
        if not is_masked:
            return FilmPainter(
                self._engine, lambda _: weights, stability=stability
            )
        reader = FilmReader(self.source)
        left = np.zeros(self.size, np.float32)
        left[:, : self.size[1] // 2] = 1
        masks = {
            name: StillMask(Mask(mask), reader)
            for name, mask in zip(names, (left, 1 - left), strict=False)
        }
        cues = Cues(names, reader, masks=masks)
        return FilmPainter(self._engine, cues, stability=stability)

    def run(self, painter):
        """Paints it from file to file; yields the frames that are done."""
        with FilmRun(self.source, self.output, overwrite=True) as film_run:
            yield from film_run.paint(painter, {})


def measure_speed(film, options):
    """Prints frames a second from file to file, and of each part alone."""
    frames = list(FilmReader(film.source).frames())
    followed = list(map(film.painter().follow, frames))
    painted = list(map(film.painter().paint, followed))

    def each(method, items, **of_painter):
        painter = film.painter(**of_painter)
        for item in items:
            getattr(painter, method)(item)

    def run(**of_painter):
        for _ in film.run(film.painter(**of_painter)):
            pass

    cases = {
        "frame by frame": lambda: run(stability=0),
        "held": run,
        "held, a mask for each of two styles": lambda: run(is_masked=True),
        "decoding alone": lambda: [
            None for _ in FilmReader(film.source).frames()
        ],
        "painting alone": lambda: each("paint", followed),
        "following alone": lambda: each("follow", frames),
        "holding alone": lambda: each("stabilize", painted),
        "encoding alone": lambda: film.write(film.output),
    }
    clock = time.process_time if options.processor_time else time.perf_counter
    seconds = time_in_turn(cases, options.rounds, clock)
    print(
        f"From file to file at {options.width} x {options.height} px, "
        f"`{options.model}`"
    )
    unit = "a second of the processor" if options.processor_time else "a second"
    for name, found in seconds.items():
        rate = len(frames) / statistics.median(found)
        print(f"  {name:<36}{rate:6.1f} frames {unit}")
    still = ["decoding alone", "painting alone", "encoding alone"]
    held = ["following alone", "holding alone"]
    for name, parts in (("frame by frame", still), ("held", still + held)):
        slowest = max(parts, key=lambda part: statistics.median(seconds[part]))
        together = np.sum([seconds[part] for part in parts], axis=0)
        print(
            f"  {name}: {median_ratio(seconds[name], seconds[slowest]):.2f} of "
            f"{slowest}, {median_ratio(seconds[name], together):.2f} of its "
            "parts one after another"
        )
    holding = np.sum([seconds[part] for part in held], axis=0)
    print(
        f"  following and holding: {median_ratio(holding, together):.2f} of "
        "all parts"
    )
    ratio = median_ratio(
        seconds["held, a mask for each of two styles"], seconds["held"]
    )
    print(f"  held, a mask for each of two styles: {ratio:.2f} of held")


def measure_memory(film):
    """Prints the memory that is resident while a film is painted."""
    step = max(1, film.num_frames // _MEMORY_STEPS)
    found = []
    for done in film.run(film.painter()):
        if done % step == 0:
            found.append(_resident())
            print(f"  after {done:6} frames {found[-1]:7.1f} MiB", flush=True)
    half = len(found) // 2
    print(f"  the last half grew by {found[-1] - found[half]:+.1f} MiB")


def _resident():
    """Returns MiB that the process holds; Linux alone says it."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024 / _MIB
    raise SystemExit("Only Linux tells how much memory is resident.")


if __name__ == "__main__":
    main()
