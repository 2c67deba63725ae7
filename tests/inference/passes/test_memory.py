import os

import pytest

from multistyle.errors import InputError
from multistyle.inference.passes import memory
from multistyle.inference.passes.memory import (
    free_memory,
    read_memory,
    show,
    tile_size,
)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("2GB", 2 * 10**9),
        ("1.5 gb", 1_500_000_000),
        ("800MB", 800_000_000),
        ("2g", 2 * 10**9),
        ("1GiB", 2**30),
        ("512MiB", 2**29),
        ("4096", 4096),
        (3_000_000_000, 3_000_000_000),
    ],
)
def test_amounts(text, amount):
    assert read_memory(text) == amount


@pytest.mark.parametrize("text", ["much", "-2GB", "0", "", "2 apples", "nan"])
def test_what_is_no_amount(text):
    with pytest.raises(InputError) as caught:
        read_memory(text)
    assert str(caught.value) == (
        f"An amount of memory is written as `2GB` or `800MB`; got `{text}`."
    )


@pytest.mark.parametrize("amount", [1, 999_999_999, 1_000_000_001, 3.21e9])
def test_an_amount_is_shown_rounded_up(amount):
    assert amount <= read_memory(show(amount)) < 1.1 * amount + 1e6


def test_some_memory_is_free():
    assert 0 < free_memory()


@pytest.mark.parametrize(
    ("limit", "used", "none"),
    [
        ("memory.max", "memory.current", "max"),
        (
            "memory/memory.limit_in_bytes",
            "memory/memory.usage_in_bytes",
            "9223372036854771712",
        ),
    ],
    ids=["version 2", "version 1"],
)
def test_a_container_has_its_own_limit(
    monkeypatch, tmp_path, limit, used, none
):
    if not os.path.exists("/proc/meminfo"):
        pytest.skip("only Linux says what is available")
    (tmp_path / limit).parent.mkdir(exist_ok=True)
    (tmp_path / limit).write_text("700000000\n", "ascii")
    (tmp_path / used).write_text("200000000\n", "ascii")

    def path(*parts):
        if parts[0] == "/sys/fs/cgroup":
            return tmp_path / parts[1]
        return real_path(*parts)

    real_path = memory.Path
    monkeypatch.setattr(memory, "Path", path)
    assert free_memory() == 400_000_000
    (tmp_path / limit).write_text(f"{none}\n", "ascii")
    assert free_memory() > 400_000_000


def test_a_picture_that_fits_is_not_cut():
    room = 400 * 600 * 100
    assert tile_size((400, 600), 100, 56, room) is None
    assert tile_size((400, 600), 100, 56, room - 1) is not None


def test_a_tile_with_its_margin_fits():
    side = tile_size((10**4, 10**4), 1000, 56, 1e9)
    assert side == 1000 - 2 * 56
    assert (side + 2 * 56) ** 2 * 1000 <= 1e9
