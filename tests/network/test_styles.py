import numpy as np
import pytest

from multistyle.errors import InputError
from multistyle.network.styles import check_credits, fingerprint
from multistyle.network.transform import TransformNetwork

NAMES = ["starry_night", "great_wave", "the_scream", "Udnie"]


def test_credits_are_text_in_the_styles_order():
    credits = {
        "great_wave": {"artist": "Hokusai", "year": 1831},
        "starry_night": {"title": "The Starry Night"},
    }
    checked = check_credits(credits, NAMES)
    assert list(checked) == ["starry_night", "great_wave"]
    assert checked["great_wave"] == {"artist": "Hokusai", "year": "1831"}


@pytest.mark.parametrize(
    ("credits", "message"),
    [
        ({"great_wav": {}}, "`great_wav`.*did you mean `great_wave`"),
        (
            {"Udnie": {"painter": "Picabia"}},
            "`Udnie` has the field `painter`.*artist, title, year, licence",
        ),
    ],
)
def test_wrong_credits_are_refused(credits, message):
    with pytest.raises(InputError, match=message):
        check_credits(credits, NAMES)


def test_the_fingerprint_is_of_the_shared_weights_alone(small_network):
    before = fingerprint(small_network)
    assert len(before) == 64 and int(before, 16) >= 0
    weights = small_network.get_weights()
    other = TransformNetwork(["a", "b", "c"], width_multiplier=0.25)
    assert fingerprint(other) != before
    other.set_weights(weights)
    assert fingerprint(other) == before

    for block in other.blocks:
        table = block.normalization.gamma
        table.assign(np.full(table.shape, 7.0))
    assert fingerprint(other) == before

    # Below what float16 resolves, then above it, in the last layer.
    convolution = other.blocks[-1].convolution
    (kernel,) = convolution.get_weights()
    kernel = kernel.astype(np.float16).astype(np.float32)
    convolution.set_weights([kernel])
    assert fingerprint(other) == before
    convolution.set_weights([kernel * (1 + 1e-6)])
    assert fingerprint(other) == before
    convolution.set_weights([kernel * 1.01])
    assert fingerprint(other) != before


def test_the_fingerprint_never_changes():
    """Packs of styles name the network that they belong to by it."""
    network = TransformNetwork(num_styles=1, width_multiplier=1 / 32)
    for number, block in enumerate(network.blocks):
        shape = block.convolution.get_weights()[0].shape
        ramp = np.arange(np.prod(shape)).reshape(shape)
        block.convolution.set_weights([(ramp - number) / 256])
    assert fingerprint(network) == (
        "00daf20c129b7736f16a4fd62f6a250a0adfa80ebf8bb092ea2cacb2c9aa692a"
    )
