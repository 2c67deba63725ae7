import json
from pathlib import Path

import numpy as np
import pytest

import multistyle
from multistyle.cli.main import main
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image
from multistyle.images.samples import PAINTINGS_FOLDER
from multistyle.inference import swatches
from multistyle.inference.stylizer import Stylizer
from multistyle.network.finishers import find_finisher
from multistyle.network.growth import rename_style, style_rows
from multistyle.network.models import load_network, save_network
from multistyle.network.packs.pack_file import read_pack
from multistyle.network.styles import fingerprint
from multistyle.network.thumbnails import painting_credits, painting_thumbnail
from multistyle.network.transform import TransformNetwork

NAMES = ["starry_night", "great_wave", "the_scream"]


@pytest.fixture
def folder(tmp_path, monkeypatch, small_network):
    """The current folder, with `small.keras` in it."""
    monkeypatch.chdir(tmp_path)
    save_network(small_network, "small.keras")
    return tmp_path


def call(capsys, *command):
    """Calls `multistyle styles`; returns the lines of standard output."""
    assert main(["styles", *command]) == 0
    return capsys.readouterr().out.splitlines()


def refusal(capsys, *command):
    """Calls what is refused; returns the last line of standard error."""
    assert main(["styles", *command]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err.splitlines()[-1]


def paint(path):
    """Returns {style name: picture} of a model's styles."""
    image = np.random.default_rng(0).random((16, 20, 3), np.float32)
    stylizer = Stylizer.load(path)
    return {n: stylizer.stylize(image, n) for n in stylizer.style_names}


def test_list_of_a_model_and_of_a_pack(folder, small_network, capsys):
    digits = fingerprint(small_network)
    assert call(capsys, "list", "small.keras") == [
        f"small.keras: 3 styles, shared weights {digits[:12]}",
        "  Hokusai  great_wave    1831",
        "           starry_night",
        "           the_scream",
    ]
    call(
        capsys,
        *("export", "small.keras", "--styles=great_wave", "--output=packs"),
    )
    pack = "packs/great_wave.safetensors"
    assert call(capsys, "list", pack) == [
        f"{pack}: 1 style, shared weights {digits[:12]}",
        "  Hokusai  great_wave  1831",
    ]
    (line,) = call(capsys, "list", pack, "--json")
    assert json.loads(line) == {
        "source": pack,
        "fingerprint": digits,
        "styles": [{"name": "great_wave", "artist": "Hokusai", "year": "1831"}],
    }


def test_a_style_leaves_travels_and_comes_back(folder, capsys):
    assert call(capsys, "export", "small.keras", "--output=packs") == [
        f"packs/{name}.safetensors" for name in NAMES
    ]
    line = call(
        capsys,
        *("remove", "small.keras", "--styles=the_scream, starry_night"),
        "--output=one.keras",
    )
    assert line == ["one.keras: 1 style"]
    line = call(
        capsys,
        *("add", "one.keras", "packs/starry_night.safetensors"),
        *("packs/the_scream.safetensors", "--output=again.keras"),
    )
    assert line == ["again.keras: 3 styles"]
    again = load_network("again.keras")
    assert again.style_names == ["great_wave", "starry_night", "the_scream"]
    before, after = paint("small.keras"), paint("again.keras")
    for name in NAMES:
        np.testing.assert_array_equal(after[name], before[name])


def test_packs_whose_export_was_stopped_are_completed(folder, capsys):
    command = ["export", "small.keras", "--output=packs/"]
    paths = [Path(line) for line in call(capsys, *command)]
    before = {path: path.read_bytes() for path in paths}
    assert len(before) == 3
    paths[1].unlink()
    times = [path.stat().st_mtime_ns for path in (paths[0], paths[2])]
    assert [Path(line) for line in call(capsys, *command)] == paths
    assert {path: path.read_bytes() for path in paths} == before
    assert times == [path.stat().st_mtime_ns for path in (paths[0], paths[2])]
    # Another style under the name is somebody's.
    paths[0].write_bytes(before[paths[1]])
    assert f"`{paths[0]}` exists already" in refusal(capsys, *command)
    assert paths[0].read_bytes() == before[paths[1]]


def test_export_to_a_file_with_a_thumbnail(folder, capsys):
    painting = np.full((50, 200, 3), (10, 120, 200), np.uint8)
    write_image("painting.png", painting)
    command = [
        *("export", "small.keras", "--styles=great_wave"),
        "--output=wave.safetensors",
    ]
    outcome = call(capsys, *command, "--thumbnail=painting.png", "--json")
    assert json.loads(outcome[0]) == [
        {"style": "great_wave", "output": "wave.safetensors"}
    ]
    thumbnail = read_pack("wave.safetensors").thumbnail
    assert thumbnail.shape == (24, 96, 3)
    assert np.abs(thumbnail.astype(int) - painting[0, 0]).max() < 8
    # Without it, a square that is painted in the style.
    call(capsys, *command, "--overwrite")
    thumbnail = read_pack("wave.safetensors").thumbnail
    assert thumbnail.shape == (96, 96, 3)
    assert thumbnail.std() > 1


def test_the_thumbnail_of_a_known_painting_is_the_painting(folder, capsys):
    credit = painting_credits()["great_wave"]
    network = TransformNetwork(
        ["wave"], width_multiplier=0.25, credits={"wave": credit}
    )
    save_network(network, "known.keras")
    call(capsys, "export", "known.keras", "--output=wave.safetensors")
    thumbnail = read_pack("wave.safetensors").thumbnail
    painting = read_image(painting_thumbnail(credit))
    assert thumbnail.shape == painting.shape
    assert np.abs(thumbnail.astype(int) - painting).mean() < 3
    (line,) = call(capsys, "list", "known.keras", "--json")
    (style,) = json.loads(line)["styles"]
    thumbnail = str(painting_thumbnail(credit))
    assert style == {"name": "wave", **credit, "thumbnail": thumbnail}


def test_a_name_too_long_for_a_file_is_found_before_the_work(
    folder, small_network, capsys, monkeypatch
):
    def paint_swatch(*arguments):
        raise AssertionError("The work has begun.")

    monkeypatch.setattr(swatches, "paint_swatch", paint_swatch)
    name = "波" * 100  # 300 bytes.
    save_network(rename_style(small_network, NAMES[1], name), "long.keras")
    line = refusal(
        capsys,
        *("export", "long.keras", f"--styles={name}", "--output=packs/"),
    )
    assert "`packs/波波" in line and "too long. Give a shorter name." in line
    assert not (folder / "packs").exists()
    line = refusal(
        capsys,
        *("add", "small.keras", f"{name}.safetensors", "--output=b.keras"),
    )
    assert "There is no style pack `波波" in line


def test_a_name_that_is_taken(folder, capsys):
    call(
        capsys,
        *("export", "small.keras", "--styles=great_wave"),
        "--output=wave.safetensors",
    )
    add = ["add", "small.keras", "wave.safetensors", "--output=more.keras"]
    message = refusal(capsys, *add)
    assert "There is a style `great_wave` already" in message
    assert "--as" in message
    assert not (folder / "more.keras").exists()
    assert "`starry_night` already" in refusal(
        capsys, *add, "--as=starry_night"
    )
    (line,) = call(capsys, *add, "--as=wave", "--json")
    assert json.loads(line) == {
        "output": "more.keras",
        "styles": [
            {"name": "starry_night"},
            {"name": "great_wave", "artist": "Hokusai", "year": "1831"},
            {"name": "the_scream"},
            {"name": "wave", "artist": "Hokusai", "year": "1831"},
        ],
    }


def test_a_stranger_is_refused(folder, small_network, capsys):
    stranger = TransformNetwork(["udnie"], width_multiplier=0.25)
    save_network(stranger, "stranger.keras")
    call(capsys, "export", "small.keras", "--output=packs")
    message = refusal(
        capsys,
        *("add", "stranger.keras", "packs/great_wave.safetensors"),
        "--output=more.keras",
    )
    assert fingerprint(stranger)[:12] in message
    assert fingerprint(small_network)[:12] in message
    assert not (folder / "more.keras").exists()


def test_rename_keeps_half_precision_where_nothing_is_lost(
    folder, small_network, capsys
):
    save_network(small_network, "half.keras", half_precision=True)
    rename = ["rename", "half.keras", "great_wave", "wave"]
    assert call(capsys, *rename, "--output=named.keras") == [
        "named.keras: 3 styles"
    ]
    size = (folder / "half.keras").stat().st_size
    assert (folder / "named.keras").stat().st_size < size * 1.01
    before = style_rows(load_network("half.keras"), ["great_wave"])
    after = style_rows(load_network("named.keras"), ["wave"])
    for layer, rows in before.items():
        np.testing.assert_array_equal(rows, after[layer])
    # float32 rows stay float32.
    call(
        capsys,
        *("rename", "small.keras", "great_wave", "wave"),
        "--output=n.keras",
    )
    after = style_rows(load_network("n.keras"), ["wave"])
    before = style_rows(small_network, ["great_wave"])
    for layer, rows in before.items():
        np.testing.assert_array_equal(rows, after[layer])


def test_a_model_is_changed_in_place_only_when_told(folder, capsys):
    rename = ["rename", "small.keras", "great_wave", "wave"]
    before = (folder / "small.keras").read_bytes()
    message = refusal(capsys, *rename, "--output=small.keras")
    assert "`small.keras` exists already" in message
    assert (folder / "small.keras").read_bytes() == before
    call(capsys, *rename, "--output=small.keras", "--overwrite")
    assert "wave" in load_network("small.keras").style_names


def test_a_map_shows_paintings_that_are_learned(folder, capsys):
    painting = PAINTINGS_FOLDER / "great_wave.jpg"
    command = ["map", "paintings-fast", "--output=map.png"]
    flags = [f"--style_images=mine:{painting}", "--learning=instant"]
    assert call(capsys, *command, *flags) == ["map.png", "map.json"]
    facts = json.loads((folder / "map.json").read_text("utf-8"))
    *others, mine = facts["styles"]
    assert mine["name"] == "mine"
    assert mine["nearest"] in {style["name"] for style in others}
    assert "mine" not in multistyle.load_network("paintings-fast").style_names


def test_map(folder, capsys):
    command = ["map", "small.keras", "--output=maps/map.png"]
    assert call(capsys, *command) == ["maps/map.png", "maps/map.json"]
    facts = json.loads((folder / "maps/map.json").read_text("utf-8"))
    assert facts["model"] == "small.keras"
    assert [style["name"] for style in facts["styles"]] == NAMES
    assert min(read_image("maps/map.png").shape[:2]) > 112
    (folder / "maps/map.png").unlink()
    assert "`maps/map.json` exists already" in refusal(capsys, *command)
    (line,) = call(capsys, *command, "--overwrite", "--json")
    assert json.loads(line) == {
        **{"output": "maps/map.png", "facts": "maps/map.json"},
        **facts,
    }


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("", "Say what to do: list, learn, export, add, remove, rename, map"),
        ("exprot m", "no action `exprot`: did you mean `export`?"),
        ("xyz m", "no action `xyz`: see --help."),
        ("list", "Give `multistyle styles list MODEL"),
        ("list a b", "Give `multistyle styles list MODEL"),
        ("list gone.keras", "no model file or run folder `gone.keras`"),
        ("list gone.safetensors", "no style pack `gone.safetensors`"),
        ("list a --output=b", "`styles list` takes no `--output`."),
        ("map small.keras", "Give what to write, by --output."),
        ("map small.keras --output=m.keras", "names no picture format"),
        ("map small.keras --styles=a --output=m.png", "takes no `--styles`"),
        ("add small.keras --output=n.keras", "Give `multistyle styles add"),
        ("add small.keras a b --as=c --output=n.keras", "goes with one pack"),
        ("add small.keras small.keras --output=n.keras", "is no style pack"),
        ("add small.keras a --output=n.h5", "the suffix .keras"),
        (
            "remove small.keras --output=n.keras",
            "styles to remove, by --styles",
        ),
        (
            "remove small.keras --styles=udnie --output=n.keras",
            "There is no style `udnie`; there are `starry_night`",
        ),
        (
            "remove small.keras --output=n.keras "
            "--styles=starry_night,great_wave,the_scream",
            "keeps at least one style",
        ),
        ("rename small.keras a --output=n.keras", "rename MODEL OLD NEW"),
        (
            "rename small.keras great_wave the_scream --output=n.keras",
            "has a style `the_scream` already",
        ),
        (
            "export small.keras --output=all.safetensors",
            "must be a folder, or for one style a file",
        ),
        (
            "export small.keras --styles=great_wave --output=w.png",
            "a file with the suffix .safetensors",
        ),
        (
            "export small.keras --styles=, --output=packs",
            "Names are given as `A,B`; got `,`.",
        ),
        (
            "export small.keras --styles=../x --output=packs",
            "There is no style `../x`",
        ),
        (
            "export small.keras --thumbnail=gone.png --output=packs",
            "`gone.png` does not exist.",
        ),
        (
            "export small.keras --thumbnail=a.png --output=packs",
            "`--thumbnail` goes with one style",
        ),
    ],
)
def test_wrong_use_writes_nothing(folder, capsys, command, message):
    write_image("a.png", np.zeros((8, 8, 3), np.uint8))
    assert message in refusal(capsys, *command.split())
    assert sorted(path.name for path in folder.iterdir()) == [
        "a.png",
        "small.keras",
    ]


