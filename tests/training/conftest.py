import numpy as np
import pytest
from PIL import Image


def smooth_picture(random, size):
    """A picture with edges, colours and gradients, uint8 [H, W, 3]."""
    small = random.integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return np.asarray(
        Image.fromarray(small).resize(size[::-1], Image.Resampling.BICUBIC)
    )


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """A folder with `photographs/` (8) and `paintings/` (2)."""
    folder = tmp_path_factory.mktemp("pictures")
    random = np.random.default_rng(0)
    for kind, names, size in (
        ("photographs", [f"photo_{i}" for i in range(8)], (60, 80)),
        ("paintings", ["red", "blue"], (64, 64)),
    ):
        (folder / kind).mkdir()
        for name in names:
            picture = smooth_picture(random, size)
            Image.fromarray(picture).save(folder / kind / f"{name}.png")
    return folder


@pytest.fixture
def small_options(pictures, tmp_path):
    """Makes `TrainingOptions` of a training that takes seconds."""
    from multistyle.training.options import TrainingOptions

    def make(**given):
        return TrainingOptions(
            **{
                "style_images": str(pictures / "paintings"),
                "content_images": str(pictures / "photographs"),
                "run_dir": str(tmp_path / "run"),
                "steps": 8,
                "batch_size": 2,
                "image_size": 32,
                "style_size": 48,
                "width_multiplier": 0.25,
                "init_from": "none",
                "loss_network": "pocket",
                "precision": "float32",
                "checkpoint_every": 4,
                "preview_every": 100,
                **given,
            }
        )

    return make
