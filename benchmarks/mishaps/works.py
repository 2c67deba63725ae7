"""The works of the campaign: small runs of each verb, of made-up inputs."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

STEPS = 10
CHECKPOINT_EVERY = 2
NUM_PHOTOGRAPHS = 12
NUM_FRAMES = 120


class Work(NamedTuple):
    """One command, and what it reads.

    Attributes:
        name: of the work.
        arguments: of `multistyle`, whose outputs lie in `outputs`.
        make_inputs: function of a folder and a random generator.
        tolerance: how far weights may lie apart from an unbroken run's.
    """

    name: str
    arguments: list[str]
    make_inputs: Callable[[Path, np.random.Generator], None]
    tolerance: float = 0.0


def smooth_picture(
    random: np.random.Generator, size: tuple[int, int]
) -> np.ndarray:
    """A picture with edges, colours and gradients, uint8 [H, W, 3]."""
    small = random.integers(0, 256, (6, 6, 3), dtype=np.uint8)
    picture = Image.fromarray(small).resize(
        size[::-1], Image.Resampling.BICUBIC
    )
    return np.asarray(picture)


def make_photographs(
    folder: Path,
    random: np.random.Generator,
    count: int = NUM_PHOTOGRAPHS,
    size: tuple[int, int] = (48, 64),
) -> None:
    (folder / "photographs").mkdir(exist_ok=True)
    for number in range(count):
        picture = Image.fromarray(smooth_picture(random, size))
        picture.save(folder / "photographs" / f"photo_{number:02}.png")


def make_paintings(folder: Path, random: np.random.Generator) -> None:
    (folder / "paintings").mkdir(exist_ok=True)
    for name in ("red", "blue"):
        picture = Image.fromarray(smooth_picture(random, (64, 64)))
        picture.save(folder / "paintings" / f"{name}.png")


def _make_both(folder: Path, random: np.random.Generator) -> None:
    make_photographs(folder, random)
    make_paintings(folder, random)


def make_film(folder: Path, random: np.random.Generator) -> None:
    import av

    wide = smooth_picture(random, (64, 64 + NUM_FRAMES))
    with av.open(str(folder / "film.mp4"), "w") as film:
        stream = film.add_stream("libx264", 24)
        stream.height = stream.width = 64
        stream.pix_fmt = "yuv420p"
        for number in range(NUM_FRAMES):
            pixels = np.ascontiguousarray(wide[:, number : number + 64])
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            film.mux(stream.encode(frame))
        film.mux(stream.encode())


def _make_nothing(folder: Path, random: np.random.Generator) -> None:
    pass


TRAINING = Work(
    "training",
    [
        "train",
        "--style_images=paintings",
        "--content_images=photographs",
        "--run_dir=outputs/run",
        f"--steps={STEPS}",
        "--batch_size=2",
        "--image_size=32",
        "--style_size=48",
        "--width_multiplier=0.25",
        "--init_from=none",
        "--loss_network=pocket",
        "--precision=float32",
        f"--checkpoint_every={CHECKPOINT_EVERY}",
        "--preview_every=5",
    ],
    _make_both,
    # TensorFlow's sums on several cores come in any order.
    tolerance=1e-5,
)
LEARNING = Work(
    "learning",
    [
        "styles",
        "learn",
        "paintings-fast",
        "paintings/red.png",
        "--learning=quick",
        "--loss_network=pocket",
        "--output=outputs/packs/",
    ],
    make_paintings,
)
FOLDER = Work(
    "folder run",
    [
        "interpolate",
        "photographs",
        "--model=paintings-fast",
        "--style_weights=udnie",
        "--output=outputs/painted",
    ],
    make_photographs,
)
FILM = Work(
    "film",
    [
        "video",
        "film.mp4",
        "--style_weights=udnie",
        "--output=outputs/painted.mp4",
    ],
    make_film,
)
EXPORT = Work(
    "export",
    [
        "export",
        "--model=paintings-fast",
        "--format=onnx",
        "--output=outputs/served",
    ],
    _make_nothing,
)
PACK = Work(
    "pack",
    [
        "styles",
        "export",
        "paintings-fast",
        "--styles=udnie,great_wave,starry_night",
        "--output=outputs/packs/",
    ],
    _make_nothing,
)
WORKS = (TRAINING, LEARNING, FOLDER, FILM, EXPORT, PACK)