def save_finished(path, names, finisher):
    """Writes a narrow network that names what finishes for it."""
    network = TransformNetwork(names, width_multiplier=0.05, finisher=finisher)
    save_network(network, path)


def test_a_pack_of_a_finished_model_leaves_and_comes_back(folder, capsys):
    """As bundled, the finisher has the style already, and stays as it is."""
    names = ["the_scream", "udnie", "mondrian"]
    save_finished("all.keras", names, "paintings-fast")
    pack = "udnie.safetensors"
    call(capsys, "export", "all.keras", "--styles=udnie", f"--output={pack}")
    call(capsys, "remove", "all.keras", "--styles=udnie", "--output=two.keras")
    call(capsys, "add", "two.keras", pack, "--output=again.keras")
    assert load_network("again.keras").finisher == "paintings-fast"
    assert not list(folder.glob("*-finisher.keras"))
    # Under a name that is another painting's there, it has a finisher of its
    # own, in which that painting is not.
    gone = "--styles=the_scream,udnie"
    call(capsys, "remove", "all.keras", gone, "--output=one.keras")
    adding = ["add", "one.keras", pack, "--as=the_scream"]
    assert call(capsys, *adding, "--output=other.keras") == [
        "other.keras: 2 styles"
    ]
    assert load_network("other.keras").finisher == "other-finisher.keras"
    rows = style_rows(load_network("other-finisher.keras"), ["the_scream"])
    expected = style_rows(load_network("paintings-fast"), ["udnie"])
    for layer, pair in expected.items():
        np.testing.assert_array_equal(rows[layer], pair)
    # Killed between the two, the same command writes both.
    Path("other.keras").unlink()
    call(capsys, *adding, "--output=other.keras")


