import json
import os
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from multistyle.cli.main import run_verb
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.images.samples import sample_photographs
from multistyle.inference.engines import precision as precisions

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def folder(photograph_folder, monkeypatch):
    """The current folder, in which `photographs` stands."""
    monkeypatch.chdir(photograph_folder.parent)
    return photograph_folder.parent


@pytest.fixture
def interpolate(folder, small_model_path, capsys):
    """Returns a function that calls the verb: (code, stdout, stderr)."""

    def call(*argv, model=small_model_path):
        model_flag = [f"--model={model}"] if model else []
        code = run_verb("interpolate", [*argv, *model_flag])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def runs(folder, small_model_path):
    """Two runs under `runs`, of which `new` is the newer."""
    for age, name in enumerate(("new", "old")):
        path = folder / "runs" / name / "model.keras"
        path.parent.mkdir(parents=True)
        path.write_bytes(small_model_path.read_bytes())
        moment = time.time() - 1000 * age
        os.utime(path, (moment, moment))
    return folder / "runs"


def test_one_photograph_in_a_blend(interpolate, small_network, folder):
    code, out, err = interpolate(
        "photographs/a.png",
        "--style_weights=starry_night=3,great_wave=1",
        "--output=made/out.png",
        "--precision=float32",
    )
    assert (code, out) == (0, "made/out.png\n")
    assert err.startswith("Model: `")
    photograph = read_image("photographs/a.png")
    expected = small_network.predict_on_batch(
        {
            "image": photograph[None].astype(np.float32) / 255,
            "style_weights": np.array([[0.75, 0.25, 0]], np.float32),
        }
    )[0]
    made = read_image("made/out.png") / 255
    assert np.abs(made - expected).max() <= 0.51 / 255


def test_strength_0_is_the_photograph(interpolate):
    code, _, _ = interpolate(
        "photographs/a.png",
        "--style_weights=great_wave",
        "--strength=0",
        "--output=out.png",
    )
    assert code == 0
    np.testing.assert_array_equal(
        read_image("out.png"), read_image("photographs/a.png")
    )


def test_keep_colors_changes_the_picture(interpolate):
    for mode in ("none", "luminance"):
        code, _, _ = interpolate(
            "photographs/a.png",
            "--style_weights=great_wave",
            f"--keep_colors={mode}",
            f"--output={mode}.png",
        )
        assert code == 0
    assert (read_image("none.png") != read_image("luminance.png")).any()


def test_weights_of_a_json_file_and_below_0(interpolate, folder):
    weights = {"great_wave": 1.5, "the_scream": -0.5}
    (folder / "weights.json").write_text(json.dumps(weights), "utf-8")
    call = ["photographs/a.png", "--style_weights=weights.json", "--json"]
    code, out, err = interpolate(*call)
    assert (code, out) == (2, "")
    assert "The style weight `-0.5` is below 0" in err
    code, out, _ = interpolate(*call, "--extrapolate")
    assert code == 0
    assert json.loads(out)["style_weights"] == weights


@pytest.mark.parametrize(
    ("flag", "name"),
    [
        ("--style_weights=great_wave", "c_stylized.jpg"),
        ("--sheet", "c_sheet.png"),
        ("--style_weights=great_wave --output=.", "c.mpo.jpg"),
    ],
)
def test_a_camera_s_suffix_is_no_part_of_a_name_of_its_own(
    interpolate, folder, flag, name
):
    with Image.open(folder / "photographs" / "b.jpg") as image:
        image.save(folder / "photographs" / "c.mpo", save_all=True)
    code, out, _ = interpolate("photographs/c.mpo", *flag.split())
    assert (code, out) == (0, f"{name}\n")
    assert (folder / name).is_file()


