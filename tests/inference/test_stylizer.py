import io

import numpy as np
import pytest
from PIL import Image

from multistyle.errors import InputError
from multistyle.images.codecs.writing import write_image
from multistyle.images.lab import rgb_to_lab
from multistyle.images.values import to_float, to_uint8
from multistyle.inference.engines.keras_engine import KerasEngine
from multistyle.inference.stylizer import Stylizer

STYLE = "great_wave"


@pytest.fixture(scope="module")
def stylizer(small_network):
    return Stylizer(small_network)


@pytest.fixture(scope="module")
def photograph():
    return make_photograph(40, 52)


def make_photograph(height, width, channels=3):
    random = np.random.default_rng(height * 1000 + width)
    return random.integers(0, 256, (height, width, channels), np.uint8)


def paint_directly(stylizer, photograph, weights):
    """What the network itself gives for weights [N], float32."""
    inputs = {
        "image": to_float(photograph)[None],
        "style_weights": np.asarray([weights], np.float32),
    }
    return stylizer.network.predict_on_batch(inputs)[0]


def test_a_blend_is_the_network_s_picture(stylizer, photograph):
    painted = stylizer.stylize(
        to_float(photograph), {"starry_night": 3, "the_scream": 1}
    )
    assert painted.dtype == np.float32
    expected = paint_directly(stylizer, photograph, [0.75, 0, 0.25])
    np.testing.assert_allclose(painted, expected, atol=1e-5)


def test_styles_and_blends_differ(stylizer, photograph):
    pictures = [
        stylizer.stylize(to_float(photograph), weights)
        for weights in (*stylizer.style_names, "starry_night,great_wave")
    ]
    for i, first in enumerate(pictures):
        for second in pictures[:i]:
            assert np.abs(first - second).mean() > 0.01


@pytest.mark.parametrize(
    "weights", [{STYLE: 0.3}, [0, 1, 0], np.array([0, 5, 0])]
)
def test_a_blend_of_one_is_the_style(stylizer, photograph, weights):
    np.testing.assert_array_equal(
        stylizer.stylize(photograph, weights),
        stylizer.stylize(photograph, STYLE),
    )


@pytest.mark.parametrize("size", [(40, 52), (41, 51)])
def test_a_constant_map_is_the_blend(stylizer, size):
    photograph = to_float(make_photograph(*size))
    weights = [0.2, 0.5, 0.3]
    blended = stylizer.stylize(photograph, weights)
    mapped = stylizer.stylize(photograph, np.broadcast_to(weights, (*size, 3)))
    np.testing.assert_allclose(mapped, blended, atol=1e-4)


def test_a_blend_after_a_map_is_as_before(stylizer, photograph):
    before = stylizer.stylize(photograph, STYLE)
    for size in ((24, 20), (31, 29)):
        stylizer.stylize(make_photograph(*size), np.ones((*size, 3)))
    np.testing.assert_array_equal(stylizer.stylize(photograph, STYLE), before)


def test_a_map_paints_each_side_in_its_style(stylizer):
    photograph = to_float(make_photograph(64, 160))
    weights = np.zeros((64, 160, 3))
    weights[:, :80, 0] = 1
    weights[:, 80:, 2] = 1
    mapped = stylizer.stylize(photograph, weights)
    errors = np.abs(
        np.stack(
            [
                stylizer.stylize(photograph, name) - mapped
                for name in ("starry_night", "the_scream")
            ]
        )
    ).mean(axis=(1, 3))
    left, right = errors[:, :40].mean(axis=1), errors[:, -40:].mean(axis=1)
    assert left[0] < left[1]
    assert right[1] < right[0]


def test_negative_weights_need_extrapolate(stylizer, photograph):
    weights = {"starry_night": 1.5, "great_wave": -0.5}
    with pytest.raises(InputError, match="extrapolate"):
        stylizer.stylize(photograph, weights)
    painted = stylizer.stylize(to_float(photograph), weights, extrapolate=True)
    expected = paint_directly(stylizer, photograph, [1.5, -0.5, 0])
    np.testing.assert_allclose(painted, expected, atol=1e-5)


def test_a_path_and_a_pil_image_give_a_pil_image(
    stylizer, photograph, tmp_path
):
    path = tmp_path / "photo.png"
    write_image(path, photograph)
    expected = stylizer.stylize(photograph, STYLE)
    for image in (path, str(path), Image.fromarray(photograph)):
        painted = stylizer.stylize(image, STYLE)
        assert isinstance(painted, Image.Image)
        assert painted.mode == "RGB"
        np.testing.assert_array_equal(np.asarray(painted), expected)


