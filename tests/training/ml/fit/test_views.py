"""A test sees a clip in all the views that it was asked for, one at a time, and averages what is said."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from tests.training.ml.fit.small import CLASSES, RECIPE
from training.ml.augment.clips import Clips
from training.ml.augment.crops import Crops
from training.ml.augment.pipeline import Pipeline
from training.ml.augment.presets import SQUARE
from training.ml.datasets import Sample
from training.ml.fit.measure import logits_of
from training.ml.fit.network import Feed
from training.ml.fit.recipe import Bodies, FitRecipe, Scores, Sight, WrongRecipe
from training.ml.fit.stock import Side
from training.ml.fit.team import Team
from training.ml.fit.views import once, protocol, seen
from training.ml.models.contract import Normalisation
from training.ml.recipes.published import published
from training.ml.sampling import Segments

assert isinstance(RECIPE.sees, Sight)
SQUARED = replace(RECIPE, sees=replace(RECIPE.sees, test_pipeline=SQUARE))
BODIES = replace(RECIPE, sees=Bodies(graph="ntu25", frames=8, pipeline=Pipeline()))


def test_views_are_the_recipes_unless_others_are_asked_for() -> None:
    assert protocol(RECIPE) == {"moments": 1, "crops": 1, "scores": "logits"}
    assert seen(RECIPE) == RECIPE
    more = seen(RECIPE, moments=4, crops=10, scores="softmax")
    assert protocol(more) == {"moments": 4, "crops": 10, "scores": "softmax"}
    assert isinstance(more.sees, Sight)
    assert more.sees.test_pipeline.steps == (Crops(8, 10),), "of the size that the recipe crops"
    assert protocol(seen(BODIES, moments=3))["moments"] == 3


def test_while_it_learns_a_clip_is_seen_once() -> None:
    more = seen(RECIPE, moments=4, crops=10)
    assert protocol(replace(more, sees=once(more.sees))) == protocol(RECIPE)
    assert once(SQUARED.sees) == SQUARED.sees


def test_squares_that_cannot_be_cut_are_told() -> None:
    with pytest.raises(WrongRecipe, match="small sees skeletons, of which no squares are cut"):
        seen(BODIES, crops=3)
    with pytest.raises(WrongRecipe, match="The pipeline square that is tested on cuts no square"):
        seen(SQUARED, crops=3)
    with pytest.raises(WrongRecipe, match="once or more often, not 0 times"):
        seen(BODIES, moments=0)


PROTOCOLS = {
    "x3d_m_kinetics": (10, 3, "softmax"),
    "slowfast_4x16_kinetics": (10, 3, "softmax"),
    "slowfast_8x8_kinetics": (10, 3, "softmax"),
    "tsn_bninception_ucf101": (1, 1, "logits"),
    "tsn_vgg16_ucf101": (1, 10, "logits"),
    "tsn_resnet50_hmdb51": (1, 10, "logits"),
}


@pytest.mark.parametrize("name", PROTOCOLS)
def test_published_recipes_are_tested_as_their_sources_do(name: str) -> None:
    recipe = published(name)
    assert tuple(protocol(recipe).values()) == PROTOCOLS[name]
    if name.startswith("tsn"):
        assert isinstance(recipe.sees, Sight)
        assert recipe.sees.tested == Segments(segments=25)


@dataclass
class Counted:
    """Clips whose moment n is all n; counts how many views are held that were not yet taken."""

    most: int = 0
    held: int = 0

    def drawn(self, sample: Sample, generator: np.random.Generator) -> Clips:
        raise AssertionError

    def fixed(self, sample: Sample, moments: int) -> Iterator[Clips]:
        for n in range(moments):
            self.held += 1
            self.most = max(self.most, self.held)
            yield Clips(torch.full((1, 3, 2, 8, 12), n, dtype=torch.uint8))


class Telling(nn.Module):
    """Logits of the brightness that it sees."""

    def __init__(self, reader: Counted) -> None:
        super().__init__()
        self.reader, self.calls = reader, 0

    def forward(self, x_BCTHW: Tensor) -> Tensor:
        self.calls += 1
        self.reader.held = 0
        bright_B = 255 * x_BCTHW.mean((1, 2, 3, 4))
        return torch.stack([bright_B, 1 - bright_B, 0 * bright_B], 1)


def said(scores: Scores, moments: int = 5) -> tuple[Tensor, Telling]:
    recipe: FitRecipe = seen(replace(RECIPE, network="x3d_xs"), moments=moments, crops=10)
    reader = Counted()
    network = Telling(reader)
    side = Side((Sample(path=Path("a"), label="red"),), torch.zeros(1), CLASSES, recipe.sees, reader)
    feed = Feed(recipe, (Normalisation((0.0,) * 3, (1.0,) * 3, "RGB"),))
    return logits_of(network, feed, side, Team(), scores=scores), network


def test_logits_of_all_views_are_averaged() -> None:
    logits_NC, network = said("logits")
    assert network.calls == 50
    assert logits_NC[0].tolist() == pytest.approx([2.0, -1.0, 0.0], abs=1e-5)


def test_or_what_their_softmax_thinks_likely() -> None:
    bright_V = torch.arange(5.0)
    expected_C = torch.stack([bright_V, 1 - bright_V, 0 * bright_V], 1).softmax(1).mean(0)
    assert torch.allclose(said("softmax")[0].softmax(1)[0], expected_C, atol=1e-6)


def test_no_more_than_one_view_is_held_however_many_there_are() -> None:
    for moments in (2, 50):
        assert said("logits", moments)[1].reader.most == 1
