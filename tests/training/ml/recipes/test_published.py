"""Every recipe of the sources' tables takes a step, on drawn clips of its own kind that are small."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from tests.training.ml.shortly import shortly
from training.ml.augment.clips import Clips, Kind
from training.ml.augment.moves import Crop
from training.ml.augment.pipeline import Pipeline
from training.ml.datasets import READERS, Sample
from training.ml.fit.asking import Asked
from training.ml.fit.codec import recipe_of, told
from training.ml.fit.epoch import Course, run_epoch
from training.ml.fit.lesson import Lesson, head_of, weights_of
from training.ml.fit.network import begin, feed_of, network_of
from training.ml.fit.recipe import Bodies, FitRecipe, Sight, WrongRecipe
from training.ml.fit.stock import Side
from training.ml.fit.team import Team
from training.ml.models.skeleton.graphs import graph_named
from training.ml.optim import Descent, Plateau, fitting_groups
from training.ml.recipes.published import PUBLISHED, published

SIDE, FRAMES = 32, 64
ROWS = (
    *("tsn_vgg16_ucf101", "tsn_resnet50_hmdb51", "i3d_inception_rgb_ucf101", "i3d_inception_flow_ucf101"),
    *("i3d_r50_ucf101", "x3d_m_6", "x3d_m_8", "x3d_m_16", "slowfast_4x16_kinetics"),
    *("tsn_bninception_flow_ucf101", "tsn_bninception_warped_flow_ucf101"),
    *("tsn_bninception_rgb_difference_ucf101", "two_stream_cnn_lstm_ucf101"),
    *("tsn_bninception_ucf101", "as_gcn_ntu5_xsub", "as_gcn_ntu5_xview", "as_gcn_mads4", "one_shot_ntu120"),
)
KINDS = (
    *("tsn_bninception_ucf101", "tsn_bninception_warped_flow_ucf101"),
    *("tsn_bninception_rgb_difference_ucf101", "x3d_m_6", "as_gcn_mads4", "one_shot_ntu120"),
)
"""One of each: pictures, flow, differences, clips, bodies that begin with weights, pairs of bodies."""


@dataclass(frozen=True)
class Drawn:
    """Noise of the kind that the recipe sees, in as many frames as it samples."""

    recipe: FitRecipe

    def drawn(self, sample: Sample, generator: np.random.Generator) -> Clips:
        sees = self.recipe.sees
        if isinstance(sees, Bodies):
            joints = len(graph_named(sees.graph).joints)
            x = generator.normal(size=(1, 3, sees.frames, joints, sees.people))
            return Clips(torch.from_numpy(x.astype(np.float32)), Kind.SKELETON, graph=sees.graph)
        (place_T,) = sees.sampler.drawn(FRAMES, generator)
        channels = {Kind.PICTURES: 3, Kind.FLOW: 2, Kind.STREAMS: 5}[sees.kind]
        pixels = generator.integers(0, 256, (1, channels, len(place_T), SIDE + 8, SIDE + 8))
        return Clips(torch.from_numpy(pixels.astype(np.uint8)), sees.kind)

    def fixed(self, sample: Sample, moments: int) -> Iterator[Clips]:
        yield self.drawn(sample, np.random.default_rng(0))


def shrunk(recipe: FitRecipe) -> FitRecipe:
    """The recipe on small input: all else is its own."""
    sees = recipe.sees
    if isinstance(sees, Sight):
        small: Sight | Bodies = replace(sees, pipeline=Pipeline("small", (Crop(SIDE),)))
    else:
        small = replace(sees, frames=24)
    return replace(recipe, sees=small, batch=2, accumulate=1, clips_per_class=0)


def weights_for(recipe: FitRecipe, folder: Path) -> Path | None:
    """The network with another number of classes, for a recipe that begins with weights."""
    if recipe.transfer is None:
        return None
    save_file(network_of(recipe, 7).state_dict(), folder / "weights.safetensors")
    return folder / "weights.safetensors"


@pytest.mark.parametrize("name", shortly(PUBLISHED, *KINDS))
def test_it_takes_a_step(name: str, tmp_path: Path) -> None:
    recipe = shrunk(published(name))
    classes = recipe.data.classes or ("a", "b", "c")
    samples = tuple(Sample(path=Path(f"{n}"), label=classes[n]) for n in range(2))
    side = Side(samples, torch.arange(2), classes, recipe.sees, Drawn(recipe))
    network = network_of(recipe, len(classes))
    begin(recipe, network, weights_for(recipe, tmp_path))
    lesson = Lesson(
        network, feed_of(recipe, network), recipe.loss, weights_of(recipe.loss, side.label_N, len(classes))
    )
    before = {each: parameter.detach().clone() for each, parameter in head_of(network).named_parameters()}
    optimizer = recipe.optimizer.over(fitting_groups(network, recipe.optimizer))
    descent = Descent(lesson, optimizer, clip_norm=recipe.clip_norm, device="cpu")
    line = run_epoch(Course(recipe, Team(), lesson, descent, side, Asked()), 1, recipe.epochs)
    assert line["train_loss"] is not None, "a number"
    assert all(not torch.equal(before[each], now) for each, now in head_of(network).named_parameters())
    still = [name for name, each in network.named_parameters() if not each.requires_grad]
    assert any("class_layer_5" in name for name in still) == (name == "as_gcn_mads4")
    assert not any("class_layer_6" in name for name in still)


def test_every_row_of_the_tables_has_a_recipe() -> None:
    assert set(ROWS) <= set(PUBLISHED)
    assert all(name == recipe.name for name, recipe in PUBLISHED.items())


@pytest.mark.parametrize("recipe", PUBLISHED.values(), ids=list(PUBLISHED))
def test_it_can_be_kept_and_names_what_there_is(recipe: FitRecipe) -> None:
    assert recipe_of(told(recipe)) == recipe
    assert recipe.data.reader in READERS
    assert recipe.source.endswith(".")
    with torch.device("meta"):
        network_of(recipe, 5)


def test_the_last_rate_of_a_schedule_is_that_of_its_paper() -> None:
    tsn, x3d = published("tsn_bninception_ucf101"), published("x3d_m_kinetics")
    assert [round(tsn.schedule.factor(at, tsn.epochs), 6) for at in (0, 30, 60)] == [1, 0.1, 0.01]
    assert x3d.schedule.factor(0, x3d.epochs) == pytest.approx(0.1)
    assert x3d.schedule.factor(35, x3d.epochs) == pytest.approx(1)


def test_a_rate_that_waits_longer_than_the_run_says_so() -> None:
    late = {
        each.name
        for each in PUBLISHED.values()
        if isinstance(each.schedule, Plateau) and 0 < each.patience <= each.schedule.patience
    }
    assert late == {each.name for each in PUBLISHED.values() if "raise `patience`" in each.source}
    assert late == {"x3d_m_16_plateau"}


def test_a_recipe_that_is_not_there_is_told() -> None:
    with pytest.raises(WrongRecipe, match="no recipe named best; there are: tsn_vgg16_ucf101, "):
        published("best")