def test_uint8_gives_uint8_and_float_gives_float32(stylizer, photograph):
    from_uint8 = stylizer.stylize(photograph, STYLE)
    assert from_uint8.dtype == np.uint8
    for dtype in (np.float16, np.float32, np.float64):
        from_float = stylizer.stylize((photograph / 255).astype(dtype), STYLE)
        assert from_float.dtype == np.float32
        assert np.abs(from_float - to_float(from_uint8)).max() < 0.02


def test_a_grey_pil_image_is_painted_in_colour(stylizer):
    grey = make_photograph(20, 24)[..., 0]
    painted = stylizer.stylize(Image.fromarray(grey), STYLE)
    assert painted.mode == "RGB"
    np.testing.assert_array_equal(
        np.asarray(painted),
        stylizer.stylize(np.stack([grey] * 3, axis=2), STYLE),
    )


def make_icon(hidden, height=33, width=30):
    """A disc with a soft edge on nothing, whose colour there is `hidden`."""
    pixels = make_photograph(height, width, channels=4)
    y, x = np.mgrid[:height, :width]
    distance = np.hypot(y - height / 2, x - width / 2)
    pixels[..., 3] = np.clip((12 - distance) * 64, 0, 255)
    pixels[pixels[..., 3] == 0, :3] = hidden
    return pixels


def test_alpha_is_kept(stylizer, tmp_path):
    pixels = make_icon((0, 0, 0))
    path = tmp_path / "icon.png"
    write_image(path, pixels)
    expected = stylizer.stylize(pixels, STYLE)
    np.testing.assert_array_equal(expected[..., 3], pixels[..., 3])
    for image in (to_float(pixels), Image.fromarray(pixels), path):
        painted = to_uint8(np.asarray(stylizer.stylize(image, STYLE)))
        np.testing.assert_array_equal(painted, expected)


def test_full_alpha_changes_nothing(stylizer, photograph):
    opaque = np.dstack([photograph, np.full((40, 52), 255, np.uint8)])
    np.testing.assert_array_equal(
        stylizer.stylize(opaque, STYLE)[..., :3],
        stylizer.stylize(photograph, STYLE),
    )


@pytest.mark.parametrize("keep_colors", ["none", "luminance", "histogram"])
def test_hidden_colours_do_not_bleed(stylizer, keep_colors):
    icons = [make_icon(hidden) for hidden in ((0, 255, 0), (0, 0, 0))]
    first, second = (
        stylizer.stylize(icon, STYLE, keep_colors=keep_colors) for icon in icons
    )
    np.testing.assert_array_equal(first, second)
    # Without alpha these two are no twins, so that there was something to do.
    first, second = (stylizer.stylize(icon[..., :3], STYLE) for icon in icons)
    opaque = icons[0][..., 3] == 255
    difference = np.abs(first.astype(int) - second)[opaque]
    assert difference.max() > 20


def test_hidden_colours_are_kept_with_strength_0(stylizer):
    icon = make_icon((0, 255, 0))
    np.testing.assert_array_equal(
        stylizer.stylize(icon, STYLE, strength=0), icon
    )


def test_nothing_visible_is_painted_somehow(stylizer):
    pixels = make_photograph(16, 17, channels=4)
    pixels[..., 3] = 0
    for keep_colors in ("none", "histogram"):
        painted = stylizer.stylize(pixels, STYLE, keep_colors=keep_colors)
        assert painted.shape == pixels.shape
        assert (painted[..., 3] == 0).all()


@pytest.mark.parametrize(
    ("height", "width"), [(1, 1), (1, 40), (7, 3), (8, 8), (9, 15), (50, 2)]
)
def test_every_size_is_kept(stylizer, height, width):
    photograph = make_photograph(height, width)
    painted = stylizer.stylize(photograph, STYLE)
    assert painted.shape == photograph.shape
    weights = np.zeros((height, width, 3))
    weights[..., 1] = 1
    mapped = stylizer.stylize(photograph, weights)
    assert np.abs(mapped.astype(int) - painted).max() <= 1


def test_a_small_picture_is_extended_by_reflection(stylizer):
    photograph = make_photograph(5, 10)
    rows = [0, 1, 2, 3, 4, 3, 2, 1]
    np.testing.assert_array_equal(
        stylizer.stylize(photograph, STYLE),
        stylizer.stylize(photograph[rows], STYLE)[:5],
    )


