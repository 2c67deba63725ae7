import time

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.training.material.content import ContentBatches
from multistyle.training.material.photographs import open_photographs

tfds = pytest.importorskip("tensorflow_datasets")
pytest.importorskip("array_record")


class MadeImages(tfds.core.GeneratorBasedBuilder):
    """Two splits of pictures, as the subclass makes them."""

    VERSION = tfds.core.Version("1.0.0")
    FEATURE = tfds.features.Image(shape=(None, None, 3))

    def _info(self):
        features = {"image": self.FEATURE}
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(features)
        )

    def _split_generators(self, manager):
        return {"train": self._generate(5), "test": self._generate(2)}

    def _generate_examples(self, num):
        return self._generate(num)

    def _generate(self, num):
        for i in range(num):
            yield i, {"image": self.picture(i)}


class MadePictures(MadeImages):
    BUILDER_CONFIGS = [tfds.core.BuilderConfig(name="small")]

    @staticmethod
    def picture(i):
        return np.full((50, 40, 3), 10 * i, np.uint8)


class DeepPictures(MadeImages):
    FEATURE = tfds.features.Image(shape=(None, None, 3), dtype=np.uint16)

    @staticmethod
    def picture(i):
        return np.full((50, 40, 3), 257 * 10 * i, np.uint16)


class FloatPictures(MadeImages):
    FEATURE = tfds.features.Image(shape=(None, None, 1), dtype=np.float32)

    @staticmethod
    def picture(i):
        return np.full((50, 40, 1), 10 * i / 255, np.float32)


class LargeFloatPictures(FloatPictures):
    @staticmethod
    def picture(i):
        return np.full((50, 40, 1), 10 * i, np.float32)


class VeiledPictures(MadeImages):
    FEATURE = tfds.features.Image(shape=(None, None, 4))

    @staticmethod
    def picture(i):
        return np.full((50, 40, 4), (255, 255, 255, 0), np.uint8)


class NearPictures(MadePictures):
    """Pictures of a server that there is not, and that need no download."""

    url_infos = {
        "https://pictures.invalid/a.zip": tfds.core.download.checksums.UrlInfo(
            size=1, checksum="0" * 64, filename="a.zip"
        )
    }


class FarPictures(NearPictures):
    """Pictures that need it."""

    def _split_generators(self, manager):
        manager.download(list(self.url_infos))
        return super()._split_generators(manager)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where data sets are kept, beside the user's folder."""
    folder = tmp_path_factory.mktemp("datasets")
    tfds.core.add_data_dir(str(folder))
    return folder


def prepare(builder, folder):
    builder(data_dir=folder, file_format="array_record").download_and_prepare()


def test_names_configs_and_splits(folder):
    prepare(MadePictures, folder)
    assert len(open_photographs("tfds:made_pictures")) == 5
    assert len(open_photographs("tfds:made_pictures/small")) == 5
    assert len(open_photographs("tfds:made_pictures/small/test")) == 2
    assert len(open_photographs("tfds:made_pictures/train[:60%]")) == 3
    photographs = open_photographs("tfds:made_pictures/test")
    assert len(photographs) == 2
    values = {photographs.read(i, 1)[0, 0, 0] for i in range(2)}
    assert values == {0, 10}
    assert photographs.read(0, 1).shape == (50, 40, 3)
    batches = ContentBatches(photographs, 2, 2, 32)
    assert batches[0][0]["image"].shape == (2, 32, 32, 3)
    others = open_photographs("tfds:made_pictures/train")
    assert photographs.digest() != others.digest()


@pytest.mark.parametrize(
    ("builder", "name"),
    [
        (DeepPictures, "deep_pictures"),
        (FloatPictures, "float_pictures"),
        (LargeFloatPictures, "large_float_pictures"),
    ],
)
def test_other_numbers_are_scaled(builder, name, folder):
    prepare(builder, folder)
    photographs = open_photographs(f"tfds:{name}")
    pictures = [photographs.read(i, 1) for i in range(5)]
    assert {picture.dtype for picture in pictures} == {np.dtype(np.uint8)}
    assert {picture.shape for picture in pictures} == {(50, 40, 3)}
    values = sorted(int(picture.max()) for picture in pictures)
    assert values == [0, 10, 20, 30, 40]


def test_what_is_transparent_is_white(folder):
    prepare(VeiledPictures, folder)
    picture = open_photographs("tfds:veiled_pictures").read(0, 1)
    assert picture.shape == (50, 40, 3) and picture.min() == 255


def test_an_unknown_data_set_is_named():
    with pytest.raises(InputError, match="no_such_data_set"):
        open_photographs("tfds:no_such_data_set")


def test_a_server_that_cannot_be_reached_is_one_line_at_once(capfd):
    start = time.monotonic()
    with pytest.raises(InputError) as error:
        open_photographs("tfds:far_pictures")
    # Each of ten tries would wait twice as long as the one before.
    assert time.monotonic() - start < 60
    assert "`pictures.invalid` cannot be reached" in str(error.value)
    assert "\n" not in str(error.value)
    assert "Retrying" not in capfd.readouterr().err


def test_what_is_prepared_needs_no_server(folder):
    prepare(NearPictures, folder)
    assert len(open_photographs("tfds:near_pictures")) == 5
