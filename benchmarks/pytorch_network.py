"""PyTorch's fast_neural_style network, to time ours beside.

After `transformer_net.py` of github.com/pytorch/examples: one style, instance
normalization, the same sizes as the paper's network at width 1.0.
"""

import torch
from torch import nn
from torch.nn import functional as F


class Convolution(nn.Module):
    """Doubling, reflection padding, convolution, normalization."""

    def __init__(
        self, channels, filters, size, stride=1, doubles=False, is_last=False
    ):
        super().__init__()
        self.doubles = doubles
        self.pad = nn.ReflectionPad2d(size // 2)
        self.convolution = nn.Conv2d(channels, filters, size, stride)
        self.normalization = (
            nn.Identity()
            if is_last
            else nn.InstanceNorm2d(filters, affine=True)
        )

    def forward(self, x):
        if self.doubles:
            x = F.interpolate(x, mode="nearest", scale_factor=2)
        return self.normalization(self.convolution(self.pad(x)))


class FastNeuralStyle(nn.Module):
    """Takes and gives [1, 3, H, W]."""

    def __init__(self):
        super().__init__()
        self.contract = nn.ModuleList(
            [
                Convolution(3, 32, 9),
                Convolution(32, 64, 3, stride=2),
                Convolution(64, 128, 3, stride=2),
            ]
        )
        self.residual = nn.ModuleList(
            Convolution(128, 128, 3) for _ in range(10)
        )
        self.expand = nn.ModuleList(
            [
                Convolution(128, 64, 3, doubles=True),
                Convolution(64, 32, 3, doubles=True),
            ]
        )
        self.last = Convolution(32, 3, 9, is_last=True)

    def forward(self, x):
        for layer in self.contract:
            x = F.relu(layer(x))
        for first, second in zip(
            self.residual[::2], self.residual[1::2], strict=True
        ):
            x = x + second(F.relu(first(x)))
        for layer in self.expand:
            x = F.relu(layer(x))
        return self.last(x)


def make_painter(image, num_threads):
    """Returns a function without arguments that paints [H, W, 3] eagerly."""
    torch.set_num_threads(num_threads)
    network = FastNeuralStyle().eval()

    def paint():
        with torch.inference_mode():
            x = torch.from_numpy(image).permute(2, 0, 1)[None]
            return network(x.contiguous()).clamp(0, 1).numpy()

    return paint
