import pytest

from multistyle.errors import InputError
from multistyle.perceptual.loss_networks import load_loss_network


def test_a_loss_network_by_name():
    network = load_loss_network("pocket")
    assert network.name == "pocket"


def test_an_unknown_name_is_refused():
    with pytest.raises(InputError, match="one of vgg16, pocket; got `vgg19`"):
        load_loss_network("vgg19")
