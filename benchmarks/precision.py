"""What bfloat16 changes and saves, beside float32.

python benchmarks/precision.py --megapixels=12

See benchmarks/README.md. The extra `fast`, and a processor that computes in
bfloat16, are needed.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from interleaving import median_ratio

from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.images.finding import find_images
from multistyle.images.resizing import resize_long_side
from multistyle.images.values import to_float
from multistyle.inference.engines.loading import load_engine
from multistyle.network.models import bundled_models

PHOTOGRAPHS = Path(__file__).parents[1] / "docs" / "photographs"
STYLE = "starry_night"
MEGAPIXEL = 1_000_000
# Of a call of the command line, beside that of its defaults.
ONE_PASS = ("--precision=float32", "--strokes=pixels")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--photographs",
        default=str(PHOTOGRAPHS),
        help="folder; default: docs/photographs",
    )
    parser.add_argument(
        "--size",
        type=int,
        default=500,
        help="of the long side, in pixels, where pictures are compared; "
        "default: 500",
    )
    parser.add_argument(
        "--megapixels",
        type=float,
        default=12,
        help="painted from file to file; default: 12",
    )
    parser.add_argument(
        "--model",
        default="paintings",
        help="of what is painted from file to file; default: paintings",
    )
    parser.add_argument("--rounds", type=int, default=3, help="default: 3")
    parser.add_argument(
        "--processor_time",
        action="store_true",
        help="count the processor's time of what is painted from file to file "
        "in place of the clock's",
    )
    options = parser.parse_args()
    photographs = [
        resize_long_side(read_image(path), options.size)
        for path in find_images(options.photographs)
    ]
    print(f"bfloat16 beside float32, {len(photographs)} photographs")
    for name, path in bundled_models().items():
        compare_pictures(name, path, list(map(to_float, photographs)))
    time_command_line(options)


def compare_pictures(name, path, photographs):
    """Prints how far two precisions are apart, in all styles, and the time."""
    engines = [
        load_engine(path, engine="openvino", precision=precision)
        for precision in ("float32", "bfloat16")
    ]
    means, farthest, seconds = [], [], ([], [])
    for photograph in photographs:
        for weights in np.eye(len(engines[0].style_names), dtype=np.float32):
            pictures = []
            for engine, taken in zip(engines, seconds, strict=True):
                start = time.process_time()
                pictures.append(engine.paint(photograph, weights))
                taken.append(time.process_time() - start)
            difference = 255 * np.abs(pictures[0] - pictures[1])
            means.append(difference.mean())
            farthest.append(difference.max())
    print(
        f"  {name}, {len(engines[0].style_names)} styles: "
        f"{median_ratio(seconds[1], seconds[0]):.2f} of the time\n"
        f"    apart in the mean by {np.mean(means):.2f} of 255 "
        f"({np.min(means):.2f} to {np.max(means):.2f} a picture)\n"
        f"    a single pixel at most by {np.max(farthest):.0f}, in half of "
        f"the pictures by {np.median(farthest):.0f} or less",
        flush=True,
    )


def time_command_line(options):
    """Prints what a large photograph takes from file to file."""
    photograph = read_image(find_images(options.photographs)[0])
    height, width = photograph.shape[:2]
    factor = (options.megapixels * MEGAPIXEL / (height * width)) ** 0.5
    large = resize_long_side(photograph, round(factor * max(height, width)))
    clock = child_time if options.processor_time else time.perf_counter
    seconds = {(): [], ONE_PASS: []}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "photograph.jpg")
        write_image(source, large)
        command = [
            *(sys.executable, "-m", "multistyle", "interpolate", str(source)),
            *(f"--model={options.model}", f"--style_weights={STYLE}"),
            *(f"--output={folder}/painted.jpg", "--overwrite"),
        ]
        for _ in range(options.rounds):
            for flags, taken in seconds.items():
                start = clock()
                subprocess.run(
                    [*command, *flags], check=True, capture_output=True
                )
                taken.append(clock() - start)
    print(
        f"{options.megapixels:g} megapixels from file to file by "
        f"`{options.model}`: {np.median(seconds[()]):.1f} s\n"
        f"  beside {' '.join(ONE_PASS)} "
        f"({np.median(seconds[ONE_PASS]):.1f} s)   "
        f"{median_ratio(seconds[()], seconds[ONE_PASS]):.2f}"
    )


def child_time():
    """Returns the processor's seconds of all processes that have ended."""
    times = os.times()
    return times.children_user + times.children_system


if __name__ == "__main__":
    main()
