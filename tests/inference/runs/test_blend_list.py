import json
from pathlib import Path

import pytest

from multistyle.errors import InputError
from multistyle.inference.runs.blend_list import mask_paths, read_blend_list
from multistyle.inference.runs.work import Work


@pytest.fixture
def read(tmp_path):
    """Returns a function that reads a list of a text, of CSV or JSON."""

    def read(text, suffix=".csv"):
        path = tmp_path / f"list{suffix}"
        path.write_text(text, "utf-8")
        return read_blend_list(path, "in", "out")

    return read


def test_csv(read):
    works, defaults = read(
        "input,output,style_weights,strength,max_size,strip_metadata,label\n"
        'a.png,b/a.jpg,"x=1,y=2",0.5,320,true,cat\n'
        "sub/c.heic,,x,,,,\n"
    )
    assert defaults == {}
    assert works == [
        Work(
            "a.png",
            str(Path("in/a.png")),
            str(Path("out/b/a.jpg")),
            settings={
                "style_weights": "x=1,y=2",
                "strength": 0.5,
                "max_size": 320,
                "strip_metadata": True,
                "label": "cat",
            },
        ),
        Work(
            "sub/c.heic",
            str(Path("in/sub/c.heic")),
            str(Path("out/sub/c.heic.jpg")),
            settings={"style_weights": "x"},
        ),
    ]


def test_json_lines_with_a_mark_of_windows(read):
    row = {"input": "a.png", "style_weights": {"x": 0.5}, "strength": 1}
    works, _ = read("\ufeff" + json.dumps(row) + "\n\n", ".jsonl")
    assert works[0].settings == {"style_weights": {"x": 0.5}, "strength": 1.0}


def test_what_a_bucket_says_of_a_photograph_is_no_setting(read):
    line = {"input": "a.png", "style_weights": "x", "size": 9, "version": "e7"}
    works, _ = read(json.dumps(line), ".jsonl")
    assert works[0].settings == {"style_weights": "x"}


def test_a_name_holds_what_unicode_counts_as_the_end_of_a_line(read):
    lines = [{"input": name} for name in ("a\u2028b.png", "c\x85d.png")]
    text = "\n".join(json.dumps(one, ensure_ascii=False) for one in lines)
    works, _ = read(text, ".jsonl")
    assert [work.name for work in works] == ["a\u2028b.png", "c\x85d.png"]


def test_a_manifest_is_a_list(read):
    lines = [
        {"options": {"style_weights": "random", "strength": 0.5, "model": "m"}},
        {"started": "a_1.png"},
        {
            "finished": "a_1.png",
            "input": "a.png",
            "size": 3,
            "mtime_ns": 4,
            "sha256": "5e",
            "copy": 1,
            "style_weights": {"x": 1},
        },
    ]
    text = "\n".join(map(json.dumps, lines)) + '\n{"finis'
    works, defaults = read(text, ".jsonl")
    assert defaults == {"strength": 0.5}
    assert works == [
        Work(
            "a.png",
            str(Path("in/a.png")),
            str(Path("out/a_1.png")),
            settings={"copy": 1, "style_weights": {"x": 1}},
        )
    ]


def test_a_manifest_of_before_lists_no_inputs(read):
    line = {"finished": "a.png", "sha256": "5e", "style_weights": {"x": 1}}
    assert read(json.dumps(line), ".jsonl").works == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("output\na.png\n", "has no column `input`"),
        ("input\n", "lists no picture"),
        ("input\na.png,b\n", "line 2: it has more fields"),
        ("input,strenght\na,1\n", "did you mean `strength`"),
        ("input,strength\na,much\n", "line 2: `strength` is a number; got"),
        ("input,max_size\na,1.5\n", "`max_size` is a whole number from 1"),
        ("input,max_size\na,0\n", "`max_size` is a whole number from 1"),
        ("input,extrapolate\na,maybe\n", "is true or false; got `maybe`"),
        ("input,output\na,b.png\nc,b.png\n", "line 3: `.*` is listed twice"),
        ("input,output\na,../b.png\n", "is a path within --output"),
        ("input,output\na,/b.png\n", "is a path within --output"),
        ("input\n../a.png\n", "say by `output` where"),
        ("input\n/a.png\n", "say by `output` where"),
    ],
)
def test_what_is_wrong_with_a_line(read, text, message):
    with pytest.raises(InputError, match=message):
        read(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1]", "line 1: it is no JSON object"),
        ("{", "line 1: it is no JSON object"),
        ('{"input": 3}', "`input` is a text; got `3`"),
        ('{"input": "a", "strength": true}', "`strength` is a number"),
        (
            '{"input": "a", "strength": 1e999}',
            "`strength` is a number; got `inf`",
        ),
        ("", "lists no picture"),
    ],
)
def test_what_is_wrong_with_json(read, text, message):
    with pytest.raises(InputError, match=message):
        read(text, ".jsonl")


def test_masks_are_named_once():
    rows = [{"mask": "a.png"}, {"mask": "x:a.png,y:b.png"}, {"mask": "a.png"}]
    works = [Work("n", "p", "o", settings=row) for row in [*rows, None]]
    assert {str(path) for path in mask_paths(works)} == {"a.png", "b.png"}
