"""Testing on many segments, 25 as a rule, in the memory that a few take."""

from collections.abc import Iterable, Iterator

import torch
from torch import Tensor

from training.ml.models.contract import WrongInput
from training.ml.models.tsn.network import TSN


def streamed(net: TSN, chunk_BCTHW: Iterable[Tensor], *, segments: int) -> Tensor:
    """The logits that `net` gives of the whole clip, from chunks of one or more of its segments, in order.

    Only one chunk is held at a time, and what the consensus keeps: one score a class, of TOP_K as many as it
    takes, of IDENTITY all. `segments` is how many come in all. Raises WrongInput where it is another number,
    and ValueError where the network learns, as chunks then do not give what the whole gives.
    """
    if net.training:
        raise ValueError("Only a network in evaluation can be given a clip in chunks; call eval() before.")
    kept: Tensor | None = None
    seen = 0
    with torch.inference_mode():
        for x_BCTHW in chunk_BCTHW:
            said_BKD = net.segments(x_BCTHW)
            if seen + said_BKD.shape[1] <= segments:
                kept = net.consensus.heard(kept, said_BKD, first=seen, segments=segments)
            seen += said_BKD.shape[1]
        if kept is None or seen != segments:
            raise WrongInput(
                f"There came {seen} segments and not {segments}; read as many as were announced."
            )
        return net.concluded(net.consensus.concluded(kept, segments))


def chunks(x_BCTHW: Tensor, frames_a_segment: int, *, segments: int) -> Iterator[Tensor]:
    """The clip in pieces of so many segments, the last as long as is left."""
    step = frames_a_segment * segments
    for first in range(0, x_BCTHW.shape[2], step):
        yield x_BCTHW[:, :, first : first + step]
