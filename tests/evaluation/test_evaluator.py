import numpy as np
import pytest

from multistyle.evaluation import evaluator as evaluator_module
from multistyle.evaluation.artefacts import FLAT_COLORS, measure
from multistyle.evaluation.evaluator import Evaluator
from multistyle.evaluation.judge import Judge
from multistyle.evaluation.photographs import Photographs
from multistyle.images.codecs.reading import read_image
from multistyle.images.values import to_float
from multistyle.inference.stylizer import Stylizer
from multistyle.learning.paintings import Paintings
from multistyle.perceptual.losses import content_loss

NAMES = ["<b>cat & dog.png", "alley.png", "bay.png"]
JUDGED = ["starry_night", "great_wave"]


def test_losses_are_those_of_the_pastiches(
    evaluated, small_network, evaluation_folder, loss_network
):
    record, album, _ = evaluated
    assert record["photographs"] == NAMES
    assert record["without_painting"] == ["the_scream"]
    photograph = to_float(read_image(evaluation_folder / "photographs/bay.png"))
    pastiche = Stylizer(small_network).stylize(photograph, "great_wave")
    content = content_loss(
        loss_network.content_features(pastiche[None]),
        loss_network.content_features(photograph[None]),
    )
    losses = record["pictures"]["losses"]["great_wave"]["bay.png"]
    assert losses["content"] == pytest.approx(float(content[0]), rel=1e-4)
    assert losses["total"] == losses["content"] + 6 * losses["style"]
    painting = Paintings(evaluation_folder / "paintings/great_wave.png")
    judge = Judge(loss_network, painting.read(64))
    style = judge.style(judge.view(pastiche))[0]
    assert losses["style"] == pytest.approx(float(style), rel=1e-4)
    # JPEG moves a value by a few steps.
    kept = to_float(read_image(album.get("bay.png", "great_wave")))
    assert np.abs(kept - pastiche).mean() < 0.06
    measured = record["pictures"]["artefacts"]["great_wave"]["bay.png"]
    assert measured == pytest.approx(measure(pastiche, photograph))


def test_a_style_without_a_painting_has_content_alone(evaluated):
    record, _, _ = evaluated
    styles = record["figures"]["styles"]
    assert list(styles["the_scream"]) == ["content"]
    assert list(styles["great_wave"]) == ["content", "style", "total"]
    assert set(record["extremes"]) == set(JUDGED)
    assert set(record["artefacts"]["styles"]) == {*JUDGED, "the_scream"}
    assert set(record["artefacts"]["paintings"]) == set(JUDGED)


def test_zero_lines(evaluated):
    record, _, _ = evaluated
    photograph = record["zero_lines"]["photograph"]
    grey = record["zero_lines"]["grey"]
    assert set(photograph["styles"]) == set(grey["styles"]) == set(JUDGED)
    assert photograph["mean"]["content"]["mean"] == pytest.approx(0, abs=1e-6)
    assert photograph["mean"]["style"]["mean"] > 0
    assert grey["mean"]["content"]["mean"] > 0.1


def test_references_paint_some_of_the_photographs(evaluated, small_model_path):
    record, album, _ = evaluated
    references = record["references"]
    shown = [NAMES[0], NAMES[1]]
    assert references["photographs"] == shown
    own, gatys = str(small_model_path), "gatys:1"
    assert list(references["ratios"]) == [own, gatys]
    # The same network as a reference is as good as itself.
    for style in JUDGED:
        assert references["ratios"][own]["rows"][style] == pytest.approx(
            {"content": 1, "style": 1, "total": 1}, rel=1e-5
        )
    assert references["ratios"][own]["spread"]["total"] < 1e-5
    losses = record["pictures"]["reference_losses"][gatys]["great_wave"]
    assert list(losses) == shown
    assert losses != record["pictures"]["losses"]["great_wave"]
    for style in JUDGED:
        assert album.get(NAMES[0], style, gatys) is not None
        assert album.get(NAMES[2], style, gatys) is None


def test_blends_lead_from_style_to_style(evaluated):
    record, _, _ = evaluated
    assert record["blends"]["photographs"] == [NAMES[0]]
    (path,) = record["blends"]["paths"]
    assert path["styles"] == JUDGED
    losses = record["pictures"]["losses"]
    for step, style, term in (
        (0, "starry_night", "first_style"),
        (10, "great_wave", "second_style"),
    ):
        expected = losses[style][NAMES[0]]
        assert path["content"][step] == pytest.approx(expected["content"])
        assert path[term][step] == pytest.approx(expected["style"], rel=1e-4)
        assert path["total"][step] == pytest.approx(expected["total"], rel=1e-4)
    assert path["worse_steps"] == [
        step
        for step in range(1, 10)
        if path["total"][step] > max(path["total"][0], path["total"][10])
    ]


def test_of_many_styles_some_pairs_are_blended(
    small_network, evaluation_folder, loss_network, monkeypatch
):
    monkeypatch.setattr(evaluator_module, "MOST_PAIRS", 2)
    paintings = dict.fromkeys(small_network.style_names, np.ones((32, 32, 3)))
    evaluator = Evaluator(
        small_network,
        Judge(loss_network, paintings.values()),
        paintings,
        Photographs(evaluation_folder / "photographs" / "bay.png"),
    )
    first, second, third = small_network.style_names
    paths = evaluator.run()["blends"]["paths"]
    assert [path["styles"] for path in paths] == [
        [first, second],
        [second, third],
    ]


def test_flat_pictures_are_painted_in_each_style(evaluated):
    record, _, _ = evaluated
    for flat in record["artefacts"]["flat"].values():
        assert len(flat) == 2 * len(FLAT_COLORS)
        assert flat["grey"]["deviation"] < 1e-3


def test_progress_counts_every_picture(evaluated):
    _, _, progress = evaluated
    # Three styles on three photographs, two references on two photographs of
    # two styles, one way of two ends and nine steps.
    total = 9 + 2 * 2 * 2 + 11
    assert progress == [(i, total) for i in range(1, total + 1)]


def test_without_paintings_what_needs_them_is_left_out(
    small_network, evaluation_folder, loss_network
):
    evaluator = Evaluator(
        small_network,
        Judge(loss_network),
        {},
        Photographs(evaluation_folder / "photographs" / "bay.png"),
    )
    record = evaluator.run()
    assert list(record["figures"]["mean"]) == ["content"]
    assert record["zero_lines"] == record["extremes"] == {}
    assert record["blends"] == {"photographs": [], "paths": []}
    assert record["artefacts"]["paintings"] == {}
    assert len(record["artefacts"]["styles"]) == 3
