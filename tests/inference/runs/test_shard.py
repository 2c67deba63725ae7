import hashlib
from itertools import chain

import pytest

from multistyle.errors import InputError
from multistyle.inference.runs.shard import Shard, read_shard
from multistyle.inference.runs.work import Work

NAMES = [f"day/{number}.jpg" for number in range(400)]


def test_each_photograph_is_of_one_part():
    parts = [Shard(part, 4) for part in range(1, 5)]
    held = [[name for name in NAMES if part.holds(name)] for part in parts]
    assert sorted(chain(*held)) == sorted(NAMES)
    assert all(70 < len(names) < 130 for names in held)


def test_the_part_follows_from_the_name_alone():
    digest = hashlib.sha256(b"a/b.jpg").hexdigest()
    part = int(digest[:16], 16) % 7 + 1
    works = [Work("a/b.jpg", "x", "y"), Work("a/b.jpg", "x", "z", 2)]
    assert read_shard(f"{part}/7").select(works) == works
    assert Shard(part % 7 + 1, 7).select(works) == []


def test_each_part_has_files_of_its_own():
    name = read_shard("3/8").of_name("manifest.jsonl")
    assert name == "manifest-3-of-8.jsonl"


@pytest.mark.parametrize(
    "text", ["0/8", "9/8", "3", "3/", "a/b", "-1/2", "1/0"]
)
def test_what_is_no_part(text):
    with pytest.raises(InputError, match=f"got `{text}`"):
        read_shard(text)
