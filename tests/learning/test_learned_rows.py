import subprocess
import sys

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.samples import PAINTINGS_FOLDER
from multistyle.learning import learned_rows, reader
from multistyle.learning.learned_rows import LEARNINGS, learn_rows
from multistyle.learning.refining import Pace
from multistyle.learning.statistics import painting_statistics
from multistyle.network.growth import append_styles, style_rows
from multistyle.network.styles import fingerprint
from multistyle.perceptual.pocket_features import pocket_features

PAINTINGS = [
    read_image(PAINTINGS_FOLDER / f"{name}.jpg")
    for name in ("great_wave", "starry_night")
]


class Model:
    """What an engine is to learning."""

    def __init__(self, network):
        self._network = network
        self.fingerprint = fingerprint(network)
        self.is_asked_for = False
        self.rows = style_rows(network, network.style_names)

    def row_gradient(self):
        return None

    def pocket(self):
        return None

    @property
    def network(self):
        self.is_asked_for = True
        return self._network


def assert_equal(first, second):
    for name in first:
        for a, b in zip(first[name], second[name], strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.fixture
def few_steps(monkeypatch):
    monkeypatch.setitem(learned_rows.PACES, "quick", Pace(3, 0.05))


@pytest.fixture
def no_reader(small_reader, tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "READERS_FOLDER", tmp_path)
    reader._readers.cache_clear()
    yield
    reader._readers.cache_clear()


def test_instant_is_what_the_reader_reads(small_network, small_reader):
    model = Model(small_network)
    shares = []
    rows = learn_rows(
        model,
        [[work] for work in PAINTINGS],
        learning="instant",
        progress=shares.append,
    )
    for i, work in enumerate(PAINTINGS):
        single = small_reader.read(painting_statistics([work]))
        assert_equal(
            {
                name: (g[i : i + 1], b[i : i + 1])
                for name, (g, b) in rows.items()
            },
            single,
        )
    assert not np.array_equal(rows["expand_3"][0][0], rows["expand_3"][0][1])
    assert not model.is_asked_for
    assert shares == [1.0]


def test_the_model_s_own_engine_sees_the_paintings(small_network, small_reader):
    seen = []

    def see(image):
        seen.append(image.shape)
        return pocket_features(1 - image)

    model = Model(small_network)
    model.pocket = lambda: see
    rows = learn_rows(model, [[work] for work in PAINTINGS], learning="instant")
    assert len(seen) == 2 and all(min(shape[:2]) == 384 for shape in seen)
    by_numpy = learn_rows(
        Model(small_network), [[work] for work in PAINTINGS], learning="instant"
    )
    assert np.abs(rows["expand_3"][0] - by_numpy["expand_3"][0]).min() > 0


def test_learning_twice_gives_the_same_row_and_keeps_the_old_styles(
    small_network, small_reader, few_steps
):
    learned, again = (
        learn_rows(Model(small_network), [[PAINTINGS[0]]]) for _ in range(2)
    )
    assert_equal(learned, again)
    image = PAINTINGS[1][None, :64, :64] / np.float32(255)
    weights = np.array([[0.0, 1.0, 0.0]], np.float32)
    before = small_network({"image": image, "style_weights": weights})
    grown = append_styles(small_network, ["mine"], learned)
    after = grown(
        {"image": image, "style_weights": np.pad(weights, [(0, 0), (0, 1)])}
    )
    np.testing.assert_array_equal(np.asarray(before), np.asarray(after))


def test_quick_begins_at_the_mean_where_there_is_no_reader(
    small_network, few_steps, no_reader
):
    rows = learn_rows(Model(small_network), [PAINTINGS])
    assert {tables[0].shape[0] for tables in rows.values()} == {1}
    for block in small_network.blocks:
        mean = np.asarray(block.normalization.gamma).mean(axis=0)
        change = np.abs(rows[block.name][0][0] - mean).max()
        assert 0 < change < 0.2


def test_instant_is_refused_where_there_is_no_reader(small_network, no_reader):
    with pytest.raises(InputError, match="--learning=quick"):
        learn_rows(Model(small_network), [[PAINTINGS[0]]], learning="instant")


def test_another_learning_is_refused(small_network):
    with pytest.raises(InputError, match="`learning` is one of instant, quick"):
        learn_rows(Model(small_network), [[PAINTINGS[0]]], learning="slow")
    assert LEARNINGS == ("instant", "quick", "thorough")


def test_instant_needs_no_keras(small_network, small_reader):
    code = (
        "import sys, pathlib, numpy as np\n"
        "from multistyle.learning import learned_rows, reader\n"
        "reader.READERS_FOLDER = pathlib.Path(sys.argv[1])\n"
        "class Model:\n"
        "    fingerprint = sys.argv[2]\n"
        "    pocket = staticmethod(lambda: None)\n"
        "painting = np.zeros((64, 64, 3), np.uint8)\n"
        "learned_rows.learn_rows(Model(), [[painting]], learning='instant')\n"
        "assert not {'keras', 'tensorflow'} & set(sys.modules)\n"
    )
    arguments = [str(reader.READERS_FOLDER), fingerprint(small_network)]
    subprocess.run([sys.executable, "-c", code, *arguments], check=True)