def test_strength_0_is_exactly_the_photograph(stylizer):
    pixels = make_photograph(21, 34, channels=4)
    np.testing.assert_array_equal(
        stylizer.stylize(pixels, STYLE, strength=0), pixels
    )
    floats = np.random.default_rng(0).random((16, 17, 3), np.float32)
    np.testing.assert_array_equal(
        stylizer.stylize(floats, STYLE, strength=0), floats
    )


def test_strength_blends_pixels(stylizer, photograph):
    photograph = to_float(photograph)
    painted = stylizer.stylize(photograph, STYLE)
    np.testing.assert_allclose(
        stylizer.stylize(photograph, STYLE, strength=0.25),
        0.75 * photograph + 0.25 * painted,
        atol=1e-6,
    )


def test_a_mask_is_exact_where_white_and_where_black(stylizer, photograph):
    mask = np.zeros((40, 52), np.uint8)
    mask[:, 20:30] = 51
    mask[:, 30:] = 255
    painted = stylizer.stylize(photograph, STYLE)
    for masked in (
        stylizer.stylize(photograph, STYLE, strength=mask),
        stylizer.stylize(photograph, STYLE, strength=mask / 255),
        stylizer.stylize(photograph, stylizer.region(STYLE, mask)),
        stylizer.stylize(photograph, stylizer.region(mask={STYLE: mask})),
    ):
        np.testing.assert_array_equal(masked[:, :20], photograph[:, :20])
        np.testing.assert_array_equal(masked[:, 30:], painted[:, 30:])
        # Between, the mix and nothing else: no halo.
        mix = 0.8 * photograph + 0.2 * painted
        assert np.abs(masked - mix)[:, 20:30].max() <= 0.5 + 1e-3


def test_masks_of_two_styles_are_one_pass_and_a_mix(stylizer, photograph):
    left = np.zeros((40, 52))
    left[:, :20] = 1
    right = np.zeros((40, 52))
    right[:, 32:] = 0.5
    region = stylizer.region(mask={"starry_night": left, STYLE: right})
    painted = stylizer.stylize(photograph, region)
    weights = region.fit((40, 52)).weights()
    both = stylizer.stylize(photograph, weights)
    np.testing.assert_array_equal(painted[:, :20], both[:, :20])
    np.testing.assert_array_equal(painted[:, 20:32], photograph[:, 20:32])
    mix = (photograph[:, 32:] + both[:, 32:].astype(int)) / 2
    assert np.abs(painted[:, 32:] - mix).max() <= 0.5 + 1e-3


def test_a_gradient_is_the_map_of_its_weights(stylizer, photograph):
    to_the_right = np.linspace(0, 1, 52)
    weights = np.zeros((40, 52, 3))
    weights[..., 0], weights[..., 1] = 1 - to_the_right, to_the_right
    region = stylizer.region(gradient=f"starry_night>{STYLE}:horizontal")
    difference = stylizer.stylize(photograph, region).astype(
        int
    ) - stylizer.stylize(photograph, weights)
    assert np.abs(difference).max() <= 1


def test_a_region_serves_pictures_of_any_size(stylizer):
    region = stylizer.region(
        mask=np.ones((6, 6)), gradient=f"starry_night>{STYLE}:45"
    )
    for size in ((12, 12), (7, 7), (64, 64)):
        painted = stylizer.stylize(make_photograph(*size), region)
        assert painted.shape == (*size, 3)
    with pytest.raises(InputError, match="has not the aspect of its picture"):
        stylizer.stylize(make_photograph(12, 24), region)


def test_histogram_takes_the_colours_of_the_painted_part(stylizer):
    photograph = 0.3 + 0.2 * to_float(make_photograph(48, 64))
    photograph[:, :32, 2] += 0.3
    mask = np.zeros((48, 64))
    mask[:, :32] = 1
    kept = stylizer.stylize(
        photograph, STYLE, strength=mask, keep_colors="histogram"
    )
    np.testing.assert_array_equal(kept[:, 32:], photograph[:, 32:])
    mean = rgb_to_lab(kept)[:, :32].mean(axis=(0, 1))
    wanted = rgb_to_lab(photograph)[:, :32].mean(axis=(0, 1))
    np.testing.assert_allclose(mean, wanted, atol=2)
    other = rgb_to_lab(photograph).mean(axis=(0, 1))
    assert np.abs(wanted - other).max() > 8


