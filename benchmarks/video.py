"""How still a painted film is, and what that costs; see benchmarks/README.md.

python benchmarks/video.py --style_images=paintings
"""

import argparse
from pathlib import Path

from film_clips import KINDS, make_clip, read_clips
from film_figures import HEADING, measure_clip, show, summarize

from multistyle.blends.weights import one_hot
from multistyle.evaluation.judge import PAINTING_SIZE, Judge
from multistyle.images.codecs.reading import read_image
from multistyle.images.samples import PAINTINGS_FOLDER, sample_photographs
from multistyle.inference.engines.loading import load_engine
from multistyle.learning.paintings import Paintings
from multistyle.network.models import FAST_MODEL, find_model
from multistyle.perceptual.loss_networks import load_loss_network
from multistyle.perceptual.loss_options import LOSS_NETWORKS
from multistyle.video.film_painter import FilmPainter
from multistyle.video.stabilizer import DEFAULT_STABILITY


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
        help="default: %(default)s",
    )
    parser.add_argument(
        "--kinds",
        default=",".join(KINDS),
        help="of clips that are made of photographs; default: all",
    )
    parser.add_argument(
        "--photographs", type=int, default=1, help="a kind; default: 1"
    )
    parser.add_argument(
        "--size", type=int, default=160, help="pixels a side; default: 160"
    )
    parser.add_argument(
        "--frames", type=int, default=14, help="a clip; default: 14"
    )
    parser.add_argument(
        "--films",
        type=Path,
        help="a folder of films that are painted, too: their first frames, or "
        "those around the first cut",
    )
    parser.add_argument(
        "--film_size",
        type=int,
        default=256,
        help="pixels of a film's longer side; default: 256",
    )
    options = parser.parse_args()
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
        f"`{options.model}`, {len(styles)} styles; stability "
        f"{options.stability:g}, judged by {options.loss_network}"
    )
    print(HEADING)
    for name, clips in make_clips(options).items():
        rows = []
        for clip in clips:
            for index, style in enumerate(styles):
                weights = one_hot(style, engine.style_names)
                painter = FilmPainter(
                    engine,
                    lambda _, weights=weights: weights,
                    stability=options.stability,
                )

                def style_of(picture, index=index):
                    return judge.style(judge.view(picture))[index]

                rows.append(measure_clip(clip, painter, style_of))
        print(f"{name:16}{show(summarize(rows), name == 'still')}", flush=True)


def make_clips(options):
    """Makes clips by name, a dict of lists of `Clip`s."""
    photographs = [
        read_image(path) for path in sample_photographs()[: options.photographs]
    ]
    clips = {
        kind: [
            make_clip(
                photograph,
                kind,
                size=options.size,
                num_frames=options.frames,
            )
            for photograph in photographs
        ]
        for kind in filter(None, options.kinds.split(","))
    }
    if options.films is not None:
        clips.update(
            read_clips(
                options.films,
                size=options.film_size,
                num_frames=options.frames,
            )
        )
    return clips


if __name__ == "__main__":
    main()
