"""Every command and snippet of the pages runs, or is named as run elsewhere."""

import contextlib
import doctest
import fnmatch
import inspect
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from pages import (
    PAGES,
    ROOT,
    SHELLS,
    name_of,
    read_blocks,
    read_call,
    read_commands,
    read_page_commands,
)
from PIL import Image

import multistyle
from multistyle.cli.main import main
from multistyle.images.samples import PAINTINGS_FOLDER, sample_photographs
from multistyle.network.models import find_model, load_network, save_network
from multistyle.network.packs.exchange import make_pack
from multistyle.network.packs.pack_file import write_pack

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
        "--styles=great_wave",
    ),
}
SHORTER = {"gatys:50": "gatys:1", ":2,4,6,10": ":2,10"}
# Blocks that are no code of ours; test_cluster_files.py has those of clusters.
OTHER_LANGUAGES = ("text", "json", "{eval-rst}", "bash", "yaml")
# The same for code.
SHORTER_CODE = {
    "steps=180,": "steps=1, image_size=32, style_size=32, "
    'loss_network="pocket",',
    "num_steps=100": "num_steps=2",
}
# What these tests leave to others, and to which.
RUN_ELSEWHERE = {
    "python -m venv *": ".ci/run",
    ". .venv/bin/activate": ".ci/run",
    ".venv\\Scripts\\activate": ".github/workflows/tests.yml",
    "pip install *": ".ci/run",
    "multistyle interpolate * --runner=ray": (
        "tests/inference/runs/ray/test_runner.py"
    ),
    "python -m pytest": ".ci/run",
    "KERAS_BACKEND=jax *": "tests/training/distribution/test_workers.py",
    "python train.py": "tests/test_quickstart.py",
    "python interpolate.py": "tests/test_quickstart.py",
    "ffmpeg -i in.mp4 *": "tests/video/encoding/test_y4m.py",
    "multistyle video camera:0 *": "tests/video/live/test_camera.py",
    "multistyle app*": "tests/server/test_running.py",
    "python -m http.server *": "tests/page/static_server.py",
    "python examples/paint_by_tiles.py *": "tests/test_example_clients.py",
    "sphinx-build *": "tests/docs/test_site.py",
}


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
    (folder / "blends.csv").write_text(
        "input,output,style_weights,strength,label\n"
        "one.jpg,a/one.jpg,udnie,0.8,cat\n"
        'one.jpg,b/one.jpg,"starry_night=0.7,great_wave=0.3",,cat\n'
        "day/two.jpg,,mondrian,0.5,dog\n"
    )
    for name in ("mask", "left", "right"):
        mask = Image.linear_gradient("L").resize(photograph.size)
        mask.save(folder / f"{name}.png")
    samples = PAINTINGS_FOLDER.relative_to(ROOT).as_posix()
    for place, painting in (
        ("paintings/new.jpg", "woman_with_a_parasol.jpg"),
        ("model_paintings/great_wave.jpg", "great_wave.jpg"),
        ("great_wave.jpg", "great_wave.jpg"),
        ("mine.jpg", "self_portrait_1887.jpg"),
        ("painting.jpg", "self_portrait_1887.jpg"),
        ("works/portrait.jpg", "self_portrait_1887.jpg"),
        ("works/parasol.jpg", "woman_with_a_parasol.jpg"),
        (f"{samples}/great_wave.jpg", "great_wave.jpg"),
    ):
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PAINTINGS_FOLDER / painting, path)
    shutil.copytree(ROOT / "docs" / "assets", folder / "docs" / "assets")
    write_magenta_checkpoint(
        str(folder / "multistyle-pastiche-generator-varied.ckpt")
    )
    for name in ("in.mp4", "in.mov", "sky.mp4", "ground.mp4"):
        write_film(folder / name)
    (folder / "render").mkdir()
    for number in range(1, 3):
        photograph.save(folder / "render" / f"in_{number:04}.png")
    (folder / "weights.json").write_text(
        '{"starry_night": 0.7, "great_wave": 0.3}'
    )
    one_style = multistyle.TransformNetwork(
        ["great_wave"], width_multiplier=0.25
    )
    save_network(one_style, folder / "runs" / "one_style" / "model.keras")
    save_network(one_style, folder / "network.keras")
    network = load_network(find_model("paintings-fast"))
    pack = make_pack(network, "udnie", np.asarray(photograph))
    write_pack(folder / "from_a_friend.safetensors", pack)
    return folder


