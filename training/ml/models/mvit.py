"""MViTv2-S, a transformer for clips whose tokens grow fewer and wider from stage to stage.

Li et al.: "MViTv2: Improved Multiscale Vision Transformers for Classification and Detection" (CVPR 2022,
arXiv 2112.01526), sections 3 and 4.1 and table 2; pooling attention is MViT's (Fan et al., ICCV 2021, arXiv
2104.11227), section 3. Parameters have the names of torchvision's weights, whose choices are followed:
queries are pooled in every block, the class token takes part in no residual pooling, and channels double in
the attention of a stage's first block.

A network is made for clips of one size, which its tables of relative positions hang on: `frames` and `side`.
Other clips are taken too; the tables are then read between their entries, as the paper does. Known deviation:
torchvision's takes just the size that it was made for.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.ml.layers import Layers
from training.ml.models.contract import Network, Takes, WrongInput, WrongOption

Grid = tuple[int, int, int]
"""Tokens over time, down and across."""

_PATCH: Grid = (2, 4, 4)
_EPS = 1e-6
_STAGES = ((1, 96, 1), (2, 192, 2), (11, 384, 4), (2, 768, 8))
"""Blocks, channels and heads of the four stages: table 2 of the paper, MViTv2-S."""
_FIRST_STRIDE = 8
"""By how much keys and values of the first stage are pooled, down and across; half of it in the next one."""


class MViT(nn.Module):
    """The network; `create_mvit_v2_s` says what the options are."""

    def __init__(self, num_classes: int, frames: int, side: int, dropout: float, drop_path: float) -> None:
        super().__init__()
        width = _STAGES[0][1]
        self.conv_proj = nn.Conv3d(3, width, (3, 7, 7), _PATCH, (1, 3, 3))
        self.pos_encoding = _ClassToken(width)
        grid = (frames // _PATCH[0], side // _PATCH[1], side // _PATCH[2])
        blocks: list[_Block] = []
        depth = sum(count for count, _, _ in _STAGES)
        for stage, (count, out, heads) in enumerate(_STAGES):
            for n in range(count):
                stride = 2 if stage and n == 0 else 1
                keys = _FIRST_STRIDE // 2**stage
                drop = drop_path * len(blocks) / (depth - 1)
                blocks.append(_Block(grid, width, out, heads, stride, keys, drop))
                width = out
                grid = (grid[0], grid[1] // stride, grid[2] // stride)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(width, _EPS)
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(width, num_classes))
        self.apply(_initialise)

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        """Logits (B, classes) of normalised clips of any length and of 32 px or more a side.

        Raises WrongInput for smaller ones.
        """
        if min(x_BCTHW.shape[3:]) < 32 or x_BCTHW.shape[2] < 1:
            raise WrongInput(
                f"MViTv2 cannot take clips of {tuple(x_BCTHW.shape[2:])} (frames, rows, columns); give a "
                "frame or more of 32 px a side or more."
            )
        x_BDTHW = self.conv_proj(x_BCTHW)
        frames, rows, columns = x_BDTHW.shape[2:]
        grid: Grid = (frames, rows, columns)
        x_BND = self.pos_encoding(x_BDTHW.flatten(2).transpose(1, 2))
        for block in self.blocks:
            x_BND, grid = block(x_BND, grid)
        logits_BC: Tensor = self.head(self.norm(x_BND)[:, 0])
        return logits_BC

    def layers(self) -> Layers:
        """The patches, then the four stages; the last norm belongs to the last of them."""
        stages: list[tuple[str, ...]] = [("conv_proj", "pos_encoding")]
        first = 0
        for count, _, _ in _STAGES:
            stages.append(tuple(f"blocks.{n}" for n in range(first, first + count)))
            first += count
        return Layers((*stages[:-1], (*stages[-1], "norm")), ("head.1",))


class _ClassToken(nn.Module):
    """The token that the classes are said of, before all others; positions are relative, so it has none."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.class_token = nn.Parameter(torch.zeros(width))

    def forward(self, x_BND: Tensor) -> Tensor:
        return torch.cat((self.class_token.expand(x_BND.shape[0], 1, -1), x_BND), 1)


class _Pooled(NamedTuple):
    x_BHND: Tensor
    grid: Grid


