import json
import shutil

import numpy as np
import pytest

from multistyle.cli.main import main
from multistyle.network import magenta, models

CARD = {"description": "Three styles, untrained.", "licence": "Apache-2.0"}


@pytest.fixture
def bundled(small_network, tmp_path, monkeypatch):
    """A folder of bundled models with one in it."""
    monkeypatch.setattr(models, "BUNDLED_FOLDER", tmp_path)
    path = tmp_path / "small.keras"
    models.save_network(small_network, path, half_precision=True)
    path.with_suffix(".json").write_text(json.dumps(CARD), "utf-8")
    return path


def test_list(bundled, capsys):
    assert main(["models"]) == 0
    size = bundled.stat().st_size / 1e6
    assert capsys.readouterr().out.splitlines() == [
        f"small: 3 styles, {size:.1f} MB, Apache-2.0",
        "  Three styles, untrained.",
        "  Hokusai  great_wave    1831",
        "           starry_night",
        "           the_scream",
    ]


def test_styles_of_two_models_are_listed_once(bundled, tmp_path, capsys):
    for suffix in (".keras", ".json"):
        shutil.copy(bundled.with_suffix(suffix), tmp_path / f"wide{suffix}")
    assert main(["models"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5 + 3
    assert lines[-1] == "  Its styles are those of small, above."
    for argv in (["wide"], ["list", "wide"]):
        assert main(["models", *argv]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 5 and lines[0].startswith("wide: 3 styles")


def test_json_is_ascii_whatever_the_terminal_writes(bundled, capsys):
    card = {**CARD, "description": "Café"}
    bundled.with_suffix(".json").write_text(json.dumps(card), "utf-8")
    assert main(["models", "--json"]) == 0
    out = capsys.readouterr().out
    assert out.isascii()
    assert json.loads(out)["card"] == card


def test_json(bundled, capsys):
    assert main(["models", "--json"]) == 0
    entry = json.loads(capsys.readouterr().out)
    assert entry == {
        "name": "small",
        "path": str(bundled),
        "bytes": bundled.stat().st_size,
        "styles": [
            {"name": "starry_night"},
            {"name": "great_wave", "artist": "Hokusai", "year": "1831"},
            {"name": "the_scream"},
        ],
        "card": CARD,
    }


@pytest.fixture
def checkpoint(small_network, tmp_path):
    """The weights of `small_network` as a checkpoint of TensorFlow 1."""
    import tensorflow as tf

    v1 = tf.compat.v1
    path = str(tmp_path / "small.ckpt")
    arrays = {
        f"{scope}/{name}": array
        for block, scope in zip(
            small_network.blocks, magenta.CONVOLUTIONS, strict=True
        )
        for name, array in zip(
            (magenta.KERNEL, magenta.GAMMA, magenta.BETA),
            block.convolution.get_weights() + block.normalization.get_weights(),
            strict=True,
        )
    }
    with tf.Graph().as_default(), v1.Session() as session:
        for name, array in arrays.items():
            v1.get_variable(name, initializer=array)
        session.run(v1.global_variables_initializer())
        v1.train.Saver(write_version=v1.train.SaverDef.V1).save(session, path)
    return path


def test_import_magenta(checkpoint, small_network, tmp_path, capsys):
    output = str(tmp_path / "new" / "imported.keras")
    argv = ["models", "import_magenta", checkpoint, f"--output={output}"]
    assert main([*argv, "--style_names=night, wave,scream"]) == 0
    printed = capsys.readouterr()
    assert printed.out == f"{output}\n"
    assert "3 styles" in printed.err
    next_command = printed.err.splitlines()[-1].split()
    assert next_command[:3] == ["multistyle", "interpolate", "photo.jpg"]
    assert f"--model={output}" in next_command
    network = models.load_network(output)
    assert network.style_names == ["night", "wave", "scream"]
    assert network.skip_connections is False
    for found, expected in zip(
        network.get_weights(), small_network.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(found, expected)

    assert main(argv) == 2
    assert "exists already" in capsys.readouterr().err
    assert models.load_network(output).style_names[0] == "night"
    assert main([*argv, "--overwrite"]) == 0
    assert models.load_network(output).style_names[0] == "style_00"


def test_a_failed_import_leaves_what_stands_there(checkpoint, tmp_path, capsys):
    output = tmp_path / "imported.keras"
    output.write_bytes(b"mine")
    assert (
        main(
            [
                "models",
                "import_magenta",
                checkpoint,
                f"--output={output}",
                "--overwrite",
                "--style_names=a,b",
            ]
        )
        == 2
    )
    printed = capsys.readouterr()
    assert "holds `3` styles, and `2` names" in printed.err
    assert printed.out == ""
    assert output.read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["small"], "no action `small`: see --help."),
        (["list", "painting"], "no model `painting`: give a run folder"),
        (
            ["import_magneta"],
            "`import_magneta`: did you mean `import_magenta`?",
        ),
        (
            ["--output=a.keras"],
            "`models list` takes no `--output`",
        ),
        (["list", "--overwrite"], "`models list` takes no `--overwrite`"),
        (
            ["import_magenta", "--output=a.keras"],
            "Give `multistyle models import_magenta CHECKPOINT",
        ),
        (
            ["import_magenta", "a.ckpt", "b.ckpt", "--output=a.keras"],
            "Give `multistyle models import_magenta CHECKPOINT",
        ),
        (["import_magenta", "a.ckpt"], "Give what to write, by --output."),
        (["import_magenta", "a.ckpt", "--output=a.h5"], "got `a.h5`"),
        (
            ["import_magenta", "a.ckpt", "--output=a.keras", "--json"],
            "takes no `--json`",
        ),
        (
            ["import_magenta", "no/a.ckpt", "--output=no/a.keras"],
            "There is no checkpoint `no/a.ckpt`",
        ),
    ],
)
def test_wrong_use(argv, message, capsys):
    assert main(["models", *argv]) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""
