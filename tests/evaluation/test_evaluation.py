import json
import shutil

import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.evaluation.evaluation import evaluate_network
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.inference.stylizer import Stylizer
from multistyle.network.styles import fingerprint

# All that takes long is left out.
QUICK = {"loss_network": "pocket", "num_blend_photographs": 0}


@pytest.fixture(scope="module")
def data(evaluation_folder, tmp_path_factory):
    """One photograph and a broken one; two paintings, one of them known."""
    folder = tmp_path_factory.mktemp("data")
    for kind in ("photographs", "paintings"):
        (folder / kind).mkdir()
    source = evaluation_folder / "photographs"
    shutil.copy(source / "bay.png", folder / "photographs")
    (folder / "photographs" / "broken.jpg").write_bytes(b"")
    (folder / "photographs" / "notes.txt").write_bytes(b"")
    source = evaluation_folder / "paintings" / "great_wave.png"
    shutil.copy(source, folder / "paintings" / "great_wave.png")
    shutil.copy(source, folder / "paintings" / "other.png")
    return folder


def test_a_report_and_pictures(data, small_network, tmp_path):
    notes, progress = [], []
    report = evaluate_network(
        small_network,
        data / "photographs",
        name="mine",
        style_images=data / "paintings",
        output=tmp_path / "report",
        save_pictures=tmp_path / "pictures",
        note=notes.append,
        progress=lambda done, total: progress.append((done, total)),
        **QUICK,
    )
    assert report["model"] == "mine"
    assert report["photographs"] == ["bay.png"]
    assert report["without_painting"] == ["starry_night", "the_scream"]
    assert report["judge"] == {
        "loss_network": "pocket",
        "photograph_size": 256,
        "painting_size": 384,
        "style_loss_weight": 6.0,
    }
    assert progress == [(1, 3), (2, 3), (3, 3)]
    assert report["left_out"] == notes
    assert report["unreadable"] == notes[:1]
    assert "broken.jpg` is empty" in notes[0]
    assert notes[1:] == [
        "`other` is no style of the model.",
        "1 file is no picture.",
    ]
    written = (tmp_path / "report" / "report.json").read_text("utf-8")
    assert json.loads(written) == report
    assert (tmp_path / "report" / "report.html").is_file()

    # The pictures of the one style that has a painting.
    index = (tmp_path / "pictures" / "pictures.json").read_text("utf-8")
    (entry,) = json.loads(index)
    assert entry["style"] == "great_wave"
    content, painting, pastiche = (
        read_image(tmp_path / "pictures" / kind / entry["file"])
        for kind in ("content", "style", "stylized")
    )
    photograph = read_image(data / "photographs" / "bay.png")
    np.testing.assert_array_equal(content, photograph)
    assert painting.shape == (384, 384, 3)
    expected = Stylizer(small_network).stylize(photograph, "great_wave")
    assert np.abs(pastiche - expected.astype(int)).max() <= 1


def test_some_of_the_styles(data, small_network):
    report = evaluate_network(
        small_network,
        data / "photographs" / "bay.png",
        style_images=data / "paintings" / "great_wave.png",
        styles=["the_scream", "great_wave"],
        **QUICK,
    )
    assert report["styles"] == ["the_scream", "great_wave"]
    assert report["fingerprint"] == fingerprint(small_network)
    assert list(report["figures"]["styles"]) == report["styles"]
    everything = evaluate_network(
        small_network, data / "photographs" / "bay.png", **QUICK
    )
    for style in report["styles"]:
        assert report["figures"]["styles"][style]["content"] == pytest.approx(
            everything["figures"]["styles"][style]["content"], abs=1e-5
        )


def test_a_model_by_its_path(data, small_model_path):
    photograph = data / "photographs" / "bay.png"
    report = evaluate_network(small_model_path.parent, photograph, **QUICK)
    assert report["model"] == str(small_model_path.parent)
    assert list(report["figures"]["mean"]) == ["content"]
    assert report["left_out"] == report["unreadable"] == []


def test_outputs_are_tried_before_the_work(data, small_network, tmp_path):
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine.txt").write_bytes(b"mine")

    def never(done, total):
        raise AssertionError("a picture was painted")

    for options, message in (
        ({"output": tmp_path / "file" / "report"}, "cannot be written"),
        ({"output": tmp_path / "file"}, "cannot be written"),
        ({"save_pictures": tmp_path / "folder"}, "folder` exists already"),
        ({"save_pictures": tmp_path / "file"}, "file` exists already"),
        ({"save_pictures": tmp_path / "file" / "x"}, "cannot be written"),
    ):
        with pytest.raises(InputError, match=message):
            evaluate_network(
                small_network,
                data / "photographs",
                style_images=data / "paintings",
                progress=never,
                **options,
                **QUICK,
            )
    assert (tmp_path / "folder" / "mine.txt").read_bytes() == b"mine"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"content_images": "gone"}, "`gone` matches no picture"),
        ({"network": "gone.keras"}, "no model"),
        ({"styles": ["udnie"]}, "There is no style `udnie`; there are"),
        ({"references": "gatys:5"}, "`references` needs the paintings"),
        ({"save_pictures": "x"}, "`save_pictures` needs the paintings"),
        (
            {"num_blend_photographs": -1},
            "`num_blend_photographs` must be at least 0; got `-1`.",
        ),
        (
            {"num_reference_photographs": 0},
            "`num_reference_photographs` must be at least 1; got `0`.",
        ),
        (
            {"num_reference_photographs": 1.5},
            "`num_reference_photographs` must be a whole number; got `1.5`.",
        ),
        ({"loss_network": "vgg19"}, "`loss_network` is one of vgg16, pocket"),
    ],
)
def test_wrong_use_is_one_line(data, small_network, options, message):
    given = {
        "network": small_network,
        "content_images": data / "photographs",
        **QUICK,
        **options,
    }
    with pytest.raises(InputError) as error:
        evaluate_network(**given)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_files_may_have_as_many_pixels_as_is_said(small_network, tmp_path):
    random = np.random.default_rng(0)
    photograph = tmp_path / "photo.png"
    painting = tmp_path / "great_wave.png"
    for path, size in ((photograph, (50, 60)), (painting, (60, 70))):
        write_image(path, random.integers(0, 256, (*size, 3), np.uint8))
    given = {
        "network": small_network,
        "content_images": photograph,
        "style_images": painting,
        **QUICK,
    }
    for max_pixels, advice in ((2999, 3000), (4199, 4200)):
        with pytest.raises(InputError, match=f"--max_pixels={advice}"):
            evaluate_network(**given, max_pixels=max_pixels)
    report = evaluate_network(**given, max_pixels=4200)
    assert report["unreadable"] == []
    assert report["figures"]["mean"]["style"]["mean"] > 0
