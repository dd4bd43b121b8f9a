"""What the residual networks for clips have in common: X3D, SlowFast, Slow and I3D-ResNet50.

The names of parameters, and so of attributes, are those of PyTorchVideo's published weights. Batch norms keep
torch's eps 1e-5 and momentum 0.1 throughout, as they do there.

Axes: B clips, C channels, T frames, H and W pixels or positions.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import cycle, islice
from typing import NamedTuple, TypeVar

from torch import Tensor, nn
from torch.nn import functional

from training.ml.errors import WrongClip
from training.ml.layers import Layers, singly

Triple = tuple[int, int, int]
N = TypeVar("N", bound=nn.Module)
SPATIAL_STRIDE = 32
"""Pixels of the crop to a position before the head, of every network here."""
_RESNET_BLOCKS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3)}


def conv3d(width: int, out: int, kernel: Triple, stride: Triple = (1, 1, 1), groups: int = 1) -> nn.Conv3d:
    """A convolution without bias that is padded by half its kernel."""
    padding = (kernel[0] // 2, kernel[1] // 2, kernel[2] // 2)
    return nn.Conv3d(width, out, kernel, stride, padding, groups=groups, bias=False)


class Stem(nn.Module):
    """The first convolution(s), batch norm, ReLU; then a pool where the network has one."""

    def __init__(self, conv: nn.Module, width: int, pool: nn.Module | None = None) -> None:
        super().__init__()
        self.conv = conv
        self.norm = nn.BatchNorm3d(width)
        self.activation = nn.ReLU()
        self.pool = nn.Identity() if pool is None else pool

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        """The features that the first stage is given."""
        out_BCTHW: Tensor = self.pool(self.activation(self.norm(self.conv(x_BCTHW))))
        return out_BCTHW


class Bottleneck(nn.Module):
    """Reduce (a), filter (b), expand (c), a batch norm behind each; `norm_b` and `act_b` may be others."""

    def __init__(
        self,
        conv_a: nn.Conv3d,
        conv_b: nn.Conv3d,
        conv_c: nn.Conv3d,
        norm_b: nn.Module | None = None,
        act_b: nn.Module | None = None,
    ) -> None:
        super().__init__()
        self.conv_a = conv_a
        self.norm_a = nn.BatchNorm3d(conv_a.out_channels)
        self.act_a = nn.ReLU()
        self.conv_b = conv_b
        self.norm_b = nn.BatchNorm3d(conv_b.out_channels) if norm_b is None else norm_b
        self.act_b = nn.ReLU() if act_b is None else act_b
        self.conv_c = conv_c
        self.norm_c = nn.BatchNorm3d(conv_c.out_channels)

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        """What is added to the shortcut, not yet activated."""
        x_BCTHW = self.act_a(self.norm_a(self.conv_a(x_BCTHW)))
        x_BCTHW = self.act_b(self.norm_b(self.conv_b(x_BCTHW)))
        out_BCTHW: Tensor = self.norm_c(self.conv_c(x_BCTHW))
        return out_BCTHW


class ResBlock(nn.Module):
    """ReLU of a bottleneck (`branch2`) plus the input, or plus a 1x1x1 projection of it (`branch1`)."""

    def __init__(self, branch2: Bottleneck, stride: Triple = (1, 1, 1), *, norm_any: bool = True) -> None:
        """`norm_any=False` leaves a projection that changes only the stride without its batch norm."""
        super().__init__()
        width, out = branch2.conv_a.in_channels, branch2.conv_c.out_channels
        projected = width != out or stride != (1, 1, 1)
        self.branch1_conv = conv3d(width, out, (1, 1, 1), stride) if projected else nn.Identity()
        normed = projected and (norm_any or width != out)
        self.branch1_norm = nn.BatchNorm3d(out) if normed else nn.Identity()
        self.branch2 = branch2
        self.activation = nn.ReLU()

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        """The block's output."""
        shortcut_BCTHW = self.branch1_norm(self.branch1_conv(x_BCTHW))
        out_BCTHW: Tensor = self.activation(shortcut_BCTHW + self.branch2(x_BCTHW))
        return out_BCTHW


