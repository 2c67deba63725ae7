"""`multistyle styles learn`: styles of paintings alone, kept for good."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from multistyle.cli.flags.learning_flags import make_lesson
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.style_files import (
    MODEL_SUFFIX,
    Outcome,
    check_model_output,
    place_packs,
    save_model,
    write_network,
    write_packs,
)
from multistyle.cli.terminal.backend import import_keras
from multistyle.cli.terminal.lessons import teach
from multistyle.files.homes import expand_home
from multistyle.files.outputs import check_output_path
from multistyle.inference.engines.engine import Engine
from multistyle.learning.lesson import Lesson

if TYPE_CHECKING:
    from multistyle.network.transform import TransformNetwork


def learn_styles(flags: VerbFlags, model: str, *paintings: str) -> Outcome:
    """Learns paintings, and writes a grown model, or a pack a style.

    Where the model has a finisher, that learns them, too, and stands beside
    the grown model.

    Args:
        flags: the verb's.
        model: what `choose_model` takes.
        paintings: what `Paintings` takes.
    """
    import_keras()
    is_model = Path(flags.output).suffix == MODEL_SUFFIX
    lesson = make_lesson(flags, paintings)
    names = lesson.style_names
    if is_model:
        check_model_output(flags)
    else:
        paths = place_packs(names, flags)

    # Late, so that help and wrong flags need not wait for an engine.
    from multistyle.cli.model_choice import choose_model, open_engine
    from multistyle.inference.stylizer import Stylizer

    path, _ = choose_model(model)
    stylizer = Stylizer(engine=open_engine(path))
    finisher_path = finisher_beside(flags.output)
    if is_model and stylizer.engine.finisher is not None:
        # A stop may have come after it, and before the model.
        overwrite = flags.overwrite or _ends_with(finisher_path, names)
        check_output_path(finisher_path, overwrite=overwrite)
    taught = teach(stylizer, lesson, is_chosen=flags.learning is not None)
    if is_model:
        grown = grow(stylizer.engine, taught.engine, lesson)
        before, finisher = stylizer.engine.finisher, taught.engine.finisher
        # Where it cannot learn them, the model itself stands for it.
        if before and finisher and finisher.fingerprint == before.fingerprint:
            write_network(grow(before, finisher, lesson), finisher_path)
            grown.finisher = finisher_path.name
        return save_model(grown, flags)

    from multistyle.network.packs import Pack, make_thumbnail
    from multistyle.network.rows import single_rows

    rows = list(single_rows(taught.engine.rows))[-len(names) :]
    packs = [
        Pack(
            name,
            lesson.paintings.credits[name],
            stylizer.engine.fingerprint,
            row,
            make_thumbnail(next(lesson.paintings.works(name))),
        )
        for name, row in zip(names, rows, strict=True)
    ]
    return write_packs(paths, packs, flags)


def finisher_beside(output: str) -> Path:
    """Returns the path of the finisher of a model that is written."""
    path = expand_home(output)
    return path.with_name(f"{path.stem}-finisher{path.suffix}")


def _ends_with(path: Path, names: Sequence[str]) -> bool:
    """Says whether a file holds a network that was grown by these styles."""
    from multistyle.network.stored_weights import read_weights

    try:
        return read_weights(path).style_names[-len(names) :] == list(names)
    except ValueError:
        return False


def grow(engine: Engine, taught: Engine, lesson: Lesson) -> "TransformNetwork":
    """Returns the network of an engine with the rows of one that learned."""
    from multistyle.network.growth import with_styles

    network = engine.network
    credits = {**network.credits, **lesson.paintings.credits}
    return with_styles(network, taught.style_names, taught.rows, credits)