@pytest.mark.parametrize(
    ("flag", "name"),
    [
        ("--style_weights=great_wave", "b_stylized.jpg"),
        ("--sheet", "b_sheet.png"),
        ("--grid=great_wave,great_wave,great_wave,udnie", None),
        ("--grid=great_wave,the_scream,great_wave,starry_night", "b_grid.png"),
        ("--path=great_wave>the_scream", "b_path.png"),
    ],
)
def test_the_output_has_a_name_of_its_own(interpolate, folder, flag, name):
    code, out, err = interpolate("photographs/b.jpg", flag)
    if name is None:
        assert (code, out) == (2, "")
        assert "There is no style `udnie`" in err
        return
    assert (code, out) == (0, f"{name}\n")
    with Image.open(folder / name) as image:
        assert image.format == ("JPEG" if name.endswith("jpg") else "PNG")
    code, out, err = interpolate("photographs/b.jpg", flag)
    assert (code, out) == (2, "")
    assert err.endswith(
        f"`{name}` exists already: give another name, or --overwrite "
        "(`overwrite=True` in Python).\n"
    )
    assert interpolate("photographs/b.jpg", flag, "--overwrite")[0] == 0


@pytest.mark.parametrize("output", ["made", "made/"])
def test_one_photograph_into_a_folder(interpolate, folder, output):
    code, out, _ = interpolate(
        "photographs/b.jpg", "--style_weights=great_wave", f"--output={output}"
    )
    assert (code, out) == (0, f"{Path('made/b.jpg')}\n")
    assert os.listdir("made") == ["b.jpg"]


def test_a_path_as_animation_and_as_frames(interpolate, folder):
    call = ["photographs/a.png", "--path=great_wave>the_scream", "--frames=3"]
    assert interpolate(*call, "--output=walk.gif")[0] == 0
    with Image.open("walk.gif") as animation:
        assert animation.n_frames == 3
    code, out, _ = interpolate(*call, "--output=frames")
    assert (code, out) == (0, "frames\n")
    assert len(os.listdir("frames")) == 3


def test_max_size(interpolate):
    code, _, _ = interpolate(
        "photographs/a.png",
        "--style_weights=great_wave",
        "--max_size=10",
        "--output=out.png",
    )
    assert code == 0
    assert read_image("out.png").shape == (8, 10, 3)


def test_json_says_what_was_made_of_what(interpolate, small_model_path):
    code, out, _ = interpolate(
        "photographs/a.png",
        "--style_weights=great_wave=2",
        "--output=out.png",
        "--json",
        "--precision=float32",
    )
    assert code == 0
    record = json.loads(out)
    assert record.pop("seconds") > 0
    assert record.pop("model").startswith("small@")
    assert record == {
        "input": str(Path("photographs/a.png")),
        "output": "out.png",
        "status": "painted",
        "precision": "float32",
        "style_weights": {"great_wave": 1.0},
        "strength": 1.0,
        "keep_colors": "none",
        "max_size": None,
        "strokes": "fitted",
    }


def test_a_folder_with_a_photograph_that_cannot_be_read(interpolate, folder):
    (folder / "photographs" / "b.jpg").write_bytes(b"no picture")
    call = ["photographs", "--style_weights=great_wave", "--output=made"]
    code, out, err = interpolate(*call)
    assert code == 1
    assert out.splitlines() == [
        str(Path("made/a.png")),
        str(Path("made/sub/c.png")),
    ]
    assert f"Left out: `{Path('photographs/b.jpg')}`" in err
    assert err.endswith("2 painted, 1 failed.\n")
    (folder / "photographs" / "b.jpg").unlink()
    code, out, err = interpolate(*call, "--json")
    assert code == 0
    records = [json.loads(line) for line in out.splitlines()]
    assert [record["status"] for record in records] == ["kept", "kept"]
    assert err.endswith("2 kept.\n")


def bomb():
    """A bitmap of 54 bytes that says that it is 30,000 pixels square."""
    header = struct.pack("<2sIHHI", b"BM", 54, 0, 0, 54)
    return header + struct.pack(
        "<IiiHHIIiiII", 40, 30000, 30000, 1, 24, *[0] * 6
    )


