"""What a training finds before its first step: its folder and ingredients."""

import contextlib
from collections.abc import Iterator
from typing import NamedTuple

from multistyle.learning.paintings import Paintings
from multistyle.training.distribution.workers import Workers
from multistyle.training.ingredients import Ingredients, what_all_share
from multistyle.training.material.photographs import open_photographs
from multistyle.training.options import TrainingOptions
from multistyle.training.runs.folder import RunFolder
from multistyle.training.starting_network import base_digest


class Preparation(NamedTuple):
    """What a training has before its first step.

    Attributes:
        run: the `RunFolder`.
        num_steps_done: int, from which step the training goes on.
        ingredients: the `Ingredients`; None where all steps are done.
    """

    run: RunFolder
    num_steps_done: int
    ingredients: Ingredients | None


@contextlib.contextmanager
def prepared(
    options: TrainingOptions, workers: Workers, *, overwrite: bool = False
) -> Iterator[Preparation]:
    """Opens the run folder and the ingredients of a training.

    All that can be wrong is found here. Within the block no other process may
    train in the folder; where none trained in it by the end of the block, no
    folder stays that was made for it.

    Args:
        options: a `TrainingOptions`.
        workers: the `Workers` that train together; all of them call it.
        overwrite: whether a run that is in the folder counts for nothing.

    Yields:
        The `Preparation`.

    Raises:
        InputError: see `network_training.train_network`.
    """
    run, record, done = RunFolder(options.run_dir), None, 0
    with contextlib.ExitStack() as stack:
        with workers.together():
            if workers.is_first:
                run.check()
                record = None if overwrite else run.read_record()
            if record:
                record.check_options(options.record())
            paintings = Paintings(options.style_images)
            if record:
                record.check_paintings(paintings.digests)
                done = run.num_steps_done() or 0
        if workers.any(done == options.num_steps):
            yield Preparation(run, options.num_steps, None)
            return
        with workers.together():
            if record:
                record.check_base(base_digest(options.add_to))
            photographs = open_photographs(options.content_images)
            if record:
                record.check_photographs(photographs.digest())
            if workers.is_first:
                stack.enter_context(run.locked())
            shared = {}
            if workers.num_workers > 1:
                shared = what_all_share(options, paintings, photographs)
        workers.agree(shared)
        with workers.together():
            ingredients = Ingredients(
                options,
                paintings=paintings,
                photographs=photographs,
                workers=workers,
            )
        yield Preparation(run, done, ingredients)
