"""Actions are told by few recordings of each, new ones too, in three distances."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from tests.training.ml.fit.small import RECIPE, Small
from tests.training.ml.fit.small import side as drawn_side
from training.ml.augment.clips import Clips, Kind
from training.ml.augment.pipeline import Pipeline
from training.ml.datasets import Sample
from training.ml.errors import TooLittle
from training.ml.fit.measure import measured_on
from training.ml.fit.network import Feed, feed_of, network_of
from training.ml.fit.one_shot import anchored, embedded, exemplified, measured_by
from training.ml.fit.recipe import Bodies, FitRecipe
from training.ml.fit.stock import Side
from training.ml.fit.team import Team
from training.ml.models.skeleton.tcn import OneShotTCN
from training.ml.recipes.published import published

pytestmark = pytest.mark.usefixtures("small")

NAMES = ("S001C003P008R001A001", "S001C003P008R001A007", "S002C001P009R001A001", "S002C002P010R002A007")


@dataclass(frozen=True)
class Moving:
    """The same body for the same action, a little shaken by who does it."""

    def drawn(self, sample: Sample, generator: np.random.Generator) -> Clips:
        action = np.random.default_rng(int(sample.path.stem[-3:])).normal(size=(1, 3, 32, 25, 2))
        shaken = action + 0.01 * np.random.default_rng(int(sample.path.stem[9:12])).normal(size=action.shape)
        return Clips(torch.from_numpy(shaken.astype(np.float32)), Kind.SKELETON, graph="ntu25")

    def fixed(self, sample: Sample, moments: int) -> Iterator[Clips]:
        yield self.drawn(sample, np.random.default_rng(0))


def side(names: tuple[str, ...]) -> Side:
    labels = [f"action {name[-3:]}" for name in names]
    samples = tuple(
        Sample(path=Path(f"{name}.skeleton"), label=label) for name, label in zip(names, labels, strict=True)
    )
    classes = tuple(sorted(set(labels)))
    label_N = torch.tensor([classes.index(label) for label in labels])
    sees = Bodies(graph="ntu25", frames=32, view="one_shot", pipeline=Pipeline())
    return Side(samples, label_N, classes, sees, Moving())


def one_shot() -> tuple[FitRecipe, OneShotTCN, Feed]:
    recipe = published("one_shot_ntu120")
    network = network_of(recipe, 5)
    assert isinstance(network, OneShotTCN)
    return recipe, network, feed_of(recipe, network)


def test_ntus_novel_actions_are_told_by_its_anchors() -> None:
    recipe, network, feed = one_shot()
    exemplars, rest = anchored(side(NAMES))
    assert [sample.path.stem for sample in exemplars.samples] == list(NAMES[:2])
    assert [sample.path.stem for sample in rest.samples] == list(NAMES[2:])
    report = measured_on(side(NAMES), recipe, network, feed, Team())
    assert (report["clips"], report["top1"], report["exemplars"]) == (2, 1.0, 2)
    with pytest.raises(TooLittle, match="besides the exemplars"):
        measured_by(network, feed, *anchored(side(NAMES[:2])), Team())


def test_three_distances_are_told_side_by_side() -> None:
    _, network, feed = one_shot()
    report = measured_by(network, feed, *anchored(side(NAMES)), Team())
    assert list(report["by_distance"]) == ["cosine", "jensen_shannon", "euclidean"]
    assert all(held["top1"] == 1.0 for held in report["by_distance"].values())
    assert report["top1"] == report["by_distance"]["cosine"]["top1"]
    assert report["ece"] is None, "distances are no chances"


class Lowered(nn.Module):
    """Numbers below zero, as networks without a last ReLU have them."""

    def forward(self, x: Tensor) -> Tensor:
        return x - 10


def test_of_other_networks_what_the_head_is_given_is_compared() -> None:
    network, clips = Small(3).eval(), drawn_side("test", 6)
    feed = feed_of(RECIPE, network)
    found_ND = embedded(network, feed, clips, Team())
    with torch.no_grad():
        view = feed(next(clips.tested(4)))
        expected_D = torch.relu(network.body(torch.relu(network.stem(view)))).mean((2, 3, 4))[0]
    np.testing.assert_allclose(found_ND[4], expected_D.numpy(), rtol=1e-5)
    report = measured_by(network, feed, *exemplified(clips, 1), Team())
    assert report["clips"] == 3


def test_a_distance_that_says_nothing_of_such_numbers_says_why() -> None:
    network = Small(3).eval()
    network.drop = Lowered()  # type: ignore[assignment]
    feed = feed_of(RECIPE, network)
    held = measured_by(network, feed, *exemplified(drawn_side("test", 6), 1), Team())["by_distance"]
    assert "embeddings must not be negative" in held["jensen_shannon"]["note"]
    assert "top1" in held["euclidean"]


def test_exemplars_are_the_first_of_each_class() -> None:
    names = ("S001C001P001R001A002", "S001C001P002R001A002", "S001C001P001R001A003", "S001C001P002R001A003")
    exemplars, rest = exemplified(side(names), 1)
    assert [sample.path.stem for sample in exemplars.samples] == [names[0], names[2]]
    assert [sample.path.stem for sample in rest.samples] == [names[1], names[3]]
    assert len(exemplified(side(names), 2)[0]) == 4
    with pytest.raises(TooLittle, match="Of action 003 there are 1 exemplars, not 2"):
        exemplified(side(names[:3]), 2)
    _, network, feed = one_shot()
    with pytest.raises(TooLittle, match="no exemplar of action 003"):
        measured_by(network, feed, side(names[:1]), side(names[2:]), Team())
