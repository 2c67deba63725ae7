"""What the documents say holds: commands, code, links, folders, numbers."""

import itertools
import json
import re
import shlex
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import multistyle
from multistyle.cli import (
    evaluate,
    export,
    interpolate,
    models,
    optimize,
    styles,
    train,
    video,
)
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.cli.main import main, run_verb
from multistyle.images.samples import PAINTINGS_FOLDER, sample_photographs
from multistyle.network.models import DEFAULT_MODEL, find_model, load_network

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
DATA_README = (ROOT / "data" / "README.md").read_text("utf-8")
RECIPES = sorted((ROOT / "recipes").glob("*.sh"))
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")),
    *sorted(ROOT.glob("[bdr]*/README.md")),
    *sorted(ROOT.glob("docs/*.md")),
    *RECIPES,
]
VERBS = {
    "train": train,
    "interpolate": interpolate,
    "video": video,
    "optimize": optimize,
    "evaluate": evaluate,
    "export": export,
    "styles": styles,
    "models": models,
}
SLOW_VERBS = ("train", "optimize", "evaluate")
# Flags of multistyle itself, tensorboard, pip and benchmarks/.
OTHER_FLAGS = {"help", "version", "logdir", "no-deps", "rounds"} | {
    "compile",
    "megapixels",
    "photographs",
    "processor_time",
    "threads",
}


