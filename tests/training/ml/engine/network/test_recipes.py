"""Every recipe of a network fits its network: what it shows is what that takes."""

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.training.ml.engine.network.untaught import untaught
from training.ml.engine import checkpoints
from training.ml.engine.models import load_model
from training.ml.engine.network.model import NetworkModel, Seen, made, viewer_of
from training.ml.errors import BadFile
from training.ml.features.pack import ClipPack, packed
from training.ml.pose.poses import Poses
from training.ml.recipes.networks import LIMBS, NETWORK_RECIPES, NetworkRecipe, Reads

ALL = pytest.mark.parametrize("recipe", NETWORK_RECIPES, ids=[recipe.name for recipe in NETWORK_RECIPES])


def still(recipe: NetworkRecipe, moments: int = 3) -> Seen:
    """A clip of few moments in which nothing moves, as its recipe keeps it."""
    if recipe.clip.reads == Reads.POSES:
        joints = np.random.default_rng(0).uniform(50, 200, (1, 1, 14, 3)).astype(np.float32)
        at = np.arange(moments, dtype=np.int32)
        return Poses(at, np.zeros(1, np.int32), joints.repeat(moments, 0), "cpm14", 320, 240)
    channels = 2 if recipe.clip.reads == Reads.FLOW else 3
    jpeg = packed(np.full((recipe.clip.side, recipe.clip.side, channels), 120, np.uint8))
    ordinals_P = np.arange(moments, dtype=np.int32)
    return ClipPack(
        ordinals_P, channels, (jpeg,) * moments * recipe.clip.frames, recipe.feature_fingerprint()
    )


@ALL
def test_its_network_takes_what_it_shows(recipe: NetworkRecipe) -> None:
    torch.manual_seed(0)
    network = made(recipe, 3).eval()
    viewer = viewer_of(recipe, network)
    trained = viewer.training(still(recipe), np.random.default_rng(0))
    tested, _ = viewer.testing(still(recipe), recipe.moments)
    assert trained.shape == tested.shape
    with torch.no_grad():
        logits_BC = network(viewer.batch([trained, tested]))
    assert logits_BC.shape == (2, 3)
    assert torch.isfinite(logits_BC).all()


@ALL
@pytest.mark.parametrize("pretrained", [False, True])
def test_its_model_says_the_same_from_its_file(
    recipe: NetworkRecipe, pretrained: bool, tmp_path: Path
) -> None:
    options = {"backbone_options": {"flavour": "tf"}} if pretrained and recipe.pretrained else {}
    model = untaught(recipe, options=options)
    (tmp_path / "model").write_bytes(model.to_bytes())
    again = load_model(tmp_path / "model")
    assert isinstance(again, NetworkModel)
    assert again.facts == model.facts
    first, second = (each.answer(still(recipe), recipe.moments) for each in (model, again))
    assert (first.p_C == second.p_C).all()
    assert first.ordinals == second.ordinals


def test_a_model_of_another_version_of_its_network_is_told_to_be_trained_again(tmp_path: Path) -> None:
    """As AS-GCN's were when a layer of it was called `conv`."""
    (tmp_path / "model").write_bytes(untaught(LIMBS).to_bytes())
    tensors, header = checkpoints.unpacked(tmp_path / "model")
    tensors["linear.weight"] = tensors.pop("fc.weight")
    (tmp_path / "old").write_bytes(checkpoints.packed(tensors, header))
    with pytest.raises(BadFile, match=r"another version of Statistics of limbs than is here\. Train again"):
        load_model(tmp_path / "old")


@ALL
def test_its_packs_hold_as_many_moments_as_it_sees(recipe: NetworkRecipe) -> None:
    assert recipe.clip.moments >= recipe.moments
    assert recipe.clip.reads == Reads.POSES or recipe.clip.side >= recipe.side


@ALL
def test_a_person_is_told_what_it_is_and_when_to_take_it(recipe: NetworkRecipe) -> None:
    assert len(recipe.title) > 4
    assert recipe.why.endswith(".")
