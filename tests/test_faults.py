"""The short form of benchmarks/faults.py: one fault of most kinds."""

import os
from functools import partial
from pathlib import Path

import pytest
from mishaps import damages, kills, pairs, rooms, shortages
from mishaps.references import Reference
from mishaps.works import EXPORT, FILM, FOLDER, LEARNING, PACK, TRAINING

pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="it forks processes and limits them"
)
SEED = 1
# Reading a style off a painting takes a second, learning it ten.
INSTANT = LEARNING._replace(
    arguments=[
        argument
        for argument in LEARNING.arguments
        if argument not in ("--learning=quick", "--loss_network=pocket")
    ]
    + ["paintings/blue.png", "--learning=instant"]
)


@pytest.fixture(scope="module")
def references(tmp_path_factory):
    """Returns a function that gives the `Reference` of a work, made once."""
    made = {}

    def find(work):
        if work.name not in made:
            folder = tmp_path_factory.mktemp("faults")
            made[work.name] = Reference(work, folder, SEED)
        return made[work.name]

    return find


# A training is killed by the test of its checkpoints.
@pytest.mark.parametrize(
    "work", (INSTANT, FOLDER, FILM, EXPORT, PACK), ids=lambda work: work.name
)
def test_a_killed_work_ends_as_if_nothing_had_happened(references, work):
    outcome = kills.kill(references(work), 0, SEED)
    assert outcome.problem == ""
    assert outcome.moment.startswith("0, file ")


FAULTS = {
    rooms.LIMITED: (rooms.limit, (FOLDER, FILM, PACK)),
    rooms.DELETED: (rooms.delete, (FOLDER,)),
    pairs.TWO: (pairs.run_twice, (FILM,)),
    pairs.STALE: (pairs.find_stale, (FILM,)),
    shortages.CLOCK: (shortages.jump_clock, (FOLDER, FILM)),
    damages.OTHER_GRAPH: (damages.change_processor, (FOLDER,)),
    damages.GRAPH: (
        partial(damages.damage_graph, how="flipped bytes", seed=SEED),
        (FOLDER,),
    ),
    damages.CHECKPOINT: (
        partial(damages.damage_checkpoint, how="flipped bytes", seed=SEED),
        (TRAINING,),
    ),
    damages.PICTURE: (
        partial(damages.break_picture, seed=SEED),
        (FOLDER,),
    ),
}


@pytest.mark.parametrize(
    ("bring", "work"),
    [
        pytest.param(bring, work, id=f"{kind}, {work.name}")
        for kind, (bring, works) in FAULTS.items()
        for work in works
    ],
)
def test_a_fault_costs_what_is_promised(references, bring, work):
    assert bring(references(work)).problem == ""


@pytest.mark.parametrize("bring", [rooms.fill, rooms.protect])
def test_a_disk_that_takes_nothing_is_one_line(references, tmp_path, bring):
    if not rooms.can_mount(Path(tmp_path)):
        pytest.skip("only root may mount a disk here")
    assert bring(references(FOLDER)).problem == ""
