"""Networks full of numbers that tell something, and skeletons to give them."""

from typing import TypeVar

import torch
from torch import Tensor, nn

from tests.training.ml.models.published import fill

Net = TypeVar("Net", bound=nn.Module)


def filled(net: Net, seed: int = 0) -> Net:
    """The network in float64 and evaluation with every number, statistics too, drawn anew."""
    generator = torch.Generator().manual_seed(seed)
    net = net.double().eval()
    for name, tensor in sorted(net.state_dict().items()):
        if name == "A" or not tensor.is_floating_point():
            continue
        drawn = torch.rand(tensor.shape, generator=generator, dtype=torch.float64)
        fan = max(tensor[0].numel(), 1)
        one_like = (tensor.ndim == 1 and not name.endswith("bias")) or "importance" in name
        tensor.copy_(drawn + 0.5 if one_like else (drawn - 0.5) * (3 / fan) ** 0.5)
    return net


def published(net: Net, gain: float) -> Net:
    """The network in float64 with the numbers of `published.fill`, but the adjacencies left as they are."""
    state = net.double().state_dict()
    kept = {name: each.clone() for name, each in state.items() if name.rpartition(".")[2] == "A"}
    fill(net, gain)
    net.load_state_dict(kept, strict=False)
    return net


def skeletons(*shape: int, seed: int = 1) -> Tensor:
    """Random ones, (N, C, T, V, M) float64."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def normed(state: dict[str, Tensor], at: str, x: Tensor) -> Tensor:
    """Batch norm in evaluation along the first axis, written out."""
    shape = (-1, *(1,) * (x.ndim - 1))
    mean, var, weight, bias = (
        state[f"{at}.{each}"].view(shape) for each in ("running_mean", "running_var", "weight", "bias")
    )
    out: Tensor = (x - mean) / (var + 1e-5).sqrt() * weight + bias
    return out
