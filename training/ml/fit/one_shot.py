"""Actions that nobody learned, told by one example each: the one-shot protocol of NTU RGB+D 120.

Liu et al. (TPAMI 2019), section 5.2: every recording of a novel action but its anchor is given the action of
the nearest anchor.
"""

import numpy as np
import torch
from torch import Tensor

from training.ml.datasets.ntu_names import NOVEL, Name, anchors
from training.ml.errors import TooLittle
from training.ml.fit.network import Feed
from training.ml.fit.stock import Side
from training.ml.models.skeleton.tcn import OneShotTCN
from training.ml.skeletons.matching import Matcher

PROTOCOL = "one-shot"


def novel(side: Side) -> bool:
    """Whether a side shows actions that nobody learns, and no others."""
    return all(Name.of(sample.path).action in NOVEL for sample in side.samples)


@torch.no_grad()
def matched(
    network: OneShotTCN, feed: Feed, side: Side, device: str, kind: str = "cosine"
) -> tuple[Tensor, Tensor, tuple[str, ...]]:
    """Nearness (N, classes) of all recordings but the anchors, their classes, and the novel classes' names.

    Nearness is the distance negated, so that it takes the place of logits. Raises TooLittle where there are
    anchors alone.
    """
    network.eval()
    names = [Name.of(sample.path) for sample in side.samples]
    shown = {name.action: name for name in anchors(names).values()}
    place_of = {name: place for place, name in enumerate(names)}
    anchor_places = [place_of[shown[action]] for action in sorted(shown)]
    rest = [place for place in range(len(side)) if place not in anchor_places]
    if not rest:
        raise TooLittle("No recording of a novel action is there besides the anchors: none can be matched.")
    embedded: list[np.ndarray[tuple[int, ...], np.dtype[np.float64]]] = []
    for place in range(len(side)):
        fed = feed(next(side.once().tested(place)).to(device))
        assert isinstance(fed, Tensor)  # noqa: S101 - skeletons have one pathway
        embedded.append(network.embed(fed)[0].double().cpu().numpy())
    of_all_ND = np.stack(embedded)
    classes = tuple(side.samples[place].label for place in anchor_places)
    matcher = Matcher(of_all_ND[anchor_places], classes, kind)
    near_NC = torch.from_numpy(-matcher.distances(of_all_ND[rest]))
    number = {name: n for n, name in enumerate(matcher.classes)}
    return near_NC, torch.tensor([number[side.samples[place].label] for place in rest]), matcher.classes
