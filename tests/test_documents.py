"""What the documents say holds: commands, code, links, folders, numbers."""

import ast
import fnmatch
import itertools
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
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
from multistyle.cli.main import main
from multistyle.images.samples import PAINTINGS_FOLDER, sample_photographs
from multistyle.network.models import (
    DEFAULT_MODEL,
    find_model,
    load_network,
    save_network,
)

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
DATA_README = (ROOT / "data" / "README.md").read_text("utf-8")
DESIGN = (ROOT / "docs" / "design.md").read_text("utf-8")
HOW_IT_WORKS = (ROOT / "docs" / "how_it_works.md").read_text("utf-8")
MAX_README_BYTES = 8192
RECIPES = sorted((ROOT / "recipes").glob("*.sh"))
DOCUMENTS = [
    *sorted(ROOT.glob("*.md")),
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
# Pages whose commands and code are run from top to bottom.
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]
# What takes minutes runs with these flags behind its own.
SMALLER = {
    "train": (
        "--steps=1",
        "--batch_size=1",
        "--image_size=32",
        "--style_size=32",
        "--loss_network=pocket",
    ),
    "optimize": ("--steps=2", "--image_size=48", "--loss_network=pocket"),
    "evaluate": (
        "--model=paintings-fast",
        "--loss_network=pocket",
        "--num_blend_photographs=0",
    ),
}
SHORTER = {"gatys:50": "gatys:1", ":2,4,6,10": ":2,10"}
# What these tests leave to others, and to which.
RUN_ELSEWHERE = {
    "python -m venv *": ".ci/run",
    ". .venv/bin/activate": ".ci/run",
    ".venv\\Scripts\\activate": ".github/workflows/tests.yml",
    "pip install *": ".ci/run",
    "python -m pytest": ".ci/run",
    "python train.py": "tests/test_quickstart.py",
    "python interpolate.py": "tests/test_quickstart.py",
    "multistyle video camera:0 *": "tests/video/test_camera.py",
    "sphinx-build *": "tests/docs/test_site.py",
}
# Flags of multistyle itself, tensorboard and pip.
OTHER_FLAGS = {"help", "version", "logdir", "no-deps"}


def read_blocks(text):
    """Yields (language, content) of each fenced block."""
    return re.findall(r"^```(\S*)\n(.*?)^```$", text, re.M | re.S)


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
    known = OTHER_FLAGS.union(*map(script_flags, ROOT.glob("benchmarks/*.py")))
    for verb in VERBS:
        text = make_flags(verb).help_text()
        for no, name in re.findall(r"--(\[no\])?(\w+)", text):
            known.update((name, f"no{name}") if no else (name,))
    named = set(re.findall(r"(?<![\w-])--(\w[\w-]*)", path.read_text("utf-8")))
    assert named <= known


def script_flags(path):
    """Returns the names of the flags that a script of argparse's defines."""
    text = path.read_text("utf-8")
    return set(re.findall(r"add_argument\(\s*\"--(\w+)\"", text))


def test_the_commands_of_benchmarks_are_understood():
    commands = [
        match
        for path in DOCUMENTS
        for match in re.findall(
            r"python (benchmarks/\w+\.py)([^`\n]*)", path.read_text("utf-8")
        )
    ]
    assert len(commands) > 4
    for script, arguments in commands:
        named = set(re.findall(r"--(\w+)", arguments))
        assert named <= script_flags(ROOT / script), (script, arguments)


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


