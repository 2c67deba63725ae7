import json
import subprocess
import sys

import numpy as np
import pytest

from multistyle.cli.flags.size_flags import define_size_flags, size_options
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.main import run_verb
from multistyle.images.codecs.reading import read_image
from multistyle.images.codecs.writing import write_image


def parse(*argv):
    flags = VerbFlags()
    define_size_flags(flags)
    flags.parse(list(argv))
    return size_options(flags.given())


def test_only_what_is_given_is_an_option():
    assert list(parse()) == ["progress"]
    options = parse("--stroke_scale=2", "--tiling=exact", "--max_memory=2GB")
    del options["progress"]
    assert options == {
        "stroke_scale": 2.0,
        "tiling": "exact",
        "max_memory": 2 * 10**9,
    }


@pytest.fixture
def interpolate(tmp_path, monkeypatch, small_model_path, capsys):
    """Returns a function that paints `photo.png`: (code, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(0)
    write_image("photo.png", random.integers(0, 256, (150, 190, 3), np.uint8))

    def call(*argv):
        code = run_verb(
            "interpolate",
            [
                "photo.png",
                "--style_weights=great_wave",
                f"--model={small_model_path}",
                *argv,
            ],
        )
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def test_the_fast_engine_paints_tiles_without_keras(tmp_path):
    pytest.importorskip("openvino")
    pixels = np.random.default_rng(0).integers(0, 256, (150, 190, 3), np.uint8)
    write_image(tmp_path / "photo.png", pixels)
    program = (
        "import sys\n"
        "from multistyle.cli.main import main\n"
        "for tiling in ('estimated', 'exact'):\n"
        "    code = main(['interpolate', 'photo.png', '--max_memory=806MB',\n"
        "        '--style_weights=great_wave', '--model=paintings-fast',\n"
        "        f'--tiling={tiling}', f'--output={tiling}.png'])\n"
        "    assert code == 0\n"
        "print({'keras', 'tensorflow', 'torch', 'jax'} & set(sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines()[-1] == "set()"
    assert done.stderr == 2 * "Model: `paintings-fast`.\n"


def test_little_memory_changes_no_more_than_it_says(interpolate):
    assert interpolate("--output=one.png")[0] == 0
    assert interpolate("--output=tiles.png", "--max_memory=806MB")[0] == 0
    code, out, _ = interpolate(
        "--output=exact.png", "--max_memory=806MB", "--tiling=exact", "--json"
    )
    assert code == 0
    assert json.loads(out)["tiling"] == "exact"
    one, tiles, exact = (
        read_image(f"{name}.png").astype(float)
        for name in ("one", "tiles", "exact")
    )
    assert np.abs(tiles - one).mean() <= 2
    # Rounding to whole numbers adds up to half a step to each.
    assert np.abs(exact - one).max() <= 1


def test_broad_strokes_change_the_picture(interpolate):
    for scale in (1, 2):
        code, out, _ = interpolate(
            f"--stroke_scale={scale}", f"--output={scale}.png", "--json"
        )
        assert code == 0
        assert json.loads(out)["stroke_scale"] == scale
    first, second = read_image("1.png"), read_image("2.png")
    assert first.shape == second.shape
    assert np.abs(first.astype(int) - second).mean() > 1


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (
            ["--max_memory=lots"],
            "An amount of memory is written as `2GB` or `800MB`; got `lots`.",
        ),
        (
            ["--stroke_scale=0"],
            "`--stroke_scale` must be a number of at least 0.01, got `0`.",
        ),
        (
            ["--strokes=fine"],
            "`--strokes` must be one of `fitted`, `pixels`, got `fine`.",
        ),
        (
            ["--tiling=fine"],
            "`--tiling` must be one of `estimated`, `exact`, got `fine`.",
        ),
    ],
)
def test_wrong_use(interpolate, argv, message):
    code, out, err = interpolate(*argv)
    assert (code, out) == (2, "")
    assert message in err


def test_a_picture_that_cannot_be_painted_so_is_left_out(interpolate):
    code, _, err = interpolate("--max_memory=100MB", "--output=out.png")
    assert code == 1
    assert "`100MB` is too little memory for a picture of 190 x 150" in err
    code, _, err = interpolate("--stroke_scale=50", "--output=out.png")
    assert code == 1
    assert "Strokes 50 times as broad leave nothing" in err
