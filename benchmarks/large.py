"""What a very large picture costs, beside one of 2 megapixels.

python benchmarks/large.py --megapixels=100

See benchmarks/README.md. Linux and macOS only.
"""

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.images.finding import find_images
from multistyle.images.resizing import resize_long_side
from multistyle.inference.compositions.blend import Blend
from multistyle.inference.compositions.look import Look
from multistyle.inference.passes.memory import BASE
from multistyle.inference.passes.painter import MARGIN, TILINGS
from multistyle.inference.stylizer import Stylizer

PHOTOGRAPHS = Path(__file__).parents[1] / "docs" / "photographs"
STYLE = "great_wave"
MEGAPIXEL = 1_000_000
BASELINE = 2


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--megapixels", type=float, default=100, help="default: 100"
    )
    parser.add_argument(
        "--model", default="paintings-fast", help="default: paintings-fast"
    )
    parser.add_argument(
        "--strokes", default="fitted", help="or pixels; default: fitted"
    )
    parser.add_argument(
        "--processor_time",
        action="store_true",
        help="count the processor's time in place of the clock's",
    )
    parser.add_argument(
        "--photographs",
        default=str(PHOTOGRAPHS),
        help="folder of those on which tiles are compared with one pass; "
        "default: docs/photographs",
    )
    parser.add_argument(
        "--styles", type=int, default=3, help="to compare in; default: 3"
    )
    options = parser.parse_args()
    measure_cost(options)
    measure_difference(options)


def measure_cost(options):
    """Prints the time a pixel and the memory of a very large picture."""
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for megapixels in (BASELINE, options.megapixels):
            results[megapixels] = paint_in_a_process(
                Path(folder),
                megapixels,
                options.model,
                strokes=options.strokes,
                counts_processor=options.processor_time,
            )
    per_pixel = {
        megapixels: seconds / megapixels
        for megapixels, (seconds, _) in results.items()
    }
    print(
        f"{options.megapixels:g} megapixels from file to file by "
        f"`{options.model}`, strokes {options.strokes}\n"
        f"  time a pixel, beside {BASELINE} megapixels   "
        f"{per_pixel[options.megapixels] / per_pixel[BASELINE]:.2f}"
    )
    for megapixels, (seconds, memory) in results.items():
        print(
            f"  {megapixels:g} megapixels: {seconds:.1f} s, at most "
            f"{memory / 1e9:.2f} GB resident"
        )


def measure_difference(options):
    """Prints how far tiles are from a picture that is painted in one piece."""
    stylizer = Stylizer.load(options.model)
    styles = stylizer.style_names[: options.styles]
    print(
        "Tiles beside one piece: mean difference in 1/255 over "
        f"{len(styles)} styles, and in the worst"
    )
    for path in find_images(options.photographs):
        photograph = read_image(path)
        height, width = photograph.shape[:2]
        memory = tiling_memory(stylizer, photograph)
        for tiling in TILINGS:
            differences = []
            for style in styles:
                whole, tiled = (
                    stylizer.stylize(photograph, style, **painting)
                    for painting in (
                        {"max_memory": "1TB"},
                        {"max_memory": memory, "tiling": tiling},
                    )
                )
                differences.append(np.abs(np.float32(whole) - tiled).mean())
            print(
                f"  {path.name} ({width} x {height}), {tiling:<11}"
                f"{np.mean(differences):.2f}, {np.max(differences):.2f}"
            )


def tiling_memory(stylizer, photograph):
    """Returns a memory under which a photograph has four tiles or more."""
    side = max(photograph.shape[:2]) // 2 + 2 * MARGIN
    pixel_bytes = stylizer.engine.pixel_bytes(has_map=False)
    return int(BASE + 2 * photograph.nbytes + side**2 * pixel_bytes)


def paint_in_a_process(
    folder, megapixels, model, *, strokes="fitted", counts_processor=False
):
    """Returns (seconds, most bytes resident) of one picture."""
    context = multiprocessing.get_context("spawn")
    source = folder / f"{megapixels:g}.jpg"
    for target, arguments in (
        (write_picture, (source, megapixels)),
        (paint, (source, model, strokes, counts_processor)),
    ):
        queue = context.SimpleQueue()
        process = context.Process(target=target, args=(*arguments, queue))
        process.start()
        process.join()
        if process.exitcode:
            sys.exit(f"The process of {megapixels:g} megapixels failed.")
    return queue.get()


def write_picture(path, megapixels, queue):
    """Writes a picture laid with photographs, each at several sizes."""
    height = round((megapixels * MEGAPIXEL * 0.7) ** 0.5)
    width = round(megapixels * MEGAPIXEL / height)
    picture = np.empty((height, width, 3), np.uint8)
    photographs = [read_image(p) for p in find_images(PHOTOGRAPHS)]
    side, number = 400, 0
    for top in range(0, height, side):
        for left in range(0, width, side):
            pixels = photographs[number % len(photographs)]
            # From as they are to three times as large, which is smoother.
            scale = 1 + number % 7 / 3
            pixels = resize_long_side(
                pixels, round(max(pixels.shape[:2]) * scale)
            )
            place = picture[top : top + side, left : left + side]
            tiles = [
                -(-a // b)
                for a, b in zip(place.shape, pixels.shape, strict=True)
            ][:2]
            pixels = np.tile(pixels, (*tiles, 1))
            place[:] = pixels[: place.shape[0], : place.shape[1]]
            number += 1
    write_image(path, picture, quality=90)


def paint(path, model, strokes, counts_processor, queue):
    clock = time.process_time if counts_processor else time.perf_counter
    stylizer = Stylizer.load(model)
    blend = Blend(stylizer, STYLE, look=Look(strokes=strokes))
    # Both networks are loaded.
    stylizer.stylize(np.zeros((64, 64, 3), np.uint8), STYLE, stroke_scale=2)
    start = clock()
    blend.write(path, path.with_suffix(".painted.jpg"))
    seconds = clock() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Kilobytes on Linux, bytes on macOS.
    memory *= 1 if sys.platform == "darwin" else 1024
    queue.put((seconds, memory))


if __name__ == "__main__":
    main()