def test_a_folder_of_bad_files_gets_a_line_each(interpolate, folder):
    photographs = folder / "photographs"
    whole = (photographs / "a.png").read_bytes()
    for name, content in {
        "bomb.bmp": bomb(),
        "cut.png": whole[: len(whole) // 2],
        "empty.jpg": b"",
        "text.tif": b"I am a text.",
        "really_a_png.jpg": whole,
    }.items():
        (photographs / name).write_bytes(content)
    call = ["photographs", "--style_weights=great_wave", "--output=made"]
    code, out, err = interpolate(*call)
    assert code == 1
    assert len(out.splitlines()) == 4
    lines = [line for line in err.splitlines()[1:] if "s left" not in line]
    for name in ("bomb.bmp", "cut.png", "empty.jpg", "text.tif"):
        (line,) = [line for line in lines if name in line]
        assert line.startswith(f"Left out: `{Path('photographs') / name}` ")
    (line,) = [line for line in lines if "really_a_png.jpg" in line]
    assert line == (
        f"multistyle interpolate: `{Path('photographs/really_a_png.jpg')}` "
        "holds a PNG picture, whatever its name says, and is read as one."
    )
    assert lines[-1] == "4 painted, 4 failed."
    assert len(lines) == 6


def test_max_pixels(interpolate):
    call = ["photographs/a.png", "--style_weights=great_wave"]
    code, out, err = interpolate(*call, "--max_pixels=319")
    assert (code, out) == (1, "")
    assert "has more pixels than is safe to open, 320 of at most 319" in err
    assert interpolate(*call, "--max_pixels=320")[0] == 0


def test_strip_metadata_is_an_option_of_the_folder(interpolate):
    call = ["photographs", "--style_weights=great_wave", "--output=made"]
    assert interpolate(*call)[0] == 0
    code, _, err = interpolate(*call, "--strip_metadata")
    assert code == 2
    assert "`strip_metadata` was null, now true" in err
    assert interpolate(*call, "--jobs=2", "--max_pixels=1000")[0] == 0


def test_one_photograph_that_cannot_be_read(interpolate, folder):
    (folder / "photographs" / "b.jpg").write_bytes(b"no picture")
    code, out, err = interpolate(
        "photographs/b.jpg", "--style_weights=great_wave", "--json"
    )
    assert code == 1
    assert json.loads(out)["status"] == "failed"
    assert f"Left out: `{Path('photographs/b.jpg')}`" in err


def test_a_folder_with_other_options_is_refused(interpolate):
    call = ["photographs", "--output=made", "--style_weights=great_wave"]
    assert interpolate(*call)[0] == 0
    code, out, err = interpolate(*call, "--strength=0.5")
    assert (code, out) == (2, "")
    assert "`strength` was 1.0, now 0.5" in err
    assert interpolate(*call, "--strength=0.5", "--overwrite")[0] == 0
    assert interpolate(*call, "--strength=0.5")[0] == 0


def test_a_folder_goes_on_in_the_precision_that_it_began_with(
    interpolate, folder, monkeypatch
):
    """Also where auto would take the other one now."""
    call = ["photographs", "--output=made", "--style_weights=great_wave"]
    assert interpolate(*call, "--precision=float32")[0] == 0
    monkeypatch.setattr(precisions, "has_bfloat16", lambda: True)
    made = Path("made", "a.png")
    before = read_image(made)
    made.unlink()
    code, out, _ = interpolate(*call, "--json")
    assert code == 0
    assert {json.loads(line)["precision"] for line in out.splitlines()} == {
        "float32"
    }
    np.testing.assert_array_equal(read_image(made), before)


def test_a_folder_in_another_precision_is_refused(interpolate):
    call = ["photographs", "--output=made", "--style_weights=great_wave"]
    assert interpolate(*call, "--precision=float32")[0] == 0
    manifest = Path("made", "manifest.jsonl")
    text = manifest.read_text("utf-8")
    manifest.write_text(text.replace('"float32"', '"bfloat16"'), "utf-8")
    code, out, err = interpolate(*call, "--precision=float32")
    assert (code, out) == (2, "")
    assert '`precision` was "bfloat16", now "float32"' in err


def test_random_blends_are_listed_and_repeated(interpolate):
    call = ["photographs", "--style_weights=random", "--copies=2", "--seed=5"]
    code, out, _ = interpolate(*call, "--output=drawn", "--json")
    assert code == 0
    records = [json.loads(line) for line in out.splitlines()]
    assert len(records) == 6 and records[0]["seed"] == 5
    assert all(len(record["style_weights"]) == 2 for record in records)
    again = ["photographs", "--blends=drawn/manifest.jsonl"]
    assert interpolate(*again, "--output=again")[0] == 0
    for record in records:
        first = Path(record["output"])
        second = Path("again", first.relative_to("drawn"))
        assert first.read_bytes() == second.read_bytes()
    code, out, err = interpolate(*call[:-1], "--output=drawn")
    assert (code, out) == (2, "")
    assert "`seed` was 5, now 0" in err


def test_a_list_gives_each_picture_its_look(interpolate, folder):
    (folder / "list.csv").write_text(
        "input,output,style_weights,strength,label\n"
        "a.png,one.png,great_wave,0,cat\n"
        'sub/c.png,,"great_wave=1,the_scream=1",,dog\n',
        "utf-8",
    )
    call = ["photographs", "--blends=list.csv", "--output=made", "--json"]
    code, out, _ = interpolate(*call, "--strength=0.5")
    assert code == 0
    one, other = map(json.loads, out.splitlines())
    assert one["output"] == str(Path("made", "one.png"))
    assert one["label"] == "cat" and one["strength"] == 0
    assert other["output"] == str(Path("made", "sub", "c.png"))
    assert other["style_weights"] == "great_wave=1,the_scream=1"
    assert other["strength"] == 0.5
    # At a strength of 0 it is the photograph.
    np.testing.assert_array_equal(
        read_image("made/one.png"), read_image("photographs/a.png")
    )


def test_shards_of_a_folder_together_make_all(interpolate, folder):
    call = ["photographs", "--style_weights=great_wave", "--output=made"]
    made = []
    for part in (1, 2):
        code, out, _ = interpolate(*call, f"--shard={part}/2", "--jobs=1")
        assert code == 0
        made += out.splitlines()
    assert sorted(made) == [
        str(Path("made", name)) for name in ("a.png", "b.jpg", "sub/c.png")
    ]
    # Divided otherwise, or not at all, what is finished counts.
    for flags in (["--shard=1/1"], []):
        code, out, err = interpolate(*call, *flags)
        assert (code, out) == (0, "")
        assert err.endswith("3 kept.\n")


def test_one_photograph_has_random_copies(interpolate):
    call = ["photographs/a.png", "--style_weights=random", "--copies=3"]
    code, out, _ = interpolate(*call, "--output=made")
    assert code == 0
    assert out.splitlines() == [
        str(Path("made", f"a_{copy}.png")) for copy in (1, 2, 3)
    ]


def test_several_photographs_get_a_sheet_each(interpolate):
    code, out, _ = interpolate(
        "photographs/a.png", "photographs/b.jpg", "--sheet", "--output=sheets"
    )
    assert code == 0
    assert len(out.splitlines()) == 2
    assert read_image("sheets/a.png").shape == read_image("sheets/b.jpg").shape


def test_a_sheet_of_some_styles_into_a_folder(interpolate):
    code, out, _ = interpolate(
        *("photographs/a.png", "--sheet", "--output=pages"),
        "--styles=the_scream, great_wave",
    )
    assert (code, out) == (0, "pages\n")
    assert os.listdir("pages") == ["page_1.png"]


def test_without_a_photograph_the_newest_run_paints_a_sheet(interpolate, runs):
    for _ in range(2):
        code, out, err = interpolate(model=None)
        assert (code, out) == (0, f"{Path('runs/new/blends.png')}\n")
        assert err.startswith(f"Model: `{Path('runs/new')}`, the newest run.\n")
        said, advice = err.splitlines()[-2:]
        assert said.endswith("Next, a photograph of your own:")
        command = "  python interpolate.py photo.jpg --model="
        model = Path("runs/new")
        assert advice.startswith(f"{command}{model} --style_weights=")
    height, width = read_image("runs/new/blends.png").shape[:2]
    # The photographs, three styles and two blends, in cells of 320 px.
    assert height > 6 * 320
    assert width > len(sample_photographs()) * 320


def test_without_a_photograph_a_named_file_is_not_replaced(interpolate, runs):
    assert interpolate("--output=made")[0] == 0
    code, _, err = interpolate("--output=made", "--json")
    assert code == 2
    assert f"`{Path('made/blends.png')}` exists already" in err
    code, out, _ = interpolate("--output=made", "--json", "--overwrite")
    assert code == 0
    assert json.loads(out)["output"] == str(Path("made/blends.png"))


def test_without_a_photograph_the_samples_are_painted(interpolate):
    code, _, _ = interpolate(
        "--style_weights=great_wave", "--output=made", "--max_size=16"
    )
    assert code == 0
    names = [path.name for path in sample_photographs()]
    assert sorted(os.listdir("made")) == sorted(
        [*names, "manifest.jsonl", ".manifest.jsonl.lock"]
    )


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (
            ["photographs/a.png"],
            "Say what to paint, for example "
            '--style_weights="starry_night=0.7,great_wave=0.3", or --sheet, '
            "--grid, --path, --gradient or --mask, or a painting of your own, "
            "--style_images=mine.jpg; the styles are "
            "`starry_night`, `great_wave`, `the_scream`.",
        ),
        (
            ["photographs/a.png", "--sheet", "--style_weights=great_wave"],
            "`--style_weights` and `--sheet` exclude each other: give one.",
        ),
        (
            ["photographs/a.png", "--grid=a,b,c,d", "--styles=great_wave"],
            "`--styles` goes with `--sheet` alone.",
        ),
        (
            ["photographs/a.png", "--sheet", "--styles=great_wave,udnie"],
            "There is no style `udnie`; there are `starry_night`",
        ),
        (
            ["photographs/a.png", "--sheet", "--frames=3"],
            "`--frames` goes with `--path` alone.",
        ),
        (
            ["photographs/a.png", "--sheet", "--extrapolate"],
            "`--extrapolate` goes with `--style_weights` alone.",
        ),
        (
            ["photographs/a.png", "--style_weights=great_wav"],
            "There is no style `great_wav`; did you mean `great_wave`?",
        ),
        (
            ["photographs/a.png", "--path=great_wave"],
            "A path is given as `A>B` or `A>B>C`, two styles or more; got "
            "`great_wave`.",
        ),
        (
            [
                "photographs/a.png",
                "--path=great_wave>the_scream>great_wave",
                "--frames=2",
            ],
            "A path has at least 2 stops and a frame for each; got `3` stops "
            "and `2` frames.",
        ),
        (
            ["photographs", "--sheet"],
            "Several photographs need a folder to be written into: give "
            "--output=FOLDER.",
        ),
        (
            ["photographs", "--sheet", "--output=out.png"],
            "Several photographs need a folder to be written into: give "
            "--output=FOLDER, not `out.png`.",
        ),
        (
            ["nowhere.jpg", "--sheet"],
            "`nowhere.jpg` matches no picture: give a file, a folder or a "
            "glob.",
        ),
        (
            ["photographs/a.png", "--sheet", "--output=out.mp4"],
            "`out.mp4` names no picture format",
        ),
        (
            [
                "photographs/a.png",
                "--style_weights=great_wave",
                "--output=photographs/a.png",
                "--overwrite",
            ],
            "`photographs/a.png` is a picture that is to be read",
        ),
        (
            ["photographs/a.png", "--style_weights=random"],
            "Copies need a folder to be written into: give --output=FOLDER.",
        ),
        (
            ["photographs", "--style_weights=great_wave", "--copies=2"],
            "`--copies` goes with `--style_weights=random` alone.",
        ),
        (
            ["photographs", "--style_weights=random", "--mask=m.png"],
            "`--mask` does not go with `--style_weights=random`.",
        ),
        (
            ["photographs", "--style_weights=a.jsonl", "--output=out"],
            "`--style_weights=a.jsonl` is a list of blends: give it as "
            "`--blends`.",
        ),
        (
            ["photographs", "--blends=a.csv", "--sheet"],
            "`--sheet` and `--blends` exclude each other: give one.",
        ),
        (
            ["photographs", "--blends=a.csv"],
            "Listed blends need a folder to be written into: give "
            "--output=FOLDER.",
        ),
        (
            ["photographs/a.png", "--blends=a.csv", "--output=out"],
            "`--blends=a.csv` lists photographs of one folder: give that, not "
            "`photographs/a.png`.",
        ),
        (
            [
                *("photographs", "--style_weights=great_wave"),
                *("--output=out", "--shard=9/8"),
            ],
            "`shard` is a part and how many there are, from 1/8 to 8/8; got "
            "`9/8`.",
        ),
        (
            ["photographs/a.png", "--style_weights=udnie", "--runner=ray"],
            "`--runner=ray` paints the photographs of a folder: give one.",
        ),
        (
            ["-", "--style_weights=random"],
            "`-`, standard input, is no file by whose content a blend is "
            "chosen: give files or a folder.",
        ),
        (
            ["photographs", "--blends=none.jsonl", "--output=out"],
            "The list of blends `none.jsonl` cannot be read: No such file or "
            "directory.",
        ),
    ],
)
def test_wrong_use(interpolate, folder, argv, message):
    before = sorted(folder.rglob("*"))
    code, out, err = interpolate(*argv)
    assert (code, out) == (2, "")
    assert f"multistyle interpolate: {message}" in err
    assert sorted(folder.rglob("*")) == before


