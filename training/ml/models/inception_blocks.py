"""The blocks of Inception-v3 (arXiv 1512.00567), under torchvision's names: branches side by side."""

import torch
from torch import Tensor, nn
from torch.nn import functional

_Kernel = int | tuple[int, int]


class Layer(nn.Module):
    """A convolution without bias, its norm and a ReLU; `padded` keeps the size."""

    def __init__(
        self, width: int, out: int, kernel: _Kernel, *, stride: int = 1, padded: bool = False
    ) -> None:
        super().__init__()
        high, wide = (kernel, kernel) if isinstance(kernel, int) else kernel
        padding = (high // 2, wide // 2) if padded else (0, 0)
        self.conv = nn.Conv2d(width, out, (high, wide), stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(out, eps=1e-3)

    def forward(self, x_BCHW: Tensor) -> Tensor:
        """The layer's output."""
        out_BCHW: Tensor = self.bn(self.conv(x_BCHW))
        return out_BCHW.relu_()


class MixedA(nn.Module):
    """1x1, 5x5, two 3x3 and a pool, side by side: figure 5 of the paper, with one 5x5 left."""

    def __init__(self, width: int, pooled: int) -> None:
        super().__init__()
        self.branch1x1 = Layer(width, 64, 1)
        self.branch5x5_1 = Layer(width, 48, 1)
        self.branch5x5_2 = Layer(48, 64, 5, padded=True)
        self.branch3x3dbl_1 = Layer(width, 64, 1)
        self.branch3x3dbl_2 = Layer(64, 96, 3, padded=True)
        self.branch3x3dbl_3 = Layer(96, 96, 3, padded=True)
        self.branch_pool = Layer(width, pooled, 1)

    def forward(self, x_BCHW: Tensor) -> Tensor:
        """(B, 224 + pooled, H, W)."""
        double_BCHW = self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(x_BCHW)))
        five_BCHW = self.branch5x5_2(self.branch5x5_1(x_BCHW))
        return torch.cat([self.branch1x1(x_BCHW), five_BCHW, double_BCHW, self.branch_pool(kept(x_BCHW))], 1)


class MixedB(nn.Module):
    """3x3, two 3x3 and a pool, all of stride 2: figure 10 of the paper."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.branch3x3 = Layer(width, 384, 3, stride=2)
        self.branch3x3dbl_1 = Layer(width, 64, 1)
        self.branch3x3dbl_2 = Layer(64, 96, 3, padded=True)
        self.branch3x3dbl_3 = Layer(96, 96, 3, stride=2)

    def forward(self, x_BCHW: Tensor) -> Tensor:
        """(B, 480 + C, H/2, W/2)."""
        double_BCHW = self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(x_BCHW)))
        return torch.cat([self.branch3x3(x_BCHW), double_BCHW, halved(x_BCHW)], 1)


class MixedC(nn.Module):
    """7x7 in rows and columns, once and twice, 1x1 and a pool: figure 6 of the paper."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        row, column = (1, 7), (7, 1)
        self.branch1x1 = Layer(width, 192, 1)
        self.branch7x7_1 = Layer(width, inner, 1)
        self.branch7x7_2 = Layer(inner, inner, row, padded=True)
        self.branch7x7_3 = Layer(inner, 192, column, padded=True)
        self.branch7x7dbl_1 = Layer(width, inner, 1)
        self.branch7x7dbl_2 = Layer(inner, inner, column, padded=True)
        self.branch7x7dbl_3 = Layer(inner, inner, row, padded=True)
        self.branch7x7dbl_4 = Layer(inner, inner, column, padded=True)
        self.branch7x7dbl_5 = Layer(inner, 192, row, padded=True)
        self.branch_pool = Layer(width, 192, 1)

    def forward(self, x_BCHW: Tensor) -> Tensor:
        """(B, 768, H, W)."""
        once_BCHW = self.branch7x7_3(self.branch7x7_2(self.branch7x7_1(x_BCHW)))
        twice_BCHW = self.branch7x7dbl_3(self.branch7x7dbl_2(self.branch7x7dbl_1(x_BCHW)))
        twice_BCHW = self.branch7x7dbl_5(self.branch7x7dbl_4(twice_BCHW))
        return torch.cat([self.branch1x1(x_BCHW), once_BCHW, twice_BCHW, self.branch_pool(kept(x_BCHW))], 1)


