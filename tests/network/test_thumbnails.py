import pytest
from PIL import Image

from multistyle.images.codecs.reading import read_image
from multistyle.network.models import bundled_models, load_network
from multistyle.network.thumbnails import (
    THUMBNAIL_SIZE,
    THUMBNAILS_FOLDER,
    painting_credits,
    painting_thumbnail,
)

MAX_BYTES = 8_000
# The models and the thumbnails together.
MAX_TOTAL = 5_000_000


@pytest.mark.parametrize("name", bundled_models())
def test_each_bundled_style_has_a_credit_and_a_thumbnail(name):
    network = load_network(name)
    assert network.credits == painting_credits()
    assert list(network.credits) == network.style_names
    for style, credit in network.credits.items():
        assert all(credit[key] for key in ("artist", "title", "licence"))
        # One that is not known is left out.
        assert credit.get("year") != ""
        assert painting_thumbnail(credit) == THUMBNAILS_FOLDER / f"{style}.jpg"


@pytest.mark.parametrize("style", painting_credits())
def test_a_thumbnail_is_a_small_picture(style):
    path = THUMBNAILS_FOLDER / f"{style}.jpg"
    assert path.stat().st_size < MAX_BYTES
    with Image.open(path) as image:
        assert (image.format, image.mode) == ("JPEG", "RGB")
        assert max(image.size) == THUMBNAIL_SIZE
    assert read_image(path).std() > 10


def test_there_are_no_others():
    stems = {path.stem for path in THUMBNAILS_FOLDER.glob("*.jpg")}
    assert stems == set(painting_credits())


def test_all_that_is_bundled_is_small():
    files = [*bundled_models().values(), *THUMBNAILS_FOLDER.iterdir()]
    assert sum(path.stat().st_size for path in files) < MAX_TOTAL


def test_a_painting_is_known_by_its_credit():
    credit = painting_credits()["great_wave"]
    known = {key: credit[key] for key in ("artist", "title")}
    assert painting_thumbnail(known).name == "great_wave.jpg"
    for other in ({}, {"title": credit["title"]}, {**known, "title": "Waves"}):
        assert painting_thumbnail(other) is None