class Stage(nn.Module):
    """Residual blocks in a row."""

    def __init__(self, blocks: Iterable[ResBlock]) -> None:
        super().__init__()
        self.res_blocks = nn.ModuleList(blocks)

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        """The last block's output."""
        for block in self.res_blocks:
            x_BCTHW = block(x_BCTHW)
        return x_BCTHW


class MeanPool(nn.Module):
    """The mean over a window of positions that slides one by one.

    A side of the window that is None is as long as what comes in, so that one position is left: this equals a
    reference that was built for just this clip. A fixed side equals a reference that was built for another:
    where more comes in, more positions are left, and positions of the middle lie in more windows.
    """

    def __init__(self, frames: int | None = None, side: int | None = None) -> None:
        super().__init__()
        self.window = (frames, side, side)

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        """One mean for every place of the window. Raises WrongClip where the window does not fit in."""
        if self.window == (None, None, None):
            return x_BCTHW.mean((2, 3, 4), keepdim=True)
        there = tuple(x_BCTHW.shape[2:])
        window = [size if fixed is None else fixed for fixed, size in zip(self.window, there, strict=True)]
        if any(fixed > size for fixed, size in zip(window, there, strict=True)):
            raise WrongClip(
                f"The clip leaves {there} positions (frames, rows, columns) before the head, which is built "
                f"to average {tuple(window)}; give a longer clip or a larger crop, or make the network "
                "without input_clip_length and input_crop_size."
            )
        return functional.avg_pool3d(x_BCTHW, window, stride=1)


class Head(nn.Module):
    """Pool, dropout, then the logits of every position that the pool leaves, averaged."""

    def __init__(self, pool: nn.Module, features: int, num_classes: int, dropout: float) -> None:
        super().__init__()
        self.pool = pool
        self.dropout = nn.Dropout(dropout)
        self.proj = nn.Linear(features, num_classes)

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        """Logits (B, classes)."""
        x_BTHWC = self.dropout(self.pool(x_BCTHW)).permute(0, 2, 3, 4, 1)
        logits_BTHWC: Tensor = self.proj(x_BTHWC)
        return logits_BTHWC.mean((1, 2, 3))


class Blocks(nn.Module):
    """A network that is its `blocks` in a row; logits (B, classes) of x_BCTHW."""

    def __init__(self, blocks: Iterable[nn.Module], *, zero_final_norm: bool) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(blocks)
        initialise(self, zero_final_norm=zero_final_norm)

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        """Logits (B, classes) of normalised clips."""
        for block in self.blocks:
            x_BCTHW = block(x_BCTHW)
        return x_BCTHW

    def layers(self) -> Layers:
        """The blocks that learn; what the head does before its last layer is the last stage."""
        last = f"blocks.{len(self.blocks) - 1}"
        parts = {f"blocks.{n}": block for n, block in enumerate(self.blocks[:-1])}
        parts[f"{last}.pool"] = self.get_submodule(f"{last}.pool")
        learned = (name for name, part in parts.items() if any(True for _ in part.parameters()))
        return Layers(singly(learned), (f"{last}.proj",))


class Sizes(NamedTuple):
    """What a caller asks of any of these networks; `frames` and `side` are of the head's window."""

    num_classes: int
    dropout: float
    zero_final_norm: bool
    frames: int | None
    side: int | None

    @property
    def window(self) -> MeanPool:
        """What the head averages over."""
        return MeanPool(self.frames, self.side)


