import io
import json
import subprocess
import sys

import keras
import numpy as np
import pytest
from PIL import Image

from multistyle.export.choice import choose_styles
from multistyle.export.formats import Settings
from multistyle.images.values import to_float, to_uint8
from multistyle.network.styles import fingerprint

if keras.backend.backend() != "tensorflow":
    pytest.skip("needs Keras on TensorFlow", allow_module_level=True)

import tensorflow as tf

from multistyle.export import saved_model
from multistyle.export.saved_model import write
from multistyle.export.warm_up import replay_warm_up

WEIGHTS = np.array([[0, 1, 0], [0.5, 0.2, 0.3]], np.float32)

# Paints with the folder in argv[1], in a process without Keras and multistyle.
ALONE = """
import sys
sys.modules["keras"] = sys.modules["multistyle"] = None
import numpy as np
import tensorflow as tf
loaded = tf.saved_model.load(sys.argv[1])
picture = np.load(sys.argv[2])
painted = loaded.signatures["serving_default"](
    image=tf.constant(picture), style_weights=tf.constant([[0.0, 1.0, 0.0]])
)["stylized_image"]
np.save(sys.argv[3], painted.numpy())
"""


@pytest.fixture(scope="module")
def exported(small_network, tmp_path_factory):
    """(folder, what was `Written`) of one export."""
    folder = tmp_path_factory.mktemp("served")
    return folder, write(small_network, folder, Settings())


@pytest.fixture(scope="module")
def loaded(exported):
    return tf.saved_model.load(str(exported[0]))


def make_picture(height, width):
    random = np.random.default_rng(height)
    return random.integers(0, 256, (height, width, 3), np.uint8)


def encode(picture, format):
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format)
    return buffer.getvalue()


def paint(network, picture, weights):
    """What the network gives for uint8 [H, W, 3] and [N], float32."""
    inputs = {
        "image": to_float(picture)[None],
        "style_weights": weights[None],
    }
    return np.array(network(inputs))[0]


def test_what_is_written_paints(exported, small_network):
    _, written = exported
    picture = make_picture(17, 30)
    painted = written.paint(to_float(picture)[None], WEIGHTS[:1])
    np.testing.assert_allclose(
        painted[0], paint(small_network, picture, WEIGHTS[0]), atol=1e-5
    )


def test_default_signature_takes_any_batch_and_size(loaded, small_network):
    serve = loaded.signatures["serving_default"]
    for height, width in ((8, 8), (21, 50)):
        pictures = np.stack([make_picture(height, width)] * 2)
        painted = serve(
            image=tf.constant(to_float(pictures)),
            style_weights=tf.constant(WEIGHTS),
        )
        assert list(painted) == ["stylized_image"]
        for result, picture, weights in zip(
            painted["stylized_image"].numpy(), pictures, WEIGHTS, strict=True
        ):
            np.testing.assert_allclose(
                result, paint(small_network, picture, weights), atol=1e-5
            )


def test_encoded_signature_keeps_format_and_size(loaded, small_network):
    pictures = [make_picture(24, 33), make_picture(40, 18)]
    files = [encode(pictures[0], "PNG"), encode(pictures[1], "JPEG")]
    painted = loaded.signatures["encoded"](
        image_bytes=tf.constant(files), style_weights=tf.constant(WEIGHTS)
    )
    assert list(painted) == ["stylized_image_bytes"]
    png, jpeg = (
        Image.open(io.BytesIO(data))
        for data in painted["stylized_image_bytes"].numpy()
    )
    assert (png.format, png.mode, png.size) == ("PNG", "RGB", (33, 24))
    assert (jpeg.format, jpeg.mode, jpeg.size) == ("JPEG", "RGB", (18, 40))

    expected = to_uint8(paint(small_network, pictures[0], WEIGHTS[0]))
    difference = np.asarray(png).astype(int) - expected
    assert np.abs(difference).max() <= 1
    assert (difference == 0).mean() > 0.999

    decoded = np.asarray(Image.open(io.BytesIO(files[1])))
    expected = paint(small_network, decoded, WEIGHTS[1])
    assert np.abs(to_float(np.asarray(jpeg)) - expected).mean() < 0.02


def test_both_signatures_give_flat_pictures_the_one_colour(
    loaded, small_network
):
    last = small_network.blocks[-1].normalization
    colors = 255 / (1 + np.exp(-WEIGHTS @ np.asarray(last.beta)))
    for shade in (0, 1, 64, 128, 200, 255, (10, 200, 90)):
        picture = np.full((40, 52, 3), shade, np.uint8)
        painted = loaded.signatures["serving_default"](
            image=tf.constant(to_float(np.stack([picture] * 2))),
            style_weights=tf.constant(WEIGHTS),
        )["stylized_image"].numpy()
        files = loaded.signatures["encoded"](
            image_bytes=tf.constant([encode(picture, "PNG")] * 2),
            style_weights=tf.constant(WEIGHTS),
        )["stylized_image_bytes"].numpy()
        for color, array, file in zip(colors, painted, files, strict=True):
            assert np.abs(255 * array - color).max() < 0.5
            decoded = np.asarray(Image.open(io.BytesIO(file)))
            assert np.abs(decoded - color).max() < 1


