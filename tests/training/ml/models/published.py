"""What a test of a published network needs: fixed numbers in it, fixed pictures for it, and its cost.

The logits that tests hold were printed by the reference networks, with their own code and in float64, after
`fill` and on `noise`: so ours must have each layer, each name and each constant of theirs.
"""

from copy import deepcopy
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.ml.models import create_model


def fill(net: nn.Module, gain: float = 1) -> nn.Module:
    """Give each parameter and buffer numbers that hang on the order of the names alone; for evaluation.

    `gain` is about what a norm multiplies by; sums of many branches stay small where it is less than 1.
    """
    generator = np.random.default_rng(20)
    for name, tensor in sorted(net.state_dict().items()):
        if not tensor.is_floating_point():
            tensor.zero_()
            continue
        if tensor.ndim > 1:
            values = generator.standard_normal(tensor.shape) * (2 / tensor[0].numel()) ** 0.5
        elif name.endswith(("bias", "running_mean")):
            values = generator.standard_normal(tensor.shape) / 10
        else:
            values = generator.uniform(0.5, 1.5, tensor.shape)
            values *= gain if name.endswith("weight") else 1
        tensor.copy_(torch.from_numpy(values))
    return net.eval()


def filled(name: str, num_classes: int = 3, *, gain: float = 1, **options: Any) -> nn.Module:
    """The network of this name, in float64, with the numbers of `fill`."""
    return fill(empty(name, num_classes, **options).double().to_empty(device="cpu"), gain)


_made: dict[str, nn.Module] = {}


def empty(name: str, num_classes: int, **options: Any) -> nn.Module:
    """The network of this name without memory for its numbers: a copy, because to make it takes longer."""
    key = f"{name} {num_classes} {sorted(options.items())}"
    if key not in _made:
        with torch.device("meta"):
            _made[key] = create_model(name, num_classes=num_classes, **options)
    return deepcopy(_made[key])


def noise(*shape: int) -> Tensor:
    """Fixed standard normal numbers, float64."""
    return torch.from_numpy(np.random.default_rng(7).standard_normal(shape))


def logits(net: nn.Module, *shape: int) -> list[list[float]]:
    """What the network says of `noise`."""
    with torch.inference_mode():
        rows: list[list[float]] = net(noise(*shape)).tolist()
    return rows


def shapes(net: nn.Module) -> dict[str, tuple[int, ...]]:
    """The shapes of its state dict."""
    return {name: tuple(tensor.shape) for name, tensor in net.state_dict().items()}


def norms(net: nn.Module) -> set[tuple[float, float | None]]:
    """Which eps and momentum its batch norms have."""
    return {
        (each.eps, each.momentum)
        for each in net.modules()
        if isinstance(each, nn.BatchNorm2d | nn.BatchNorm3d)
    }


def multiplications(net: nn.Module, *shape: int) -> int:
    """Multiply-accumulates of its convolutions and linear layers for an input of this shape."""
    counts: list[int] = []

    def count(layer: nn.Module, _: Any, out: Tensor) -> None:
        weight = layer.weight
        assert isinstance(weight, Tensor)
        counts.append(out.numel() * weight[0].numel())

    for layer in net.modules():
        if isinstance(layer, nn.Conv2d | nn.Conv3d | nn.Linear):
            layer.register_forward_hook(count)
    net.eval()(torch.empty(shape, device="meta"))
    return sum(counts)