def test_keep_colors_takes_the_photograph_s_colours(stylizer):
    # Muted colours, so that none is clipped.
    photograph = 0.4 + 0.2 * to_float(make_photograph(24, 24))
    painted = stylizer.stylize(photograph, STYLE)
    kept = stylizer.stylize(photograph, STYLE, keep_colors="luminance")
    inside = ((kept > 0.01) & (kept < 0.99)).all(axis=2)
    assert inside.mean() > 0.5
    lab = rgb_to_lab(kept)[inside]
    np.testing.assert_allclose(
        lab[:, 1:], rgb_to_lab(photograph)[inside][:, 1:], atol=0.05
    )
    np.testing.assert_allclose(
        lab[:, 0], rgb_to_lab(painted)[inside][:, 0], atol=0.05
    )


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (
            np.zeros((8, 8), np.uint8),
            "An image has the shape `[H, W, 3]`, or `[H, W, 4]` with alpha; "
            "got `[8, 8]`.",
        ),
        (
            np.zeros((8, 0, 3), np.uint8),
            "An image has the shape `[H, W, 3]`, or `[H, W, 4]` with alpha; "
            "got `[8, 0, 3]`.",
        ),
        (
            np.zeros((8, 8, 3), np.int64),
            "An image is uint8, uint16, or float in [0, 1]; got `int64`.",
        ),
        (
            np.full((8, 8, 3), 255.0),
            "A float image lies in [0, 1]; got [255, 255].",
        ),
        (
            np.full((8, 8, 3), np.nan),
            "A float image lies in [0, 1]; got [nan, nan].",
        ),
        (
            io.BytesIO(b"file"),
            "An image is a path, a Pillow picture or an array; got `BytesIO`: "
            "of an open file, give `PIL.Image.open(file)`.",
        ),
        ("nowhere.jpg", "`nowhere.jpg` does not exist."),
    ],
)
def test_errors_of_images(stylizer, image, message):
    with pytest.raises(InputError) as caught:
        stylizer.stylize(image, STYLE)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"style_weights": "great_wav"}, "did you mean `great_wave`?"),
        (
            {"style_weights": np.ones((52, 40, 3))},
            "has the size of its picture, `40 x 52` (height x width); got "
            "`52 x 40`.",
        ),
        ({"strength": 1.5}, "A strength is a number from 0 to 1; got `1.5`."),
        (
            {"strength": np.ones((52, 40))},
            "The mask `strength` of 40 x 52 pixels has not the aspect",
        ),
        (
            {"strength": np.full((40, 52), 2.0)},
            "The mask `strength` lies in [0, 1]; got [2, 2].",
        ),
        ({"keep_colors": "all"}, "none, luminance, histogram; got `all`"),
    ],
)
def test_errors_of_options(stylizer, photograph, options, message):
    with pytest.raises(InputError) as caught:
        stylizer.stylize(photograph, **{"style_weights": STYLE, **options})
    assert message in str(caught.value)


def test_load_takes_a_run_folder_or_a_file(
    stylizer, small_model_path, photograph
):
    expected = stylizer.stylize(photograph, STYLE)
    for spec in (small_model_path, small_model_path.parent):
        loaded = Stylizer.load(spec, precision="float32")
        assert loaded.style_names == stylizer.style_names
        painted = loaded.stylize(photograph, STYLE)
        assert np.abs(painted.astype(int) - expected).max() <= 1
        np.testing.assert_array_equal(
            loaded.network.get_weights()[0], stylizer.network.get_weights()[0]
        )


def test_load_of_no_model():
    with pytest.raises(InputError, match="There is no model `qwerty`"):
        Stylizer.load("qwerty")


def test_load_of_no_precision(small_model_path):
    with pytest.raises(
        InputError, match="`precision` is one of .*; got `float16`"
    ):
        Stylizer.load(small_model_path, precision="float16")


def test_tensorflow_traces_no_third_size():
    import keras

    from multistyle.network.transform import TransformNetwork

    if keras.backend.backend() != "tensorflow":
        pytest.skip("PyTorch has no traces, and JAX makes one for each size.")

    class CountingNetwork(TransformNetwork):
        num_calls = 0

        def measure(self, inputs, moments=None):
            self.num_calls += 1
            return super().measure(inputs, moments)

    network = CountingNetwork(num_styles=2, width_multiplier=0.1)
    stylizer = Stylizer(network)

    def paint(size, weights):
        stylizer.stylize(make_photograph(*size), weights)
        stylizer.stylize(
            make_photograph(*size), np.broadcast_to(weights, (*size, 2))
        )

    paint((24, 20), [1, 0])
    paint((31, 29), [0, 1])
    num_traces = network.num_calls
    assert num_traces > 0
    for size in ((26, 40), (9, 12), (40, 24)):
        paint(size, [0.2, 0.8])
    assert network.num_calls == num_traces


