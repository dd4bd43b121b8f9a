"""Clips of any kind are mixed where the pipeline says so."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.training.ml.fit.small import CLASSES, recipe
from training.ml.augment.clips import Clips, Kind
from training.ml.augment.mixing import Mixup
from training.ml.augment.pipeline import Pipeline
from training.ml.datasets import Sample
from training.ml.fit.feeding import parts_of
from training.ml.fit.recipe import Bodies, LossRecipe
from training.ml.fit.stock import Side
from training.ml.fit.team import Team

pytestmark = pytest.mark.usefixtures("small")


@dataclass(frozen=True)
class Standing:
    """Each class's person stands at its own place."""

    def drawn(self, sample: Sample, generator: np.random.Generator) -> Clips:
        x_NCTVM = torch.full((1, 3, 4, 14, 1), float(CLASSES.index(sample.label)))
        return Clips(x_NCTVM, Kind.SKELETON, graph="cpm14")

    def fixed(self, sample: Sample) -> Clips:
        return self.drawn(sample, np.random.default_rng(0))


def test_bodies_are_mixed_in_the_shares_of_their_targets() -> None:
    sees = Bodies(graph="cpm14", frames=4, upright=False, pipeline=Pipeline("mixed", mixes=(Mixup(1.0),)))
    of = recipe(network="st_gcn", sees=sees, loss=LossRecipe(kind="soft_target"), batch=6)
    samples = tuple(Sample(path=Path(str(n)), label=CLASSES[n % 3]) for n in range(6))
    side = Side(samples, torch.arange(6) % 3, CLASSES, sees, Standing())
    ((part,),) = parts_of(of, side, Team(), 1, 0, torch.ones(3), 0)
    torch.testing.assert_close(part.target_BK.sum(1), torch.ones(6))
    torch.testing.assert_close(part.x[:, 0, 0, 0, 0], part.target_BK @ torch.arange(3.0))
    assert (part.target_BK.amax(1) < 0.99).any()
