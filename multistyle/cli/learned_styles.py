"""`multistyle styles learn`: styles of paintings alone, kept for good."""

from pathlib import Path
from typing import TYPE_CHECKING

from multistyle.cli.flags.learning_flags import make_lesson
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.style_files import (
    Outcome,
    check_finisher_output,
    check_model_output,
    place_packs,
    save_model,
    write_packs,
)
from multistyle.cli.terminal.lessons import teach
from multistyle.inference.engines.engine import Engine
from multistyle.learning.lesson import Lesson
from multistyle.network.models import MODEL_SUFFIX
from multistyle.network.rows import Rows, single_rows

if TYPE_CHECKING:
    from multistyle.network.transform import TransformNetwork


def learn_styles(flags: VerbFlags, model: str, *paintings: str) -> Outcome:
    """Learns paintings, and writes a grown model, or a pack a style.

    Where the model has a finisher, that learns them, too: it stands beside
    the grown model, and a pack holds its row.

    Args:
        flags: the verb's.
        model: what `choose_model` takes.
        paintings: what `Paintings` takes.
    """
    is_model = Path(flags.output).suffix == MODEL_SUFFIX
    lesson = make_lesson(flags, paintings)
    names = lesson.style_names
    if is_model:
        check_model_output(flags)
    else:
        paths = place_packs(names, flags)

    # Late, so that help and wrong flags need not wait for an engine.
    from multistyle.cli.model_choice import choose_model
    from multistyle.inference.engines.loading import load_engine
    from multistyle.inference.stylizer import Stylizer

    path, _ = choose_model(model)
    stylizer = Stylizer(engine=load_engine(path))
    engine, before = stylizer.engine, stylizer.engine.finisher
    if is_model and before is not None:
        check_finisher_output(flags, names)
    taught = teach(stylizer, lesson, is_chosen=flags.learning is not None)
    finisher = taught.engine.finisher
    # Where it cannot learn them, the model itself stands for it.
    if before and finisher and finisher.fingerprint != before.fingerprint:
        finisher = None
    if is_model:
        grown = grow(engine, taught.engine, lesson)
        if before is None or finisher is None:
            return save_model(grown, flags)
        return save_model(grown, flags, grow(before, finisher, lesson))

    from multistyle.network.packs.pack import FinisherRow, Pack
    from multistyle.network.thumbnails import make_thumbnail

    def make_pack(name: str) -> Pack:
        row = None
        if finisher is not None:
            row = FinisherRow(finisher.fingerprint, _row(finisher, name))
        return Pack(
            name,
            lesson.paintings.credits[name],
            engine.fingerprint,
            _row(taught.engine, name),
            make_thumbnail(next(lesson.paintings.works(name))),
            row,
        )

    return write_packs(paths, [make_pack(name) for name in names], flags)


def _row(engine: Engine, name: str) -> Rows:
    index = engine.style_names.index(name)
    return list(single_rows(engine.rows))[index]


def grow(engine: Engine, taught: Engine, lesson: Lesson) -> "TransformNetwork":
    """Returns the network of an engine with the rows of one that learned."""
    from multistyle.network.growth import with_styles

    network = engine.network
    credits = {**network.credits, **lesson.paintings.credits}
    return with_styles(network, taught.style_names, taught.rows, credits)
