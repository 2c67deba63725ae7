"""What strokes that fit the picture are worth, and what they cost.

python benchmarks/strokes.py --photographs=FOLDER --paintings=FOLDER

See benchmarks/README.md. The photographs should have 6 megapixels and more; the
paintings are named after the styles. It needs the weights of VGG-16, the judge,
found as `multistyle train` finds them.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
from large import paint_in_a_process

from multistyle.evaluation.judge import PAINTING_SIZE, Judge, total_loss
from multistyle.images.codecs.reading import read_image
from multistyle.images.finding import find_images
from multistyle.images.resizing import resize_long_side, resize_short_side
from multistyle.images.tiles import Window
from multistyle.images.values import to_float
from multistyle.inference.passes.levels import DECIDING_SIZE
from multistyle.inference.stylizer import Stylizer
from multistyle.perceptual.loss_networks import load_loss_network

VIEW_SIZE = 384
WINDOW_SIZE = 320
STYLES = "starry_night,great_wave"
# Of which the time a pixel of one pass is taken.
MEGAPIXELS = 12


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--photographs", help="folder")
    parser.add_argument("--paintings", help="folder")
    parser.add_argument(
        "--model", default="paintings", help="default: paintings"
    )
    parser.add_argument(
        "--styles",
        default=STYLES,
        help=f"separated by commas, or all; default: {STYLES}",
    )
    parser.add_argument(
        "--max_size",
        type=int,
        help="reduce photographs first whose longer side has more pixels",
    )
    parser.add_argument(
        "--precision", default="float32", help="default: float32"
    )
    parser.add_argument(
        "--processor_time",
        action="store_true",
        help="count the processor's time in place of the clock's",
    )
    parser.add_argument(
        "--windows",
        type=int,
        default=4,
        help="of a row and of a column of the grid at 1:1; default: 4",
    )
    parser.add_argument(
        "--megapixels",
        type=float,
        help="paint so many from file to file, in place of photographs",
    )
    options = parser.parse_args()
    if options.megapixels:
        measure_cost(options)
    elif options.photographs and options.paintings:
        measure_strokes(options)
    else:
        parser.error("give --photographs and --paintings, or --megapixels")


def measure_strokes(options):
    """Prints how pictures look as a whole and at 1:1, and their time."""
    stylizer = Stylizer.load(options.model, precision=options.precision)
    alone = Stylizer(engine=stylizer.engine.with_finisher(None))
    clock = time.process_time if options.processor_time else time.perf_counter
    styles = options.styles.split(",")
    if options.styles == "all":
        known = {path.stem for path in find_images(options.paintings)}
        styles = [name for name in stylizer.style_names if name in known]
    loss_network = load_loss_network("vgg16")
    judges = {
        style: Judge(loss_network, [read_painting(options.paintings, style)])
        for style in styles
    }
    rows = []
    for path in find_images(options.photographs):
        photograph = read_image(path)
        if options.max_size and max(photograph.shape[:2]) > options.max_size:
            photograph = resize_long_side(photograph, options.max_size)
        small = resize_long_side(photograph, DECIDING_SIZE)
        # What is loaded and compiled once is no part of the time.
        for each in (stylizer, alone):
            each.stylize(small[:64, :64], styles[0], stroke_scale=4)
        for style, judge in judges.items():
            decided = stylizer.stylize(small, style)
            once, once_time = timed(
                clock, stylizer, photograph, style, strokes="pixels"
            )
            fitted, fitted_time = timed(clock, stylizer, photograph, style)
            by_itself, own_time = timed(clock, alone, photograph, style)
            views = [
                view(judge, picture, photograph)
                for picture in (fitted, by_itself, once)
            ]
            fine = [
                style_at_full_size(judge, picture, options.windows)
                for picture in (fitted, by_itself, once)
            ]
            goal = view(judge, decided, photograph)
            rows.append(
                [
                    *(value / goal for value in views),
                    *(value / fine[2] for value in fine[:2]),
                    fitted_time / once_time,
                    own_time / once_time,
                ]
            )
            show(f"{path.stem}, {style}", rows[-1])
    show("mean", np.mean(rows, axis=0))


def show(title, row):
    view, own_view, view_once, fine, own_fine, time, own_time = row
    print(
        f"{title}\n"
        f"  view, beside {DECIDING_SIZE} px   {view:.2f}; by one network alone "
        f"{own_view:.2f}; one pass {view_once:.2f}\n"
        f"  1:1, beside one pass   {fine:.2f}; by one network alone "
        f"{own_fine:.2f}\n"
        f"  time, beside one pass  {time:.2f}; by one network alone "
        f"{own_time:.2f}",
        flush=True,
    )


def timed(clock, stylizer, photograph, style, **options):
    """Returns the picture, and the seconds that it took."""
    start = clock()
    picture = stylizer.stylize(photograph, style, **options)
    return picture, clock() - start


def read_painting(folder, style):
    (path,) = (p for p in find_images(folder) if p.stem == style)
    return to_float(resize_short_side(read_image(path), PAINTING_SIZE))


def view(judge, picture, photograph):
    """Returns the total loss of a picture as it is seen as a whole."""
    seen, original = (
        judge.view(to_float(resize_short_side(each, VIEW_SIZE)))
        for each in (picture, photograph)
    )
    content = judge.content(seen, original)
    return total_loss(content, float(judge.style(seen)[0]))


def style_at_full_size(judge, picture, count):
    """Returns the mean style loss of a grid of windows."""
    losses = []
    tops, lefts = (
        np.linspace(0, length - WINDOW_SIZE, count).astype(int)
        for length in picture.shape[:2]
    )
    for top in tops:
        for left in lefts:
            window = Window(0, WINDOW_SIZE, 0, WINDOW_SIZE).shifted(top, left)
            seen = judge.view(to_float(window.of(picture)))
            losses.append(float(judge.style(seen)[0]))
    return np.mean(losses)


def measure_cost(options):
    """Prints the time a pixel and the memory of a very large picture."""
    with tempfile.TemporaryDirectory() as folder:
        seconds, memory = paint_in_a_process(
            Path(folder),
            options.megapixels,
            options.model,
            counts_processor=options.processor_time,
        )
        once, _ = paint_in_a_process(
            Path(folder),
            MEGAPIXELS,
            options.model,
            strokes="pixels",
            counts_processor=options.processor_time,
        )
    ratio = seconds / options.megapixels / (once / MEGAPIXELS)
    print(
        f"{options.megapixels:g} megapixels from file to file by "
        f"`{options.model}`\n"
        f"  time a pixel, beside one pass of {MEGAPIXELS} megapixels   "
        f"{ratio:.2f}\n"
        f"  {seconds:.1f} s, at most {memory / 1e9:.2f} GB resident"
    )


if __name__ == "__main__":
    main()
