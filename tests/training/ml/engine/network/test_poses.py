"""Poses are shown about their own middle and in their own size, and AS-GCN learns from them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.training.ml.engine.network.dying import broken_off
from tests.training.ml.house import Heard, House, usual
from training.ml import recipes
from training.ml.engine.models import load_model
from training.ml.engine.network.model import NetworkModel
from training.ml.engine.network.poses import PoseViewer, about_itself
from training.ml.engine.plan import torch_drawing
from training.ml.models.skeleton.aim import create_aim
from training.ml.models.skeleton.as_gcn import ASGCN
from training.ml.pose.poses import Poses
from training.ml.recipes.networks import AS_GCN, LIMBS
from training.ml.run import run

TINY = replace(AS_GCN, name="tiny_poses", moments=12, epochs=2, link_epochs=2, batch=6, refit=True)
VIEWER = PoseViewer(TINY, "cpm14")


def poses_for(content: str, action: int, frames: int = 20) -> Poses:
    """A person who stands, of whom the arms go up, or the legs apart, by the action."""
    rng = np.random.default_rng(int(content[:8], 16))
    standing = rng.uniform(-4, 4, (14, 2)) + np.stack([np.linspace(-20, 20, 14), np.linspace(0, 120, 14)], 1)
    joints_TMV3 = np.ones((frames, 1, 14, 3), np.float32)
    for n in range(frames):
        body = standing + rng.normal(0, 0.5, (14, 2))
        if action == 1:
            body[2:8, 1] -= 3 * n
        if action == 2:
            body[8:, 0] *= 1 + n / 10
        joints_TMV3[n, 0, :, :2] = body + np.array([150, 60])
    fingerprint = TINY.feature_fingerprint("f" * 64)
    at = np.arange(frames, dtype=np.int32)
    return Poses(at, np.zeros(1, np.int32), joints_TMV3, "cpm14", 320, 240, "f" * 64, fingerprint)


@pytest.fixture(scope="module", autouse=True)
def _tiny() -> Any:
    recipes.RECIPES["tiny_poses"] = TINY
    yield
    del recipes.RECIPES["tiny_poses"]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = usual(tmp_path_factory.mktemp("poses") / "house")
    for clip in made.clips:
        poses_for(clip.content_sha256, int(clip.label[-1])).save(Path(made.features[clip.clip]))
    return made


def asked(house: House, checkpoints: Path) -> dict[str, Any]:
    return house.params(str(checkpoints), recipe="tiny_poses", overrides={})


@pytest.fixture(scope="module")
def ran(house: House, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    out = tmp_path_factory.mktemp("ran")
    return out, run(asked(house, out / "checkpoints"), out, Heard())


@given(x=st.floats(-200, 200), y=st.floats(-200, 200), zoom=st.floats(0.5, 4), seed=st.integers(0, 5))
def test_where_a_person_stands_and_how_near_makes_no_difference(
    x: float, y: float, zoom: float, seed: int
) -> None:
    joints = poses_for(f"{seed:08x}", 1).joints_TMV3.astype(np.float64)
    elsewhere = joints.copy()
    elsewhere[..., :2] = joints[..., :2] * zoom + np.array([x, y])
    assert about_itself(elsewhere) == pytest.approx(about_itself(joints), abs=1e-6)


def test_what_is_not_seen_stays_zero() -> None:
    joints = poses_for("00000001", 0).joints_TMV3.astype(np.float64)
    joints[3, 0, 5] = 0
    assert (about_itself(joints)[3, 0, 5] == 0).all()
    assert (about_itself(np.zeros((4, 2, 14, 3))) == 0).all()


def test_a_view_has_the_axes_of_a_skeleton_network_and_room_for_two() -> None:
    view, ordinals = VIEWER.testing(poses_for("00000001", 0), 12)
    assert view.shape == (3, 12, 14, 2)
    assert (view[..., 1] == 0).all()
    assert len(ordinals) == 12


def test_the_same_random_numbers_give_the_same_view() -> None:
    first, second = (VIEWER.training(poses_for("00000001", 1), np.random.default_rng(4)) for _ in range(2))
    assert torch.equal(first, second)
    assert not torch.equal(first, VIEWER.training(poses_for("00000001", 1), np.random.default_rng(5)))


def test_it_learns_links_first_and_keeps_them_in_the_model(ran: tuple[Path, dict[str, Any]]) -> None:
    out, report = ran
    assert report["n_test"] == 6
    assert list(report["curve"]) == ["uniform"]
    model = load_model(out / "model.safetensors")
    assert isinstance(model, NetworkModel)
    assert isinstance(model.module, ASGCN)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(torch_drawing(3, "links").initial_seed())
        before = create_aim(graph="cpm14").encoder.state_dict()
    after = model.module.aim.encoder.state_dict()
    assert set(before) == set(after)
    assert any(not torch.equal(before[name], after[name]) for name in before)


def test_killed_while_it_learns_links_or_actions_it_ends_in_the_same_bits(
    ran: tuple[Path, dict[str, Any]], house: House, tmp_path: Path
) -> None:
    params = asked(house, tmp_path / "checkpoints")
    for stage in ("network, links, epoch 2", "network, epoch 2", "network, once more with val, epoch 1"):
        broken_off(params, stage, tmp_path / "dead")
    run(params, tmp_path / "out", Heard())
    for name in ("model.safetensors", "predictions.json"):
        assert (tmp_path / "out" / name).read_bytes() == (ran[0] / name).read_bytes(), name


def test_limbs_learn_from_the_same_poses_and_killed_end_in_the_same_bits(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = replace(LIMBS, name="tiny_limbs", moments=12, epochs=4, batch=4)
    monkeypatch.setitem(recipes.RECIPES, tiny.name, tiny)
    whole, broken = (
        house.params(str(tmp_path / name), recipe=tiny.name, overrides={}) for name in ("whole", "broken")
    )
    losses = [line["train_loss"] for line in run(whole, tmp_path / "out", Heard())["history"]]
    assert losses[-1] < 0.9 * losses[0], losses
    for stage in ("network, epoch 2", "network, epoch 4", "network, once more with val, epoch 1"):
        broken_off(broken, stage, tmp_path / "dead")
    run(broken, tmp_path / "again", Heard())
    for name in ("model.safetensors", "predictions.json"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "out" / name).read_bytes(), name
