import pytest

from multistyle.errors import InputError
from multistyle.perceptual.loss_options import LossWeights


def test_the_paper_s_weights_give_way_to_given_ones():
    assert LossWeights.paper() == LossWeights(
        content=1.0,
        style=1.0,
        total_variation=0.0,
        lattice=0.0,
        scaling="paper",
    )
    assert LossWeights.paper(style=3.0, lattice=0.5) == LossWeights(
        content=1.0,
        style=3.0,
        total_variation=0.0,
        lattice=0.5,
        scaling="paper",
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"scaling": "log"}, "one of relative, paper; got `log`"),
        ({"content": -1.0}, "`content_loss_weight` .* got `-1.0`"),
        ({"style": float("nan")}, "`style_loss_weight` .* got `nan`"),
        (
            {"total_variation": float("inf")},
            "`total_variation_loss_weight` .* got `inf`",
        ),
        ({"lattice": -0.1}, "`lattice_loss_weight` .* got `-0.1`"),
    ],
)
def test_wrong_weights_are_refused(options, message):
    with pytest.raises(InputError, match=message):
        LossWeights(**options)
