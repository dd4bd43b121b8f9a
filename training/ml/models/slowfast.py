"""SlowFast, two pathways at two frame rates, and Slow, the first of them alone.

Feichtenhofer, Fan, Malik, He: "SlowFast Networks for Video Recognition" (ICCV 2019, arXiv 1812.03982), table
1. Parameters have the names of PyTorchVideo's weights. "4x16" is 4 frames at a stride of 16 for the slow
pathway; the fast one sees 32 at a stride of 2 in all networks here, and has an eighth of the channels.

The head averages over whatever comes in. The reference's averages over a window of fixed size, which is the
same for the clip it was built for; `input_clip_length` (of the fast pathway) and `input_crop_size` fix ours.
"""

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor, nn

from training.ml.errors import WrongClip
from training.ml.layers import Layers, singly
from training.ml.models import resnet3d
from training.ml.models.contract import Network, Takes
from training.ml.models.resnet3d import Head, MeanPool, Sizes, conv3d, creating
from training.ml.models.resnet_inflation import ResNetBlocks

_STEM, _FEATURES = 64, 2048
_RATIO = 8
"""Channels of the slow pathway to one of the fast: 1 / beta."""
_HANDED = 2
"""Channels that the fast pathway hands over for each of its own."""
_SLOW_KERNELS, _FAST_KERNELS = ((1,), (1,), (3,), (3,)), ((3,), (3,), (3,), (3,))


def pathways(fast_BCTHW: Tensor, alpha: int, *, to_the_end: bool = False) -> list[Tensor]:
    """[slow, fast] of a clip: the slow pathway gets every alpha-th frame, the first one first.

    `to_the_end` spreads as many frames from the first to the last instead, rounding down, as PyTorchVideo and
    PySlowFast do when they make clips. Raises WrongClip for an alpha below one.
    """
    if alpha < 1:
        raise WrongClip(f"The slow pathway takes every first frame or fewer, not every {alpha}th.")
    frames = fast_BCTHW.shape[2]
    index_S = torch.arange(0, frames, alpha, device=fast_BCTHW.device)
    if to_the_end:
        index_S = torch.linspace(0, frames - 1, len(index_S), device=fast_BCTHW.device).long()
    return [fast_BCTHW.index_select(2, index_S), fast_BCTHW]


