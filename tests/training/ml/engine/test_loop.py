"""Which epoch is kept, when it stops, and that a broken-off fit ends in the same bits."""

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from training.ml.engine.checkpoints import Slot
from training.ml.engine.loop import SAVE_EVERY, BrokenOff, Fitted, Halfway, Line, by_val, finished, fit
from training.ml.optim import Average

RANK = by_val(even=True)


def line(top1: float, loss: float, macro: float = 0.0) -> Line:
    return {"val_top1": top1, "val_loss": loss, "val_macro_f1": macro}


class Counter(nn.Module):
    """A network whose one weight is the number of the epoch that set it."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))


def told(folder: Path, lines: list[Line], patience: int = 0, ranked: bool = True) -> tuple[Fitted, float]:
    network = Counter()

    def run_epoch(epoch: int) -> Line:
        network.weight.data.fill_(epoch)
        return lines[epoch - 1]

    fitted = fit(
        network,
        torch.optim.AdamW(network.parameters()),
        run_epoch,
        epochs=len(lines),
        slot=Slot(folder, "x"),
        rank=RANK if ranked else None,
        patience=patience,
    )
    return fitted, float(network.weight.detach())


def test_the_best_epoch_is_kept_and_not_the_last(tmp_path: Path) -> None:
    fitted, weight = told(tmp_path, [line(0.5, 1.0), line(0.9, 1.0), line(0.7, 0.1)])
    assert (fitted.best_epoch, weight) == (2, 2.0)
    assert [each["epoch"] for each in fitted.history] == [1, 2, 3]


def test_of_equal_scores_the_lower_loss_wins_and_then_the_earlier(tmp_path: Path) -> None:
    for name in ("loss", "equal"):
        (tmp_path / name).mkdir()
    by_loss = [line(0.9, 0.5), line(0.9, 0.4), line(0.9, 0.45)]
    assert told(tmp_path / "loss", by_loss)[0].best_epoch == 2
    assert told(tmp_path / "equal", [line(0.9, 0.4)] * 3)[0].best_epoch == 1


def test_even_classes_are_judged_by_top1_and_uneven_ones_by_macro_f1() -> None:
    often, fairly = line(0.9, 1.0, macro=0.3), line(0.6, 1.0, macro=0.6)
    assert by_val(even=True)(often) > by_val(even=True)(fairly)
    assert by_val(even=False)(often) < by_val(even=False)(fairly)


def test_it_stops_after_so_many_epochs_without_a_better_one(tmp_path: Path) -> None:
    lines = [line(0.1, 1), line(0.5, 1), *[line(0.3, 1)] * 10]
    fitted, weight = told(tmp_path, lines, patience=3)
    assert (len(fitted.history), fitted.best_epoch, weight) == (5, 2, 2.0)


def test_without_a_measure_the_last_epoch_is_kept(tmp_path: Path) -> None:
    fitted, weight = told(tmp_path, [line(0.9, 0), line(0.1, 9)], ranked=False)
    assert (fitted.best_epoch, weight) == (2, 2.0)


@given(st.integers(1, 50), st.integers(1, 50), st.integers(0, 20))
def test_the_last_epoch_is_known_when_it_comes(epochs: int, best: int, patience: int) -> None:
    stops = [epoch for epoch in range(best, 120) if finished(epoch, best, epochs, patience)]
    assert stops[0] == max(best, min(epochs, best + patience) if patience else epochs)


class Killed(Exception):  # noqa: N818
    """Stands for the end of the process: nothing runs after it."""


def learned(folder: Path, stops: list[int]) -> tuple[dict[str, torch.Tensor], Fitted, list[int]]:
    """Fit a line with dropout and Adam, broken off in the middle of each epoch in `stops`."""
    x, y = torch.linspace(-1, 1, 12).unsqueeze(1), torch.linspace(2, 3, 12).unsqueeze(1)
    ran: list[int] = []
    for stop in [*stops, 0]:
        torch.manual_seed(5)
        network = nn.Sequential(nn.Linear(1, 4), nn.Dropout(0.5), nn.Linear(4, 1))
        optimizer = torch.optim.AdamW(network.parameters(), lr=0.1)

        def run_epoch(
            epoch: int,
            network: nn.Module = network,
            optimizer: torch.optim.Optimizer = optimizer,
            stop: int = stop,
        ) -> Line:
            torch.manual_seed(epoch)
            ran.append(epoch)
            network.train()
            loss = (network(x) - y).square().mean()
            optimizer.zero_grad()
            loss.backward()
            if epoch == stop:
                raise Killed
            optimizer.step()
            return {"loss": float(loss.detach())}

        try:
            fitted = fit(
                network,
                optimizer,
                run_epoch,
                epochs=17,
                slot=Slot(folder, "line"),
                rank=lambda each: (-each["loss"],),
                patience=9,
            )
        except Killed:
            continue
    return network.state_dict(), fitted, ran


@pytest.mark.parametrize("stops", [[1], [6], [7, 7, 12], [17], [5, 10, 15]])
def test_a_broken_off_fit_ends_in_the_same_bits(tmp_path: Path, stops: list[int]) -> None:
    for name in ("whole", "broken"):
        (tmp_path / name).mkdir()
    whole, fitted, _ = learned(tmp_path / "whole", [])
    broken, again, ran = learned(tmp_path / "broken", stops)
    assert again == fitted
    assert all(torch.equal(broken[name], tensor) for name, tensor in whole.items())
    assert len(ran) <= len(fitted.history) + SAVE_EVERY * len(stops), "it went on and did not begin again"


def test_a_finished_fit_is_not_run_again(tmp_path: Path) -> None:
    first, fitted, _ = learned(tmp_path, [])
    second, again, ran = learned(tmp_path, [])
    assert ran == []
    assert again == fitted
    assert all(torch.equal(first[name], second[name]) for name in first)


def stepped(folder: Path, stops: list[tuple[int, int]]) -> tuple[dict[str, torch.Tensor], Fitted, int]:
    """Fit in epochs of four steps each with an average of the weights, asked to stop after some of them."""
    x, y = torch.linspace(-1, 1, 12).unsqueeze(1), torch.linspace(2, 3, 12).unsqueeze(1)
    ran = 0
    for stop in [*stops, (0, 0)]:
        torch.manual_seed(5)
        network = nn.Sequential(nn.Linear(1, 4), nn.Dropout(0.5), nn.Linear(4, 1))
        optimizer = torch.optim.AdamW(network.parameters(), lr=0.1)
        average, halfway = Average(network, 0.9), Halfway()

        def run_epoch(
            epoch: int,
            stop: tuple[int, int] = stop,
            network: nn.Module = network,
            optimizer: torch.optim.Optimizer = optimizer,
            average: Average = average,
            halfway: Halfway = halfway,
        ) -> Line:
            nonlocal ran
            total = halfway.facts.get("total", 0.0)
            for step in range(halfway.facts.get("step", 0), 4):
                torch.manual_seed(10 * epoch + step)
                loss = (network(x) - y).square().mean()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                average.follow(network)
                total += float(loss.detach())
                halfway.facts = {"step": step + 1, "total": total}
                ran += 1
                if (epoch, step + 1) == stop:
                    raise BrokenOff
            return {"loss": total / 4}

        try:
            fitted = fit(
                network,
                optimizer,
                run_epoch,
                epochs=3,
                slot=Slot(folder, "steps"),
                judged=average.network,
                beside={"average": average},
                halfway=halfway,
            )
        except BrokenOff:
            continue
    return network.state_dict(), fitted, ran


@pytest.mark.parametrize("stops", [[(1, 1)], [(2, 2), (2, 3)], [(1, 4), (3, 4)]])
def test_an_epoch_that_stops_when_asked_goes_on_at_its_next_step(
    tmp_path: Path, stops: list[tuple[int, int]]
) -> None:
    for name in ("whole", "broken"):
        (tmp_path / name).mkdir()
    whole, fitted, steps = stepped(tmp_path / "whole", [])
    broken, again, taken = stepped(tmp_path / "broken", stops)
    assert again == fitted
    assert all(torch.equal(broken[name], tensor) for name, tensor in whole.items())
    # The checkpoint of a whole epoch comes every SAVE_EVERY, and what was asked to stop left one of its own.
    assert taken == steps == 12


def test_the_weights_that_are_judged_are_kept(tmp_path: Path) -> None:
    network, other = Counter(), Counter()

    def run_epoch(epoch: int) -> Line:
        network.weight.data.fill_(epoch)
        other.weight.data.fill_(-epoch)
        return {}

    optimizer = torch.optim.SGD(network.parameters())
    fit(network, optimizer, run_epoch, epochs=2, slot=Slot(tmp_path, "x"), judged=other)
    assert float(network.weight.detach()) == -2
