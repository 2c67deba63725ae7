"""The page's files of pictures, read by Pillow."""

import io

import numpy as np
import pytest
from PIL import ExifTags, Image

from multistyle.images.codecs.metadata import with_description
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import encode_image
from multistyle.images.resizing import resize
from multistyle.images.samples import sample_photographs
from tests.page.javascript import needs_node, run_javascript
from tests.page.test_regions import soft_mask

pytestmark = needs_node
TEXT = "multistyle --style_weights=größe=0.7,udnie=0.3"


def encode(tmp_path, pixels, **options):
    """Encodes uint8 [H, W, 4] in Node: bytes."""
    found = run_javascript(
        tmp_path,
        """
        const { encodePicture } = await engine("codecs/encoding.mjs");
        const { data, width, height, options } = inputs;
        const picture = { data: new Uint8ClampedArray(data), width, height };
        const blob = await encodePicture(picture, options);
        const file = new Uint8Array(await blob.arrayBuffer());
        return { type: blob.type, data: file };
        """,
        data=pixels,
        height=pixels.shape[0],
        width=pixels.shape[1],
        options=options,
    )
    assert found["type"] == options["type"]
    return found["data"].tobytes()


def photograph(height, width, alpha=255):
    rgb = resize(read_image(sample_photographs()[0]), (height, width))
    alpha = np.broadcast_to(np.uint8(alpha), (height, width))
    return np.dstack([rgb, alpha])


@pytest.mark.parametrize(("height", "width"), [(1, 1), (37, 61), (400, 900)])
def test_a_png_holds_each_pixel(tmp_path, height, width):
    pixels = photograph(height, width)
    encoded = encode(tmp_path, pixels, type="image/png")
    with Image.open(io.BytesIO(encoded)) as image:
        assert image.mode == "RGB"
        assert not image.getexif()
        np.testing.assert_array_equal(np.asarray(image), pixels[..., :3])
    # As small as Pillow's, by about.
    assert len(encoded) < 1.1 * len(encode_image(pixels[..., :3], "png")) + 50


def test_a_png_keeps_transparency(tmp_path):
    pixels = photograph(40, 50, soft_mask(40, 50, 1))
    encoded = encode(tmp_path, pixels, type="image/png", text=TEXT)
    with Image.open(io.BytesIO(encoded)) as image:
        image.load()
        np.testing.assert_array_equal(np.asarray(image), pixels)
        check_text(image)


@pytest.mark.parametrize(("height", "width"), [(8, 16), (5, 3), (123, 250)])
@pytest.mark.parametrize("quality", [0.95, 0.4])
def test_a_jpeg_is_as_good_as_pillow_s(tmp_path, height, width, quality):
    pixels = photograph(height, width)
    encoded = encode(tmp_path, pixels, type="image/jpeg", quality=quality)
    expected = encode_image(
        pixels[..., :3], "jpg", quality=round(100 * quality)
    )
    read, theirs = (
        np.asarray(Image.open(io.BytesIO(data)), float)
        for data in (encoded, expected)
    )

    def error(image):
        return np.sqrt(np.mean((image - pixels[..., :3]) ** 2))

    assert error(read) < 1.05 * error(theirs) + 0.1
    assert len(encoded) < 1.02 * len(expected) + 100
    with Image.open(io.BytesIO(encoded)) as image:
        # Colours at full resolution.
        assert {layer[1:3] for layer in image.layer} == {(1, 1)}


def test_a_jpeg_says_what_made_it(tmp_path):
    pixels = photograph(40, 50, 128)
    encoded = encode(tmp_path, pixels, type="image/jpeg", text=TEXT)
    with Image.open(io.BytesIO(encoded)) as image:
        check_text(image)
        # On white.
        mixed = (pixels[..., :3] * (128 / 255) + 127).mean()
        assert np.asarray(image).mean() == pytest.approx(mixed, abs=1)


def check_text(image):
    exif = image.getexif()
    described = exif[ExifTags.Base.ImageDescription]
    assert described.encode("latin-1").decode("utf-8") == TEXT
    assert exif[ExifTags.Base.Software] == "multistyle"


def test_exif_data_are_those_that_python_writes(tmp_path):
    text = "a=0.7,b=0.3"
    found = run_javascript(
        tmp_path,
        """
        const { makeExif } = await engine("codecs/metadata.mjs");
        return makeExif(inputs.text);
        """,
        text=text,
    )
    expected = with_description(b"", text).removeprefix(b"Exif\0\0")
    assert found.tobytes().rstrip(b"\0") == expected.rstrip(b"\0")


def test_other_formats_are_refused(tmp_path):
    found = run_javascript(
        tmp_path,
        """
        const { encodePicture } = await engine("codecs/encoding.mjs");
        const picture = { data: new Uint8ClampedArray(4), width: 1, height: 1 };
        return encodePicture(picture, { type: "image/gif" }).catch(
          (error) => error.message);
        """,
    )
    assert found == "A picture is saved as PNG or JPEG; got `image/gif`."