def creating(make: Callable[[Sizes], N], *, temporal_stride: int = 1) -> Callable[..., N]:
    """The function that makes a network of which `make` knows the shape, with fresh random numbers.

    Seed torch before. The head averages over whatever comes in, or over the window of a reference that was
    built for `input_clip_length` frames and `input_crop_size` px: then `forward` raises WrongClip for a clip
    that is smaller. With `zero_final_norm` residual blocks begin as their shortcuts. Raises WrongClip for
    lengths and crops that no window has.
    """

    def create(
        *,
        num_classes: int = 400,
        dropout: float = 0.5,
        zero_final_norm: bool = True,
        input_clip_length: int | None = None,
        input_crop_size: int | None = None,
    ) -> N:
        frames = window_frames(input_clip_length, temporal_stride)
        return make(Sizes(num_classes, dropout, zero_final_norm, frames, window_side(input_crop_size)))

    return create


def window_frames(input_clip_length: int | None, temporal_stride: int = 1) -> int | None:
    """Frames left before the head of a clip of so many; None stays None. Raises WrongClip if none is."""
    if input_clip_length is None:
        return None
    if input_clip_length < temporal_stride:
        raise WrongClip(f"A clip of this network has {temporal_stride} frames or more: {input_clip_length}.")
    return input_clip_length // temporal_stride


def window_side(input_crop_size: int | None) -> int | None:
    """Positions left along a side of the crop, in px; None stays None. Raises WrongClip below 32 px."""
    if input_crop_size is None:
        return None
    if input_crop_size < SPATIAL_STRIDE:
        raise WrongClip(f"A crop of this network is {SPATIAL_STRIDE} px or more a side: {input_crop_size}.")
    return -(-input_crop_size // SPATIAL_STRIDE)


def resnet_stem(width: int, temporal_kernel: int) -> Stem:
    """ResNet's first layers: a quarter of the rows and columns is left, and all of the frames."""
    pool = nn.MaxPool3d((1, 3, 3), (1, 2, 2), (0, 1, 1))
    return Stem(conv3d(3, width, (temporal_kernel, 7, 7), (1, 2, 2)), width, pool)


def resnet_stages(
    depth: int, temporal_kernels: Sequence[tuple[int, ...]], *, narrower: int = 1, received: float = 0
) -> list[Stage]:
    """The four stages of ResNet-50 or -101 with each `narrower` times fewer channels than there.

    `temporal_kernels` holds, for each stage, the kernels over time of its blocks' first convolutions, which
    repeat. `received` is how many channels of another pathway come to one that a stage is given.
    """
    stages = []
    width = 64 // narrower
    for n, (blocks, kernels) in enumerate(zip(_RESNET_BLOCKS[depth], temporal_kernels, strict=True)):
        out = 256 * 2**n // narrower
        width += int(width * received)
        residuals: list[ResBlock] = []
        for kernel in islice(cycle(kernels), blocks):
            residuals.append(_resnet_block(width, out // 4, out, kernel, 2 if n and not residuals else 1))
            width = out
        stages.append(Stage(residuals))
    return stages


def _resnet_block(width: int, inner: int, out: int, temporal_kernel: int, stride: int) -> ResBlock:
    """Time in the first convolution, space and its stride in the second."""
    steps = (1, stride, stride)
    bottleneck = Bottleneck(
        conv3d(width, inner, (temporal_kernel, 1, 1)),
        conv3d(inner, inner, (1, 3, 3), steps),
        conv3d(inner, out, (1, 1, 1)),
    )
    return ResBlock(bottleneck, steps)


def initialise(net: nn.Module, *, zero_final_norm: bool) -> None:
    """Fresh parameters as the reference has them: He's normal by fan-out, heads normal 0.01, biases zero.

    With `zero_final_norm`, as there, each residual block begins as its shortcut alone (arXiv 1706.02677).
    """
    for module in net.modules():
        if isinstance(module, nn.Conv3d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, 0, 0.01)
        elif isinstance(module, Bottleneck) and zero_final_norm:
            nn.init.zeros_(module.norm_c.weight)
        if isinstance(module, nn.Conv3d | nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)