def test_sixteen_bits_do_not_pass_through_eight(stylizer):
    random = np.random.default_rng(3)
    photograph = random.integers(0, 65536, (24, 20, 4), np.uint16)
    painted = stylizer.stylize(photograph, STYLE, strength=0.5)
    assert painted.dtype == np.uint16
    np.testing.assert_array_equal(painted[..., 3], photograph[..., 3])
    as_float = to_float(photograph)
    expected = stylizer.stylize(as_float, STYLE, strength=0.5)[..., :3]
    np.testing.assert_array_equal(
        painted[..., :3], np.rint(expected * np.float32(65535))
    )
    assert len(np.unique(painted[..., :3])) > 256
    np.testing.assert_array_equal(
        stylizer.stylize(photograph, STYLE, strength=0), photograph
    )


def test_it_is_a_public_name():
    import multistyle

    assert multistyle.Stylizer is Stylizer


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda network: Stylizer(),
            "A `Stylizer` is made of a `TransformNetwork` or of an engine: "
            'give one, or load a model by `Stylizer.load("paintings")`.',
        ),
        (
            lambda network: Stylizer("paintings"),
            "A `Stylizer` is made of a network: load the model by "
            '`Stylizer.load("paintings")`.',
        ),
        (
            lambda network: Stylizer(network, engine=KerasEngine(network)),
            "A `Stylizer` is made of a `TransformNetwork` or of an engine: "
            'give one, or load a model by `Stylizer.load("paintings")`.',
        ),
        (
            lambda network: Stylizer(3),
            "A `Stylizer` is made of a `TransformNetwork` or of an engine: "
            'give one, or load a model by `Stylizer.load("paintings")`.',
        ),
    ],
)
def test_a_stylizer_that_is_made_wrongly_says_so(small_network, make, message):
    with pytest.raises(InputError) as caught:
        make(small_network)
    assert str(caught.value) == message


def test_a_misspelt_keyword_names_the_nearest(stylizer):
    with pytest.raises(TypeError, match="did you mean `strength`"):
        stylizer.stylize(make_photograph(8, 8), STYLE, strenght=0.5)


@pytest.mark.parametrize(
    "options",
    [
        {"keep_colors": "x"},
        {"strength": 2},
        {"strength": "50%"},
        {"tiling": "fine"},
        {"stroke_scale": 0},
        {"max_memory": "lots"},
    ],
)
def test_options_are_refused_before_the_picture_is_read(stylizer, options):
    with pytest.raises(InputError) as caught:
        stylizer.stylize("missing.jpg", STYLE, **options)
    assert "missing.jpg" not in str(caught.value)


def test_every_kind_of_picture_is_painted_coarse_to_fine(stylizer):
    random = np.random.default_rng(0)
    deep = random.integers(0, 65536, (60, 80, 4), np.uint16)
    deep[..., 3] = 65535
    deep[:20, :20, 3] = 0
    floats = (deep[..., :3] / 65535).astype(np.float32)
    options = {"style_weights": "great_wave", "stroke_scale": 2}
    painted = stylizer.stylize(deep, **options)
    assert painted.dtype == np.uint16
    np.testing.assert_array_equal(painted[..., 3], deep[..., 3])
    by_float = stylizer.stylize(floats, **options)
    assert by_float.dtype == np.float32
    by_uint16 = stylizer.stylize(deep[..., :3], **options)
    assert np.abs(by_uint16 / 65535 - by_float).max() < 2e-3
    strength = np.zeros((60, 80))
    strength[:, 40:] = 1
    half = stylizer.stylize(floats, strength=strength, **options)
    np.testing.assert_array_equal(half[:, :40], floats[:, :40])
    np.testing.assert_array_equal(half[:, 40:], by_float[:, 40:])
    kept = stylizer.stylize(floats, keep_colors="histogram", **options)
    np.testing.assert_allclose(
        kept.mean(axis=(0, 1)), floats.mean(axis=(0, 1)), atol=0.03
    )