class SlowFast(nn.Module):
    """The network; `alpha` is how many fast frames come to one slow frame."""

    def __init__(self, sizes: Sizes, *, depth: int, alpha: int, fusion_kernel: int) -> None:
        super().__init__()
        self.alpha = alpha
        parts: list[nn.Module] = [
            _Both(
                resnet3d.resnet_stem(_STEM, 1),
                resnet3d.resnet_stem(_STEM // _RATIO, 5),
                _FastToSlow(_STEM // _RATIO, fusion_kernel, alpha),
            )
        ]
        slow_stages = resnet3d.resnet_stages(depth, _SLOW_KERNELS, received=_HANDED / _RATIO)
        fast_stages = resnet3d.resnet_stages(depth, _FAST_KERNELS, narrower=_RATIO)
        for slow, fast, width in zip(slow_stages, fast_stages, (256, 512, 1024, 2048), strict=True):
            fusion = None if width == _FEATURES else _FastToSlow(width // _RATIO, fusion_kernel, alpha)
            parts.append(_Both(slow, fast, fusion))
        slow_frames = None if sizes.frames is None else -(-sizes.frames // alpha)
        parts.append(_PoolBoth(MeanPool(slow_frames, sizes.side), sizes.window))
        features = _FEATURES + _FEATURES // _RATIO
        parts.append(Head(nn.Identity(), features, sizes.num_classes, sizes.dropout))
        self.blocks = nn.ModuleList(parts)
        resnet3d.initialise(self, zero_final_norm=sizes.zero_final_norm)

    def forward(self, pathways: Sequence[Tensor]) -> Tensor:
        """Logits (B, classes) of [slow_BCTHW, fast_BCTHW], normalised; see `pathways`.

        Raises WrongClip where there are not two, or not one slow frame to every alpha fast ones.
        """
        if len(pathways) != 2:
            raise WrongClip(f"SlowFast takes two pathways, [slow, fast]; it was given {len(pathways)}.")
        slow_BCTHW, fast_BCTHW = pathways
        wanted = -(-fast_BCTHW.shape[2] // self.alpha)
        if slow_BCTHW.shape[2] != wanted:
            raise WrongClip(
                f"To {fast_BCTHW.shape[2]} frames of the fast pathway this network takes {wanted} of the "
                f"slow one, not {slow_BCTHW.shape[2]}; make both of one clip with slowfast.pathways."
            )
        *stages, pool, head = self.blocks
        for stage in stages:
            slow_BCTHW, fast_BCTHW = stage(slow_BCTHW, fast_BCTHW)
        logits_BC: Tensor = head(pool(slow_BCTHW, fast_BCTHW))
        return logits_BC

    def layers(self) -> Layers:
        """The stem and the four stages, each of both pathways with what hands over."""
        head = len(self.blocks) - 1
        return Layers(singly(f"blocks.{n}" for n in range(head - 1)), (f"blocks.{head}.proj",))


class _Both(nn.Module):
    """A stage of either pathway, after which the fast one may hand its features over."""

    def __init__(self, slow: nn.Module, fast: nn.Module, fusion: "_FastToSlow | None") -> None:
        super().__init__()
        self.multipathway_blocks = nn.ModuleList([slow, fast])
        self.multipathway_fusion = fusion

    def forward(self, slow_BCTHW: Tensor, fast_BCTHW: Tensor) -> tuple[Tensor, Tensor]:
        slow_BCTHW = self.multipathway_blocks[0](slow_BCTHW)
        fast_BCTHW = self.multipathway_blocks[1](fast_BCTHW)
        if self.multipathway_fusion is not None:
            slow_BCTHW = torch.cat((slow_BCTHW, self.multipathway_fusion(fast_BCTHW)), 1)
        return slow_BCTHW, fast_BCTHW


class _FastToSlow(nn.Module):
    """What the fast pathway hands over: a convolution over time that keeps one frame of alpha."""

    def __init__(self, width: int, kernel: int, alpha: int) -> None:
        super().__init__()
        self.conv_fast_to_slow = conv3d(width, width * _HANDED, (kernel, 1, 1), (alpha, 1, 1))
        self.norm = nn.BatchNorm3d(width * _HANDED)

    def forward(self, fast_BCTHW: Tensor) -> Tensor:
        return torch.relu(self.norm(self.conv_fast_to_slow(fast_BCTHW)))


class _PoolBoth(nn.Module):
    """Average either pathway, and put the channels one after the other."""

    def __init__(self, slow: MeanPool, fast: MeanPool) -> None:
        super().__init__()
        self.pool = nn.ModuleList([slow, fast])

    def forward(self, slow_BCTHW: Tensor, fast_BCTHW: Tensor) -> Tensor:
        return torch.cat((self.pool[0](slow_BCTHW), self.pool[1](fast_BCTHW)), 1)


def _slow(sizes: Sizes) -> ResNetBlocks:
    """The slow pathway alone, ResNet-50: logits (B, classes) of x_BCTHW with any T, H and W."""
    stages = resnet3d.resnet_stages(50, _SLOW_KERNELS)
    head = Head(sizes.window, _FEATURES, sizes.num_classes, sizes.dropout)
    blocks = [resnet3d.resnet_stem(_STEM, 1), *stages, head]
    return ResNetBlocks(blocks, title="Slow", zero_final_norm=sizes.zero_final_norm)


create_slowfast_4x16_r50 = creating(partial(SlowFast, depth=50, alpha=8, fusion_kernel=5))
create_slowfast_8x8_r50 = creating(partial(SlowFast, depth=50, alpha=4, fusion_kernel=7))
create_slowfast_8x8_r101 = creating(partial(SlowFast, depth=101, alpha=4, fusion_kernel=5))
"""Its fusion sees five frames, not seven."""
create_slow_r50 = creating(_slow)

_network = partial(Network, classes=400, source="Feichtenhofer et al., ICCV 2019; PyTorchVideo's weights")
_slowfast = partial(_network, takes=Takes.PATHWAYS, frames=32, stride=2)

NETWORKS = (
    _slowfast(
        name="slowfast_4x16_r50",
        title="SlowFast 4x16, R50",
        build=create_slowfast_4x16_r50,
        alpha=8,
        parameters=34_480_216,
    ),
    _slowfast(
        name="slowfast_8x8_r50",
        title="SlowFast 8x8, R50",
        build=create_slowfast_8x8_r50,
        alpha=4,
        parameters=34_566_488,
    ),
    _slowfast(
        name="slowfast_8x8_r101",
        title="SlowFast 8x8, R101",
        build=create_slowfast_8x8_r101,
        alpha=4,
        parameters=62_826_968,
    ),
    _network(
        name="slow_r50",
        title="Slow 8x8, R50",
        build=create_slow_r50,
        takes=Takes.VIDEO,
        parameters=32_454_096,
        frames=8,
        stride=8,
    ),
)
