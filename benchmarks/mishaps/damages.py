"""Files that are damaged: checkpoints, graphs, pictures; and bad numbers."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
from mishaps.contents import read_contents
from mishaps.outcomes import Outcome
from mishaps.references import Reference
from mishaps.rooms import finish
from mishaps.works import CHECKPOINT_EVERY, STEPS

CHECKPOINT = "damaged checkpoint"
CHECKPOINTS = "both checkpoints damaged"
WEIGHTS = "NaN in weights"
GRAPH = "damaged graph"
OTHER_GRAPH = "graph of another processor"
PICTURE = "broken picture"


def cut(data: bytes, random: np.random.Generator) -> bytes:
    return data[: random.integers(len(data))]


def flip(data: bytes, random: np.random.Generator) -> bytes:
    """Flips a bit of 20 bytes."""
    damaged = np.frombuffer(data, np.uint8).copy()
    damaged[random.integers(0, len(data), 20)] ^= np.uint8(
        1 << random.integers(8)
    )
    return damaged.tobytes()


def empty(data: bytes, random: np.random.Generator) -> bytes:
    return b""


DAMAGES: dict[str, Callable[[bytes, np.random.Generator], bytes]] = {
    "truncated": cut,
    "flipped bytes": flip,
    "empty": empty,
}


def damage_checkpoint(reference: Reference, how: str, seed: int) -> Outcome:
    """Stops a training, and damages its newest checkpoint."""
    kept = _stop(reference)
    _damage(kept[-1], how, seed)
    step = int(kept[-2].stem.removeprefix("step_"))
    problem, gap, ended = reference.ends_as_unbroken()
    lines = [line for line in ended.lines if "is damaged" in line]
    if not problem and (
        len(lines) != 1
        or kept[-1].name not in lines[0]
        or f"Going on from step {step}" not in ended.said()
    ):
        problem = f"the one before is not used, with a line: {ended.said()}"
    return Outcome(
        CHECKPOINT,
        "training",
        how,
        "; ".join(lines),
        f"{CHECKPOINT_EVERY} steps",
        problem,
        gap,
    )


def damage_checkpoints(reference: Reference, seed: int) -> Outcome:
    """Damages all checkpoints: nothing is overwritten, and a line says so."""
    kept = _stop(reference)
    for path in kept:
        _damage(path, "truncated", seed)
    model = reference.place.outputs / "run" / "model.keras"
    before = model.read_bytes()
    ended = reference.run()
    problem = ""
    if ended.code != 2 or "are damaged or gone" not in ended.said():
        problem = f"{ended.code}: {ended.said()}"
    elif model.read_bytes() != before:
        problem = "the model is overwritten"
    line = (ended.complaints() or [""])[0]
    return Outcome(
        CHECKPOINTS,
        "training",
        "truncated",
        line,
        "the training; its model stays",
        problem,
    )


def put_nan_at_step_5() -> None:
    """Makes a number of the network NaN after its step 5."""
    from multistyle.training.callbacks import StepCallback

    done = StepCallback.on_train_batch_end

    def spoil(self, batch, logs=None):
        done(self, batch, logs)
        if self.first_step + batch + 1 == 5 and type(self).__name__ == "Saving":
            variable = self.model.transform_network.trainable_variables[0]
            values = np.array(variable)
            values.flat[0] = np.nan
            variable.assign(values)

    StepCallback.on_train_batch_end = spoil


def spoil_weights(reference: Reference) -> Outcome:
    """Puts a NaN into the weights of a training: it goes back, and ends."""
    reference.renew()
    ended = reference.run(
        prepare=put_nan_at_step_5, more=[f"--steps={2 * STEPS}"]
    )
    lines = [line for line in ended.lines if "back to the last good" in line]
    problem = ""
    if ended.code or len(lines) != 1:
        problem = f"{ended.code}: {ended.said()}"
    else:
        model = read_contents(reference.place.outputs / "run" / "model.keras")
        arrays = [a for a in model.values() if isinstance(a, np.ndarray)]
        if not all(np.isfinite(array).all() for array in arrays):
            problem = "the model holds NaN"
    lost = f"{CHECKPOINT_EVERY} steps, and 5 that changed nothing"
    return Outcome(WEIGHTS, "training", "", "; ".join(lines), lost, problem)


def damage_graph(reference: Reference, how: str, seed: int) -> Outcome:
    """Damages the kept graph of a model: it is made anew."""
    reference.renew()
    first = reference.run()
    (graph,) = (reference.place.cache / "multistyle").glob("*.npz")
    whole = graph.read_bytes()
    _damage(graph, how, seed)
    shutil.rmtree(reference.place.outputs)
    reference.place.outputs.mkdir()
    outcome = finish(reference, GRAPH, first, "", moment=how)
    if not outcome.problem and len(graph.read_bytes()) != len(whole):
        outcome.problem = "the graph is not made anew"
    outcome.line = ""
    return outcome


def be_another_processor() -> None:
    """Makes OpenVINO name another processor than that of this machine."""
    import openvino as ov

    ask = ov.Core.get_property

    def answer(self, device, name, *rest):
        if name == "FULL_DEVICE_NAME":
            return "Another Processor"
        return ask(self, device, name, *rest)

    ov.Core.get_property = answer


def change_processor(reference: Reference) -> Outcome:
    """Lets another processor keep its graph first, in the same folder."""
    reference.renew()
    first = reference.run(prepare=be_another_processor)
    folder = reference.place.cache / "multistyle"
    others = set(folder.glob("*.npz"))
    shutil.rmtree(reference.place.outputs)
    reference.place.outputs.mkdir()
    outcome = finish(reference, OTHER_GRAPH, first, "")
    if not outcome.problem and len(set(folder.glob("*.npz")) - others) != 1:
        outcome.problem = "it takes the other's graph"
    outcome.line = ""
    return outcome


def break_picture(reference: Reference, seed: int) -> Outcome:
    """Damages a photograph among good ones, and mends it."""
    reference.renew()
    photograph = reference.place.folder / "photographs" / "photo_05.png"
    whole = photograph.read_bytes()
    photograph.write_bytes(whole[: len(whole) // 3])
    try:
        ended = reference.run()
    finally:
        photograph.write_bytes(whole)
    lines = [line for line in ended.lines if photograph.name in line]
    is_folder = reference.work.name == "folder run"
    problem = ""
    if len(lines) != 1 or ended.code != is_folder:
        problem = f"{ended.code}: {ended.said()}"
    elif is_folder:
        problem, _, _ = reference.ends_as_unbroken()
    return Outcome(
        PICTURE,
        reference.work.name,
        "truncated",
        lines[0] if lines else "",
        "nothing",
        problem,
    )


def _stop(reference: Reference) -> list[Path]:
    """Kills a training where it has two checkpoints; returns their paths."""
    folder = reference.place.outputs / "run" / "checkpoints"
    last = f"step_{3 * CHECKPOINT_EVERY:08}.npz"
    for _ in range(5):
        reference.renew()
        ended = reference.run(kill_when=folder / last)
        kept = sorted(folder.glob("step_*.npz"))
        if ended.is_killed and len(kept) == 2:
            return kept
    raise RuntimeError("The training was never stopped in its middle.")


def _damage(path: Path, how: str, seed: int) -> None:
    random = np.random.default_rng([seed, *how.encode()])
    path.write_bytes(DAMAGES[how](path.read_bytes(), random))
