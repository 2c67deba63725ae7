"""`multistyle styles learn`: styles of paintings alone, kept for good."""

from pathlib import Path

from multistyle.cli.flags.learning_flags import make_lesson
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.style_files import (
    MODEL_SUFFIX,
    Outcome,
    check_model_output,
    place_packs,
    save_model,
    write_packs,
)
from multistyle.cli.terminal.backend import import_keras
from multistyle.cli.terminal.lessons import teach


def learn_styles(flags: VerbFlags, model: str, *paintings: str) -> Outcome:
    """Learns paintings, and writes a grown model, or a pack a style.

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
    taught = teach(stylizer, lesson, is_chosen=flags.learning is not None)
    if is_model:
        from multistyle.network.growth import with_styles

        network = stylizer.network
        credits = {**network.credits, **lesson.paintings.credits}
        grown = with_styles(
            network, taught.style_names, taught.engine.rows, credits
        )
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