def test_it_loads_with_tensorflow_alone(exported, small_network, tmp_path):
    picture = make_picture(17, 30)
    np.save(tmp_path / "picture.npy", to_float(picture)[None])
    subprocess.run(
        [
            sys.executable,
            "-c",
            ALONE,
            str(exported[0]),
            str(tmp_path / "picture.npy"),
            str(tmp_path / "painted.npy"),
        ],
        check=True,
        capture_output=True,
        cwd=tmp_path,
    )
    np.testing.assert_allclose(
        np.load(tmp_path / "painted.npy")[0],
        paint(small_network, picture, WEIGHTS[0]),
        atol=1e-5,
    )


def test_styles_and_credits_are_an_asset(exported, loaded, small_network):
    path = loaded.styles.asset_path.numpy().decode()
    assert path == str(exported[0] / "assets" / "styles.json")
    with open(path, encoding="utf-8") as file:
        content = json.load(file)
    assert content["styles"] == [
        {"name": "starry_night"},
        {"name": "great_wave", "artist": "Hokusai", "year": "1831"},
        {"name": "the_scream"},
    ]
    assert content["fingerprint"] == fingerprint(small_network)


def join(moments):
    """Returns what `measure` of the network gives, [2, R]."""
    pairs = moments.values()
    return np.stack(
        [
            np.concatenate([np.array(pair[i])[0, 0, 0] for pair in pairs])
            for i in (0, 1)
        ]
    )


def test_tiles_are_painted_under_the_moments_of_the_whole(
    loaded, small_network
):
    image = to_float(make_picture(160, 96))[None]
    weights = WEIGHTS[1:]
    whole, measured = small_network.measure(
        {"image": image, "style_weights": weights}
    )
    serve = loaded.signatures["tiles"]

    def paint_tile(part, given, margins=(0, 0, 0, 0)):
        painted = serve(
            image=tf.constant(part),
            style_weights=tf.constant(weights),
            given_moments=tf.constant(given, tf.float32)[None],
            margins=tf.constant(margins, tf.int64),
        )
        return painted["stylized_image"].numpy(), painted["moments"].numpy()

    none = np.full((2, join(measured).shape[1]), -1)
    painted, moments = paint_tile(image, none)
    np.testing.assert_allclose(painted, np.array(whole), atol=1e-5)
    np.testing.assert_allclose(moments, join(measured), rtol=1e-4, atol=1e-5)
    painted, _ = paint_tile(image[:, :136], moments)
    np.testing.assert_allclose(
        painted[:, :80], np.array(whole)[:, :80], atol=1e-5
    )
    # What lies within the margins is measured, and nothing else: the upper
    # half of a picture, of which the lower half is seen, too.
    _, upper = paint_tile(image, moments, (0, 88, 0, 0))
    _, lower = paint_tile(image, moments, (88, 0, 0, 0))
    np.testing.assert_allclose(
        (upper[0] + lower[0]) / 2, moments[0], rtol=1e-3, atol=1e-4
    )


def test_warm_up_requests_are_read_and_replayed(exported, small_network):
    pytest.importorskip("tensorflow_serving")
    folder, written = exported
    assert written.note is None
    replayed = dict(replay_warm_up(folder))
    assert set(replayed) == {"serving_default", "encoded"}
    painted = replayed["serving_default"]["stylized_image"].numpy()
    random = np.random.default_rng(0)
    image = random.random((1, 256, 256, 3), np.float32)
    first = np.array([[1, 0, 0]], np.float32)
    expected = small_network({"image": image, "style_weights": first})
    np.testing.assert_allclose(painted, np.array(expected), atol=1e-5)
    (file,) = replayed["encoded"]["stylized_image_bytes"].numpy()
    assert Image.open(io.BytesIO(file)).size == (256, 256)


def test_without_the_messages_the_note_says_so(
    small_network, tmp_path, monkeypatch
):
    monkeypatch.setattr(saved_model, "can_warm_up", lambda: False)
    written = write(small_network, tmp_path, Settings())
    assert 'pip install "multistyle[serving]"' in written.note
    assert not (tmp_path / "assets.extra").exists()


def test_a_blend_kept_in_float16_has_no_other_input(small_network, tmp_path):
    chosen, _ = choose_styles(small_network, bake="the_scream")
    write(chosen, tmp_path, Settings(baked=True, store="float16"))
    loaded = tf.saved_model.load(str(tmp_path))
    assert set(loaded.signatures) == {"serving_default", "encoded"}
    picture = make_picture(21, 50)
    serve = loaded.signatures["serving_default"]
    painted = serve(image=tf.constant(to_float(picture)[None]))
    expected = paint(small_network, picture, np.float32([0, 0, 1]))
    # A float16 has eleven bits.
    np.testing.assert_allclose(
        painted["stylized_image"][0].numpy(), expected, atol=5e-3
    )
    file = loaded.signatures["encoded"](
        image_bytes=tf.constant([encode(picture, "PNG")])
    )["stylized_image_bytes"].numpy()[0]
    assert Image.open(io.BytesIO(file)).size == (50, 21)
    kept = tf.train.list_variables(str(tmp_path / "variables" / "variables"))
    sizes = sum(np.prod(shape) for _, shape in kept)
    data = next((tmp_path / "variables").glob("*.data*"))
    assert data.stat().st_size < 2.2 * sizes
