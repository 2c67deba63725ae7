"""All faults of a campaign: which work meets what."""

import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from mishaps import damages, kills, pairs, rooms, shortages
from mishaps.outcomes import Outcome
from mishaps.references import Reference

VGG16_VARIABLE = "MULTISTYLE_VGG16_WEIGHTS"


class Fault(NamedTuple):
    """A fault that a work is to meet.

    Attributes:
        kind: as the table names it.
        work: the name of the `Work`.
        moment: which of several of the kind.
        bring: function of the work's `Reference` that returns an `Outcome`.
    """

    kind: str
    work: str
    moment: str
    bring: Callable[[Reference], Outcome]


def plan(seed: int) -> list[Fault]:
    """Returns the faults that this machine can bring about."""
    faults = [
        Fault(kills.KIND, work, str(number), partial(_kill, number, seed))
        for work, count in kills.COUNTS.items()
        for number in range(count)
    ]
    works = list(kills.COUNTS)
    table: list[tuple[str, Callable, list[str]]] = [
        (rooms.LIMITED, rooms.limit, works),
        (rooms.DELETED, rooms.delete, ["training", "folder run", "film"]),
        (pairs.TWO, pairs.run_twice, ["training", "folder run", "film"]),
        (pairs.STALE, pairs.find_stale, ["training", "folder run", "film"]),
        (shortages.MEMORY, shortages.run_out, ["training", "folder run"]),
        (shortages.ENDED, shortages.end_by_library, ["training", "learning"]),
        (
            shortages.CLOCK,
            shortages.jump_clock,
            ["training", "folder run", "film"],
        ),
        (damages.WEIGHTS, damages.spoil_weights, ["training"]),
        (damages.OTHER_GRAPH, damages.change_processor, ["folder run"]),
    ]
    with tempfile.TemporaryDirectory() as folder:
        if rooms.can_mount(Path(folder)):
            table.append((rooms.FULL, rooms.fill, works))
            table.append((rooms.READ_ONLY, rooms.protect, works))
    faults += [
        Fault(kind, work, "", bring)
        for kind, bring, names in table
        for work in names
    ]
    for how in damages.DAMAGES:
        faults += [
            Fault(
                damages.CHECKPOINT,
                "training",
                how,
                partial(damages.damage_checkpoint, how=how, seed=seed),
            ),
            Fault(
                damages.GRAPH,
                "folder run",
                how,
                partial(damages.damage_graph, how=how, seed=seed),
            ),
        ]
    faults.append(
        Fault(
            damages.CHECKPOINTS,
            "training",
            "truncated",
            partial(damages.damage_checkpoints, seed=seed),
        )
    )
    for work in ("training", "folder run"):
        bring = partial(damages.break_picture, seed=seed)
        faults.append(Fault(damages.PICTURE, work, "truncated", bring))
    weights = os.environ.get(VGG16_VARIABLE)
    if weights:
        bring = partial(_download, weights=Path(weights))
        faults.append(Fault(shortages.DOWNLOAD, "training", "", bring))
    return faults


def _kill(number: int, seed: int, reference: Reference) -> Outcome:
    return kills.kill(reference, number, seed)


def _download(reference: Reference, weights: Path) -> Outcome:
    reference.renew()
    return shortages.break_download(reference.place.folder, weights)
