import numpy as np
import pytest
from keras import ops

from multistyle.evaluation.judge import Judge, total_loss


class Means:
    """A loss network of one layer, whose features are the picture itself."""

    content_layer = "all"

    def __call__(self, images):
        return {"all": ops.convert_to_tensor(images, dtype="float32")}

    def gram_matrices(self, features):
        flat = ops.reshape(features["all"], (1, -1, 3))
        count = ops.shape(flat)[1]
        return {"all": ops.matmul(ops.transpose(flat, (0, 2, 1)), flat) / count}

    def style_targets(self, paintings):
        grams = [self.gram_matrices(self(image[None])) for image in paintings]
        return {
            "all": np.concatenate(
                [ops.convert_to_numpy(gram["all"]) for gram in grams]
            )
        }


def flat(value):
    return np.full((8, 8, 3), value, np.float32)


def test_known_losses():
    judge = Judge(Means(), [flat(1.0), flat(0.5)])
    assert judge.num_styles == 2
    view, own = judge.view(flat(0.5)), judge.view(flat(0.0))
    # (0.5 - 0)^2 / (0 + 1)
    assert judge.content(view, own) == pytest.approx(0.25)
    # Every entry of the Gram matrix is the square: (0.25 - 1)^2 / 1^2.
    np.testing.assert_allclose(judge.style(view), [0.5625, 0], atol=1e-6)


def test_a_blend_is_of_gram_matrices():
    judge = Judge(Means(), [flat(1.0), flat(0.5)])
    # Blended entries are 0.4 * 1 + 0.6 * 0.25 = 0.55.
    losses = judge.style(judge.view(flat(0.5)), [[0.4, 0.6], [1, 0]])
    np.testing.assert_allclose(
        losses, [(0.25 - 0.55) ** 2 / 0.55**2, 0.5625], rtol=1e-5
    )


def test_without_paintings_there_is_content():
    judge = Judge(Means())
    view = judge.view(flat(0.5))
    assert judge.num_styles == 0
    assert judge.content(view, view) == 0


def test_a_real_loss_network_finds_a_painting_in_its_own_style(
    loss_network, evaluation_folder
):
    random = np.random.default_rng(0)
    paintings = [random.random((40, 40, 3), np.float32), flat(0.5)]
    judge = Judge(loss_network, paintings)
    for i, painting in enumerate(paintings):
        losses = judge.style(judge.view(painting))
        assert losses[i] == pytest.approx(0, abs=1e-6)
        assert losses[1 - i] > 0.1


def test_the_total_weighs_style_six_times():
    assert total_loss(0.5, 0.25) == 2.0
