import json
from pathlib import Path

import numpy as np
import pytest
from keras import ops
from PIL import Image

from multistyle.errors import InputError, InputWarning
from multistyle.files.digests import file_digest
from multistyle.learning.statistics import painting_statistics
from multistyle.network.growth import style_rows
from multistyle.network.models import save_network
from multistyle.network.transform import TransformNetwork
from multistyle.perceptual.spectrum import mean_spectrum
from multistyle.perceptual.weave import weave_loss
from multistyle.training.ingredients import Ingredients
from multistyle.training.options import OF_STYLES


def test_input_is_checked_before_a_network_is_built(small_options, tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    with pytest.raises(InputError, match="None of the 1 content images"):
        Ingredients(small_options(content_images=str(tmp_path)))
    for option in OF_STYLES:
        with pytest.raises(InputError, match=f"`{option}` .* mean `blue`"):
            Ingredients(small_options(**{option: {"blu": 2.0}}))


def test_a_style_is_not_added_twice(small_options, tmp_path):
    network = TransformNetwork(["blue", "green"], width_multiplier=0.1)
    save_network(network, tmp_path / "model.keras")
    options = small_options(
        add_to=str(tmp_path), init_from=None, width_multiplier=None
    )
    with pytest.raises(InputError, match="has a style `blue` already"):
        Ingredients(options)


def test_a_base_is_known_by_what_it_was(small_options, tmp_path):
    path = tmp_path / "model.keras"
    save_network(TransformNetwork(["green"], width_multiplier=0.25), path)
    expected = file_digest(path)
    options = small_options(add_to=str(tmp_path), init_from=None)
    ingredients = Ingredients(options)
    path.unlink()
    assert ingredients.facts()["data"]["add_to"] == expected


def test_a_style_that_is_added_begins_at_what_is_read_of_it(
    small_options, small_model_path, small_reader
):
    options = small_options(add_to=str(small_model_path), init_from=None)
    ingredients = Ingredients(options)
    assert ingredients.facts()["network"]["begin_at"] == "reader"
    (work,) = ingredients.paintings.works("red")
    read = small_reader.read(painting_statistics([work]))
    for name, pair in style_rows(ingredients.network, ["red"]).items():
        np.testing.assert_array_equal(pair, read[name])
    # Any other training is as it was.
    options = small_options(init_from=str(small_model_path))
    assert Ingredients(options).facts()["network"]["begin_at"] == "mean"


def test_a_painting_that_is_left_out_is_named(small_options, tmp_path):
    Image.linear_gradient("L").save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"no picture")
    with pytest.warns(InputWarning, match="Left out: .*b.png"):
        ingredients = Ingredients(small_options(style_images=str(tmp_path)))
    assert ingredients.network.style_names == ["a"]


@pytest.mark.parametrize(("start", "weave"), [("none", 0.0), (None, 0.5)])
def test_the_weave_loss_is_on_from_a_network(start, weave, small_options):
    ingredients = Ingredients(small_options(init_from=start))
    assert ingredients.facts()["loss"]["weave"] == weave
    trainer = ingredients.compile_trainer(ingredients.phases[0])
    assert ("weave_loss" in trainer.terms) == bool(weave)


def test_a_painting_may_have_its_weave(small_options):
    ingredients = Ingredients(small_options(weave_loss_weight=0.5))
    (phase,) = ingredients.phases
    trainer = ingredients.compile_trainer(phase)
    weaves = ops.convert_to_numpy(trainer.style_weaves)
    paintings = ingredients.paintings.read(48)
    for found, painting in zip(weaves, paintings, strict=True):
        expected = float(weave_loss(mean_spectrum(painting[None]))[0])
        assert expected > 0
        assert float(found) == pytest.approx(expected)


def test_the_facts_are_json_and_know_the_pictures_by_content(small_options):
    ingredients = Ingredients(small_options())
    data = ingredients.facts()["data"]
    assert json.loads(json.dumps(data)) == data
    assert list(data["paintings"]) == data["style_names"] == ["blue", "red"]
    digests = {*data["paintings"].values(), data["photographs"]}
    assert len(digests) == 3 and {len(digest) for digest in digests} == {64}
    assert data["add_to"] is None
    assert not Path(small_options().run_dir).exists()