class MixedD(nn.Module):
    """3x3, 7x7 with 3x3, and a pool, all of stride 2."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.branch3x3_1 = Layer(width, 192, 1)
        self.branch3x3_2 = Layer(192, 320, 3, stride=2)
        self.branch7x7x3_1 = Layer(width, 192, 1)
        self.branch7x7x3_2 = Layer(192, 192, (1, 7), padded=True)
        self.branch7x7x3_3 = Layer(192, 192, (7, 1), padded=True)
        self.branch7x7x3_4 = Layer(192, 192, 3, stride=2)

    def forward(self, x_BCHW: Tensor) -> Tensor:
        """(B, 512 + C, H/2, W/2)."""
        seven_BCHW = self.branch7x7x3_3(self.branch7x7x3_2(self.branch7x7x3_1(x_BCHW)))
        three_BCHW = self.branch3x3_2(self.branch3x3_1(x_BCHW))
        return torch.cat([three_BCHW, self.branch7x7x3_4(seven_BCHW), halved(x_BCHW)], 1)


class MixedE(nn.Module):
    """3x3 as a row beside a column, once and after another 3x3, 1x1 and a pool: figure 7 of the paper."""

    def __init__(self, width: int) -> None:
        super().__init__()
        row, column = (1, 3), (3, 1)
        self.branch1x1 = Layer(width, 320, 1)
        self.branch3x3_1 = Layer(width, 384, 1)
        self.branch3x3_2a = Layer(384, 384, row, padded=True)
        self.branch3x3_2b = Layer(384, 384, column, padded=True)
        self.branch3x3dbl_1 = Layer(width, 448, 1)
        self.branch3x3dbl_2 = Layer(448, 384, 3, padded=True)
        self.branch3x3dbl_3a = Layer(384, 384, row, padded=True)
        self.branch3x3dbl_3b = Layer(384, 384, column, padded=True)
        self.branch_pool = Layer(width, 192, 1)

    def forward(self, x_BCHW: Tensor) -> Tensor:
        """(B, 2048, H, W)."""
        once_BCHW = self.branch3x3_1(x_BCHW)
        twice_BCHW = self.branch3x3dbl_2(self.branch3x3dbl_1(x_BCHW))
        branches = [self.branch1x1(x_BCHW), self.branch3x3_2a(once_BCHW), self.branch3x3_2b(once_BCHW)]
        branches += [self.branch3x3dbl_3a(twice_BCHW), self.branch3x3dbl_3b(twice_BCHW)]
        return torch.cat([*branches, self.branch_pool(kept(x_BCHW))], 1)


class Auxiliary(nn.Module):
    """The head in the middle: figure 8 of the paper."""

    def __init__(self, width: int, num_classes: int) -> None:
        super().__init__()
        self.conv0 = Layer(width, 128, 1)
        self.conv1 = Layer(128, 768, 5)
        self.fc = nn.Linear(768, num_classes)

    def forward(self, x_BCHW: Tensor) -> Tensor:
        """Logits (B, classes)."""
        out_BCHW: Tensor = self.conv1(self.conv0(functional.avg_pool2d(x_BCHW, 5, stride=3)))
        logits_BC: Tensor = self.fc(out_BCHW.mean((2, 3)))
        return logits_BC


def halved(x_BCHW: Tensor) -> Tensor:
    """The greatest of 3x3 at every other place, without padding."""
    return functional.max_pool2d(x_BCHW, 3, stride=2)


def kept(x_BCHW: Tensor) -> Tensor:
    """The mean of 3x3 at every place, of noughts beyond the edge."""
    return functional.avg_pool2d(x_BCHW, 3, stride=1, padding=1)
