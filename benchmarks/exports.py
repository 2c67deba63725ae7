"""Times the project's ONNX file beside the one that Keras exports.

    pip install onnx onnxruntime tf2onnx
    python benchmarks/exports.py

Both paint the same picture by ONNX Runtime, in turn, by one thread. Printed is
the median of the ratios of the rounds, at most 0.75 at 512 px, the largest
difference of the two paintings, and the sizes of the files.
"""

import argparse
import functools
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from interleaving import median_ratio, time_in_turn

import multistyle
from multistyle.export.choice import lossless_store
from multistyle.export.formats import FORMATS
from multistyle.export.onnx.graph import build_graph
from multistyle.network.stored_weights import take_weights

QUIET = 3


def open_session(path, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = QUIET
    return onnxruntime.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"]
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="paintings-fast")
    parser.add_argument("--sizes", type=int, nargs="+", default=[256, 512])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    network = multistyle.load_network(arguments.model)
    store = lossless_store(network, FORMATS["onnx"], baked=False)
    weights = np.full((1, network.num_styles), 1 / network.num_styles)
    weights = weights.astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        own, keras = (
            Path(folder) / f"{name}.onnx" for name in ("own", "keras")
        )
        onnx.save(build_graph(take_weights(network), {}, store=store), own)
        network.export(str(keras), format="onnx", verbose=False)
        for path in (own, keras):
            print(f"{path.stem}: {path.stat().st_size / 1e6:.2f} MB")
        sessions = {
            path.stem: open_session(path, arguments.threads)
            for path in (own, keras)
        }
    for size in arguments.sizes:
        image = np.random.default_rng(0).random((1, size, size, 3), np.float32)
        feed = {"image": image, "style_weights": weights}
        cases = {
            name: functools.partial(
                session.run, [session.get_outputs()[0].name], feed
            )
            for name, session in sessions.items()
        }
        painted = [run()[0] for run in cases.values()]
        seconds = time_in_turn(cases, arguments.rounds)
        print(
            f"{size} px: {median_ratio(seconds['own'], seconds['keras']):.2f} "
            "of Keras' own, largest difference "
            f"{np.abs(painted[0] - painted[1]).max():.1e}"
        )


if __name__ == "__main__":
    main()
