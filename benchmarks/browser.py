"""Times the page's network beside onnxruntime-web, in Chromium.

    npm install --prefix FOLDER onnxruntime-web
    python benchmarks/browser.py --node_modules=FOLDER/node_modules

Both paint the same picture in a worker of one page, in turn, by WebAssembly and
the same number of threads: the kernels of the page, and the project's own ONNX
file. Printed is the median of the ratios of the rounds, at most 0.8 at 512 px,
and the largest difference of the two paintings.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
from interleaving import median_ratio
from isolated_page import served
from PIL import Image

import multistyle
from multistyle.export.web_weights import pack_network
from multistyle.images.samples import sample_photographs
from multistyle.network.models import find_model
from multistyle.network.stored_weights import read_weights

ENGINE = Path(multistyle.__file__).parent / "page" / "files" / "engine"
WORKER = """
import * as ort from "./ort/ort.wasm.bundle.min.mjs";
import { loadNetwork, readRows } from "./engine/network/network.mjs";
const bytes = async (name) => (await fetch(name)).arrayBuffer();
const OUTPUT = "stylized_image";
let network, rows, session, numStyles;
async function load({ threads }) {
  ort.env.wasm.wasmPaths = new URL("ort/", self.location.href).href;
  ort.env.wasm.numThreads = threads;
  const began = performance.now();
  const model = await (await fetch("model.json")).json();
  const weights = await bytes("weights.bin");
  network = await loadNetwork(model, weights, { threads });
  const loaded = performance.now();
  rows = readRows(model, weights);
  numStyles = rows.length;
  session = await ort.InferenceSession.create(
    await bytes("network.onnx"), { executionProviders: ["wasm"] });
  return { threads: network.threads, notes: network.notes,
    load: [loaded - began, performance.now() - loaded] };
}
async function time({ h, w, rounds, style, pause }) {
  const image = new Float32Array(await bytes(`${h}x${w}.f32`));
  const styleWeights = new Float32Array(numStyles);
  styleWeights[style] = 1;
  const feeds = {
    image: new ort.Tensor("float32", image, [1, h, w, 3]),
    style_weights: new ort.Tensor("float32", styleWeights, [1, numStyles]),
  };
  const cases = [
    () => network.paint(image, h, w, { rows: [rows[style]], map: null }),
    async () => (await session.run(feeds, [OUTPUT]))[OUTPUT].data,
  ];
  const [ours, theirs] = [await cases[0](), await cases[1]()];
  let largest = 0;
  for (let i = 0; i < ours.length; i++)
    largest = Math.max(largest, Math.abs(ours[i] - theirs[i]));
  const milliseconds = [[], []];
  for (let round = 0; round < rounds; round++)
    for (const i of [0, 1]) {
      const began = performance.now();
      await cases[i]();
      milliseconds[i].push(performance.now() - began);
    }
  return { milliseconds, largest };
}
onmessage = async ({ data }) => {
  try {
    postMessage({ done: await { load, time }[data.name](data) });
  } catch (error) {
    postMessage({ error: String(error.stack ?? error) });
  }
};
"""
PAGE = """<!doctype html><meta charset="utf-8"><title>benchmark</title>
<script type="module">
const worker = new Worker("worker.mjs", { type: "module" });
window.ask = (message) => new Promise((resolve, reject) => {
  worker.onmessage = ({ data }) =>
    data.error ? reject(new Error(data.error)) : resolve(data.done);
  worker.onerror = (event) => reject(new Error(event.message));
  worker.postMessage(message);
});
</script>
"""


def write_site(folder, options):
    """Writes the page, the network and its ONNX file."""
    shutil.copytree(ENGINE, folder / "engine")
    shutil.copytree(
        options.node_modules / "onnxruntime-web" / "dist", folder / "ort"
    )
    (folder / "index.html").write_text(PAGE, "utf-8")
    (folder / "worker.mjs").write_text(WORKER, "utf-8")
    weights = read_weights(find_model(options.model))
    described, data = pack_network(weights)
    described["styles"] = [{"name": name} for name in weights.style_names]
    (folder / "model.json").write_text(json.dumps(described), "utf-8")
    (folder / "weights.bin").write_bytes(data)
    path = folder / "network.onnx"
    if options.onnx is not None:
        shutil.copyfile(options.onnx, path)
    else:
        exported = folder / "onnx"
        multistyle.export_network(options.model, exported, format="onnx")
        shutil.copyfile(exported / "model.onnx", path)
    for size in options.sizes:
        with Image.open(sample_photographs()[0]) as photograph:
            image = photograph.convert("RGB").resize((size, size))
        pixels = np.asarray(image, np.float32) / 255
        pixels.tofile(folder / f"{size}x{size}.f32")


def run(options, address):
    """Prints a line a size."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=options.chromium, args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.goto(address)

        def ask(**message):
            return page.evaluate("(message) => window.ask(message)", message)

        told = ask(name="load", threads=options.threads)
        ours, theirs = told["load"]
        print(
            f"Chromium {browser.version}, {told['threads']} thread(s); ready "
            f"after {ours:.0f} ms, onnxruntime-web {theirs:.0f} ms"
        )
        for size in options.sizes:
            timed = ask(
                name="time", h=size, w=size, rounds=options.rounds, style=0
            )
            ours, theirs = timed["milliseconds"]
            print(
                f"{options.model} {size} px: {median_ratio(ours, theirs):.2f} "
                f"of onnxruntime-web ({np.median(ours):.0f} ms, "
                f"{np.median(theirs):.0f} ms; difference at most "
                f"{timed['largest']:.1e})"
            )
        browser.close()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--model", default="paintings-fast", help="bundled")
    parser.add_argument("--threads", type=int, default=1, help="of both")
    parser.add_argument("--rounds", type=int, default=9, help="a size")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[256, 512, 1024], help="in px"
    )
    parser.add_argument(
        "--node_modules",
        type=Path,
        default=Path("node_modules"),
        help="a folder with onnxruntime-web",
    )
    parser.add_argument("--onnx", type=Path, help="in place of our export")
    parser.add_argument(
        "--chromium",
        default=shutil.which("chromium"),
        help="the program; None: Playwright's own",
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_site(Path(folder), options)
        with served(folder) as address:
            run(options, f"{address}/index.html")


if __name__ == "__main__":
    main()