class _Pool(nn.Module):
    """A convolution of each channel over the tokens' grid, then a norm; the class token is only normed."""

    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        strides, padding = (1, stride, stride), (1, 1, 1)
        self.pool = nn.Conv3d(channels, channels, 3, strides, padding, groups=channels, bias=False)
        self.norm_act = nn.Sequential(nn.LayerNorm(channels, _EPS))

    def forward(self, x_BHND: Tensor, grid: Grid) -> _Pooled:
        token_BH1D, x_BHND = x_BHND[:, :, :1], x_BHND[:, :, 1:]
        pooled, smaller = _over_grid(self.pool, x_BHND, grid)
        return _Pooled(self.norm_act(torch.cat((token_BH1D, pooled), 2)), smaller)


def _over_grid(pool: nn.Module, x_BHND: Tensor, grid: Grid) -> tuple[Tensor, Grid]:
    """Tokens laid out on their grid, pooled, and in a row again."""
    batch, heads, _, channels = x_BHND.shape
    x_XDTHW = x_BHND.transpose(2, 3).reshape(batch * heads, channels, *grid)
    out_XDTHW = pool(x_XDTHW)
    frames, rows, columns = out_XDTHW.shape[2:]
    return out_XDTHW.reshape(batch, heads, channels, -1).transpose(2, 3), (frames, rows, columns)


class _SkipPool(nn.Module):
    """The largest of its neighbourhood: what goes past an attention that halves the grid."""

    def __init__(self) -> None:
        super().__init__()
        self.pool = nn.MaxPool3d((1, 3, 3), (1, 2, 2), (0, 1, 1))

    def forward(self, x_BND: Tensor, grid: Grid) -> Tensor:
        pooled, _ = _over_grid(self.pool, x_BND[:, None, 1:], grid)
        return torch.cat((x_BND[:, :1], pooled[:, 0]), 1)