def read_blocks(text):
    """Yields (language, content) of each fenced block."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S)


def read_commands(text):
    """Yields (verb, arguments) of each call of multistyle in shell text."""
    for line in text.replace("\\\n", " ").splitlines():
        for command in line.split(" && "):
            try:
                words = shlex.split(command, comments=True)
            except ValueError:  # Prose with an apostrophe.
                continue
            # What follows is the shell's.
            words = list(
                itertools.takewhile(lambda w: w not in ("<", ">", "|"), words)
            )
            if words[:1] == ["multistyle"] and words[1:2]:
                yield words[1], words[2:]
            elif words[:1] == ["python"] and words[1:2]:
                script = words[1].removesuffix(".py")
                if words[1].endswith(".py") and script in VERBS:
                    yield script, words[2:]


def read_all_commands():
    """Returns (document, verb, arguments) of all blocks and inline code."""
    commands = []
    for path in DOCUMENTS:
        text = path.read_text("utf-8")
        pieces = [text]
        if path.suffix == ".md":
            pieces = [
                content
                for language, content in read_blocks(text)
                if language in ("sh", "bat", "")
            ]
            pieces += re.findall(r"`((?:multistyle|python) [^`]+)`", text)
        for piece in pieces:
            for verb, arguments in read_commands(piece):
                name = path.relative_to(ROOT).as_posix()
                commands.append((name, verb, arguments))
    return commands


def make_flags(verb):
    flags = VerbFlags()
    VERBS[verb].define_flags(flags)
    return flags


@pytest.mark.parametrize(("document", "verb", "arguments"), read_all_commands())
def test_a_command_is_understood(document, verb, arguments):
    if verb in VERBS:
        make_flags(verb).parse(arguments)
    else:
        assert verb in ("VERB", "--help", "--version")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_flag_that_is_named_exists(path):
    known = set(OTHER_FLAGS)
    for verb in VERBS:
        text = make_flags(verb).help_text()
        for no, name in re.findall(r"--(\[no\])?(\w+)", text):
            known.update((name, f"no{name}") if no else (name,))
    named = set(re.findall(r"(?<![\w-])--(\w[\w-]*)", path.read_text("utf-8")))
    assert named <= known


def test_many_commands_are_found():
    found = read_all_commands()
    assert {document for document, _, _ in found} >= {
        "README.md",
        "data/README.md",
        "recipes/paintings.sh",
    }
    assert {verb for _, verb, _ in found} >= set(VERBS)
    assert len(found) > 20


@pytest.mark.parametrize(
    "path",
    [path for path in DOCUMENTS if path.suffix == ".md"],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8")):
        if target.startswith("https://") or target.startswith("http://"):
            continue
        file, _, heading = target.partition("#")
        page = path.parent / file if file else path
        assert page.exists(), target
        if heading:
            assert heading in read_anchors(page.read_text("utf-8")), target


def read_anchors(text):
    headings = re.findall(r"^#+ (.*)$", text, re.M)
    return {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in headings
    }


def test_the_help_is_the_real_one(capsys):
    assert main(["--help"]) == 0
    assert ("text", capsys.readouterr().out) in read_blocks(README)


def test_the_folders_are_those_that_exist():
    (tree,) = (
        content for _, content in read_blocks(README) if "  images/" in content
    )
    listed = re.findall(r"^( *)(\w+)/  ", tree, re.M)
    package = {name for indent, name in listed if indent}
    assert package == {
        path.parent.name for path in (ROOT / "multistyle").glob("*/__init__.py")
    }
    outside = {name for indent, name in listed if not indent}
    assert all((ROOT / name).is_dir() for name in outside)
    # What is not of the project may lie about: environments, runs, builds.
    known = {"multistyle", "tests", "data", "recipes", "benchmarks"}
    known |= {"examples", "docs"}
    assert outside | {"multistyle"} == known
    for script in re.findall(r"\w+\.py", tree):
        assert (ROOT / script).is_file()


def test_the_numbers_of_parameters():
    counts = [
        multistyle.TransformNetwork(num_styles=n).count_params() for n in (1, 2)
    ]
    per_style = counts[1] - counts[0]
    assert f"{per_style:,} numbers" in README
    assert f"{counts[0] - per_style:,} weights" in README


def test_the_version_is_in_the_changelog():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"## {multistyle.__version__} - " in text


def test_the_weights_of_vgg16_are_where_the_data_page_says():
    from multistyle.perceptual import vgg16_weights

    name = vgg16_weights.KERAS_WEIGHTS_FILE
    assert f"`~/.keras/models/{name}`" in DATA_README
    assert f"<{vgg16_weights.VGG16_URL}>" in DATA_README
    assert vgg16_weights.WEIGHTS_VARIABLE in DATA_README


def test_the_credits_of_the_data_page_are_read(tmp_path):
    from multistyle.blends.names import style_name_from_stem
    from multistyle.training.material.paintings import Paintings

    (example,) = (
        content
        for language, content in read_blocks(DATA_README)
        if language == "json"
    )
    shutil.copy(PAINTINGS_FOLDER / "starry_night.jpg", tmp_path)
    (tmp_path / "styles.json").write_text(example, "utf-8")
    assert Paintings(tmp_path).credits == json.loads(example)
    for stem, name in re.findall(
        r"`([^`]+)\.\w+`\s+(?:is|becomes)\s+`(\S+)`", DATA_README
    ):
        assert style_name_from_stem(stem) == name


def write_magenta_checkpoint(path):
    """Writes a network of two styles as magenta does, in one file."""
    import tensorflow as tf

    from multistyle.network.magenta import BETA, CONVOLUTIONS, GAMMA, KERNEL

    v1 = tf.compat.v1
    network = multistyle.TransformNetwork(
        num_styles=2, width_multiplier=0.25, skip_connections=False
    )
    arrays = {
        f"{name}/{end}": array
        for block, name in zip(network.blocks, CONVOLUTIONS, strict=True)
        for end, array in zip(
            (KERNEL, GAMMA, BETA),
            block.convolution.get_weights() + block.normalization.get_weights(),
            strict=True,
        )
    }
    with tf.Graph().as_default(), v1.Session() as session:
        for name, array in arrays.items():
            v1.get_variable(name, initializer=array, use_resource=False)
        session.run(v1.global_variables_initializer())
        v1.train.Saver(write_version=v1.train.SaverDef.V1).save(session, path)


def write_film(path):
    """Writes six small frames that move."""
    av = pytest.importorskip("av")
    patches = np.random.default_rng(0).integers(0, 256, (4, 8, 3), np.uint8)
    scene = patches.repeat(8, 0).repeat(8, 1)
    with av.open(path, "w") as film:
        stream = film.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 48, 32, "yuv420p"
        for number in range(6):
            pixels = np.ascontiguousarray(scene[:, number : number + 48])
            film.mux(stream.encode(av.VideoFrame.from_ndarray(pixels)))
        film.mux(stream.encode(None))


def test_the_readme_from_top_to_bottom(tmp_path, monkeypatch):
    """Runs the code, and the commands that take seconds, in order."""
    import keras

    if keras.config.backend() != "tensorflow":
        pytest.skip("the README's SavedModel needs Keras on TensorFlow")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")  # Put back at the end.
    for path in ("photo.jpg", "holiday/one.jpg", "holiday/day/two.jpg"):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(sample_photographs()[0], path)
    shutil.copytree(ROOT / "docs" / "assets", "docs/assets")
    with Image.open("photo.jpg") as photograph:
        for name in ("mask.png", "left.png", "right.png"):
            Image.linear_gradient("L").resize(photograph.size).save(name)
    write_magenta_checkpoint("multistyle-pastiche-generator-varied.ckpt")
    write_film("in.mp4")
    Path("weights.json").write_text('{"starry_night": 0.7, "great_wave": 0.3}')
    namespace = {}
    num_commands = 0
    for language, content in read_blocks(README):
        if language == "python":
            exec(compile(content, "README.md", "exec"), namespace)
        elif language == "sh":
            for verb, arguments in read_commands(content):
                if (
                    verb in SLOW_VERBS
                    or not arguments
                    or "-" in arguments  # tests/cli/test_streams.py does it.
                    or "runs/mine" in content
                    or arguments[0].startswith("camera:")
                ):
                    continue
                num_commands += 1
                assert run_verb(verb, arguments) == 0, (verb, arguments)
    assert num_commands >= 8
    for path in ("out.png", "sheet.png", "grid.png", "walk.gif", "soft.jpg"):
        assert Path(path).is_file()
    assert Path("painted/day/two.jpg").is_file()
    for path in ("part", "parts", "gradient", "inside", "colours"):
        assert Path(f"{path}.png").is_file()
    assert Path("assets_great_wave/star.png").is_file()
    assert Path("out.mp4").is_file() and Path("walk.webm").is_file()
    assert Path("blend.jpg").is_file() and Path("served.jpg").is_file()


def test_the_recipe_leads_from_run_to_run_to_the_bundled_model():
    recipe = (ROOT / "recipes" / "paintings.sh").read_text("utf-8")
    made = ["none"]
    for verb, arguments in read_commands(recipe):
        flags = make_flags(verb)
        flags.parse(arguments)
        assert verb == "train" and flags.init_from == made[-1]
        made.append(flags.run_dir)
    (script, model, name) = re.findall(r"^python (.*)$", recipe, re.M)[
        0
    ].split()
    assert (ROOT / script).is_file()
    assert (model, name) == (made[-1], DEFAULT_MODEL)


def test_the_bundled_model_has_the_credits_of_the_recipe():
    network = load_network(find_model(DEFAULT_MODEL))
    credits = json.loads((ROOT / "recipes" / "styles.json").read_text("utf-8"))
    assert network.credits == credits
    assert list(credits) == network.style_names
