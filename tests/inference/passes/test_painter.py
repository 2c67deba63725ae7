import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.resizing import resize
from multistyle.images.samples import sample_photographs
from multistyle.images.values import to_float
from multistyle.inference.engines.keras_engine import KerasEngine
from multistyle.inference.passes import levels, plan
from multistyle.inference.passes.memory import BASE
from multistyle.inference.passes.painter import MARGIN, Painter
from multistyle.network.architecture import EXTENSION
from multistyle.network.transform import TransformNetwork

WEIGHTS = np.array([0.5, 0.2, 0.3], np.float32)
SIZE = (300, 380)
HALF_SIZE = (150, 190)
# Where strokes are too fine to be seen.
TINY_SIZE = (20, 25)


@pytest.fixture(scope="module")
def engine(small_network):
    return KerasEngine(small_network)


def make_images():
    """A photograph, a flat sky that grows lighter, and noise."""
    photograph = resize(read_image(sample_photographs()[1]), SIZE)
    light = np.linspace(120, 200, SIZE[0])[:, None, None]
    sky = np.broadcast_to(light * [0.8, 0.9, 1.2], (*SIZE, 3))
    noise = np.random.default_rng(0).integers(0, 256, (*SIZE, 3))
    return {
        "photograph": photograph,
        "sky": sky.astype(np.uint8),
        "noise": noise.astype(np.uint8),
    }


IMAGES = make_images()


def memory_for(engine, image, tile_size, has_map=False):
    """Returns a --max_memory that makes tiles of about that size."""
    side = tile_size + 2 * (MARGIN + EXTENSION)
    tile_bytes = side**2 * engine.pixel_bytes(has_map)
    return int(BASE + 2 * image.nbytes + tile_bytes + 1)


def paint(engine, image, weights_of=lambda window: WEIGHTS, **options):
    """Returns the picture, and how many parts it had."""
    picture = np.full(image.shape, np.nan, np.float32)
    num_parts = 0
    for window, part in Painter(engine, **options).paint(image, weights_of):
        window.of(picture)[:] = part
        num_parts += 1
    assert np.isfinite(picture).all()
    return picture, num_parts


def test_the_margin_is_what_a_pixel_sees(small_network):
    assert small_network.reach == 55 <= MARGIN
    assert TransformNetwork(num_styles=1, width_multiplier=0.1).reach == 55
    assert MARGIN % 4 == 0


def test_nothing_beyond_the_margin_matters(engine):
    """A pixel outside changes nothing, and one just inside does."""
    image = to_float(IMAGES["noise"])[:160, :160]
    _, moments = engine.paint(image, WEIGHTS, return_moments=True)
    cell = (slice(80, 84), slice(80, 84))
    before = engine.paint(image, WEIGHTS, moments)[cell]
    changed = image.copy()
    # The farthest pixel that is seen, above and to the left, is 55 away.
    changed[: 80 - 55] = changed[:, : 80 - 55] = 0
    np.testing.assert_array_equal(
        engine.paint(changed, WEIGHTS, moments)[cell], before
    )
    changed = image.copy()
    changed[: 80 - 54] = 0
    assert (engine.paint(changed, WEIGHTS, moments)[cell] != before).any()


@pytest.mark.parametrize("kind", IMAGES)
def test_tiles_of_given_moments_are_the_one_pass(engine, kind, monkeypatch):
    image = IMAGES[kind]
    expected, moments = engine.paint(
        to_float(image), WEIGHTS, return_moments=True
    )
    monkeypatch.setattr(Painter, "_measure", lambda *args: (0, moments))
    memory = memory_for(engine, image, 100)
    picture, num_parts = paint(engine, image, max_memory=memory)
    assert num_parts == 3 * 4
    # So no seam can show, and nothing has to be feathered.
    assert np.abs(picture - expected).max() < 0.01 / 255


@pytest.mark.parametrize("kind", IMAGES)
@pytest.mark.parametrize(("tiling", "most"), [("estimated", 2), ("exact", 0.5)])
def test_tiles_beside_the_one_pass(engine, kind, tiling, most):
    image = IMAGES[kind]
    expected, num_parts = paint(engine, image)
    assert num_parts == 1
    memory = memory_for(engine, image, 190)
    picture, num_parts = paint(engine, image, max_memory=memory, tiling=tiling)
    assert num_parts == 2 * 3
    difference = np.abs(picture - expected) * 255
    assert difference.mean() <= most
    if tiling == "exact":
        assert difference.max() <= most


