"""The same training step in plain PyTorch, with the same weights."""

import torch
from torch import nn
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

VGG16_MEAN_RGB = (123.68, 116.779, 103.939)
VGG16_BLOCKS = ((64, 2), (128, 2), (256, 3), (512, 3))
CONTENT_BLOCK = 3
EPSILON = 1e-5


class StyledConvolution(nn.Module):
    """Reflection padding, convolution, conditional normalization."""

    def __init__(self, channels, filters, kernel_size, num_styles, stride=1):
        super().__init__()
        self.pad = nn.ReflectionPad2d(kernel_size // 2)
        self.convolution = nn.Conv2d(
            channels, filters, kernel_size, stride, bias=False
        )
        self.normalization = nn.InstanceNorm2d(filters, eps=EPSILON)
        self.gamma = nn.Parameter(torch.ones(num_styles, filters))
        self.beta = nn.Parameter(torch.zeros(num_styles, filters))

    def forward(self, x, style_weights):
        x = self.normalization(self.convolution(self.pad(x)))
        gamma = (style_weights @ self.gamma)[:, :, None, None]
        beta = (style_weights @ self.beta)[:, :, None, None]
        return gamma * x + beta


class TransformNetwork(nn.Module):
    """The paper's network with skip connections, for sizes that 4 divides."""

    def __init__(self, num_styles, filters):
        super().__init__()
        narrow, middle, wide = filters
        layers = [(3, narrow, 9), (narrow, middle, 3, 2), (middle, wide, 3, 2)]
        layers += 10 * [(wide, wide, 3)]
        layers += [(wide, middle, 3), (middle, narrow, 3), (narrow, 3, 9)]
        self.blocks = nn.ModuleList(
            StyledConvolution(*sizes[:3], num_styles, *sizes[3:])
            for sizes in layers
        )

    def forward(self, image, style_weights):
        contract, residual = self.blocks[:3], self.blocks[3:13]
        x, skips = image, []
        for block in contract:
            x = F.relu(block(x, style_weights))
            skips.append(x)
        for first, second in zip(residual[::2], residual[1::2], strict=True):
            x = x + second(F.relu(first(x, style_weights)), style_weights)
        full, half, _ = skips
        for block, skip in zip(self.blocks[13:15], (half, full), strict=True):
            x = F.interpolate(x, scale_factor=2, mode="nearest")
            x = F.relu(block(x, style_weights) + skip)
        return torch.sigmoid(self.blocks[15](x, style_weights))


class LossNetwork(nn.Module):
    """VGG-16 up to relu4_3 with average pooling."""

    def __init__(self):
        super().__init__()
        self.blocks, channels = nn.ModuleList(), 3
        for filters, num_convolutions in VGG16_BLOCKS:
            block = nn.ModuleList()
            for _ in range(num_convolutions):
                block.append(nn.Conv2d(channels, filters, 3, padding=1))
                channels = filters
            self.blocks.append(block)
        mean = torch.tensor(VGG16_MEAN_RGB)[:, None, None]
        self.register_buffer("mean", mean)

    def forward(self, image, last_block=None):
        x, features = image * 255.0 - self.mean, []
        for number, block in enumerate(self.blocks[:last_block]):
            x = F.avg_pool2d(x, 2) if number else x
            for convolution in block:
                x = F.relu(convolution(x))
            features.append(x)
        return features


def compute_loss(pastiche, image, style_weights, loss_network, targets):
    """content + 6 style + 0.15 total variation, each relative."""
    features = loss_network(pastiche)
    with torch.no_grad():
        content_target = loss_network(image, CONTENT_BLOCK)[-1].float()
    difference = features[CONTENT_BLOCK - 1].float() - content_target
    content = difference.square().mean((1, 2, 3)) / (
        content_target.square().mean((1, 2, 3)) + 1.0
    )
    style = 0.0
    for layer, target in zip(features, targets, strict=True):
        with torch.autocast(image.device.type, enabled=False):
            flat = layer.float().flatten(2)
            gram = flat @ flat.transpose(1, 2) / flat.shape[2]
            gram_target = torch.tensordot(style_weights, target, 1)
        style = style + (gram - gram_target).square().mean((1, 2)) / (
            gram_target.square().mean((1, 2)) * len(targets)
        )
    pastiche = pastiche.float()
    variation = (pastiche[:, :, 1:] - pastiche[:, :, :-1]).abs().mean(
        (1, 2, 3)
    ) + (pastiche[:, :, :, 1:] - pastiche[:, :, :, :-1]).abs().mean((1, 2, 3))
    return (content + 6.0 * style + 0.15 * variation).mean()


def make_step(network, vgg16, style_targets, batch, precision, is_compiled):
    """Makes a training step from the Keras networks.

    Args:
        network: a `multistyle.TransformNetwork` with skip connections, whose
            weights are copied.
        vgg16: the `LossNetwork` "vgg16", whose weights are copied.
        style_targets: dict, as of `StyleTransferTrainer.style_targets`.
        batch: dict of "image" [B, S, S, 3] and "style_weights" [B, 1, 1, N].
        precision: "float32" or "bfloat16"; the latter by autocast.
        is_compiled: bool, whether the forward pass is compiled.

    Returns:
        Function without arguments that takes a step and returns its loss.
    """
    device = "cuda" if torch.cuda.is_available() else "cpu"
    mine = TransformNetwork(
        network.num_styles, [block.filters for block in network.contract]
    )
    for block, theirs in zip(mine.blocks, network.blocks, strict=True):
        gamma, beta = theirs.normalization.get_weights()
        _copy(block.gamma, gamma)
        _copy(block.beta, beta)
        _copy_kernel(block.convolution, theirs.convolution)
    loss_network = LossNetwork()
    for number, block in enumerate(loss_network.blocks, 1):
        for i, convolution in enumerate(block, 1):
            layer = vgg16.model.get_layer(f"block{number}_conv{i}")
            _copy_kernel(convolution, layer)
            _copy(convolution.bias, layer.get_weights()[1])
    first = loss_network.blocks[0][0].weight
    _copy(first, first.detach().flip(1))  # Keras' takes BGR.
    loss_network.requires_grad_(False)

    layout = {"device": device, "memory_format": torch.channels_last}
    mine, loss_network = mine.to(**layout), loss_network.to(**layout)
    image = torch.tensor(batch["image"]).permute(0, 3, 1, 2).to(**layout)
    style_weights = torch.tensor(batch["style_weights"][:, 0, 0]).to(device)
    targets = [
        torch.from_numpy(gram.numpy()).to(device)
        for gram in style_targets.values()
    ]
    optimizer = torch.optim.Adam(mine.parameters(), 1e-3, betas=(0.9, 0.99))
    averaged = AveragedModel(mine, multi_avg_fn=get_ema_multi_avg_fn(0.998))

    def forward():
        with torch.autocast(
            device, torch.bfloat16, enabled=precision == "bfloat16"
        ):
            pastiche = mine(image, style_weights)
            return compute_loss(
                pastiche, image, style_weights, loss_network, targets
            )

    forward = torch.compile(forward) if is_compiled else forward

    def step():
        optimizer.zero_grad()
        loss = forward()
        loss.backward()
        nn.utils.clip_grad_norm_(mine.parameters(), 10.0)
        optimizer.step()
        averaged.update_parameters(mine)
        return loss.item()

    return step


def _copy_kernel(convolution, layer):
    """Copies [h, w, in, out] of a Keras layer to [out, in, h, w]."""
    kernel = torch.from_numpy(layer.get_weights()[0])
    _copy(convolution.weight, kernel.permute(3, 2, 0, 1))


def _copy(parameter, value):
    with torch.no_grad():
        parameter.copy_(torch.as_tensor(value))
