import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.inference.compositions.listed import ListedBlends
from multistyle.inference.compositions.look import Look
from multistyle.inference.runs.work import Work


def work(**settings):
    return Work("a.png", "a.png", "out.png", settings=settings)


def test_each_work_has_its_look(stylizer, photograph_path):
    listed = ListedBlends(stylizer, look=Look(strength=0.5))
    photograph = read_image(photograph_path)
    for settings, expected in (
        ({"style_weights": "great_wave"}, {"strength": 0.5}),
        (
            {"style_weights": {"great_wave": 1}, "strength": 0.25},
            {"strength": 0.25},
        ),
        (
            {"style_weights": "great_wave", "keep_colors": "luminance"},
            {"strength": 0.5, "keep_colors": "luminance"},
        ),
    ):
        blend, facts = listed.of_work(work(**settings), None)
        assert facts == settings
        np.testing.assert_array_equal(
            blend.compose(photograph),
            stylizer.stylize(photograph, "great_wave", **expected),
        )


def test_a_mask_of_a_work(stylizer, photograph_path, tmp_path):
    photograph = read_image(photograph_path)
    mask = np.zeros(photograph.shape, np.uint8)
    write_image(tmp_path / "mask.png", mask)
    settings = {"style_weights": "great_wave", "mask": f"{tmp_path}/mask.png"}
    blend, _ = ListedBlends(stylizer).of_work(work(**settings), None)
    np.testing.assert_array_equal(blend.compose(photograph), photograph)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "The styles are given by weights"),
        ({"style_weights": "great_wav"}, "did you mean `great_wave`"),
        ({"style_weights": "great_wave", "strength": 2}, "strength"),
        ({"style_weights": "great_wave", "keep_colors": "x"}, "keep_colors"),
        ({"style_weights": "great_wave", "strokes": "x"}, "strokes"),
        ({"style_weights": "great_wave", "stroke_scale": 0}, "stroke_scale"),
        ({"mask": "nobody:a.png"}, "nobody"),
    ],
)
def test_what_nothing_can_be_painted_by(stylizer, settings, message):
    with pytest.raises(InputError, match=message) as caught:
        ListedBlends(stylizer).check_works([work(**settings)])
    assert str(caught.value).startswith("`a.png` in the list: ")


def test_masks_are_not_read_before_their_turn(stylizer):
    works = [
        work(mask="great_wave:no.png"),
        work(gradient="great_wave>the_scream:45"),
    ]
    ListedBlends(stylizer).check_works(works)
