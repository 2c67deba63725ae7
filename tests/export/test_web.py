import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import multistyle
from multistyle.export import parity
from multistyle.export.formats import Settings
from multistyle.export.network_export import export_network
from multistyle.export.web import write, write_web_model
from multistyle.images.codecs.reading import read_image
from multistyle.images.resizing import resize
from multistyle.images.samples import sample_photographs
from multistyle.network.growth import style_rows
from multistyle.network.models import find_model, load_network
from multistyle.network.places import project, unit_rows
from multistyle.network.styles import fingerprint
from multistyle.page.listing import page_files

EXAMPLE = Path(multistyle.__file__).parents[1] / "examples/paint_by_page.mjs"
needs_node = pytest.mark.skipif(
    shutil.which("node") is None, reason="needs Node"
)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """An exported folder of `paintings-fast`."""
    folder = tmp_path_factory.mktemp("page") / "page"
    sizes = parity.SIZES
    parity.SIZES = ((33, 47), (128, 96))
    try:
        export_network("paintings-fast", folder, format="web")
    finally:
        parity.SIZES = sizes
    return folder


def size_of(folder):
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())


def test_the_folder_is_small(page):
    """The page with 52 styles and their thumbnails; the reader is apart."""
    assert size_of(page) - size_of(page / "reader") < 1.5e6


def test_the_folder_holds_the_page_and_the_model(page):
    for path, file in page_files().items():
        assert (page / path).read_bytes() == file.read_bytes(), path
    added = {path.relative_to(page).as_posix() for path in page.rglob("*.*")}
    assert added - set(page_files()) == {
        "export.json",
        "model/model.json",
        "model/thumbnails.jpg",
        "model/weights.bin",
        "reader/reader.bin",
        "reader/reader.json",
    }


def test_the_model_is_described(page):
    network = load_network("paintings-fast")
    model = json.loads((page / "model/model.json").read_text("utf-8"))
    assert model["fingerprint"] == fingerprint(network)
    assert model["multistyle"] == multistyle.__version__
    assert model["reader"] is True
    names = [style["name"] for style in model["styles"]]
    assert names == network.style_names
    for number, style in enumerate(model["styles"]):
        assert style["thumbnail"] == number
        credit = network.credits[style["name"]]
        assert {key: style[key] for key in credit} == credit
    # As `styles map` lays them out, in [-1, 1].
    places, _ = project(unit_rows(style_rows(network, names)))
    drawn = np.array([(style["x"], style["y"]) for style in model["styles"]])
    assert np.abs(drawn).max() == 1
    np.testing.assert_allclose(drawn * np.abs(places).max(), places, atol=2e-3)


def test_the_thumbnails_stand_in_their_cells(page):
    model = json.loads((page / "model/model.json").read_text("utf-8"))
    size, columns = (model["thumbnails"][key] for key in ("size", "columns"))
    sheet = read_image(page / "model/thumbnails.jpg").astype(float)
    rows = -(-len(model["styles"]) // columns)
    assert sheet.shape == (rows * size, columns * size, 3)
    folder = Path(multistyle.__file__).parent / "network/bundled/thumbnails"
    for name in ("starry_night", "udnie"):
        (style,) = (s for s in model["styles"] if s["name"] == name)
        top, left = (size * n for n in divmod(style["thumbnail"], columns))
        cell = sheet[top : top + size, left : left + size]
        painting = read_image(folder / f"{name}.jpg").astype(float)
        side = min(painting.shape[:2])
        y, x = ((n - side) // 2 for n in painting.shape[:2])
        middle = painting[y : y + side, x : x + side]
        np.testing.assert_allclose(
            cell.mean((0, 1)), middle.mean((0, 1)), atol=4
        )


@needs_node
def test_the_export_is_compared_with_keras_in_node(page):
    description = json.loads((page / "export.json").read_text("utf-8"))
    assert [row["height"] for row in description["parity"]] == [33, 128]
    assert all(row["largest"] < 2e-3 for row in description["parity"])
    assert all(flat["deviation"] < 1e-3 for flat in description["flat"])
    assert "node" in description["versions"]


@needs_node
def test_the_example_paints_by_the_page(page, tmp_path):
    pixels = resize(read_image(sample_photographs()[0]), (90, 130))
    Image.fromarray(pixels).save(tmp_path / "photo.ppm")
    for name in ("painted.png", "painted.jpg"):
        subprocess.run(
            [
                *("node", EXAMPLE, page, tmp_path / "photo.ppm"),
                *(tmp_path / name, "starry_night=0.7", "udnie=0.3"),
            ],
            check=True,
        )
    stylizer = multistyle.Stylizer.load("paintings-fast")
    expected = stylizer.stylize(pixels, "starry_night=0.7,udnie=0.3")
    for name, most in (("painted.png", 0.35), ("painted.jpg", 2)):
        painted = read_image(tmp_path / name)
        difference = np.abs(painted.astype(float) - expected)
        assert difference.mean() < most


def test_a_network_of_one_s_own(small_network, tmp_path):
    """Styles without a painting in the package show a swatch."""
    written = write(small_network, tmp_path, Settings())
    model = json.loads((tmp_path / "model/model.json").read_text("utf-8"))
    assert model["reader"] is False
    assert not (tmp_path / "reader").exists()
    sheet = read_image(tmp_path / "model/thumbnails.jpg")
    assert sheet.shape == (96, 3 * 96, 3)
    assert sheet[:, 96:192].std() > 5
    if shutil.which("node"):
        image = np.random.default_rng(0).random((1, 30, 41, 3), np.float32)
        weights = np.array([[0.2, 0.5, 0.3]], np.float32)
        expected = small_network({"image": image, "style_weights": weights})
        np.testing.assert_allclose(
            written.paint(image, weights), np.asarray(expected), atol=2e-3
        )


def test_without_node_it_says_so(small_network, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    written = write(small_network, tmp_path, Settings())
    assert written.paint is None
    assert "no Node" in written.note


def test_a_bundled_model_is_written_without_keras(tmp_path):
    """The app's server starts in two seconds."""
    code = (
        "import sys; from pathlib import Path\n"
        "from multistyle.export.web import write_web_model\n"
        f"write_web_model('paintings-fast', Path({str(tmp_path)!r}))\n"
        "assert 'keras' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert (tmp_path / "model/weights.bin").is_file()


def test_a_file_is_written_as_its_network(tmp_path):
    by_name, by_network = tmp_path / "name", tmp_path / "network"
    write_web_model(find_model("paintings-fast"), by_name)
    write_web_model(load_network("paintings-fast"), by_network)
    for path in ("model/weights.bin", "model/thumbnails.jpg"):
        assert (by_name / path).read_bytes() == (by_network / path).read_bytes()
