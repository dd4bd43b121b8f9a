"""X3D, the small residual networks for clips.

Feichtenhofer: "X3D: Expanding Architectures for Efficient Video Recognition" (CVPR 2020, arXiv 2004.04730),
table 3 and figure 2. Parameters have the names of PyTorchVideo's weights, where the stem's spatial
convolution is called `conv_t` and its temporal one `conv_xy`.

XS, S and M are one network for clips of different length and size. Its head averages over whatever comes in,
which equals a reference built for that very clip, at training and at test crops. To equal one that was built
for the training crop and is given a larger one, name what it was built for: `input_clip_length` and
`input_crop_size` fix the head's window (T, ceil(H / 32), ceil(W / 32)), and logits are averaged over its
places.

Known deviation: the reference can put a softmax behind its head and does so by default; here are logits.
"""

from functools import partial

import torch
from torch import Tensor, nn

from training.ml.models.contract import Network, Takes
from training.ml.models.resnet3d import (
    Blocks,
    Bottleneck,
    Head,
    MeanPool,
    ResBlock,
    Sizes,
    Stage,
    Stem,
    conv3d,
    creating,
)

_STEM = 24
_STAGES = (24, 48, 96, 192)
_FEATURES = 2048


def _x3d(depths: tuple[int, ...], sizes: Sizes) -> Blocks:
    """Logits (B, classes) of x_BCTHW with any T and with H and W of 32 px or more."""
    blocks: list[nn.Module] = [Stem(_StemConv(3, _STEM), _STEM)]
    width = inner = _STEM
    for depth, out in zip(depths, _STAGES, strict=True):
        inner = out * 9 // 4
        blocks.append(_stage(width, inner, out, depth))
        width = out
    pool = _ProjectedPool(width, inner, sizes.window)
    blocks.append(Head(pool, _FEATURES, sizes.num_classes, sizes.dropout))
    return Blocks(blocks, zero_final_norm=sizes.zero_final_norm)


create_x3d = creating(partial(_x3d, (3, 5, 11, 7)))
"""X3D-XS, -S and -M."""
create_x3d_l = creating(partial(_x3d, (5, 10, 25, 15)))
"""X3D-L, more than twice as deep."""


class _StemConv(nn.Module):
    """3x3 over space, then 5 over time, a channel each, with nothing in between."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.conv_t = conv3d(channels, width, (1, 3, 3), (1, 2, 2))
        self.conv_xy = conv3d(width, width, (5, 1, 1), groups=width)

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        out_BCTHW: Tensor = self.conv_xy(self.conv_t(x_BCTHW))
        return out_BCTHW


class _SqueezeExcitation(nn.Module):
    """Weigh the channels by what the whole clip holds of each (Hu et al., arXiv 1709.01507)."""

    def __init__(self, width: int, squeezed: int) -> None:
        super().__init__()
        self.block = nn.Sequential(
            nn.Conv3d(width, squeezed, 1), nn.ReLU(), nn.Conv3d(squeezed, width, 1), nn.Sigmoid()
        )

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        weight_BC111: Tensor = self.block(x_BCTHW.mean((2, 3, 4), keepdim=True))
        return x_BCTHW * weight_BC111


class _ProjectedPool(nn.Module):
    """Widen, average, widen again: the last one for one position only, which is what makes the head cheap."""

    def __init__(self, width: int, inner: int, window: MeanPool) -> None:
        super().__init__()
        self.pre_conv = conv3d(width, inner, (1, 1, 1))
        self.pre_norm = nn.BatchNorm3d(inner)
        self.pool = window
        self.post_conv = conv3d(inner, _FEATURES, (1, 1, 1))

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        pooled_BCTHW = self.pool(torch.relu(self.pre_norm(self.pre_conv(x_BCTHW))))
        return torch.relu(self.post_conv(pooled_BCTHW))


def _stage(width: int, inner: int, out: int, depth: int) -> Stage:
    blocks = []
    for n in range(depth):
        stride = (1, 2, 2) if n == 0 else (1, 1, 1)
        excite = _SqueezeExcitation(inner, _squeezed(inner)) if n % 2 == 0 else nn.Identity()
        bottleneck = Bottleneck(
            conv3d(width if n == 0 else out, inner, (1, 1, 1)),
            conv3d(inner, inner, (3, 3, 3), stride, groups=inner),
            conv3d(inner, out, (1, 1, 1)),
            norm_b=nn.Sequential(nn.BatchNorm3d(inner), excite),
            act_b=nn.SiLU(),
        )
        blocks.append(ResBlock(bottleneck, stride, norm_any=False))
    return Stage(blocks)


def _squeezed(width: int) -> int:
    """A sixteenth, to the nearest multiple of 8, but not less than 8 nor than nine tenths of it."""
    nearest = max(8, (width + 64) // 128 * 8)
    return nearest + 8 if nearest < 0.9 * width / 16 else nearest


_network = partial(
    Network,
    takes=Takes.VIDEO,
    classes=400,
    parameters=3_794_274,
    source="Feichtenhofer, CVPR 2020; PyTorchVideo's weights",
)

NETWORKS = (
    _network(name="x3d_xs", title="X3D-XS", build=create_x3d, frames=4, stride=12, side=160),
    _network(name="x3d_s", title="X3D-S", build=create_x3d, frames=13, stride=6, side=160),
    _network(name="x3d_m", title="X3D-M", build=create_x3d, frames=16, stride=5, side=224),
    _network(
        name="x3d_l",
        title="X3D-L",
        build=create_x3d_l,
        frames=16,
        stride=5,
        side=312,
        parameters=6_153_384,
    ),
)