def test_a_finisher_of_one_s_own_goes_where_its_model_goes(folder, capsys):
    save_finished("grown.keras", ["udnie", "lake"], "narrow.keras")
    save_finished("narrow.keras", ["lake", "left", "udnie"], None)
    there = folder / "there"
    removing = ["remove", "grown.keras", "--styles=udnie"]
    call(capsys, *removing, f"--output={there / 'a.keras'}")
    assert find_finisher(there / "a.keras") == there / "a-finisher.keras"
    assert load_network(there / "a-finisher.keras").style_names == ["lake"]
    renaming = ["rename", "grown.keras", "lake", "left", "--output=b.keras"]
    call(capsys, *renaming)
    assert load_network("b.keras").finisher == "b-finisher.keras"
    renamed = load_network("b-finisher.keras")
    assert renamed.style_names == ["left", "udnie"]
    np.testing.assert_array_equal(
        style_rows(renamed, ["left"])["expand_1"],
        style_rows(load_network("narrow.keras"), ["lake"])["expand_1"],
    )
    # Somebody's file is not replaced, and then no model is written.
    Path("c-finisher.keras").write_text("mine")
    line = refusal(capsys, *removing, "--output=c.keras")
    assert "c-finisher.keras` exists already" in line
    assert Path("c-finisher.keras").read_text() == "mine"
    assert not Path("c.keras").exists()
    # One of other styles finishes for nobody.
    save_finished("narrow.keras", ["left"], None)
    call(capsys, *removing, "--output=d.keras")
    assert load_network("d.keras").finisher is None