def test_a_style_is_looked_for_in_the_model_that_is_named(interpolate):
    code, _, err = interpolate("photographs/a.png", "--sheet", model="qwerty")
    assert code == 2
    assert "There is no model `qwerty`" in err


def test_the_only_photograph_is_of_no_shard_but_one(interpolate):
    call = ["photographs/sub", "--style_weights=great_wave", "--output=made"]
    codes = [interpolate(*call, f"--shard={part}/3")[:2] for part in (1, 2, 3)]
    assert sorted(codes) == [
        (0, ""),
        (0, ""),
        (0, f"{Path('made', 'c.png')}\n"),
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_killed_run_over_a_folder_goes_on(
    folder, interpolate, small_model_path, jobs
):
    pixels = np.random.default_rng(0).integers(0, 256, (400, 400, 3), np.uint8)
    names = [f"{number}.png" for number in range(24)]
    for name in names:
        write_image(folder / "many" / name, pixels)
    call = ["many", "--style_weights=great_wave", "--output=made"]
    call.append(f"--jobs={jobs}")
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "multistyle",
            "interpolate",
            *call,
            f"--model={small_model_path}",
        ],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.DEVNULL,
    )
    manifest = folder / "made" / "manifest.jsonl"
    while process.poll() is None:
        if manifest.is_file() and '"finished"' in manifest.read_text("utf-8"):
            process.kill()
            break
        time.sleep(0.005)
    assert process.wait() != 0
    finished = {
        path: path.stat().st_mtime_ns
        for path in (folder / "made").glob("*.png")
    }
    assert 1 <= len(finished) < len(names)

    code, out, _ = interpolate(*call, "--json")
    assert code == 0
    records = [json.loads(line) for line in out.splitlines()]
    kept = [Path(r["output"]) for r in records if r["status"] == "kept"]
    # What was written, but not noted yet, is painted again.
    assert len(finished) - jobs <= len(kept) <= len(finished)
    for path in kept:
        assert path.stat().st_mtime_ns == finished[folder / path]
    assert len(records) == len(names)
    for name in names:
        assert read_image(folder / "made" / name).shape == pixels.shape


