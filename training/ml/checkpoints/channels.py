"""Weights of a network that sees pictures for the same one that sees flow or differences of pictures.

Wang et al.: "Temporal Segment Networks" (ECCV 2016, arXiv 1608.00859), section 3.2, cross-modality
initialisation: the kernel that sees the three colours becomes their mean, once for each channel.
"""

from collections.abc import Mapping

from torch import Tensor, nn

from training.ml.checkpoints.names import named
from training.ml.layers import layers_of, lies_in

COLOURS = 3


def spread(kernel_O3: Tensor, channels: int) -> Tensor:
    """A kernel (out, 3, ...) for another number of channels, each with the mean over the three colours."""
    return kernel_O3.mean(1, keepdim=True).repeat_interleave(channels, 1)


def spread_to(net: nn.Module, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The state dict, by any publisher's names, with each kernel of colours as `net` sees with it.

    That is: those of its first stage that see three channels in `state` and others in `net`, and are the same
    else.
    """
    own, layers = net.state_dict(), layers_of(net)
    seeing = [each for each in named(state, own, layers) if lies_in(each.ours, layers.first)]
    return dict(state) | {
        each.theirs: spread(each.tensor, own[each.ours].shape[1])
        for each in seeing
        if each.ours in own
        and of_other_channels(each.tensor, own[each.ours])
        and each.tensor.shape[1] == COLOURS
    }


def of_other_channels(theirs: Tensor, ours: Tensor) -> bool:
    """Whether two kernels differ in the channels they see, and in nothing else."""
    return (
        theirs.ndim == ours.ndim > 2
        and theirs.shape[1] != ours.shape[1]
        and theirs[:, 0].shape == ours[:, 0].shape
    )
