"""Which histories show that a network learned too little or too much, and which show nothing."""

from typing import Any

import numpy as np
import pytest

from training.ml.divergence import LEAST_CLIPS, LEAST_EPOCHS, Divergence, Verdict, divergence_of

Line = dict[str, Any]


def drawn(epochs: int, kind: str, seed: int = 0, noise: float = 0.03) -> list[Line]:
    """A history of losses and hits of that kind over time t in 0..1."""
    rng = np.random.default_rng(seed)
    t = np.linspace(0, 1, epochs)
    fall = np.exp(-5 * t)
    curves = {
        "good": (0.3 + 1.3 * fall, 0.4 + 1.2 * fall, 0.95 - 0.7 * fall, 0.9 - 0.6 * fall),
        "overfit": (0.02 + 1.5 * fall, 0.8 + fall + 1.2 * t**2, 1 - 0.75 * fall, 0.6 - 0.3 * fall),
        "memorised": (0.02 + 1.5 * np.exp(-4 * t), 1.2 + 0.4 * fall**3, 1 - 0.75 * fall, 0.45 + 0 * t),
        "guessing": (1.38 + 0 * t, 1.39 + 0 * t, 0.27 + 0 * t, 0.25 + 0 * t),
        "known": (0.01 + 1.5 * np.exp(-4 * t), 0.2 + 0.4 * fall**3, 1 + 0 * t, 0.95 + 0 * t),
        "falling": (1.6 - 1.1 * t, 1.6 - t, 0.25 + 0.5 * t, 0.25 + 0.45 * t),
    }
    lines = []
    for epoch, values in enumerate(zip(*curves[kind], strict=True), 1):
        train, val, hits, val_hits = (float(each) for each in values)
        train, val = (max(1e-3, each + rng.normal(0, noise)) for each in (train, val))
        hits, val_hits = (float(np.clip(each + rng.normal(0, noise / 2), 0, 1)) for each in (hits, val_hits))
        line = {"epoch": epoch, "train_loss": train, "val_loss": val}
        lines.append(line | {"train_top1": hits, "val_top1": val_hits})
    return lines


def found(kind: str, epochs: int = 30, clips: int = 100, **how: Any) -> Divergence:
    said = divergence_of(drawn(epochs, kind, **how), classes=4, val_clips=clips)
    assert said is not None
    return said


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("epochs", [12, 30, 80])
@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ("good", Verdict.NEITHER),
        ("overfit", Verdict.OVERFIT),
        ("memorised", Verdict.OVERFIT),
        ("guessing", Verdict.UNDERFIT),
        ("falling", Verdict.UNDERFIT),
    ],
)
def test_histories_are_told_apart(kind: str, verdict: Verdict, epochs: int, seed: int) -> None:
    assert found(kind, epochs, seed=seed).verdict == verdict


def test_a_rise_of_val_is_told_with_its_epochs_and_losses() -> None:
    said = found("overfit")
    turn, end = said.evidence["turn"], said.evidence["epochs"]
    assert isinstance(turn, int)
    assert 5 < turn < 20
    assert end == 30
    assert said.sentence.startswith(f"Overfit: from epoch {turn} to 30 the loss on train fell from ")
    assert said.evidence["val_loss_end"] > said.evidence["val_loss_turn"]
    assert f"{said.evidence['val_loss_end']:.2f}" in said.sentence


def test_a_gap_is_told_with_what_so_few_clips_allow() -> None:
    said = found("memorised")
    assert "beyond the" in said.sentence
    assert said.evidence["train_top1_end"] > said.evidence["val_top1_high"]


def test_a_network_that_is_nearly_always_right_on_val_has_learned_not_memorised() -> None:
    assert found("known", clips=1000, noise=0.01).verdict == Verdict.NEITHER


def test_underfit_is_told_by_hits_or_by_losses() -> None:
    assert "closer to guessing" in found("guessing").sentence
    assert "still falling" in found("falling").sentence


@pytest.mark.parametrize(
    ("kind", "do"),
    [
        ("overfit", "is kept; label more clips"),
        ("memorised", "is kept; label more clips"),
        ("guessing", "label more clips of each class, or take another recipe"),
        ("falling", "train for more epochs"),
    ],
)
def test_a_verdict_says_what_to_do(kind: str, do: str) -> None:
    assert do in found(kind).sentence


@pytest.mark.parametrize("kind", ["overfit", "guessing", "good"])
def test_no_word_is_said_where_evidence_is_thin(kind: str) -> None:
    lines = drawn(30, kind)
    assert divergence_of(lines[: LEAST_EPOCHS - 1], classes=4, val_clips=100) is None
    assert divergence_of(lines, classes=4, val_clips=LEAST_CLIPS - 1) is None
    assert divergence_of(lines, classes=1, val_clips=100) is None
    without = [{**line, "val_loss": None} for line in lines]
    assert divergence_of(without, classes=4, val_clips=100) is None


@pytest.mark.parametrize("seed", range(12))
def test_noise_alone_is_no_verdict_on_a_network_that_knows(seed: int) -> None:
    """Losses that wander about one value, by a third of it, on hits that are high."""
    rng = np.random.default_rng(seed)
    lines = [
        {"epoch": n, "train_loss": 0.3 + rng.normal(0, 0.1), "val_loss": 0.3 + rng.normal(0, 0.1)}
        | {"train_top1": 0.9, "val_top1": 0.9}
        for n in range(1, 31)
    ]
    said = divergence_of(lines, classes=4, val_clips=100)
    assert said is not None
    assert said.verdict == Verdict.NEITHER


def test_higher_loss_on_train_is_no_underfit_where_val_knows() -> None:
    """Augmentation and dropout make train hard: what counts is that one side knows."""
    lines = [{**line, "train_top1": 0.4, "train_loss": 1.5} for line in drawn(30, "good")]
    said = divergence_of(lines, classes=4, val_clips=100)
    assert said is not None
    assert said.verdict == Verdict.NEITHER