@pytest.fixture
def begin(folder, small_model_path):
    """Returns a function that begins to paint 40 photographs by two jobs."""
    pixels = np.random.default_rng(0).integers(0, 256, (200, 200, 3), np.uint8)
    for number in range(40):
        write_image(folder / "many" / f"{number}.png", pixels)

    def begin():
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "multistyle", "interpolate", "many"),
                *("--style_weights=great_wave", "--output=made", "--jobs=2"),
                *("--json", f"--model={small_model_path}"),
            ],
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return begin


def workers_of(number):
    """Returns the numbers of the processes that paint for another."""
    path = Path(f"/proc/{number}/task/{number}/children")
    return [
        int(child)
        for child in path.read_text().split()
        if "spawn_main" in Path(f"/proc/{child}/cmdline").read_text()
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
def test_a_worker_that_is_killed_costs_nothing(begin, folder):
    records = []
    with begin() as process:
        for line in process.stdout:
            records.append(json.loads(line))
            if len(records) == 8:
                os.kill(workers_of(process.pid)[0], signal.SIGKILL)
                made = (folder / "made").glob("[0-9]*.png")
                before = {path: path.stat().st_ino for path in made}
        assert process.wait() == 0, process.stderr.read()
    assert [record["status"] for record in records] == ["painted"] * 40
    assert len({record["output"] for record in records}) == 40
    for number in range(40):
        path = folder / "made" / f"{number}.png"
        assert read_image(path).shape == (200, 200, 3)
    rewritten = [p for p, inode in before.items() if p.stat().st_ino != inode]
    assert len(rewritten) <= 1


@pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_asked_to_end_finishes_what_it_paints(
    begin, interpolate, folder, number
):
    """Where a terminal or a scheduler asks all of its processes."""
    with begin() as process:
        first = json.loads(process.stdout.readline())
        workers = workers_of(process.pid)
        for other in (*workers, process.pid):
            os.kill(other, number)
        out, err = process.communicate()
        assert process.returncode == 130
    assert "of 40 are done; the same command goes on from there." in err
    assert first["status"] == "painted"
    manifest = (folder / "made" / "manifest.jsonl").read_text("utf-8")
    lines = [json.loads(line) for line in manifest.splitlines()]
    finished = {line["finished"] for line in lines if "finished" in line}
    made = {path.name for path in (folder / "made").glob("[0-9]*.png")}
    assert finished == made
    assert len(out.splitlines()) + 1 <= len(made) < 40
    for worker in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)
    code, out, _ = interpolate(
        *("many", "--style_weights=great_wave", "--output=made", "--json")
    )
    assert code == 0
    records = map(json.loads, out.splitlines())
    kept = [record for record in records if record["status"] == "kept"]
    assert len(kept) == len(made)


@pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
def test_the_workers_of_a_killed_run_end(begin):
    with begin() as process:
        process.stdout.readline()
        workers = workers_of(process.pid)
        assert len(workers) >= 1
        process.kill()
    deadline = time.monotonic() + 60
    while any(Path(f"/proc/{worker}/fd").exists() for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.05)
