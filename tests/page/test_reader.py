"""The page's reader of styles, beside Python's."""

import json

import numpy as np
import pytest

from multistyle.export.web import write_web_model
from multistyle.images.codecs.reading import read_image
from multistyle.images.resizing import resize
from multistyle.images.samples import sample_photographs
from multistyle.learning.reader import find_reader
from multistyle.learning.statistics import painting_statistics
from multistyle.network.models import find_model
from multistyle.network.rows import join_layers
from multistyle.network.stored_weights import read_weights
from multistyle.network.styles import fingerprint_kernels
from tests.page.javascript import needs_node, run_javascript

pytestmark = needs_node
# Of rows; the styles of a network differ by some tenths.
TOLERANCE = 2e-3


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    write_web_model("paintings-fast", folder)
    return folder


@pytest.mark.parametrize("size", [(300, 410), (600, 470), (60, 700)])
def test_rows_are_python_s(tmp_path, page, size):
    painting = resize(read_image(sample_photographs()[1]), size)
    rgba = np.full((*size, 4), 255, np.uint8)
    rgba[..., :3] = painting
    found = run_javascript(
        tmp_path,
        """
        const { Studio } = await engine("studio.mjs");
        const studio = await Studio.open(inputs.model);
        const { data, width, height } = inputs;
        const painting = { data, width, height };
        const { name, row } = await studio.read(painting, "mine");
        const own = studio.rows.get(name);
        return { row, isAdded: own.every((value, i) => value === row[i]) };
        """,
        model=(page / "model").as_uri() + "/",
        data=rgba,
        height=size[0],
        width=size[1],
    )
    weights = read_weights(find_model("paintings-fast"))
    reader = find_reader(fingerprint_kernels(x.kernel for x in weights.layers))
    rows = reader.read(painting_statistics([painting]))
    expected = np.concatenate(join_layers(rows), axis=1)[0]
    np.testing.assert_allclose(found["row"], expected, atol=TOLERANCE)
    assert found["isAdded"]


@pytest.mark.parametrize(
    ("is_told", "message"),
    [(True, "`reader.json` cannot be fetched"), (False, "for this model")],
)
def test_a_page_without_a_reader_says_so(tmp_path, page, is_told, message):
    model = page / "model"
    other = tmp_path / "other"
    (other / "model").mkdir(parents=True)
    described = json.loads((model / "model.json").read_text("utf-8"))
    described["reader"] = is_told
    (other / "model" / "model.json").write_text(json.dumps(described), "utf-8")
    data = (model / "weights.bin").read_bytes()
    (other / "model" / "weights.bin").write_bytes(data)
    found = run_javascript(
        tmp_path,
        """
        const { Studio } = await engine("studio.mjs");
        const studio = await Studio.open(inputs.model);
        const data = new Uint8ClampedArray(4 * 64 * 64);
        return studio.read({ data, width: 64, height: 64 }, "mine").catch(
          (error) => error.message);
        """,
        model=(other / "model").as_uri() + "/",
    )
    assert message in found
