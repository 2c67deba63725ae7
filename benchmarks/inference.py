"""What a picture costs, as ratios within one run; see benchmarks/README.md.

python benchmarks/inference.py --rounds=7
"""

import argparse

import numpy as np
from interleaving import median_ratio, time_in_turn

from multistyle import Stylizer, TransformNetwork

NUM_STYLES = 12
SIZES = (256, 512, 1024)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(";")[0])
    parser.add_argument("--rounds", type=int, default=7, help="default: 7")
    parser.add_argument(
        "--size", type=int, default=384, help="pixels a side; default: 384"
    )
    options = parser.parse_args()
    # Time does not depend on the values of the weights: none are trained.
    networks = {
        width: Stylizer(
            TransformNetwork(num_styles=NUM_STYLES, width_multiplier=width)
        )
        for width in (1.0, 0.25)
    }
    print(f"Ratios of times, each the median of {options.rounds} rounds.")
    compare_blends(networks[1.0], options)
    compare_widths(networks, options)
    compare_sizes(networks[0.25], options)


def compare_blends(stylizer, options):
    """A blend is one sum of rows, so it should cost what one style costs."""
    image = noise(options.size)
    weights = {
        f"a blend of {count} styles": first_styles(count)
        for count in (2, 4, NUM_STYLES)
    }
    weights["a map of weights"] = np.broadcast_to(
        first_styles(NUM_STYLES), (*image.shape[:2], NUM_STYLES)
    )
    report(
        f"Blends at {options.size} px, width 1.0, beside one style",
        time_calls(stylizer, image, first_styles(1), weights, options),
    )


def compare_widths(networks, options):
    image, weights = noise(options.size), first_styles(1)
    seconds = time_in_turn(
        {
            width: lambda stylizer=stylizer: stylizer.stylize(image, weights)
            for width, stylizer in networks.items()
        },
        options.rounds,
    )
    report(
        f"Width at {options.size} px, beside width 1.0",
        {"width 0.25": median_ratio(seconds[0.25], seconds[1.0])},
    )


def compare_sizes(stylizer, options):
    """1.0 throughout would be a time that grows with the pixels alone."""
    weights = first_styles(1)
    images = {size: noise(size) for size in SIZES}
    seconds = time_in_turn(
        {
            size: lambda image=image: stylizer.stylize(image, weights)
            for size, image in images.items()
        },
        options.rounds,
    )
    report(
        f"Time a pixel, width 0.25, beside {SIZES[0]} px",
        {
            f"{size} px": median_ratio(seconds[size], seconds[SIZES[0]])
            * (SIZES[0] / size) ** 2
            for size in SIZES[1:]
        },
    )


def time_calls(stylizer, image, baseline, weights, options):
    """Returns {name: ratio} of calls with other weights to the baseline's."""
    cases = {"baseline": baseline, **weights}
    seconds = time_in_turn(
        {
            name: lambda weights=weights: stylizer.stylize(image, weights)
            for name, weights in cases.items()
        },
        options.rounds,
    )
    return {
        name: median_ratio(seconds[name], seconds["baseline"])
        for name in weights
    }


def first_styles(count):
    """Returns weights [N] that are equal for the first styles, else 0."""
    return np.repeat([1.0, 0.0], [count, NUM_STYLES - count])


def noise(size):
    return np.random.default_rng(0).random((size, size, 3), np.float32)


def report(title, ratios):
    print(f"\n{title}")
    for name, ratio in ratios.items():
        print(f"  {name:<24}{ratio:6.2f}")


if __name__ == "__main__":
    main()
