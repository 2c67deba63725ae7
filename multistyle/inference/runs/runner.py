"""Runners: where the works of a run are painted, here or by other processes."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from multistyle.inference.compositions.composition import Composition
from multistyle.inference.runs.records import Outcome, paint_work
from multistyle.inference.runs.work import Work


class Runner(Protocol):
    """Paints works, in any order, each at least once and no more than twice.

    Where a process that paints dies, its work is painted once more, and then
    given up by `records.failed`.
    """

    def __call__(
        self,
        composition: Composition,
        works: Iterable[Work],
        note: Callable[[Outcome], None],
    ) -> Iterator[Outcome]:
        """Paints works.

        Args:
            composition: what is made of each; it can be pickled.
            works: iterable of `Work`, drawn from as they are begun.
            note: called with each outcome before it is yielded; and, where
                the caller stops listening, with those of what is finished.

        Yields:
            An `Outcome` for each work.

        Raises:
            OutputError: if nothing can be written.
        """


def paint_in_turn(
    composition: Composition,
    works: Iterable[Work],
    note: Callable[[Outcome], None],
) -> Iterator[Outcome]:
    """Paints works here, one after another; see `Runner`."""
    for work in works:
        outcome = paint_work(composition, work)
        note(outcome)
        yield outcome
