"""I3D-ResNet50 and Slow begun with a network for pictures: ResNet-50, by torchvision's names.

Carreira, Zisserman (arXiv 1705.07750), section 2.1; Feichtenhofer et al. (ICCV 2019), section 4. Each filter
of pictures has its place in both, whether it sees one frame there or several.
"""

import re
from collections.abc import Iterable, Mapping
from functools import partial

from torch import Tensor, nn

from training.ml.checkpoints import Fit
from training.ml.models.inflate import Origin, begun
from training.ml.models.resnet3d import Blocks, Stage

_STEM = {"conv1": "conv", "bn1": "norm"}
_INSIDE = {
    f"{old}{n}": f"branch2.{new}_{letter}"
    for old, new in (("conv", "conv"), ("bn", "norm"))
    for n, letter in ((1, "a"), (2, "b"), (3, "c"))
}
_INSIDE |= {"downsample.0": "branch1_conv", "downsample.1": "branch1_norm"}
_PART = re.compile(r"layer(\d)\.(\d+)\.(conv\d|bn\d|downsample\.\d)\.(\w+)")


class ResNetBlocks(Blocks):
    """Blocks whose stages are those of ResNet-50."""

    def __init__(self, blocks: Iterable[nn.Module], *, title: str, zero_final_norm: bool) -> None:
        super().__init__(blocks, zero_final_norm=zero_final_norm)
        stages = tuple(n for n, block in enumerate(self.blocks) if isinstance(block, Stage))
        self._origin = Origin("ResNet-50's", title, partial(called, stages), ("fc",))

    def learn_from_pictures(self, state: Mapping[str, Tensor]) -> Fit:
        """Begin with ResNet-50's weights, inflated; the head stays random. Raises BadFile for others."""
        return begun(self, state, self._origin)


def called(stages: tuple[int, ...], name: str) -> str:
    """What a parameter of ResNet-50 is called in a network whose stages are these blocks."""
    if found := _PART.fullmatch(name):
        layer, block, inside, rest = found.groups()
        if 1 <= int(layer) <= len(stages) and inside in _INSIDE:
            return f"blocks.{stages[int(layer) - 1]}.res_blocks.{block}.{_INSIDE[inside]}.{rest}"
    first, _, rest = name.partition(".")
    return f"blocks.0.{_STEM[first]}.{rest}" if first in _STEM else name