def is_run_elsewhere(command):
    return any(fnmatch.fnmatchcase(command, form) for form in RUN_ELSEWHERE)


@contextlib.contextmanager
def eagerly():
    """Leaves out compiling, which takes longer than one step of training."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(False)


def run_command(command):
    """Runs one command in this process; one with a pipe in a shell."""
    if "<" in shlex.split(command):
        program = f'"{sys.executable}" -m multistyle'
        assert command.startswith("multistyle ")
        command = command.replace("multistyle", program, 1)
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        subprocess.run(command, shell=True, check=True, env=environment)
        return
    call = read_call(command)
    assert call, f"`{command}` is not run: see RUN_ELSEWHERE"
    verb, arguments = call
    for long, short in SHORTER.items():
        arguments = [argument.replace(long, short) for argument in arguments]
    arguments += SMALLER.get(verb, ())
    with eagerly() if verb == "train" else contextlib.nullcontext():
        assert main([verb, *arguments]) == 0, (verb, arguments)


def run_code(code, name, namespace):
    shorter = shorten(code)
    with eagerly() if shorter != code else contextlib.nullcontext():
        exec(compile(shorter, name, "exec"), namespace)


def shorten(code):
    for long, short in SHORTER_CODE.items():
        code = code.replace(long, short)
    return code


@pytest.fixture
def in_folder(inputs, tmp_path, monkeypatch):
    """Works in a folder of its own with all inputs, on TensorFlow."""
    if keras.config.backend() != "tensorflow":
        pytest.skip("SavedModels and magenta's checkpoints need TensorFlow")
    shutil.copytree(inputs, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")  # Put back at the end.


@pytest.mark.usefixtures("in_folder")
@pytest.mark.filterwarnings("ignore:Even though the `tf.config")
@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_from_top_to_bottom(page):
    """Runs the page's commands and code, in order."""
    namespace = {}
    for language, content in read_blocks(page.read_text("utf-8")):
        if language == "python":
            run_code(content, page.name, namespace)
        elif language in SHELLS:
            for command in read_commands(content):
                if not is_run_elsewhere(command):
                    run_command(command)
        else:
            assert language in OTHER_LANGUAGES, language
    missing = [
        name
        for command in read_page_commands(page)
        for name in re.findall(r"--output=(\S+)", command)
        if not is_run_elsewhere(command)
        and not list(Path().glob(re.sub("%0[0-9]d", "*", name)))
    ]
    assert missing == []


PUBLIC = {name: getattr(multistyle, name) for name in multistyle.__all__}


@pytest.mark.usefixtures("in_folder")
@pytest.mark.filterwarnings("ignore:Even though the `tf.config")
@pytest.mark.parametrize("name", ["multistyle", *PUBLIC])
def test_the_example_of_a_public_name_runs(name):
    """Runs the `>>>` lines of its docstring, and compares what they print."""
    text = inspect.getdoc(PUBLIC.get(name, multistyle))
    shorter = shorten(text)
    namespace = {"keras": keras, "multistyle": multistyle}
    example = doctest.DocTestParser().get_doctest(
        shorter, namespace, name, "", 0
    )
    assert example.examples, f"`{name}` shows no example"
    told = io.StringIO()
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    runner = doctest.DocTestRunner(optionflags=flags)
    with eagerly() if shorter != text else contextlib.nullcontext():
        failed = runner.run(example, out=told.write).failed
    assert failed == 0, told.getvalue()


def test_what_is_run_elsewhere_is_named_and_there():
    commands = [
        command for page in PAGES for command in read_page_commands(page)
    ]
    for form, place in RUN_ELSEWHERE.items():
        assert fnmatch.filter(commands, form), form
        assert (ROOT / place).exists(), place
