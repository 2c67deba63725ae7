"""The page's engine behind its worker, in Chromium."""

import shutil

import numpy as np
import pytest

import multistyle
from multistyle.export.web import write_web_model
from multistyle.images.codecs.reading import read_image
from multistyle.images.resizing import resize
from multistyle.images.samples import sample_photographs
from tests.page.chromium_page import IS_MISSING, launch, serve
from tests.page.javascript import ENGINE

pytestmark = pytest.mark.skipif(
    IS_MISSING, reason="needs Chromium and playwright"
)
SIZE = (210, 300)
OPEN = """async (pixels) => {
  const { Engine } = await import("./engine/engine.mjs");
  window.engine = await Engine.open("model/");
  window.look = { weights: { udnie: 1 } };
  window.picture = (width = 300, height = 210) => {
    const data = new Uint8ClampedArray(4 * width * height).fill(255);
    for (let i = 0; i < data.length; i++)
      if (i % 4 < 3) data[i] = pixels[(3 * (i >> 2) + i % 4) % pixels.length];
    return { width, height, data };
  };
  window.outcome = (promise) => promise.then(
    ({ width, height }) => `${width} x ${height}`, ({ name }) => name);
}"""


@pytest.fixture(scope="module")
def pixels():
    return resize(read_image(sample_photographs()[0]), SIZE)


@pytest.fixture(scope="module")
def tab(pixels, tmp_path_factory):
    """A page with `engine`, `look`, `picture()` and `outcome()`."""
    from playwright.sync_api import sync_playwright

    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(ENGINE, folder / "engine")
    write_web_model("paintings-fast", folder)
    (folder / "index.html").write_text("<!doctype html><title>x</title>")
    with serve(folder) as address, sync_playwright() as playwright:
        with launch(playwright) as browser:
            page = browser.new_page()
            page.goto(address)
            page.evaluate(OPEN, pixels.ravel().tolist())
            yield page


def test_it_paints_what_python_paints(tab, pixels):
    painted, shares, names = tab.evaluate(
        """async () => {
          const shares = [];
          const progress = (share) => shares.push(share);
          const given = picture();
          const painted = await engine.paint(given, look, { progress });
          if (given.data.length !== 4 * 300 * 210) throw new Error("taken");
          return [[...painted.data], shares, engine.styles.map((s) => s.name)];
        }"""
    )
    found = np.array(painted, np.uint8).reshape(*SIZE, 4)
    stylizer = multistyle.Stylizer.load("paintings-fast", precision="float32")
    expected = stylizer.stylize(pixels, "udnie").astype(float)
    assert np.abs(found[..., :3] - expected).mean() < 0.1
    assert (found[..., 3] == 255).all()
    assert shares == sorted(shares) and shares[-1] == 1
    assert names == stylizer.style_names


def test_the_newest_preview_wins(tab):
    outcomes = tab.evaluate(
        """async () => {
          const shown = picture();
          return Promise.all([64, 128, 200].map(
            (side) => outcome(engine.preview(shown, look, side))));
        }"""
    )
    assert outcomes == ["AbortError", "AbortError", "200 x 140"]


def test_pictures_that_were_shown_before(tab):
    """Also those that the worker has let go since."""
    outcomes = tab.evaluate(
        """async () => {
          const shown = [300, 200, 100].map((width) => picture(width, 90));
          const results = [];
          for (const one of [...shown, ...shown])
            results.push(await outcome(engine.preview(one, look, 80)));
          return results;
        }"""
    )
    assert outcomes == ["80 x 24", "80 x 36", "80 x 72"] * 2


def test_a_painting_is_stopped_and_the_next_is_painted(tab):
    outcomes = tab.evaluate(
        """async () => {
          const stop = new AbortController();
          const progress = () => stop.abort();
          const large = picture(1200, 900);
          return [
            await outcome(engine.paint(
              large, look, { signal: stop.signal, progress })),
            await outcome(engine.paint(
              large, look, { signal: stop.signal })),
            await outcome(engine.paint(picture(), look)),
          ];
        }"""
    )
    assert outcomes == ["AbortError", "AbortError", "300 x 210"]


def test_what_is_wrong_is_said_in_a_sentence(tab):
    messages = tab.evaluate(
        """async () => Promise.all([
          engine.paint(picture(), { weights: { nobody: 1 } }),
          engine.preview(picture(), { ...look, strength: 7 }, 50),
          engine.encode(picture(), { type: "image/bmp" }),
          engine.addRow("udnie", new Float32Array(806)),
        ].map((promise) => promise.catch((error) => error.message)))"""
    )
    assert messages == [
        "There is no style `nobody`.",
        "A strength is a number from 0 to 1; got `7`.",
        "A picture is saved as PNG or JPEG; got `image/bmp`.",
        "There is a style `udnie` already: give another name.",
    ]


def test_a_painting_of_one_s_own_becomes_a_style(tab):
    last, outcome, count, gone = tab.evaluate(
        """async () => {
          const { name, row } = await engine.read(picture(), "mine");
          await engine.addRow("mine", row.map((value) => 0.9 * value));
          const own = engine.styles.filter((style) => style.isOwn);
          const shown = await outcome(
            engine.preview(picture(), { weights: { mine: 1 } }, 60));
          await engine.removeRow("mine");
          return [own.at(-1), shown, own.length, await outcome(
            engine.preview(picture(), { weights: { mine: 1 } }, 60))];
        }"""
    )
    assert last == {"name": "mine", "isOwn": True}
    assert (outcome, count, gone) == ("60 x 42", 1, "Error")


def test_a_picture_that_is_given_away(tab):
    left, size, kind = tab.evaluate(
        """async () => {
          const given = picture();
          const painted = await engine.paint(given, look, { transfer: true });
          const blob = await engine.encode(
            painted, { type: "image/jpeg", text: "udnie=1", transfer: true });
          const left = given.data.length + painted.data.length;
          return [left, blob.size, blob.type];
        }"""
    )
    assert left == 0
    assert size > 5000 and kind == "image/jpeg"


def test_the_estimate(tab):
    said = tab.evaluate("engine.estimate(4000, 3000, look)")
    assert set(said) == {"seconds", "bytes", "fits", "largest"}
    assert said["fits"] and said["largest"] == [4000, 3000]
    assert said["bytes"] < 500e6


def test_a_folder_that_is_not_there_is_said(tab):
    message = tab.evaluate(
        """async () => {
          const { Engine } = await import("./engine/engine.mjs");
          return Engine.open("nothing/").catch((error) => error.message);
        }"""
    )
    assert "` cannot be fetched" in message