def test_the_folders_are_those_that_exist():
    (tree,) = (
        content for _, content in read_blocks(DESIGN) if "  images/" in content
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


def test_the_ranks_are_those_of_the_layering_test():
    text = (ROOT / "tests" / "test_layering.py").read_text("utf-8")
    (ranks,) = (
        ast.literal_eval(node.value)
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and node.targets[0].id == "RANKS"
    )
    listed = {
        name: int(rank)
        for rank, names in re.findall(
            r"^\| (-?\d) \| (.*?) ?(?:\(.*)?\|$",
            (ROOT / "CONTRIBUTING.md").read_text("utf-8"),
            re.M,
        )
        for name in re.findall(r"`(\w+)`", names)
    }
    assert {**listed, "__main__": ranks["__main__"]} == ranks


def test_the_numbers_of_parameters():
    counts = [
        multistyle.TransformNetwork(num_styles=n).count_params() for n in (1, 2)
    ]
    per_style = counts[1] - counts[0]
    for text in (README, HOW_IT_WORKS):
        assert f"{per_style:,} numbers" in text
        assert f"{counts[0] - per_style:,} weights" in text


def test_the_readme_is_read_in_one_go():
    assert len(README.encode()) <= MAX_README_BYTES


def test_the_readme_leads_to_every_page():
    for page in PAGES[1:]:
        assert f"]({page.relative_to(ROOT).as_posix()}" in README


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


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """A folder of all that the commands and the code of the pages read."""
    folder = tmp_path_factory.mktemp("inputs")
    photograph = Image.open(sample_photographs()[0]).resize((96, 64))
    for name in (
        "photo",
        "holiday/one",
        "holiday/day/two",
        "photographs/one",
        "docs/photographs/astronaut",
    ):
        path = folder / f"{name}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        photograph.save(path)
    for name in ("mask", "left", "right"):
        mask = Image.linear_gradient("L").resize(photograph.size)
        mask.save(folder / f"{name}.png")
    samples = PAINTINGS_FOLDER.relative_to(ROOT).as_posix()
    for place, painting in (
        ("paintings/new.jpg", "woman_with_a_parasol.jpg"),
        ("twelve_paintings/great_wave.jpg", "great_wave.jpg"),
        ("great_wave.jpg", "great_wave.jpg"),
        ("mine.jpg", "self_portrait_1887.jpg"),
        (f"{samples}/great_wave.jpg", "great_wave.jpg"),
    ):
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PAINTINGS_FOLDER / painting, path)
    shutil.copytree(ROOT / "docs" / "assets", folder / "docs" / "assets")
    write_magenta_checkpoint(
        str(folder / "multistyle-pastiche-generator-varied.ckpt")
    )
    write_film(folder / "in.mp4")
    (folder / "weights.json").write_text(
        '{"starry_night": 0.7, "great_wave": 0.3}'
    )
    one_style = multistyle.TransformNetwork(
        ["great_wave"], width_multiplier=0.25
    )
    save_network(one_style, folder / "runs" / "one_style" / "model.keras")
    return folder


def split_commands(block):
    """Returns the commands of a block of shell text, one by one."""
    lines = block.replace("\\\n", " ").splitlines()
    lines = [line for line in lines if not line.startswith("#")]
    return [
        command.strip()
        for line in lines
        for command in line.split(" && ")
        if command.strip()
    ]


def is_run_elsewhere(command):
    return any(fnmatch.fnmatchcase(command, form) for form in RUN_ELSEWHERE)


def run_command(command):
    """Runs one command in this process; one with a pipe in a shell."""
    if "<" in shlex.split(command):
        program = f'"{sys.executable}" -m multistyle'
        assert command.startswith("multistyle ")
        command = command.replace("multistyle", program, 1)
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        subprocess.run(command, shell=True, check=True, env=environment)
        return
    ((verb, arguments),) = read_commands(command)
    for long, short in SHORTER.items():
        arguments = [argument.replace(long, short) for argument in arguments]
    arguments += SMALLER.get(verb, ())
    assert main([verb, *arguments]) == 0, (verb, arguments)


@pytest.mark.parametrize(
    "page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_a_page_from_top_to_bottom(page, inputs, tmp_path, monkeypatch):
    """Runs the page's commands and code in order, in a folder of its own."""
    import keras

    if keras.config.backend() != "tensorflow":
        pytest.skip("SavedModels and magenta's checkpoints need TensorFlow")
    shutil.copytree(inputs, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")  # Put back at the end.
    namespace = {}
    for language, content in read_blocks(page.read_text("utf-8")):
        if language == "python":
            exec(compile(content, page.name, "exec"), namespace)
        elif language in ("sh", "bat", ""):
            for command in split_commands(content):
                if not is_run_elsewhere(command):
                    run_command(command)
        else:
            assert language in ("text", "json", "{eval-rst}"), language
    missing = [
        name
        for name in re.findall(
            r"--output=(\S+)", "\n".join(read_shell_blocks(page))
        )
        if not Path(name).exists() and name != "me.mp4"
    ]
    assert missing == []


def read_shell_blocks(page):
    return [
        content
        for language, content in read_blocks(page.read_text("utf-8"))
        if language == "sh"
    ]


def test_what_is_run_elsewhere_is_named_and_there():
    commands = [
        command
        for page in PAGES
        for language, content in read_blocks(page.read_text("utf-8"))
        if language in ("sh", "bat", "")
        for command in split_commands(content)
    ]
    for form, place in RUN_ELSEWHERE.items():
        assert fnmatch.filter(commands, form), form
        assert (ROOT / place).exists(), place


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