def test_the_picture_does_not_depend_on_free_memory(engine, monkeypatch):
    image = IMAGES["photograph"]
    expected, num_parts = paint(engine, image)
    assert num_parts == 1
    side = 100 + 2 * (MARGIN + EXTENSION)
    free = image.nbytes + side**2 * engine.pixel_bytes(False) + 1
    monkeypatch.setattr(plan, "free_memory", lambda: free)
    picture, num_parts = paint(engine, image)
    assert num_parts == 3 * 4
    assert np.abs(picture - expected).max() <= 0.5 / 255


def test_a_map_of_weights_is_evaluated_by_window(engine):
    image = IMAGES["photograph"]
    right = np.linspace(0, 1, SIZE[1], dtype=np.float32)
    weights = np.zeros((*SIZE, 3), np.float32)
    weights[..., 0], weights[..., 2] = right, 1 - right
    seen = []

    def weights_of(window):
        seen.append(window.size)
        return window.of(weights)

    expected, _ = paint(engine, image, weights_of)
    seen.clear()
    memory = memory_for(engine, image, 100, has_map=True)
    picture, num_parts = paint(
        engine, image, weights_of, max_memory=memory, tiling="exact"
    )
    assert num_parts > 1 and SIZE not in seen
    assert np.abs(picture - expected).max() <= 0.5 / 255


def test_progress_rises_to_the_end(engine):
    image = IMAGES["sky"]
    for tiling in ("estimated", "exact"):
        shares = []
        paint(
            engine,
            image,
            max_memory=memory_for(engine, image, 190),
            tiling=tiling,
            progress=shares.append,
        )
        assert shares == sorted(shares)
        assert 0 <= shares[0] < 0.5 < shares[-1] < 1


@pytest.mark.parametrize("options", [{}, {"strokes": "pixels"}])
def test_up_to_the_deciding_size_a_photograph_is_painted_once(engine, options):
    image = IMAGES["photograph"]
    picture, num_parts = paint(engine, image, **options)
    assert num_parts == 1
    np.testing.assert_array_equal(
        picture, engine.paint(to_float(image), WEIGHTS)
    )


def test_broad_strokes_are_those_of_a_smaller_picture(engine):
    image = IMAGES["photograph"]
    picture, _ = paint(engine, image, stroke_scale=2)
    small, _ = paint(engine, resize(image, HALF_SIZE))
    difference = resize(picture, TINY_SIZE) - resize(small, TINY_SIZE)
    assert np.abs(difference).mean() < 0.02
    # At full size there are strokes as fine as those of one pass.
    once, _ = paint(engine, image)
    fineness = [
        np.abs(np.diff(p, axis=0)).mean()
        for p in (picture, once, resize(small, SIZE))
    ]
    assert fineness[0] > 0.8 * fineness[1] > 1.1 * fineness[2]


def test_large_photographs_are_painted_coarse_to_fine(engine, monkeypatch):
    monkeypatch.setattr(levels, "DECIDING_SIZE", 190)
    image = IMAGES["photograph"]
    fitted, _ = paint(engine, image)
    broad, _ = paint(engine, image, stroke_scale=1.0)
    np.testing.assert_array_equal(fitted, broad)
    monkeypatch.undo()
    twice, _ = paint(engine, image, stroke_scale=2)
    np.testing.assert_array_equal(fitted, twice)


def test_a_constant_map_equals_the_vector_at_every_level(engine):
    image = IMAGES["photograph"]
    grid = np.broadcast_to(WEIGHTS, (*SIZE, 3))
    by_map, _ = paint(
        engine, image, lambda window: window.of(grid), stroke_scale=3
    )
    by_vector, _ = paint(engine, image, stroke_scale=3)
    assert np.abs(by_map - by_vector).max() < 0.5 / 255


