import pytest

from multistyle.errors import InputError
from multistyle.inference.passes import plan as plans
from multistyle.inference.passes.memory import BASE, DEFAULT_MEMORY
from multistyle.inference.passes.plan import plan_pass

MARGIN = 64
PIXEL_BYTES = 1000


def plan(size, free=1e12, tiling="estimated", max_memory=None, **more):
    """Plans a picture of a size on a machine with so much free memory."""
    height, width = size
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plans, "free_memory", lambda: int(free))
        return plan_pass(
            size,
            height * width * 3,
            height * width * 3,
            PIXEL_BYTES,
            MARGIN,
            tiling,
            max_memory,
            **more,
        )


def test_what_fits_is_painted_in_one_pass():
    assert plan((1000, 1500)).tiling is None
    room = int(BASE + 6 * 1000 * 1500 + 1000 * 1500 * PIXEL_BYTES)
    assert plan((1000, 1500), max_memory=room).tiling is None
    assert plan((1000, 1500), max_memory=room - 1).tiling == "estimated"


def test_free_memory_changes_tiles_and_no_moments():
    """The passes, and how many patches are looked at, are the same."""
    size = (3000, 4000)
    plenty = plan(size)
    little = plan(size, free=8e8)
    assert plenty.tiling == little.tiling == "estimated"
    assert plenty.patch_room == little.patch_room > 0
    assert little.tile_size < plenty.tile_size
    assert (little.tile_size + 2 * MARGIN) ** 2 * PIXEL_BYTES <= 8e8


def test_where_one_pass_has_no_room_its_moments_are_exact():
    size = (1000, 1500)
    assert plan(size).tiling is None
    assert plan(size, free=5e8).tiling == "exact"


def test_more_free_memory_than_the_default_changes_nothing():
    size = (3000, 4000)
    assert plan(size) == plan(size, free=2 * DEFAULT_MEMORY)


def test_a_given_amount_counts_whatever_is_free():
    size = (3000, 4000)
    amount = 2 * 10**9
    assert plan(size, max_memory=amount) == plan(
        size, free=0, max_memory=amount
    )


def test_what_the_process_holds_counts_once():
    """A container of 1 GB, most of which Keras has already taken."""
    assert plan((64, 64), free=2e8).tiling is None


def test_too_little_memory_names_what_is_enough():
    with pytest.raises(InputError) as caught:
        plan((2000, 3000), max_memory=5 * 10**8)
    assert str(caught.value) == (
        "`500MB` is too little memory for a picture of 3000 x 2000 pixels: "
        "give --max_memory=873MB or more, or reduce it by --max_size."
    )
    assert plan((2000, 3000), max_memory=873 * 10**6).tile_size >= 64


def test_too_little_free_memory_says_how_much_there_is():
    with pytest.raises(InputError) as caught:
        plan((2000, 3000), free=4e7)
    assert str(caught.value) == (
        "`40MB` of free memory is too little for a picture of 3000 x 2000 "
        "pixels, which takes 55MB: close other programs, or reduce it by "
        "--max_size."
    )
    assert plan((2000, 3000), free=55e6).tile_size >= 64
