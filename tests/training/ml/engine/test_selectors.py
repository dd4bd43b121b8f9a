"""The selectors learn which frames tell something, and nothing but seed and clips decides how."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from training.ml.encoder import EncodedClip
from training.ml.engine import selectors
from training.ml.engine.checkpoints import Slot
from training.ml.engine.classify import Pool
from training.ml.engine.loop import Line
from training.ml.engine.plan import Plan
from training.ml.engine.selectors import frames_of, padded, train_global, train_single
from training.ml.models.smart import drawn_partners

PLAN = Plan(single_epochs=25, global_epochs=4, selector_batch=4, project=8, hidden=8)
WIDTH = 6


def clip(seed: int, candidates: int = 5) -> tuple[EncodedClip, Tensor]:
    """A clip whose frames tell more the larger their first number is."""
    rng = np.random.default_rng(seed)
    x_ND = rng.normal(0, 1, (candidates, WIDTH)).astype(np.float32)
    x_ND /= np.linalg.norm(x_ND, axis=1, keepdims=True)
    nothing = np.zeros((candidates, 1), np.float32)
    ordinals = np.arange(candidates, dtype=np.int32)
    return EncodedClip(ordinals, x_ND, nothing, nothing, nothing[:, 0]), torch.from_numpy(
        (x_ND[:, 0] > 0).astype(np.float32)
    )


def ignored(_history: list[Line], _best: int) -> None:
    """Nobody listens."""


def test_short_clips_are_filled_up_with_zeros() -> None:
    x_BND, lengths_B = padded([clip(1, 2)[0], clip(2, 5)[0]])
    assert (tuple(x_BND.shape), lengths_B.tolist()) == ((2, 5, WIDTH), [2, 5])
    assert not x_BND[0, 2:].any()
    torch.testing.assert_close(x_BND[0, :2], frames_of(clip(1, 2)[0].x_ND))


def test_frames_come_with_numbers_of_about_one() -> None:
    assert float(frames_of(clip(1)[0].x_ND).square().mean()) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("smooth_l1", [0, 1])
def test_delta_learns_which_frames_tell_something(tmp_path: Path, smooth_l1: int) -> None:
    pairs = [clip(seed) for seed in range(40)]
    network, fitted = train_single(
        [each for each, _ in pairs],
        [oracle for _, oracle in pairs],
        val=None,
        plan=Plan(single_epochs=25, selector_batch=4, smooth_l1=smooth_l1, selector_rate=1e-2),
        seed=1,
        slot=Slot(tmp_path, "single"),
        tell=ignored,
    )
    assert fitted.history[-1]["loss"] < fitted.history[0]["loss"] / 2
    fresh, oracle = clip(99, 60)
    with torch.no_grad():
        told_N = network(frames_of(fresh.x_ND)) > 0.5
    assert float((told_N == (oracle > 0.5)).float().mean()) > 0.85


def test_the_epoch_that_does_best_on_val_is_kept(tmp_path: Path) -> None:
    pairs = [clip(seed) for seed in range(8)]
    noise = [torch.rand(5, generator=torch.Generator().manual_seed(seed)) for seed in range(8)]
    clips = [each for each, _ in pairs]
    _, fitted = train_single(
        clips, noise, val=(clips[:3], noise[3:6]), plan=PLAN, seed=1, slot=Slot(tmp_path, "s"), tell=ignored
    )
    losses = [line["val_loss"] for line in fitted.history]
    assert losses[fitted.best_epoch - 1] == min(losses)


def test_gamma_learns_with_partners_that_are_drawn_anew_every_epoch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Tensor] = []

    def draw(*given: Any) -> Tensor:
        drawn.append(drawn_partners(*given))
        return drawn[-1]

    monkeypatch.setattr(selectors, "drawn_partners", draw)
    pool = Pool([clip(seed)[0] for seed in range(4)], torch.arange(4) % 2)
    train_global(pool, torch.ones(2), val=pool, plan=PLAN, seed=1, slot=Slot(tmp_path, "g"), tell=ignored)
    assert len(drawn) == PLAN.global_epochs, "val is looked at with the fixed ones"
    assert not any(torch.equal(drawn[0], later) for later in drawn[1:])


def test_gamma_hangs_on_the_seed_alone(tmp_path: Path) -> None:
    pool = Pool([clip(seed, 2 + seed % 4)[0] for seed in range(8)], torch.arange(8) % 2)
    found = []
    for place, seed in enumerate((1, 1, 2)):
        torch.manual_seed(place)  # whatever was drawn before
        network, _ = train_global(
            pool, torch.ones(2), val=pool, plan=PLAN, seed=seed, slot=Slot(tmp_path, f"{place}"), tell=ignored
        )
        with torch.no_grad():
            found.append(network(*padded(pool.clips)).gamma_BN)
    assert torch.equal(found[0], found[1])
    assert not torch.equal(found[0], found[2])
