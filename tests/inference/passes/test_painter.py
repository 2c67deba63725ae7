import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.resizing import resize
from multistyle.images.samples import sample_photographs
from multistyle.images.values import to_float
from multistyle.inference.engines.keras_engine import KerasEngine
from multistyle.inference.passes import plan
from multistyle.inference.passes.memory import BASE
from multistyle.inference.passes.painter import MARGIN, Painter
from multistyle.network.architecture import EXTENSION
from multistyle.network.transform import TransformNetwork

WEIGHTS = np.array([0.5, 0.2, 0.3], np.float32)
SIZE = (300, 380)
HALF_SIZE = (150, 190)


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


def test_broad_strokes_are_those_of_a_smaller_picture(engine):
    image = IMAGES["photograph"]
    picture, _ = paint(engine, image, stroke_scale=2)
    small, _ = paint(engine, resize(image, HALF_SIZE))
    reduced = resize(picture, HALF_SIZE)
    np.testing.assert_allclose(reduced, small, atol=0.25, rtol=0)
    assert np.abs(reduced - small).mean() < 0.02


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
    assert np.abs(resize(picture, HALF_SIZE) - small).mean() < 0.02


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
            {"stroke_scale": 0.5},
            "`stroke_scale` is a number from 1; got `0.5`.",
        ),
        (
            {"stroke_scale": float("nan")},
            "`stroke_scale` is a number from 1; got `nan`.",
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