class _Attention(nn.Module):
    """Pooling attention with relative positions, and the pooled query added to it: figure 2 of the paper."""

    def __init__(self, grid: Grid, width: int, out: int, heads: int, stride: int, keys: int) -> None:
        super().__init__()
        self.heads, self.channels = heads, out // heads
        self.qkv = nn.Linear(width, 3 * out)
        self.project = nn.Sequential(nn.Linear(out, out))
        self.pool_q = _Pool(self.channels, stride)
        self.pool_k = _Pool(self.channels, keys)
        self.pool_v = _Pool(self.channels, keys)
        # One table for both axes of a picture, as long as the larger of them and of the larger of its grids.
        spatial = 2 * max(max(grid[1:]) // stride, max(grid[1:]) // keys) - 1
        self.rel_pos_h = nn.Parameter(torch.zeros(spatial, self.channels))
        self.rel_pos_w = nn.Parameter(torch.zeros(spatial, self.channels))
        self.rel_pos_t = nn.Parameter(torch.zeros(2 * grid[0] - 1, self.channels))

    def forward(self, x_BND: Tensor, grid: Grid) -> tuple[Tensor, Grid]:
        """Attended tokens, and their grid."""
        batch, tokens, _ = x_BND.shape
        x_BNPHD = self.qkv(x_BND).reshape(batch, tokens, 3, self.heads, self.channels)
        q_BHND, k_BHND, v_BHND = x_BNPHD.permute(2, 0, 3, 1, 4)
        k_BHND, k_grid = self.pool_k(k_BHND, grid)
        v_BHND = self.pool_v(v_BHND, grid).x_BHND
        q_BHND, q_grid = self.pool_q(q_BHND, grid)
        weights_BHQK = q_BHND * self.channels**-0.5 @ k_BHND.transpose(2, 3)
        near_BHQK = self._positions(q_BHND[:, :, 1:], q_grid, k_grid)
        weights_BHQK = weights_BHQK + functional.pad(near_BHQK, (1, 0, 1, 0))
        x_BHND = weights_BHQK.softmax(-1) @ v_BHND
        x_BHND = x_BHND + functional.pad(q_BHND[:, :, 1:], (0, 0, 1, 0))
        return self.project(x_BHND.transpose(1, 2).flatten(2)), q_grid

    def _positions(self, q_BHND: Tensor, q_grid: Grid, k_grid: Grid) -> Tensor:
        """What each query adds for a key so far away, over time, rows and columns: equation 4."""
        q_BHTYXD = torch.unflatten(q_BHND, 2, q_grid)
        over_time = torch.einsum("bhtyxd,tkd->bhtyxk", q_BHTYXD, _table(self.rel_pos_t, q_grid[0], k_grid[0]))
        down = torch.einsum("bhtyxd,ykd->bhtyxk", q_BHTYXD, _table(self.rel_pos_h, q_grid[1], k_grid[1]))
        across = torch.einsum("bhtyxd,xkd->bhtyxk", q_BHTYXD, _table(self.rel_pos_w, q_grid[2], k_grid[2]))
        sums = over_time[..., :, None, None] + down[..., None, :, None] + across[..., None, None, :]
        return sums.flatten(5).flatten(2, 4)


def _table(table_LD: Tensor, queries: int, keys: int) -> Tensor:
    """The entries for all pairs of positions along an axis, (queries, keys, D).

    A table of another length is read between its entries; positions of the shorter side lie further apart.
    """
    length = 2 * max(queries, keys) - 1
    if len(table_LD) != length:
        table_1DL = functional.interpolate(table_LD.T[None], length, mode="linear")
        table_LD = table_1DL[0].T
    q_1 = torch.arange(queries, device=table_LD.device)[:, None] * max(keys / queries, 1.0)
    k_1 = (torch.arange(keys, device=table_LD.device)[None] + (1.0 - keys)) * max(queries / keys, 1.0)
    return table_LD[(q_1 - k_1).long()]


class _Block(nn.Module):
    """Attention, then two layers, each beside a way past it; the first widens."""

    def __init__(
        self, grid: Grid, width: int, out: int, heads: int, stride: int, keys: int, drop: float
    ) -> None:
        super().__init__()
        self.drop = drop
        self.norm1 = nn.LayerNorm(width, _EPS)
        self.norm2 = nn.LayerNorm(out, _EPS)
        self.attn = _Attention(grid, width, out, heads, stride, keys)
        self.mlp = nn.Sequential(
            nn.Linear(out, 4 * out), nn.GELU(), nn.Identity(), nn.Linear(4 * out, out), nn.Identity()
        )
        self.pool_skip = _SkipPool() if stride > 1 else None
        self.project = nn.Linear(width, out) if width != out else None

    def forward(self, x_BND: Tensor, grid: Grid) -> tuple[Tensor, Grid]:
        """The block's tokens, and their grid."""
        normed_BND = self.norm1(x_BND)
        attended_BND, smaller = self.attn(normed_BND, grid)
        past_BND = x_BND if self.project is None else self.project(normed_BND)
        if self.pool_skip is not None:
            past_BND = self.pool_skip(past_BND, grid)
        x_BND = past_BND + self._dropped(attended_BND)
        return x_BND + self._dropped(self.mlp(self.norm2(x_BND))), smaller

    def _dropped(self, x_BND: Tensor) -> Tensor:
        """In training, nothing at all for some of the clips (stochastic depth, arXiv 1603.09382)."""
        if not self.training or self.drop == 0:
            return x_BND
        kept_B = torch.rand(len(x_BND), device=x_BND.device) >= self.drop
        return x_BND * (kept_B / (1 - self.drop)).to(x_BND.dtype)[:, None, None]


def _initialise(module: nn.Module) -> None:
    """As in torchvision: normal 0.02, cut at two, for all but convolutions and norms."""
    if isinstance(module, nn.Linear):
        nn.init.trunc_normal_(module.weight, std=0.02)
        nn.init.zeros_(module.bias)
    elif isinstance(module, _ClassToken):
        nn.init.trunc_normal_(module.class_token, std=0.02)
    elif isinstance(module, _Attention):
        for table in (module.rel_pos_h, module.rel_pos_w, module.rel_pos_t):
            nn.init.trunc_normal_(table, std=0.02)


def create_mvit_v2_s(
    *, num_classes: int = 400, frames: int = 16, side: int = 224, dropout: float = 0.5, drop_path: float = 0.2
) -> MViT:
    """MViTv2-S for clips of so many frames and px a side, with random numbers; seed torch before.

    `drop_path` is how often the last block is skipped in training. Raises WrongOption.
    """
    if frames < 2 or side < 32 or not 0 <= dropout < 1 or not 0 <= drop_path < 1:
        raise WrongOption(
            f"MViTv2 cannot be made for {frames} frames of {side} px with dropout {dropout} and drop_path "
            f"{drop_path}; the first two are at least 2 and 32, the others from 0 to less than 1."
        )
    return MViT(num_classes, frames, side, dropout, drop_path)


NETWORKS = (
    Network(
        name="mvit_v2_s",
        title="MViTv2-S",
        build=create_mvit_v2_s,
        takes=Takes.VIDEO,
        classes=400,
        parameters=34_537_744,
        source="Li et al., CVPR 2022; torchvision",
        frames=16,
        stride=4,
    ),
)
