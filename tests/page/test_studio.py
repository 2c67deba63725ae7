"""Whole pictures of the page's engine, beside the command line's."""

import numpy as np
import pytest

import multistyle
from multistyle.export.web import write_web_model
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.srgb import on_white
from multistyle.images.resizing import resize
from multistyle.images.samples import sample_photographs
from tests.page.javascript import needs_node, run_javascript
from tests.page.test_regions import soft_mask

pytestmark = needs_node
# In the mean, of values up to 255; the bar is 1.
MOST = 0.1
LARGE = (1050, 1400)
SMALL = (120, 165)
PAINT = """
const { Studio } = await engine("studio.mjs");
const studio = await Studio.open(inputs.model, inputs.options);
const { data, width, height, look } = inputs;
if (inputs.mask)
  look.regions[0].mask = { width, height, data: inputs.mask };
const picture = { width, height, data: new Uint8ClampedArray(data) };
const shares = [];
await studio.paint(picture, look, { progress: (share) => shares.push(share) });
return { data: picture.data, shares };
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    write_web_model("paintings-fast", folder)
    return (folder / "model").as_uri() + "/"


@pytest.fixture(scope="module")
def stylizer():
    return multistyle.Stylizer.load("paintings-fast", precision="float32")


def photograph(size):
    return resize(read_image(sample_photographs()[0]), size)


def paint(tmp_path, model, pixels, look, **inputs):
    """Paints uint8 [H, W, 3 or 4] in Node: uint8 of the same shape."""
    height, width, channels = pixels.shape
    rgba = np.full((height, width, 4), 255, np.uint8)
    rgba[..., :channels] = pixels
    found = run_javascript(
        tmp_path,
        PAINT,
        model=model,
        data=rgba,
        height=height,
        width=width,
        look=look,
        options=inputs.pop("options", {}),
        **inputs,
    )
    shares = found["shares"]
    assert shares == sorted(shares) and shares[-1] == 1
    return found["data"].reshape(rgba.shape)[..., :channels]


def difference(first, second):
    return np.abs(first.astype(float) - second).mean()


def test_a_photograph_of_a_megapixel_and_a_half(tmp_path, model, stylizer):
    """In two levels, one by strips, a part by a mask, under strength."""
    pixels = photograph(LARGE)
    mask = soft_mask(*LARGE, 1)
    weights = {"starry_night": 0.7, "udnie": 0.3}
    look = {"weights": weights, "strength": 0.9, "regions": [{}]}
    found = paint(
        tmp_path, model, pixels, look, mask=mask, options={"memory": 90e6}
    )
    expected = stylizer.stylize(
        pixels, stylizer.region(weights, mask=mask), strength=0.9
    )
    assert difference(found, expected) < MOST
    # There is something to see, and what the mask leaves out stays.
    assert difference(expected, pixels) > 5
    np.testing.assert_array_equal(found[mask == 0], pixels[mask == 0])


@pytest.mark.parametrize(
    "options",
    [
        {"keep_colors": "luminance"},
        {"keep_colors": "histogram", "strength": 0.6},
        {"stroke_scale": 2.0},
        {"strokes": "pixels"},
    ],
    ids=lambda options: next(iter(options)) + str(next(iter(options.values()))),
)
def test_looks(tmp_path, model, stylizer, options):
    pixels = photograph(SMALL)
    names = {"keep_colors": "keepColors", "stroke_scale": "strokeScale"}
    look = {names.get(key, key): value for key, value in options.items()}
    look["weights"] = {"great_wave": 1}
    found = paint(tmp_path, model, pixels, look)
    expected = stylizer.stylize(pixels, "great_wave", **options)
    assert difference(found, expected) < MOST


def test_one_level_by_strips(tmp_path, model, stylizer):
    """What is painted already is not what the next strip reads."""
    pixels = photograph((600, 260))
    look = {"weights": {"udnie": 1}, "strokes": "pixels"}
    found = paint(tmp_path, model, pixels, look, options={"memory": 1})
    expected = stylizer.stylize(pixels, "udnie", strokes="pixels")
    assert difference(found, expected) < MOST


def test_a_gradient_across_levels(tmp_path, model, stylizer):
    pixels = photograph(SMALL)
    stops = [{"udnie": 1}, {"great_wave": 1}]
    look = {"gradient": {"angle": 30, "stops": stops}, "strokeScale": 2}
    found = paint(tmp_path, model, pixels, look)
    expected = stylizer.stylize(
        pixels,
        stylizer.region(gradient="udnie>great_wave:30"),
        stroke_scale=2.0,
    )
    assert difference(found, expected) < MOST


def test_what_is_transparent_shows_no_colour_of_its_own(
    tmp_path, model, stylizer
):
    pixels = np.dstack([photograph(SMALL), soft_mask(*SMALL, 1)])
    found = paint(tmp_path, model, pixels, {"weights": {"udnie": 1}})
    expected = stylizer.stylize(pixels, "udnie")
    assert difference(on_white(found), on_white(expected)) < MOST
    np.testing.assert_array_equal(found[..., 3], pixels[..., 3])


@pytest.mark.parametrize("size", [(5, 7), (1, 30), (9, 8)])
def test_pictures_smaller_than_the_network_s_smallest(
    tmp_path, model, stylizer, size
):
    pixels = photograph(size)
    found = paint(tmp_path, model, pixels, {"weights": {"udnie": 1}})
    # Of so few pixels the processor's own precision shows.
    assert difference(found, stylizer.stylize(pixels, "udnie")) < 2 * MOST


def test_flat_pictures_stay_flat(tmp_path, model, stylizer):
    pixels = np.full((*SMALL, 3), 255, np.uint8)
    found = paint(tmp_path, model, pixels, {"weights": {"udnie": 1}})
    assert np.ptp(found, axis=(0, 1)).max() <= 1
    assert difference(found, stylizer.stylize(pixels, "udnie")) < MOST


def test_the_preview_shows_the_strokes_of_the_whole_picture(
    tmp_path, model, stylizer
):
    pixels = photograph(LARGE)
    rgba = np.full((*LARGE, 4), 255, np.uint8)
    rgba[..., :3] = pixels
    found = run_javascript(
        tmp_path,
        """
        const { Studio } = await engine("studio.mjs");
        const studio = await Studio.open(inputs.model);
        const picture = {
          width: 1400, height: 1050, data: new Uint8ClampedArray(inputs.data),
        };
        const shown = await studio.preview(
          picture, { weights: { udnie: 1 } }, 500);
        const sketched = await studio.preview(
          picture, { weights: { udnie: 1 } }, 500, { sketch: true });
        const { width, height } = shown;
        return { width, height, shown: shown.data, sketched: sketched.data };
        """,
        model=model,
        data=rgba,
    )
    assert (found["height"], found["width"]) == (375, 500)

    def shown_as(key):
        return found[key].reshape(375, 500, 4)[..., :3]

    whole = stylizer.stylize(resize(pixels, (750, 1000)), "udnie")
    expected = resize(whole, (375, 500))
    assert difference(shown_as("shown"), expected) < MOST
    sketch = stylizer.stylize(resize(pixels, (375, 500)), "udnie")
    assert difference(shown_as("sketched"), sketch) < MOST


def test_the_estimate_offers_what_fits(tmp_path, model):
    small, large, broad = run_javascript(
        tmp_path,
        """
        const { Studio } = await engine("studio.mjs");
        const studio = await Studio.open(inputs.model, { memory: 100e6 });
        const small = await studio.estimate(400, 300);
        const large = await studio.estimate(4000, 3000);
        return [small, large, await studio.estimate(...large.largest)];
        """,
        model=model,
    )
    assert small["fits"] and small["largest"] == [400, 300]
    assert not large["fits"] and large["bytes"] > 100e6
    assert broad["fits"]
    width, height = large["largest"]
    assert width / height == pytest.approx(4 / 3, abs=0.01)
    assert 0 < small["seconds"] < broad["seconds"] < large["seconds"]


def test_rows_of_one_s_own(tmp_path, model):
    found = run_javascript(
        tmp_path,
        """
        const { Studio } = await engine("studio.mjs");
        const studio = await Studio.open(inputs.model);
        const paint = async (name) => {
          const picture = {
            width: 32, height: 32,
            data: new Uint8ClampedArray(4096).map((_, i) => i * 7),
          };
          await studio.paint(picture, { weights: { [name]: 1 } });
          return picture.data;
        };
        const refused = (name, row) => {
          try {
            studio.addRow(name, row);
          } catch (error) {
            return error.message;
          }
        };
        const row = studio.rows.get("udnie");
        studio.addRow("mine", row);
        const [mine, udnie] = [await paint("mine"), await paint("udnie")];
        const messages = [
          refused("udnie", row), refused("other", Float32Array.of(1, 2))];
        studio.removeRow("mine");
        await paint("mine").catch((error) => messages.push(error.message));
        return { mine, udnie, messages };
        """,
        model=model,
    )
    np.testing.assert_array_equal(found["mine"], found["udnie"])
    taken, foreign, gone = found["messages"]
    assert "already" in taken
    assert "another network" in foreign
    assert "no style `mine`" in gone


def test_a_painting_can_be_stopped(tmp_path, model):
    name = run_javascript(
        tmp_path,
        """
        const { Studio } = await engine("studio.mjs");
        const studio = await Studio.open(inputs.model);
        const picture = {
          width: 900, height: 900, data: new Uint8ClampedArray(4 * 810000),
        };
        const stop = new AbortController();
        const options = { signal: stop.signal, progress: () => stop.abort() };
        return studio.paint(picture, { weights: { udnie: 1 } }, options).then(
          () => "painted", (error) => error.name);
        """,
        model=model,
    )
    assert name == "AbortError"
