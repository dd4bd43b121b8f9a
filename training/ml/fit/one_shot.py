"""Actions told by few examples each, of any data: by the nearest exemplar, in three distances.

Liu et al. (TPAMI 2019), section 5.2: every recording of a novel action of NTU RGB+D 120 but its anchor is
given the action of the nearest anchor. What is compared is what the network's head is given, or what the
one-shot TCN embeds (Sabater et al., CVPR workshops 2021).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from training.ml.datasets.ntu_names import NOVEL, Name, anchors
from training.ml.errors import TooLittle
from training.ml.fit.lesson import head_of, head_rows
from training.ml.fit.network import Feed
from training.ml.fit.report import report_on
from training.ml.fit.rows import Told, rows_of
from training.ml.fit.stock import Side
from training.ml.fit.team import Team
from training.ml.models.skeleton.tcn import OneShotTCN
from training.ml.skeletons.matching import DISTANCES, Floats, Matcher, WrongMatching

PROTOCOL = "one-shot"
_TOLD = ("top1", "top1_low", "top1_high", "macro_precision", "macro_recall", "macro_f1")


def novel(side: Side) -> bool:
    """Whether a side of NTU RGB+D 120 shows actions that nobody learns, and no others."""
    return all(Name.of(sample.path).action in NOVEL for sample in side.samples)


def anchored(side: Side) -> tuple[Side, Side]:
    """The published anchors of a side of NTU RGB+D 120, and all its other recordings."""
    names = [Name.of(sample.path) for sample in side.samples]
    shown = set(anchors(names).values())
    return _parted(side, [place for place, name in enumerate(names) if name in shown])


def exemplified(side: Side, shots: int) -> tuple[Side, Side]:
    """The first `shots` recordings of each class of a side, and all its others.

    Raises TooLittle for a class with fewer; of a class without any nothing is shown.
    """
    places: list[int] = []
    for number, name in enumerate(side.classes):
        own = [place for place, label in enumerate(side.label_N.tolist()) if label == number]
        if 0 < len(own) < shots:
            raise TooLittle(f"Of {name} there are {len(own)} exemplars, not {shots}: take fewer by --shots.")
        places += own[:shots]
    return _parted(side, sorted(places))


def measured_by(
    network: nn.Module, feed: Feed, exemplars: Side, asked: Side, team: Team, told: Told | None = None
) -> dict[str, Any]:
    """The report by the nearest exemplars: that of the cosine, and of every distance how often it is right.

    A class with several exemplars is as far as they are on average. Chances are not told: distances are none.
    Raises TooLittle where nothing is asked, or something of which there is no exemplar.
    """
    if not len(asked):
        raise TooLittle("There is no recording besides the exemplars: none can be matched.")
    labels = [sample.label for sample in exemplars.samples]
    if lost := sorted({sample.label for sample in asked.samples} - set(labels)):
        raise TooLittle(f"There is no exemplar of {', '.join(lost)}: show one, or take a side that has some.")
    shown_AD = embedded(network, feed, exemplars, team)
    asked_ND = embedded(network, feed, asked, team, told)
    reports = {kind: _report(kind, shown_AD, labels, asked_ND, asked) for kind in DISTANCES}
    return {
        "exemplars": len(exemplars),
        "by_distance": {
            kind: {name: report[name] for name in ("note", *_TOLD) if name in report}
            for kind, report in reports.items()
        },
        **reports["cosine"],
    }


def embedded(network: nn.Module, feed: Feed, side: Side, team: Team, told: Told | None = None) -> Floats:
    """What is compared of each recording, (N, D): the mean over its views."""
    network.eval()
    kept: list[Tensor] = []

    def keep(head: nn.Module, given: tuple[Tensor, ...]) -> None:
        kept.append(head_rows(head, given[0]).float().mean(0))

    def place(views: Iterator[Tensor]) -> Tensor:
        kept.clear()
        for view in views:
            fed = feed(view)
            if isinstance(network, OneShotTCN) and isinstance(fed, Tensor):
                kept.append(network.embed(fed)[0])
            else:
                network(fed)
        return torch.stack(kept).mean(0)

    hook = head_of(network).register_forward_pre_hook(keep)
    try:
        found: Floats = rows_of(side, team, place, 0, told).double().numpy()
    finally:
        hook.remove()
    return found


def _report(
    kind: str, shown_AD: Floats, labels: Sequence[str], asked_ND: Floats, asked: Side
) -> dict[str, Any]:
    matcher = Matcher(shown_AD, tuple(labels), kind)
    try:
        near_NC = torch.from_numpy(-matcher.distances(asked_ND))
    except WrongMatching as error:
        return {"note": error.sentence}
    number = {name: n for n, name in enumerate(matcher.classes)}
    label_N = torch.tensor([number[sample.label] for sample in asked.samples])
    # The negated distance takes the place of logits.
    return {**report_on(near_NC, label_N, matcher.classes), "ece": None}


def _parted(side: Side, places: Sequence[int]) -> tuple[Side, Side]:
    chosen = set(places)
    rest = [place for place in range(len(side)) if place not in chosen]
    first, second = (
        replace(side, samples=tuple(side.samples[n] for n in each), label_N=side.label_N[list(each)])
        for each in (places, rest)
    )
    return first, second
