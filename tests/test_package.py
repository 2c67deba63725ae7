import subprocess
import sys

import pytest

import multistyle

PUBLIC = {
    "InputError": "multistyle.errors",
    "InputWarning": "multistyle.errors",
    "RandomStylization": "multistyle.inference.augmentation",
    "Stylizer": "multistyle.inference.stylizer",
    "TransformNetwork": "multistyle.network.transform",
    "evaluate_network": "multistyle.evaluation.evaluation",
    "export_network": "multistyle.export.network_export",
    "load_network": "multistyle.network.models",
    "optimize_picture": "multistyle.perceptual.optimization.picture",
    "paint_film": "multistyle.video.film",
    "train_network": "multistyle.training.network_training",
}


def test_the_import_alone_is_light():
    code = "import sys, multistyle; print({'keras', 'numpy'} & {*sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


@pytest.mark.parametrize(("name", "home"), PUBLIC.items())
def test_public_names(name, home):
    assert getattr(multistyle, name).__module__ == home
    assert name in dir(multistyle)


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute `Stylist`"):
        _ = multistyle.Stylist
