"""One network that paints many styles, and blends them.

Painting:
    Stylizer: paints photographs in styles and their blends.
    RandomStylization: a Keras layer that paints a classifier's pictures.
    optimize_picture: paints one photograph like one painting, by Gatys.
    paint_film: paints a film so that the painting holds still.

Training and measuring:
    train_network: trains a network on paintings and photographs.
    evaluate_network: says in figures and pictures how good a network is.

Networks:
    TransformNetwork: the Keras model.
    load_network: loads one from its `.keras` file.
    save_network: writes one as a `.keras` file.
    export_network: writes one for use without multistyle.

Styles, one by one:
    Pack: one style, and what it takes to add it to a network.
    FinisherRow: the same style of a narrow network that finishes for another.
    make_pack: takes a style out of a network.
    read_pack: reads a pack's file.
    write_pack: writes a pack's file.
    add_pack: adds a pack's style to a network.
    remove_styles: takes styles away from a network.
    rename_style: gives a style of a network another name.
    painting_thumbnail: finds the painting of a bundled style.

The installation:
    examine_installation: says what is installed, and what is broken.

Errors:
    InputError: what you gave is wrong, and what to do.
    OutputError: an `InputError` of a place where nothing can be written.
    InputWarning: what you gave is taken otherwise than you may think.

Example:
    >>> stylizer = multistyle.Stylizer.load("paintings-fast")
    >>> picture = stylizer.stylize("photo.jpg", "starry_night=1,udnie=1")
    >>> picture.save("blend.png")

Each name is imported when it is first asked for: `import multistyle` alone
loads neither Keras nor its backend.
"""

import importlib

# As `typing` has it, whose import takes longer than this package's. To type
# checkers and editors it is true.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from multistyle.errors import InputError as InputError
    from multistyle.errors import InputWarning as InputWarning
    from multistyle.errors import OutputError as OutputError
    from multistyle.evaluation.evaluation import (
        evaluate_network as evaluate_network,
    )
    from multistyle.export.network_export import (
        export_network as export_network,
    )
    from multistyle.inference.augmentation import (
        RandomStylization as RandomStylization,
    )
    from multistyle.inference.stylizer import Stylizer as Stylizer
    from multistyle.installation.examination import (
        examine_installation as examine_installation,
    )
    from multistyle.network.growth import remove_styles as remove_styles
    from multistyle.network.growth import rename_style as rename_style
    from multistyle.network.models import load_network as load_network
    from multistyle.network.models import save_network as save_network
    from multistyle.network.packs.exchange import add_pack as add_pack
    from multistyle.network.packs.exchange import make_pack as make_pack
    from multistyle.network.packs.pack import FinisherRow as FinisherRow
    from multistyle.network.packs.pack import Pack as Pack
    from multistyle.network.packs.pack_file import read_pack as read_pack
    from multistyle.network.packs.pack_file import write_pack as write_pack
    from multistyle.network.thumbnails import (
        painting_thumbnail as painting_thumbnail,
    )
    from multistyle.network.transform import (
        TransformNetwork as TransformNetwork,
    )
    from multistyle.perceptual.optimization.picture import (
        optimize_picture as optimize_picture,
    )
    from multistyle.training.network_training import (
        train_network as train_network,
    )
    from multistyle.video.film import paint_film as paint_film

__version__ = "1.0.0"

__all__ = [
    "FinisherRow",
    "InputError",
    "InputWarning",
    "OutputError",
    "Pack",
    "RandomStylization",
    "Stylizer",
    "TransformNetwork",
    "add_pack",
    "evaluate_network",
    "examine_installation",
    "export_network",
    "load_network",
    "make_pack",
    "optimize_picture",
    "paint_film",
    "painting_thumbnail",
    "read_pack",
    "remove_styles",
    "rename_style",
    "save_network",
    "train_network",
    "write_pack",
]

_HOMES = {
    "FinisherRow": "multistyle.network.packs.pack",
    "InputError": "multistyle.errors",
    "InputWarning": "multistyle.errors",
    "OutputError": "multistyle.errors",
    "Pack": "multistyle.network.packs.pack",
    "RandomStylization": "multistyle.inference.augmentation",
    "Stylizer": "multistyle.inference.stylizer",
    "TransformNetwork": "multistyle.network.transform",
    "add_pack": "multistyle.network.packs.exchange",
    "evaluate_network": "multistyle.evaluation.evaluation",
    "examine_installation": "multistyle.installation.examination",
    "export_network": "multistyle.export.network_export",
    "load_network": "multistyle.network.models",
    "make_pack": "multistyle.network.packs.exchange",
    "optimize_picture": "multistyle.perceptual.optimization.picture",
    "paint_film": "multistyle.video.film",
    "painting_thumbnail": "multistyle.network.thumbnails",
    "read_pack": "multistyle.network.packs.pack_file",
    "remove_styles": "multistyle.network.growth",
    "rename_style": "multistyle.network.growth",
    "save_network": "multistyle.network.models",
    "train_network": "multistyle.training.network_training",
    "write_pack": "multistyle.network.packs.pack_file",
}


if not TYPE_CHECKING:  # To a type checker any name would be there.

    def __getattr__(name: str) -> object:
        """Imports a public name when it is first asked for."""
        if name not in _HOMES:
            raise AttributeError(
                f"module `multistyle` has no attribute `{name}`"
            )
        value = getattr(importlib.import_module(_HOMES[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    dunder_names = {name for name in globals() if name.startswith("__")}
    return sorted({*__all__, *dunder_names})
