"""Novel actions are matched with one recording each."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch

from training.ml.augment.clips import Clips, Kind
from training.ml.augment.pipeline import Pipeline
from training.ml.datasets import Sample
from training.ml.errors import TooLittle
from training.ml.fit.measure import measured_on
from training.ml.fit.network import feed_of, network_of
from training.ml.fit.one_shot import matched
from training.ml.fit.recipe import Bodies
from training.ml.fit.stock import Side
from training.ml.fit.team import Team
from training.ml.models.skeleton.tcn import OneShotTCN
from training.ml.recipes.published import published

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
    samples = tuple(Sample(path=Path(f"{name}.skeleton"), label=f"action {name[-3:]}") for name in names)
    sees = Bodies(graph="ntu25", frames=32, view="one_shot", pipeline=Pipeline())
    return Side(samples, torch.zeros(len(names), dtype=torch.int64), ("all",), sees, Moving())


def test_each_recording_but_the_anchors_is_near_the_one_of_its_action() -> None:
    recipe = published("one_shot_ntu120")
    network = network_of(recipe, 5)
    assert isinstance(network, OneShotTCN)
    near_NC, label_N, classes = matched(network, feed_of(recipe, network), side(NAMES), "cpu")
    assert classes == ("action 001", "action 007")
    assert label_N.tolist() == [0, 1]
    assert near_NC.argmax(1).tolist() == [0, 1]
    report = measured_on(side(NAMES), recipe, network, feed_of(recipe, network), Team())
    assert (report["clips"], report["top1"]) == (2, 1.0)
    with pytest.raises(TooLittle, match="besides the anchors"):
        matched(network, feed_of(recipe, network), side(NAMES[:2]), "cpu")
