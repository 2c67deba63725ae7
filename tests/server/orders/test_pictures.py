import io

import numpy as np
import pytest
from PIL import Image

from multistyle.blends.gradients import Gradient
from multistyle.blends.masks import Mask
from multistyle.blends.regions import BlendMasks, Masked, Region
from multistyle.blends.weights import style_weights
from multistyle.inference.stylizer import Stylizer

NIGHT, WAVE = {"starry_night": 1}, {"great_wave": 3, "udnie": 1}


@pytest.fixture(scope="module")
def stylizer():
    return Stylizer.load("paintings-fast")


@pytest.fixture(scope="module")
def visitor(visit):
    return visit()


@pytest.fixture(scope="module")
def photograph(visitor, png):
    return visitor.upload("picture", png, "my photo.png")["id"]


def test_a_picture_is_the_command_line_s(visitor, photograph, stylizer, pixels):
    look = {"weights": WAVE, "strength": 0.8, "keepColors": True}
    result, answer = visitor.make(kind="picture", content=photograph, look=look)
    assert result["name"] == "my photo_stylized.png"
    assert (result["width"], result["height"]) == (64, 48)
    assert result["type"] == answer.headers["content-type"] == "image/png"
    assert result["bytes"] == len(answer.content)
    assert "my%20photo_stylized.png" in answer.headers["content-disposition"]
    painted = stylizer.stylize(
        pixels, WAVE, strength=0.8, keep_colors="luminance"
    )
    picture = Image.open(io.BytesIO(answer.content))
    np.testing.assert_array_equal(np.array(picture), painted)
    description = picture.getexif()[0x010E]
    assert description.startswith("multistyle: paintings-fast, ")
    assert "great_wave=0.75" in description and "udnie=0.25" in description


def test_what_the_photograph_s_file_says_stays(visitor, pixels, encode):
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = "A beach", "Ann"
    jpeg = encode(pixels, "JPEG", exif=exif)
    upload = visitor.upload("picture", jpeg, "beach.jpg")["id"]
    result, answer = visitor.make(
        kind="picture", content=upload, look={"weights": NIGHT}
    )
    assert result["type"] == "image/jpeg"
    kept = Image.open(io.BytesIO(answer.content)).getexif()
    assert kept[0x013B] == "Ann"
    assert kept[0x010E] == ("A beach; multistyle: paintings-fast, starry_night")
    _, answer = visitor.make(
        kind="picture",
        content=upload,
        look={"weights": NIGHT},
        strip_metadata=True,
    )
    left = Image.open(io.BytesIO(answer.content)).getexif()
    assert 0x013B not in left
    assert left[0x010E] == "multistyle: paintings-fast, starry_night"


def test_a_picture_is_reduced_and_of_another_format(visitor, photograph):
    result, answer = visitor.make(
        kind="picture",
        content=photograph,
        look={"weights": NIGHT},
        format="jpeg",
        max_size=32,
    )
    assert (result["width"], result["height"]) == (32, 24)
    assert Image.open(io.BytesIO(answer.content)).format == "JPEG"


def test_a_mask_a_gradient_and_blends_by_masks(
    visitor, photograph, stylizer, pixels, encode
):
    names = stylizer.style_names
    night, wave = (style_weights(w, names) for w in (NIGHT, WAVE))
    left = np.zeros((48, 64), np.uint8)
    left[:, :32] = 255
    masks = [
        visitor.upload("mask", encode(mask), "mask.png")["id"]
        for mask in (left, 255 - left)
    ]
    gradient = {"angle": 90, "stops": [{"weights": NIGHT}, {"weights": WAVE}]}
    for look, region in [
        (
            {"weights": NIGHT, "regions": [{"mask": masks[0]}]},
            Masked(Region(night), Mask(left)),
        ),
        (
            {
                "regions": [
                    {"mask": masks[0], "weights": NIGHT},
                    {"mask": masks[1], "weights": WAVE},
                ]
            },
            BlendMasks([(night, Mask(left)), (wave, Mask(255 - left))]),
        ),
        ({"gradient": gradient}, Gradient([night, wave], 90)),
        (
            {"gradient": gradient, "regions": [{"mask": masks[0]}]},
            Masked(Gradient([night, wave], 90), Mask(left)),
        ),
    ]:
        painted = visitor.picture(kind="picture", content=photograph, look=look)
        np.testing.assert_array_equal(painted, stylizer.stylize(pixels, region))


def test_a_preview_shows_the_strokes_of_the_final_picture(
    visitor, stylizer, encode
):
    random = np.random.default_rng(1)
    coarse = random.integers(0, 256, (9, 12, 3), np.uint8)
    large = coarse.repeat(100, axis=0).repeat(100, axis=1)
    upload = visitor.upload("picture", encode(large))["id"]
    look = {"weights": NIGHT}
    preview = visitor.picture(
        kind="preview",
        content=upload,
        look=look,
        long_side=300,
        format="png",
    )
    final = Image.fromarray(stylizer.stylize(large, NIGHT))
    shown = np.array(final.resize((300, 225), Image.Resampling.LANCZOS))
    assert preview.shape == shown.shape
    difference = np.abs(preview.astype(float) - shown)
    small = np.array(
        Image.fromarray(large).resize((300, 225), Image.Resampling.LANCZOS)
    )
    other = np.abs(stylizer.stylize(small, NIGHT).astype(float) - shown)
    assert difference.mean() < 8 < 2 * 8 < other.mean()


def test_a_grid_has_its_corners(visitor, photograph):
    corners = [NIGHT, WAVE, {"udnie": 1}, NIGHT]
    job = visitor.order(
        kind="grid",
        content=photograph,
        corners=corners,
        rows=2,
        columns=3,
        size=64,
    )
    state = visitor.wait(job)
    assert state["state"] == "done" and state["result"]["type"] == "image/png"
    assert state["result"]["width"] > 3 * 64


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"corners": [NIGHT] * 3}, "`corners` is a list of 4"),
        ({"corners": [NIGHT] * 3 + ["x"]}, "Weights are an object"),
        ({"rows": 1}, "`rows` is a number from 2 to 12"),
        ({"size": 9000}, "`size` is a number from 32 to 1024"),
    ],
)
def test_what_is_wrong_with_a_grid(visitor, photograph, changes, sentence):
    order = {"kind": "grid", "content": photograph, "corners": [NIGHT] * 4}
    assert sentence in visitor.refusal(
        400, "POST", "/api/jobs", json={**order, **changes}
    )
