"""What a photograph of twelve megapixels costs in the browser.

    python benchmarks/browser_large.py --megapixels=12

The exported page's engine paints it in Chromium, and one of 2 megapixels, as
the page does: the picture is given away, the painting is saved as a PNG.
Printed are the seconds and those that were said before, the memory of the tab
beside that of the page at rest, and the difference to the command line's
picture in float32. See benchmarks/README.md. Linux only.
"""

import argparse
import shutil
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from isolated_page import served
from PIL import Image

import multistyle
from multistyle.export.web import write_web_model
from multistyle.images.codecs.reading import read_image
from multistyle.images.resizing import resize
from multistyle.images.samples import sample_photographs
from multistyle.page.listing import page_files

MEGAPIXEL = 1_000_000
BASELINE = 2
STYLE = "great_wave"
OPEN = """async () => {
  const { Engine } = await import("./engine/engine.mjs");
  window.engine = await Engine.open("model/");
}"""
PAINT = """async ([name, style]) => {
  const bitmap = await createImageBitmap(await (await fetch(name)).blob());
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  canvas.width = canvas.height = 1;
  const picture = { width, height, data };
  const said = await engine.estimate(width, height);
  const began = performance.now();
  const painted = await engine.paint(
    picture, { weights: { [style]: 1 } }, { transfer: true });
  const seconds = (performance.now() - began) / 1000;
  const blob = await engine.encode(
    painted, { type: "image/png", text: style, transfer: true });
  const saved = (performance.now() - began) / 1000 - seconds;
  await fetch("painted.png", { method: "PUT", body: blob });
  return { seconds, saved, said };
}"""


class Peak:
    """The most memory that the processes of tabs hold, in bytes."""

    def __init__(self, browser_args):
        self._mark = browser_args
        self.bytes = 0
        self._stopped = False
        self._thread = threading.Thread(target=self._watch)

    def now(self):
        """Returns what the largest tab holds now."""
        return max(self._sizes(), default=0)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._stopped = True
        self._thread.join()

    def _watch(self):
        while not self._stopped:
            self.bytes = max(self.bytes, self.now())
            time.sleep(0.02)

    def _sizes(self):
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                arguments = (folder / "cmdline").read_bytes().decode()
                if self._mark in arguments and "--type=renderer" in arguments:
                    fields = (folder / "statm").read_text().split()
                    yield 4096 * int(fields[1])
            except OSError:
                continue  # It has ended.


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--megapixels", type=float, default=12, help="default: 12"
    )
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for path, file in page_files().items():
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
        write_web_model("paintings-fast", Path(folder))
        Path(folder, "blank.html").write_text("<!doctype html>\n")
        with served(folder) as address:
            for megapixels in (BASELINE, options.megapixels):
                run(
                    Path(folder),
                    f"{address}/blank.html",
                    megapixels,
                    options.chromium,
                )


def run(folder, address, megapixels, chromium):
    from playwright.sync_api import sync_playwright

    height = round((megapixels * MEGAPIXEL * 3 / 4) ** 0.5)
    size = (height, round(height * 4 / 3))
    photograph = resize(read_image(sample_photographs()[0]), size)
    Image.fromarray(photograph).save(folder / "photograph.png")
    mark = f"--multistyle-benchmark={time.time()}"
    with sync_playwright() as playwright:
        # The mark is in the tabs' command lines, too.
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", f"--js-flags=--stack-size=984 {mark}"],
        )
        page = browser.new_page()
        page.set_default_timeout(0)
        page.goto(address)
        page.evaluate(OPEN)
        with Peak(mark) as peak:
            at_rest = peak.now()
            found = page.evaluate(PAINT, ["photograph.png", STYLE])
        browser.close()
    painted = read_image(folder / "painted.png")
    stylizer = multistyle.Stylizer.load("paintings-fast", precision="float32")
    expected = stylizer.stylize(photograph, STYLE)
    difference = np.abs(painted.astype(float) - expected).mean()
    print(
        f"{size[1]} x {size[0]}: {found['seconds']:.1f} s to paint, said "
        f"{found['said']['seconds']:.1f} s; {found['saved']:.1f} s to save; "
        f"{(peak.bytes - at_rest) / 1e6:.0f} MB beside the page at rest "
        f"({at_rest / 1e6:.0f} MB), said {found['said']['bytes'] / 1e6:.0f} MB;"
        f" mean difference to the command line {difference:.2f} of 255",
        flush=True,
    )


if __name__ == "__main__":
    main()
