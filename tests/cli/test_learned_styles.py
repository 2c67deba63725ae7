import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from multistyle.cli.main import run_verb
from multistyle.images.codecs.reading import read_image
from multistyle.inference.stylizer import Stylizer
from multistyle.learning import kept_rows
from multistyle.network.finishers import find_finisher
from multistyle.network.growth import style_rows
from multistyle.network.models import load_network
from multistyle.network.packs.exchange import add_pack
from multistyle.network.packs.pack_file import read_pack


@pytest.fixture
def learn(small_model_path, small_reader, tmp_path, monkeypatch, capsys):
    """Returns a function that calls `styles learn`: (code, stdout, stderr).

    Two paintings stand in the current folder, of which one is credited.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(kept_rows, "cache_folder", lambda: tmp_path / "cache")
    random = np.random.default_rng(1)
    for name in ("lake", "mill"):
        pixels = random.integers(0, 256, (48, 64, 3), np.uint8)
        Image.fromarray(pixels).resize((300, 200)).save(f"{name}.png")
    credits = {"lake": {"artist": "Me", "year": "2026"}}
    (tmp_path / "styles.json").write_text(json.dumps(credits))

    def learn(*argv):
        model = str(small_model_path)
        code = run_verb("styles", ["learn", model, *argv, "--learning=instant"])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return learn


def test_a_model_keeps_what_it_learned(learn, small_network, small_model_path):
    code, out, err = learn("lake.png", "m:mill.png", "--output=grown.keras")
    assert (code, out) == (0, "grown.keras: 5 styles\n")
    assert "Learning `lake`, `m`: instant" in err
    grown = load_network("grown.keras")
    assert grown.style_names == [*small_network.style_names, "lake", "m"]
    assert grown.credits["lake"] == {
        "title": "lake",
        "artist": "Me",
        "year": "2026",
    }
    assert grown.credits["great_wave"] == small_network.credits["great_wave"]
    # The old rows stay as they were, to the bit.
    names = small_network.style_names
    old = style_rows(small_network, names)
    for name, pair in style_rows(grown, names).items():
        np.testing.assert_array_equal(pair, old[name])
    learned = Stylizer.load(small_model_path).learn(
        "lake.png", learning="instant"
    )
    pixels = np.random.default_rng(0).integers(0, 256, (16, 20, 3), np.uint8)
    np.testing.assert_array_equal(
        Stylizer.load("grown.keras").stylize(pixels, "lake"),
        learned.stylize(pixels, "lake"),
    )


def test_packs_hold_what_was_learned(learn, small_network):
    code, out, _ = learn("lake.png", "m:mill.png", "--output=packs")
    assert code == 0
    assert out.split() == ["packs/lake.safetensors", "packs/m.safetensors"]
    code, out, _ = learn("lake.png", "--output=one.safetensors", "--json")
    assert json.loads(out) == [{"style": "lake", "output": "one.safetensors"}]
    pack = read_pack("one.safetensors")
    assert pack.credit["artist"] == "Me"
    assert pack.thumbnail.shape == (64, 96, 3)
    shown = Image.fromarray(read_image("lake.png")).resize((96, 64))
    error = np.abs(pack.thumbnail.astype(float) - np.asarray(shown)).mean()
    assert error < 12
    same = read_pack("packs/lake.safetensors")
    grown = add_pack(add_pack(small_network, pack), same, "again")
    first, again = (
        style_rows(grown, [name])["expand_1"] for name in ("lake", "again")
    )
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["lake.png"], "Give what to write, by --output"),
        (
            ["lake.png", "mill.png", "--output=two.safetensors"],
            "must be a folder, or for one style",
        ),
        (["great_wave:lake.png", "--output=g.keras"], "`NAME:lake.png`"),
        (["lake.png", "--output=lake.png"], "must be a folder, or for one"),
    ],
)
def test_wrong_use_gets_a_line_before_anything_is_learned(
    learn, tmp_path, argv, message
):
    code, out, err = learn(*argv)
    assert (code, out) == (2, "")
    assert message in err.splitlines()[-1]
    assert not (tmp_path / "cache").exists()


@pytest.fixture
def learn_by_paintings(tmp_path, monkeypatch, capsys):
    """Returns a function that keeps lake.png in `paintings`, in a file.

    As bundled, that has a finisher of another width.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(kept_rows, "cache_folder", lambda: tmp_path / "cache")
    pixels = np.random.default_rng(1).integers(0, 256, (48, 64, 3), np.uint8)
    Image.fromarray(pixels).resize((300, 200)).save("lake.png")

    def learn(output="grown.keras"):
        flags = [f"--output={output}", "--learning=instant"]
        code = run_verb("styles", ["learn", "paintings", "lake.png", *flags])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return learn


def test_the_finisher_of_a_model_learns_them_too(learn_by_paintings):
    code, out, _ = learn_by_paintings()
    assert (code, out) == (0, "grown.keras: 53 styles\n")
    assert find_finisher("grown.keras") == Path("grown-finisher.keras")
    finisher = load_network("grown-finisher.keras")
    assert finisher.style_names[-1] == "lake" and finisher.finisher is None
    # Killed between the two, the same command writes both.
    Path("grown.keras").unlink()
    assert learn_by_paintings()[:2] == (0, "grown.keras: 53 styles\n")
    own = Stylizer.load("paintings-fast").learn("lake.png", learning="instant")
    np.testing.assert_array_equal(
        style_rows(finisher, ["lake"])["expand_1"],
        [table[-1:] for table in own.engine.rows["expand_1"]],
    )


def test_a_file_where_the_finisher_goes_is_not_replaced(
    learn_by_paintings, tmp_path
):
    (tmp_path / "grown-finisher.keras").write_text("mine")
    code, _, err = learn_by_paintings()
    assert code == 2 and "grown-finisher.keras" in err
    assert (tmp_path / "grown-finisher.keras").read_text() == "mine"
    assert not (tmp_path / "grown.keras").exists()


def test_a_pack_finishes_with_its_own_row(learn_by_paintings, capsys):
    code, out, err = learn_by_paintings("lake.safetensors")
    assert (code, out) == (0, "lake.safetensors\n")
    assert "Learning `lake` for the finer sizes, too." in err
    own = Stylizer.load("paintings-fast").learn("lake.png", learning="instant")
    row = read_pack("lake.safetensors").finisher
    assert row.fingerprint == own.engine.fingerprint
    np.testing.assert_array_equal(
        row.rows["expand_1"], [t[-1:] for t in own.engine.rows["expand_1"]]
    )
    assert run_verb("styles", ["list", "lake.safetensors"]) == 0
    line = capsys.readouterr().out.splitlines()[0]
    assert line.endswith(f"those of its finisher {row.fingerprint[:12]}")

    adding = ["add", "paintings", "lake.safetensors", "--output=more.keras"]
    assert run_verb("styles", adding) == 0
    assert learn_by_paintings()[0] == 0
    photograph = np.random.default_rng(0).random((96, 128, 3), np.float32)
    added, learned = (
        Stylizer.load(path).stylize(photograph, "lake", stroke_scale=4)
        for path in ("more.keras", "grown.keras")
    )
    np.testing.assert_array_equal(added, learned)
    # It is the finisher's: alone the network paints something else.
    engine = Stylizer.load("more.keras").engine
    assert engine.finisher.style_names[-1] == "lake"
    alone = Stylizer(engine=engine.with_finisher(None))
    assert np.any(alone.stylize(photograph, "lake", stroke_scale=4) != added)
