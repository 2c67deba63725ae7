"""How well a style is learned of a painting alone; see benchmarks/README.md.

    python benchmarks/learning.py --paintings=FOLDER --photographs=FOLDER

Nothing may have been trained on either folder. It needs the weights of VGG-16,
the judge, found as `multistyle train` finds them.
"""

import argparse
import time

import numpy as np

from multistyle.evaluation.judge import PAINTING_SIZE, Judge, total_loss
from multistyle.evaluation.photographs import Photographs
from multistyle.images.codecs.reading import read_image
from multistyle.images.finding import find_images
from multistyle.images.lab import rgb_to_lab
from multistyle.images.resizing import resize_short_side
from multistyle.images.values import to_float
from multistyle.inference.stylizer import Stylizer
from multistyle.learning.learned_rows import LEARNINGS, learn_rows
from multistyle.perceptual.loss_networks import load_loss_network

# Spread of a* and b* below which a painting counts as grey.
GREY = 6.0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(";")[0])
    parser.add_argument("--paintings", required=True)
    parser.add_argument("--photographs", required=True)
    parser.add_argument(
        "--num_paintings", type=int, default=8, help="default: 8"
    )
    parser.add_argument(
        "--num_photographs", type=int, default=6, help="default: 6"
    )
    parser.add_argument(
        "--model", default="paintings", help="default: paintings"
    )
    parser.add_argument(
        "--learning",
        default=",".join(LEARNINGS),
        help="which, separated by commas; default: all",
    )
    parser.add_argument(
        "--loss_network", default="pocket", help="default: pocket"
    )
    options = parser.parse_args()
    paths = spaced(find_images(options.paintings), options.num_paintings)
    works = [read_image(path) for path in paths]
    paintings = [to_float(resize_short_side(w, PAINTING_SIZE)) for w in works]
    source = Photographs(options.photographs)
    names = source.spread(options.num_photographs)
    photographs = [source.read(name) for name in names]
    judge = Judge(load_loss_network("vgg16"), paintings)
    views = [judge.view(photograph) for photograph in photographs]
    stylizer = Stylizer.load(options.model)
    paint(stylizer, photographs, 0)
    start = time.perf_counter()
    paint(stylizer, photographs, 0)
    alone = time.perf_counter() - start
    print(f"{len(photographs)} photographs painted, nothing learned: 1.00")
    for learning in options.learning.split(","):
        rows, seconds = [], []
        for work in works:
            start = time.perf_counter()
            rows.append(
                learn_rows(
                    stylizer.engine,
                    [[work]],
                    learning=learning,
                    loss_network=options.loss_network,
                )
            )
            seconds.append(time.perf_counter() - start)
        report(
            learning,
            [
                measure(stylizer, row, photographs, judge, views, i, painting)
                for i, (row, painting) in enumerate(
                    zip(rows, paintings, strict=True)
                )
            ],
            paths,
        )
        print(
            f"  learned in {np.median(seconds):.1f} s, "
            f"{np.median(seconds) / alone:.2f} of the painting's time"
        )


def measure(stylizer, rows, photographs, judge, views, index, painting):
    """Returns content, style, total and how far colours spread, or None."""
    engine = stylizer.engine.with_styles(["learned"], rows)
    pictures = paint(Stylizer(engine=engine), photographs, -1)
    content, style = [], []
    for picture, view in zip(pictures, views, strict=True):
        seen = judge.view(picture)
        content.append(judge.content(seen, view))
        style.append(judge.style(seen)[index])
    own = spread(painting)
    ratio = None
    if own > GREY:
        ratio = np.sqrt(np.mean([spread(p) ** 2 for p in pictures])) / own
    content, style = np.mean(content), np.mean(style)
    return content, style, total_loss(content, style), ratio


def report(learning, figures, paths):
    content, style, total = np.mean([f[:3] for f in figures], axis=0)
    ratios = [f[3] for f in figures if f[3] is not None]
    print(
        f"{learning}: content {content:.3f}, style {style:.3f}, "
        f"total {total:.3f}; colour spread over the painting's "
        f"{np.median(ratios):.2f}"
    )
    for path, figure in zip(paths, figures, strict=True):
        print(f"  {path.stem}: {figure[2]:.2f}", end="")
    print()


def paint(stylizer, photographs, index):
    weights = np.zeros(len(stylizer.style_names))
    weights[index] = 1
    return [stylizer.stylize(image, weights) for image in photographs]


def spread(image):
    """Returns the root of the trace of the covariance of a* and b*."""
    colors = rgb_to_lab(image)[..., 1:].reshape(-1, 2)
    return np.sqrt(np.trace(np.cov(colors.T)))


def spaced(paths, count):
    """Returns some paths, evenly spaced over all."""
    places = np.linspace(0, len(paths) - 1, min(count, len(paths)))
    return [paths[round(place)] for place in places]


if __name__ == "__main__":
    main()
