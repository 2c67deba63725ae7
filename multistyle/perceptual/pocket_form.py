"""The form of the pocket network and where its weights lie; without Keras."""

from pathlib import Path

POCKET_PATH = Path(__file__).parent / "bundled" / "pocket.npz"

# Filters of each convolution, block by block as in VGG-16.
POCKET_BLOCKS = ((16, 16), (32, 48), (64, 80, 96), (160, 160, 192))
POCKET_MEAN = 0.45
