"""Flags of paintings of the user's own, which are learned before they paint."""

from collections.abc import Sequence

from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.terminal.voice import complain
from multistyle.errors import InputError
from multistyle.learning.learned_rows import LEARNINGS
from multistyle.learning.lesson import MOST_QUICK, SECONDS, Lesson
from multistyle.learning.paintings import Paintings
from multistyle.perceptual.loss_options import LOSS_NETWORKS

GROUP = "Your own paintings"


def define_style_images_flag(flags: VerbFlags, help: str, group: str) -> None:
    """Defines `--style_images`, and `--style_image`, which is the same."""
    flags.multi_string("style_images", help, group)
    flags.alias("style_image", "style_images")


def define_learning_flags(flags: VerbFlags) -> None:
    """Defines `--learning`, `--loss_network` and `--vgg_weights`."""
    flags.enum(
        "learning",
        LEARNINGS,
        "How a painting is learned: instant looks at it for about "
        f"{SECONDS['instant']} s, quick takes about {SECONDS['quick']} s, "
        f"thorough {SECONDS['thorough']} s. Default: quick for up to "
        f"{MOST_QUICK} paintings, else instant.",
        GROUP,
    )
    flags.enum(
        "loss_network",
        LOSS_NETWORKS,
        "What judges the pictures meanwhile: pocket comes with multistyle, "
        "vgg16 sees better and takes longer. Default: pocket.",
        GROUP,
    )
    flags.string(
        "vgg_weights",
        "HDF5 file of VGG-16 without its top. Default: the environment "
        "variable MULTISTYLE_VGG16_WEIGHTS, else Keras downloads it (59 MB).",
        GROUP,
    )


def define_painting_flags(flags: VerbFlags) -> None:
    """Defines the flags of paintings that a verb paints in."""
    define_style_images_flag(
        flags,
        "A painting to paint in, of any kind: a file, a folder, or a list with "
        "commas, a style each; night:mine.jpg names it, and monet:works/ "
        "makes one style of a folder. Alone, or with the model's own styles "
        "in --style_weights. --style_image is the same.",
        GROUP,
    )
    define_learning_flags(flags)


def read_lesson(
    flags: VerbFlags, *, max_pixels: int | None = None
) -> Lesson | None:
    """Reads the paintings of `--style_images`; None where there are none.

    Raises:
        InputError: as `Paintings` and `Lesson`, and for flags of learning
            without a painting.
    """
    given = flags.given()
    if "style_images" not in given:
        for name in ("learning", "loss_network", "vgg_weights"):
            if name in given:
                raise InputError(
                    f"`--{name}` goes with a painting, by --style_images."
                )
        return None
    return make_lesson(flags, given["style_images"], max_pixels=max_pixels)


def make_lesson(
    flags: VerbFlags,
    style_images: Sequence[str],
    *,
    max_pixels: int | None = None,
) -> Lesson:
    """Makes the lesson of paintings, as the flags of learning say.

    Raises:
        InputError: as `Paintings` and `Lesson`.
    """
    paintings = Paintings(style_images, max_pixels=max_pixels)
    for message in paintings.unreadable:
        complain(f"Left out: {message}")
    return Lesson(
        paintings,
        learning=flags.learning,
        loss_network=flags.loss_network,
        vgg_weights=flags.vgg_weights,
    )
