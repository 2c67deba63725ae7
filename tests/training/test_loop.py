import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from multistyle.errors import InputError, InputWarning
from multistyle.network.models import load_network
from multistyle.network.styles import fingerprint
from multistyle.perceptual.vgg16_weights import find_vgg16_weights
from multistyle.training.ingredients import Ingredients
from multistyle.training.network_training import TrainingStopped, run_training
from multistyle.training.runs.checkpoints import Checkpoints
from multistyle.training.trainer import REPORTED_LOSSES

# Without the losses that a training from nothing has only when asked to.
DEFAULT_LOSSES = [
    name
    for name in REPORTED_LOSSES
    if name not in ("stability_loss", "weave_loss")
]


def metrics(options):
    path = Path(options.run_dir) / "metrics.jsonl"
    if not path.exists():
        return []
    lines = path.read_text().splitlines()
    return [json.loads(line) for line in lines if line.endswith("}")]


def train(options, lines=None):
    """Trains in silence, or with the lines that are said but for progress."""
    return run_training(
        options,
        note=None if lines is None else lines.append,
        progress=lambda progress: None,
    )


def wait_for_steps(options, num_steps, seconds=300):
    end = time.monotonic() + seconds
    while len(metrics(options)) < num_steps:
        assert time.monotonic() < end, "the training does not start"
        time.sleep(0.005)


def assert_same_curve(found, expected):
    assert [record["step"] for record in found] == [
        record["step"] for record in expected
    ]
    for term in DEFAULT_LOSSES:
        np.testing.assert_allclose(
            [record[term] for record in found],
            [record[term] for record in expected],
            rtol=2e-3,
        )


@pytest.fixture(autouse=True)
def as_in_a_terminal(interruptible):
    """Each of these tests can be interrupted."""


@pytest.fixture(scope="module")
def long_run(pictures, tmp_path_factory):
    """A training of 30 steps that nothing interrupts: (options, lines)."""
    from multistyle.training.options import TrainingOptions

    options = TrainingOptions(
        style_images=str(pictures / "paintings"),
        content_images=str(pictures / "photographs"),
        run_dir=str(tmp_path_factory.mktemp("long") / "run"),
        steps=30,
        batch_size=2,
        image_size=32,
        style_size=48,
        width_multiplier=0.25,
        init_from="none",
        loss_network="pocket",
        precision="float32",
        checkpoint_every=5,
        preview_every=20,
    )
    lines = []
    train(options, lines)
    return options, lines


def test_the_run_folder(long_run):
    options, lines = long_run
    folder = Path(options.run_dir)
    assert lines == ["Starting from nothing; judged by pocket."]

    record = json.loads((folder / "options.json").read_text())
    assert record["options"]["steps"] == 30
    assert record["options"]["seed"] == 0
    assert record["data"]["num_content_images"] == 8
    assert record["data"]["style_names"] == ["blue", "red"]
    assert record["versions"]["keras"]
    assert record["loss"]["style"] == 6.0

    steps = metrics(options)
    assert [step["step"] for step in steps] == list(range(1, 31))
    for name in DEFAULT_LOSSES:
        assert all(np.isfinite(step[name]) for step in steps)
    assert steps[-1]["total_loss"] < 0.7 * steps[0]["total_loss"]
    assert steps[-1]["learning_rate"] < steps[10]["learning_rate"]

    names = sorted(p.name for p in (folder / "samples").iterdir())
    assert names == ["step_00000020.jpg", "step_00000030.jpg"]
    width, height = Image.open(folder / "samples" / names[0]).size
    assert width > 4 * 60 and height > 3 * 60
    names = sorted(p.name for p in (folder / "checkpoints").iterdir())
    assert names == ["step_00000025.npz", "step_00000030.npz"]
    assert any((folder / "tensorboard").iterdir())


