"""Schedules against torch's own, epoch by epoch, and the moments within them."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch

from training.ml.optim import (
    Cosine,
    MultiStep,
    Plateau,
    Schedule,
    Step,
    Warmup,
    WrongOptimizer,
    linear_rate,
)

EPOCHS = 30


def of_torch(make: Callable[[torch.optim.Optimizer], Any], values: list[float] | None = None) -> list[float]:
    """The rates of torch's schedule at the beginning of each epoch."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule, rates = make(optimizer), []
    for epoch in range(EPOCHS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if values is None:
            schedule.step()
        else:
            schedule.step(values[epoch])
    return rates


def ours(schedule: Schedule, values: list[float] | None = None) -> list[float]:
    lines = [{"val_loss": value} for value in values or []]
    return [schedule.factor(epoch, EPOCHS, lines[:epoch]) for epoch in range(EPOCHS)]


lr = torch.optim.lr_scheduler


@pytest.mark.parametrize(
    ("schedule", "make"),
    [
        (Step(every=7, by=0.3), lambda each: lr.StepLR(each, 7, 0.3)),
        (MultiStep(after=(5, 6, 20), by=0.2), lambda each: lr.MultiStepLR(each, [5, 6, 20], 0.2)),
        (Cosine(end=0.1), lambda each: lr.CosineAnnealingLR(each, EPOCHS, 0.1)),
    ],
)
def test_they_are_torchs_at_the_beginning_of_each_epoch(schedule: Schedule, make: Any) -> None:
    assert ours(schedule) == pytest.approx(of_torch(make))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("patience", "cooldown"), [(0, 0), (2, 0), (2, 3), (10, 0)])
@pytest.mark.parametrize("best", ["lowest", "highest"])
def test_a_plateau_is_found_where_torch_finds_it(seed: int, patience: int, cooldown: int, best: Any) -> None:
    generator = torch.Generator().manual_seed(seed)
    values = torch.rand(EPOCHS, generator=generator).add(0.5).tolist()
    schedule = Plateau(best=best, by=0.5, patience=patience, cooldown=cooldown, least=0.01)
    mode: Any = "min" if best == "lowest" else "max"
    expected = of_torch(
        lambda each: lr.ReduceLROnPlateau(
            each, mode, 0.5, patience=patience, cooldown=cooldown, threshold=0.01, eps=0
        ),
        values,
    )
    assert ours(schedule, values) == pytest.approx(expected)


def test_a_plateau_counts_only_epochs_that_were_measured() -> None:
    lines: list[dict[str, Any]] = [
        {"val_loss": 1.0},
        {},
        {"val_loss": None},
        {"val_loss": 1.0},
        {"val_loss": 1.0},
    ]
    assert Plateau(patience=2).factor(5, EPOCHS, lines) == 1
    assert Plateau(patience=1).factor(5, EPOCHS, lines) == pytest.approx(0.1)


def test_a_warm_up_rises_in_a_straight_line_to_where_the_schedule_begins() -> None:
    schedule = Cosine(warmup=Warmup(epochs=4, start=0.1))
    assert [schedule.factor(at, EPOCHS) for at in (0, 1, 2, 4)] == pytest.approx([0.1, 0.325, 0.55, 1.0])
    half = 4 + (EPOCHS - 4) / 2
    assert schedule.factor(half, EPOCHS) == pytest.approx(0.5)
    assert schedule.factor(EPOCHS, EPOCHS) == pytest.approx(0)


def test_within_an_epoch_cosine_moves_and_steps_stay() -> None:
    assert Step(every=1).factor(2.9, EPOCHS) == pytest.approx(0.01)
    assert Cosine().factor(2.5, EPOCHS) == pytest.approx(0.5 * (1 + math.cos(math.pi * 2.5 / EPOCHS)))


def test_without_a_step_the_rate_stays() -> None:
    assert ours(MultiStep()) == [1.0] * EPOCHS


def test_rates_grow_with_the_batch() -> None:
    assert linear_rate(0.1, batch=32, reference=128) == pytest.approx(0.025)
    with pytest.raises(WrongOptimizer, match="at least 1 clip"):
        linear_rate(0.1, batch=0, reference=128)


def test_numbers_that_cannot_be_are_told() -> None:
    with pytest.raises(WrongOptimizer, match="warm-up"):
        Warmup(epochs=1, start=2)
    with pytest.raises(WrongOptimizer, match="every 1 or more"):
        Step(every=0)
