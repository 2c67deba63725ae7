import json

import pytest

from multistyle.errors import InputError, InputWarning
from multistyle.training.runs.record import RunRecord

PAINTINGS = {"red": "1" * 64, "blue": "2" * 64}


@pytest.fixture
def make(tmp_path):
    """Returns a function that writes a record and reads it."""

    def write(options=None, **data):
        path = tmp_path / "options.json"
        path.write_text(json.dumps({"options": options or {}, "data": data}))
        return RunRecord(path)

    return write


def test_other_options_are_refused_with_the_difference(make):
    record = make({"steps": 10, "seed": 0})
    record.check_options({"steps": 10, "seed": 0})
    with pytest.raises(InputError) as error:
        record.check_options({"steps": 20, "seed": 0})
    assert "steps was 10, now 20" in str(error.value)
    assert "seed" not in str(error.value)
    assert "--overwrite" in str(error.value)


def test_a_run_goes_on_where_an_option_is_younger_than_it(make):
    record = make({"steps": 10})
    record.check_options({"steps": 10, "style_shares": {}})
    with pytest.raises(InputError, match="style_shares was null, now"):
        record.check_options({"steps": 10, "style_shares": {"wave": 2.0}})


@pytest.mark.parametrize(
    ("digests", "difference"),
    [
        ({**PAINTINGS, "green": "3"}, "paintings: `green` is new. Give"),
        ({"red": PAINTINGS["red"]}, "paintings: `blue` is gone. Give"),
        ({**PAINTINGS, "blue": "3"}, "`blue` is another picture. Give"),
        ({"green": "3"}, "`red` is gone; `blue` is gone; `green` is new"),
        (dict(reversed(PAINTINGS.items())), "they come in the order red, blue"),
    ],
)
def test_other_paintings_are_refused_with_the_difference(
    make, digests, difference
):
    record = make(paintings=PAINTINGS)
    record.check_paintings(PAINTINGS)
    with pytest.raises(InputError) as error:
        record.check_paintings(digests)
    assert difference in str(error.value)
    assert "--overwrite to start anew" in str(error.value)


def test_paintings_without_digests_are_known_by_their_names(make):
    record = make(style_names=["red", "blue"])
    record.check_paintings(PAINTINGS)
    record.check_paintings({**PAINTINGS, "blue": "3"})
    with pytest.raises(InputError, match="`green` is new"):
        record.check_paintings({**PAINTINGS, "green": "3"})
    make().check_paintings(PAINTINGS)


def test_a_network_that_has_changed_is_not_added_to(make):
    record = make(add_to="1")
    record.check_base("1")
    with pytest.raises(InputError, match="the file of `add_to` has changed"):
        record.check_base("2")
    make(add_to=None).check_base("2")
    make().check_base("2")


def test_other_photographs_are_a_warning(make, recwarn):
    record = make(photographs="1")
    record.check_photographs("1")
    make().check_photographs("2")
    assert not recwarn.list
    with pytest.warns(InputWarning, match="goes on with those that are there"):
        record.check_photographs("2")


def test_what_is_missing_is_added_and_the_rest_stays(make, tmp_path):
    record = make({"steps": 1}, style_names=["red"], photographs="1")
    record.add_digests({"photographs": "2", "paintings": {"red": "3"}})
    assert json.loads((tmp_path / "options.json").read_text()) == {
        "options": {"steps": 1},
        "data": {
            "photographs": "1",
            "paintings": {"red": "3"},
            "style_names": ["red"],
        },
    }


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"{}",
        b"[]",
        b'{"options": 3}',
        "{}".encode("utf-16"),
        b"\xff",
    ],
)
def test_a_damaged_record_is_one_line(tmp_path, data):
    path = tmp_path / "options.json"
    path.write_bytes(data)
    with pytest.raises(InputError) as error:
        RunRecord(path)
    assert str(error.value) == (
        f"`{path}` is damaged: it does not say with which options the "
        "training began. Give another --run_dir, or --overwrite to start anew."
    )


def test_damaged_data_is_as_none(tmp_path):
    path = tmp_path / "options.json"
    path.write_text('{"options": {}, "data": 3}')
    record = RunRecord(path)
    record.check_paintings(PAINTINGS)
    record.check_photographs("1")
