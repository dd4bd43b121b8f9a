"""Answering from a glance: what is said is what would be said had everything been read."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.training.ml.features.footage import FRAMES, make_proxy
from training.ml import weights
from training.ml.classifier import ClipClassifier
from training.ml.encoder import Encoder
from training.ml.engine.glancing import filmed, told_at_a_glance
from training.ml.engine.model import ActionFacts, ActionModel
from training.ml.engine.scoring import answer, judged
from training.ml.errors import LearningError
from training.ml.features.appearance import Looker
from training.ml.features.extract import Extractor
from training.ml.models.smart import GlobalSelector, SingleFrameSelector
from training.ml.recipes.motion import SMART_GLANCE, FeatureRecipe

FEATURES = FeatureRecipe(candidates=8, side=64)
RECIPE = replace(
    SMART_GLANCE,
    features=FEATURES,
    glance=replace(FEATURES, width=48, rate=7.5, cell=4, keep=6),
    components=4,
    words=3,
    latent=5,
)
PARTS = [(0, 40), (0, 20), (10, 30), (20, 40), (5, 25), (15, 35)]


class Looked:
    """An extractor, and a model that nobody taught: what it says hangs on every number that it sees."""

    def __init__(self, folder: Path) -> None:
        self.proxy = make_proxy(folder)
        self.extractor = Extractor(RECIPE, Looker(weights.load(None)[0], FEATURES.side))
        self.reads = [self.extractor.read(self.proxy, *part, 25.0) for part in PARTS]
        encoder = Encoder.fit(self.reads, recipe=RECIPE, seed=0)
        torch.manual_seed(1)
        facts = ActionFacts(
            classes=("a", "b", "c"), names=("a", "b", "c"), recipe=RECIPE.name, overrides={}, features="",
            weights="none", budget=2, seed=0, trained_on=(), project=8, hidden=8,
        )  # fmt: skip
        whole = GlobalSelector(dim=encoder.x_width, classes=3, project=8, hidden=8)
        single = SingleFrameSelector(dim=encoder.x_width)
        classifier = ClipClassifier(encoder.width, 3)
        torch.nn.init.normal_(classifier.linear.weight)
        self.model = ActionModel(encoder, classifier.eval(), single.eval(), whole.eval(), facts)

    def asked(self, part: int) -> dict[str, Any]:
        start, end = PARTS[part]
        return {"proxy": str(self.proxy), "start": start, "end": end, "fps": 25.0}


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Looked:
    return Looked(tmp_path_factory.mktemp("looked"))


@pytest.mark.parametrize("part", range(len(PARTS)))
@pytest.mark.parametrize("budget", [1, 2, 5, 100])
def test_a_glance_says_what_reading_everything_says(looked: Looked, part: int, budget: int) -> None:
    model = looked.model
    clip = judged(model, model.encoder.encode(looked.reads[part]), "a clip")
    whole = answer(model, clip, "smart", budget)
    film = filmed(looked.extractor, looked.asked(part))
    quick = told_at_a_glance(model, looked.extractor, film, "a clip", budget)
    assert quick.ordinals == whole.ordinals
    np.testing.assert_allclose(quick.p_C, whole.p_C, atol=2e-3)


def test_it_reads_as_many_frames_as_the_model_was_found_to_need(looked: Looked) -> None:
    film = filmed(looked.extractor, looked.asked(0))
    assert len(told_at_a_glance(looked.model, looked.extractor, film, "a clip").ordinals) == 2


def test_a_model_that_does_not_glance_is_refused(looked: Looked) -> None:
    blind = replace(looked.model, encoder=replace(looked.model.encoder, glimpses=None))
    film = filmed(looked.extractor, looked.asked(0))
    with pytest.raises(LearningError, match="chooses frames by all that there is to read"):
        told_at_a_glance(blind, looked.extractor, film, "a clip")


def test_what_lies_outside_the_video_is_refused(looked: Looked) -> None:
    with pytest.raises(IndexError, match="outside"):
        filmed(looked.extractor, {**looked.asked(0), "end": FRAMES + 1})