@pytest.mark.parametrize(("tiling", "most"), [("estimated", 2), ("exact", 0.5)])
def test_tiles_of_levels_beside_one_piece(engine, tiling, most):
    image = IMAGES["photograph"]
    expected, num_parts = paint(engine, image, stroke_scale=2)
    assert num_parts == 1
    # The reduced photograph and its painting are held, too.
    memory = memory_for(engine, image, 190) + int(0.75 * image.nbytes)
    picture, num_parts = paint(
        engine, image, stroke_scale=2, max_memory=memory, tiling=tiling
    )
    assert num_parts > 1
    difference = np.abs(picture - expected) * 255
    assert difference.mean() <= most
    if tiling == "exact":
        assert difference.max() <= most


def test_a_flat_picture_keeps_one_colour_on_every_level(engine):
    image = np.full((120, 160, 3), (90, 140, 200), np.uint8)
    picture, _ = paint(engine, image, stroke_scale=4)
    assert np.ptp(picture, axis=(0, 1)).max() < 0.5 / 255
    once, _ = paint(engine, image)
    np.testing.assert_allclose(picture, once, atol=1 / 255)


def test_the_finisher_paints_what_is_finer_than_the_first_level(engine):
    calls = []

    class Counting(KerasEngine):
        def paint(self, image, style_weights, *moments):
            calls.append((image.shape[:2], style_weights.tolist()))
            return super().paint(image, style_weights, *moments)

    image = IMAGES["photograph"]
    turned = list(reversed(engine.style_names))
    finisher = Counting(TransformNetwork(turned, width_multiplier=0.05))
    pair = engine.with_finisher(finisher)
    alone, _ = paint(engine, image, stroke_scale=4)
    finished, _ = paint(pair, image, stroke_scale=4)
    weights = WEIGHTS[::-1].tolist()
    assert calls == [((150, 190), weights), (SIZE, weights)]
    assert np.abs(finished - alone).max() > 0.01
    # The composition is the first level's, whatever finishes.
    difference = resize(finished, TINY_SIZE) - resize(alone, TINY_SIZE)
    assert np.abs(difference).mean() < 0.03


def test_broad_strokes_with_a_map(engine):
    image = IMAGES["photograph"]
    weights = np.zeros((*SIZE, 3), np.float32)
    weights[:, :190, 0] = weights[:, 190:, 1] = 1
    picture, _ = paint(
        engine, image, lambda window: window.of(weights), stroke_scale=2
    )
    small, _ = paint(
        engine,
        resize(image, HALF_SIZE),
        lambda window: window.of(weights[::2, ::2]),
    )
    difference = resize(picture, TINY_SIZE) - resize(small, TINY_SIZE)
    assert np.abs(difference).mean() < 0.02


def test_broad_strokes_need_a_picture(engine):
    with pytest.raises(InputError) as caught:
        paint(engine, IMAGES["sky"], stroke_scale=50)
    assert str(caught.value) == (
        "Strokes 50 times as broad leave nothing of a picture of 380 x 300 "
        "pixels: give less of --stroke_scale."
    )


def test_too_little_memory(engine):
    with pytest.raises(InputError, match="is too little memory for a picture"):
        paint(engine, IMAGES["sky"], max_memory="700MB")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"tiling": "fine"},
            "`tiling` is one of estimated, exact; got `fine`.",
        ),
        (
            {"strokes": "fine"},
            "`strokes` is one of fitted, pixels; got `fine`.",
        ),
        (
            {"stroke_scale": 0},
            "`stroke_scale` is a number above 0; got `0`.",
        ),
        (
            {"stroke_scale": float("nan")},
            "`stroke_scale` is a number above 0; got `nan`.",
        ),
        (
            {"strokes": "pixels", "stroke_scale": 2},
            "`stroke_scale` goes with `fitted` strokes alone: leave it or "
            "`pixels` away.",
        ),
        (
            {"max_memory": "lots"},
            "An amount of memory is written as `2GB` or `800MB`; got `lots`.",
        ),
    ],
)
def test_errors_of_options(engine, options, message):
    with pytest.raises(InputError) as caught:
        Painter(engine, **options)
    assert str(caught.value) == message


def test_progress_tells_of_each_level(engine):
    shares = []
    paint(engine, IMAGES["sky"], stroke_scale=4, progress=shares.append)
    # Of 1, 4 and 16 parts.
    np.testing.assert_allclose(shares, [1 / 21, 5 / 21], atol=1e-3)