def test_the_model_is_the_average_of_the_weights(long_run):
    options, _ = long_run
    network = load_network(Path(options.run_dir) / "model.keras")
    assert network.style_names == ["blue", "red"]
    assert network.credits == {
        "blue": {"title": "blue"},
        "red": {"title": "red"},
    }
    trained = Ingredients(options).network
    folder = Path(options.run_dir) / "checkpoints"
    Checkpoints(folder).read().restore_network(trained)
    for saved, expected in zip(
        network.get_weights(), trained.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(saved, expected)


def test_a_finished_run_has_nothing_to_do(long_run):
    options, _ = long_run
    before = (Path(options.run_dir) / "model.keras").read_bytes()
    train(options)
    assert (Path(options.run_dir) / "model.keras").read_bytes() == before
    assert len(metrics(options)) == 30


def test_a_killed_training_goes_on_with_the_same_curve(long_run, small_options):
    options = small_options(steps=30, checkpoint_every=5)
    code = (
        "import json, sys\n"
        "from multistyle.training.options import TrainingOptions\n"
        "from multistyle.training.network_training import run_training\n"
        "options = TrainingOptions(**json.loads(sys.argv[1]))\n"
        "run_training(options)\n"
    )
    arguments = json.dumps({**vars(options)})
    process = subprocess.Popen([sys.executable, "-c", code, arguments])
    wait_for_steps(options, 12)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    num_done = len(metrics(options))
    assert 12 <= num_done < 30

    lines = []
    folder = Path(options.run_dir) / "checkpoints"
    done = Checkpoints(folder).last_step()
    assert done >= num_done - options.checkpoint_every
    train(options, lines)
    assert f"Going on from step {done} in `{options.run_dir}`." in lines
    assert_same_curve(metrics(options), metrics(long_run[0]))


def test_ctrl_c_saves_and_the_same_options_go_on(long_run, small_options):
    options = small_options(steps=30, checkpoint_every=100)

    def interrupt():
        wait_for_steps(options, 3)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(TrainingStopped, match="Stopped and saved in"):
        train(options)
    thread.join()
    done = len(metrics(options))
    checkpoints = Checkpoints(Path(options.run_dir) / "checkpoints")
    assert 3 <= done < 30
    assert checkpoints.last_step() == done
    train(options)
    assert_same_curve(metrics(options), metrics(long_run[0]))


def test_weights_gone_bad_are_rolled_back_at_a_lower_rate(small_options):
    options = small_options(steps=80, learning_rate=1e30)
    lines = []
    with pytest.raises(InputError, match="was not finite for 5 steps"):
        train(options, lines)
    assert "with 0.5 of the learning rate" in lines[1]
    assert "with 0.25 of the learning rate" in lines[2]
    network = load_network(Path(options.run_dir) / "model.keras")
    assert all(np.isfinite(weight).all() for weight in network.get_weights())
    assert metrics(options)[-1]["skipped"] >= 40


@pytest.mark.usefixtures("eager_steps")
def test_a_folder_that_is_removed_is_a_run_again(small_options):
    options = small_options(steps=6, checkpoint_every=2)

    def remove(progress):
        if progress.step == 2:
            shutil.rmtree(options.run_dir)

    run = run_training(options, progress=remove)
    assert [step["step"] for step in metrics(options)] == [3, 4, 5, 6]
    lines = []
    train(options, lines)
    assert lines == [
        f"The training in `{run.path}` is finished, 6 steps; --overwrite "
        "starts it anew."
    ]


def test_rows_alone_leave_the_shared_weights(long_run, small_options):
    start = Path(long_run[0].run_dir)
    options = small_options(
        init_from=str(start), train="rows", width_multiplier=None, steps=4
    )
    before = load_network(start / "model.keras")
    train(options)
    after = load_network(Path(options.run_dir) / "model.keras")
    for old, new in zip(before.blocks, after.blocks, strict=True):
        np.testing.assert_array_equal(
            old.convolution.get_weights()[0], new.convolution.get_weights()[0]
        )
    first = before.blocks[0].normalization.get_weights()
    assert np.abs(first[0] - after.blocks[0].normalization.gamma).max() > 1e-4


@pytest.fixture
def paintings_to_add(tmp_path):
    """A folder with one painting that no network of the tests knows."""
    folder = tmp_path / "to_add"
    folder.mkdir()
    Image.linear_gradient("L").convert("RGB").save(folder / "grey.png")
    return str(folder)


@pytest.mark.usefixtures("eager_steps")
def test_added_styles_leave_the_pictures_of_the_old_ones(
    long_run, small_options, paintings_to_add
):
    options = small_options(
        add_to=str(long_run[0].run_dir),
        init_from=None,
        style_images=paintings_to_add,
        width_multiplier=None,
        steps=4,
    )
    train(options)
    before = load_network(Path(long_run[0].run_dir) / "model.keras")
    after = load_network(Path(options.run_dir) / "model.keras")
    assert after.style_names == ["blue", "red", "grey"]
    assert fingerprint(after) == fingerprint(before)
    image = np.random.default_rng(0).uniform(size=(1, 45, 38, 3))
    for i in range(2):
        pictures = [
            np.asarray(
                network(
                    {
                        "image": image.astype(np.float32),
                        "style_weights": np.eye(
                            network.num_styles, dtype=np.float32
                        )[None, None, i : i + 1],
                    }
                )
            )
            for network in (before, after)
        ]
        np.testing.assert_array_equal(*pictures)
    tables = [block.normalization.get_weights() for block in after.blocks]
    mean = np.mean(tables[0][0][:2], axis=0)
    assert np.abs(tables[0][0][2] - mean).max() > 1e-4


@pytest.mark.usefixtures("eager_steps")
def test_a_thawed_network_trains_its_last_layers_too(
    long_run, small_options, paintings_to_add
):
    options = small_options(
        add_to=str(long_run[0].run_dir),
        thaw="last",
        init_from=None,
        style_images=paintings_to_add,
        width_multiplier=None,
        steps=5,
    )
    train(options)
    before = load_network(Path(long_run[0].run_dir) / "model.keras")
    after = load_network(Path(options.run_dir) / "model.keras")
    for old, new in zip(before.blocks, after.blocks, strict=True):
        moved = np.abs(
            new.convolution.get_weights()[0] - old.convolution.get_weights()[0]
        ).max()
        assert (moved > 1e-4) == (new in after.expand)
        for mine, theirs in zip(
            new.normalization.get_weights(),
            old.normalization.get_weights(),
            strict=True,
        ):
            np.testing.assert_array_equal(mine[:2], theirs)


def test_the_stability_loss_is_part_of_a_training(small_options):
    options = small_options(
        steps=30, stability_loss_weight=20.0, weave_loss_weight=1e-3
    )
    train(options)
    steps = metrics(options)
    assert list(steps[0]) == [
        "step",
        *REPORTED_LOSSES,
        *list(steps[0])[1 + len(REPORTED_LOSSES) :],
    ]
    first, last = (
        np.mean([step["stability_loss"] for step in part])
        for part in (steps[:5], steps[-5:])
    )
    assert last < 0.8 * first


@pytest.mark.usefixtures("eager_steps")
def test_styles_without_the_stability_loss_are_drawn_by_their_shares(
    small_options,
):
    options = small_options(
        steps=1,
        stability_loss_weight=20.0,
        stability_coefficients=dict.fromkeys(["blue", "red"], 0.0),
        style_shares={"red": 1e6},
    )
    ingredients = Ingredients(options)
    batches = ingredients.batches(0, 4)
    red = ingredients.network.style_names.index("red")
    for step in range(4):
        weights = batches[step][0]["style_weights"]
        np.testing.assert_array_equal(weights[..., red], 1)
    train(options)
    (step,) = metrics(options)
    assert step["stability_loss"] > 0
    weights = options.loss_weights()
    assert step["total_loss"] == pytest.approx(
        weights.content * step["content_loss"]
        + weights.style * step["style_loss"]
        + weights.total_variation * step["total_variation_loss"]
        + weights.lattice * step["lattice_loss"],
        rel=1e-4,
    )


# Flat, or the picture might have as much of a weave as it without a loss.
@pytest.mark.filterwarnings("ignore:The painting .* is of one colour")
@pytest.mark.usefixtures("eager_steps")
def test_losses_of_patterns_are_part_of_a_training(
    small_options, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (64, 48), (90, 120, 60)).save("painting.png")
    losses = ("lattice_loss", "weave_loss")
    steps = []
    for weight in (9.0, 0.0):
        weights = {f"{name}_weight": weight for name in losses}
        options = small_options(
            steps=1,
            style_images="painting.png",
            run_dir=f"by_{weight}",
            **weights,
        )
        train(options)
        steps += metrics(options)
    step, without = steps
    assert all(step[name] > 0 for name in losses)
    assert not any(name in without for name in losses)
    assert step["total_loss"] == pytest.approx(
        without["total_loss"] + 9 * sum(step[name] for name in losses), rel=1e-3
    )


@pytest.mark.usefixtures("eager_steps")
def test_vgg16_takes_over_at_the_end(small_options):
    if find_vgg16_weights() is None:
        pytest.skip("The weights of VGG-16 are not on this machine.")
    options = small_options(loss_network="pocket", vgg16_share=0.5, steps=4)
    names = [phase.loss_network for phase in Ingredients(options).phases]
    assert names == ["pocket", "vgg16"]
    train(options)
    assert [step["step"] for step in metrics(options)] == [1, 2, 3, 4]


@pytest.mark.usefixtures("eager_steps")
def test_two_phases_go_on_across_their_border(long_run, small_options):
    # New names, so that rows train first: 2 of 5 steps.
    options = small_options(
        style_images=long_run[0].content_images,
        init_from=str(long_run[0].run_dir),
        width_multiplier=None,
        steps=5,
        checkpoint_every=1,
    )
    trained = [phase.train for phase in Ingredients(options).phases]
    assert trained == ["rows", "all"]
    train(options)
    assert [step["step"] for step in metrics(options)] == [1, 2, 3, 4, 5]
    after = load_network(Path(options.run_dir) / "model.keras")
    before = load_network(Path(long_run[0].run_dir) / "model.keras")
    assert after.num_styles == 8
    kernel = after.blocks[3].convolution.get_weights()[0]
    moved = np.abs(kernel - before.blocks[3].convolution.get_weights()[0])
    assert moved.max() > 1e-4


@pytest.mark.usefixtures("eager_steps")
def test_unreadable_photographs_are_counted_and_named(small_options, tmp_path):
    folder = tmp_path / "photographs"
    folder.mkdir()
    Image.new("RGB", (40, 40), "green").save(folder / "a.png")
    (folder / "b.jpg").write_bytes(b"no picture")
    lines = []
    options = small_options(content_images=str(folder), steps=2)
    with pytest.warns(InputWarning, match="Left out: .*b.jpg"):
        train(options, lines)
    assert "1 content images were left out." in lines
