"""What the graph networks share: persons folded into the batch, temporal convolutions, edge importances."""

import torch
from torch import Tensor, nn

from training.ml.models.contract import WrongInput


class Importances(nn.Module):
    """A learnt weight of every edge, one Parameter (K, V, V) a block, named 0, 1, ... as in the public codes.

    A ParameterList would have these names too; it was empty in DataParallel's replicas.
    """

    def __init__(self, blocks: int, adjacency_KVV: Tensor) -> None:
        super().__init__()
        for n in range(blocks):
            self.register_parameter(str(n), nn.Parameter(torch.ones_like(adjacency_KVV)))

    def __getitem__(self, n: int) -> Tensor:
        importance_KVV: Tensor = getattr(self, str(n))
        return importance_KVV


def checked(x_NCTVM: Tensor, channels: int, joints: int, graph: str, least: int = 1) -> Tensor:
    """The skeletons as they are; raises WrongInput unless they are (N, channels, T >= least, joints, M)."""
    shape = tuple(x_NCTVM.shape)
    if len(shape) != 5 or shape[1] != channels or shape[2] < least or shape[3] != joints or shape[4] < 1:
        raise WrongInput(
            f"A network on {graph} takes (clips, {channels}, {least} frames or more, {joints} joints, "
            f"persons), not {shape}: choose the graph that the skeletons were made with."
        )
    return x_NCTVM


def folded(x_NCTVM: Tensor) -> Tensor:
    """Every person as a clip of its own: (N · M, C, T, V), the persons of one clip together."""
    return x_NCTVM.permute(0, 4, 1, 2, 3).flatten(0, 1)


def unfolded(x_BCTV: Tensor, persons: int) -> Tensor:
    """What `folded` took apart, (N, C, T, V, M)."""
    return torch.unflatten(x_BCTV, 0, (-1, persons)).permute(0, 2, 3, 4, 1)


def normalised(norm: nn.BatchNorm1d, x_BCTV: Tensor) -> Tensor:
    """Each coordinate of each joint normalised; the norm's features are joint-major: v · C + c."""
    flat_BFT: Tensor = norm(x_BCTV.permute(0, 3, 1, 2).flatten(1, 2))
    return torch.unflatten(flat_BFT, 1, (x_BCTV.shape[3], x_BCTV.shape[1])).permute(0, 2, 3, 1)


def temporal(
    channels: int, kernel: int, stride: int, dropout: float, *, padded: bool = True
) -> nn.Sequential:
    """Norm, ReLU, convolution over time, norm, dropout: `tcn.0` to `tcn.4` of the public codes."""
    return nn.Sequential(
        nn.BatchNorm2d(channels),
        nn.ReLU(inplace=True),
        nn.Conv2d(channels, channels, (kernel, 1), (stride, 1), (kernel // 2 if padded else 0, 0)),
        nn.BatchNorm2d(channels),
        nn.Dropout(dropout),
    )


def shortcut(width: int, channels: int, stride: int) -> nn.Module:
    """What is added to a block's output: its input, projected where the shapes differ."""
    if width == channels and stride == 1:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(width, channels, 1, (stride, 1)), nn.BatchNorm2d(channels))


def classified(fcn: nn.Conv2d, features_BCTV: Tensor, persons: int) -> Tensor:
    """Logits (N, classes) of features averaged over frames, joints and persons, whoever comes first."""
    pooled_BC = features_BCTV.mean((2, 3))
    pooled_NC = torch.unflatten(pooled_BC, 0, (-1, persons)).mean(1)
    logits_NC11: Tensor = fcn(pooled_NC[..., None, None])
    return logits_NC11.flatten(1)
