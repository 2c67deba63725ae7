"""One network that paints many styles, and blends them."""

import importlib

__version__ = "0.1.0"

_HOMES = {
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


def __getattr__(name):
    """Imports a public name when it is first asked for.

    `import multistyle` alone thus loads neither Keras nor its backend.
    """
    if name not in _HOMES:
        raise AttributeError(f"module `multistyle` has no attribute `{name}`")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *_HOMES})
