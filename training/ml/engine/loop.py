"""The one loop in which every network here learns: epochs, the best of them, early stopping, checkpoints."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn, optim

from training.ml.engine.checkpoints import Slot

Line = dict[str, Any]
"""What one epoch measured: its number as "epoch", losses and scores."""
Rank = Callable[[Line], tuple[float, ...]]
Tell = Callable[[list[Line], int], None]
"""Takes the epochs so far and the number of the best."""
SAVE_EVERY = 5
"""Epochs between checkpoints: a kill costs a second or two, and writing them costs less."""


@dataclass(frozen=True)
class Fitted:
    """The epochs in order, and the number of the one whose weights the network has now."""

    history: list[Line]
    best_epoch: int


def fit(
    network: nn.Module,
    optimizer: optim.Optimizer,
    run_epoch: Callable[[int], Line],
    *,
    epochs: int,
    slot: Slot,
    rank: Rank | None = None,
    patience: int = 0,
    save_every: int = SAVE_EVERY,
    tell: Tell | None = None,
) -> Fitted:
    """Run epochs 1, 2, ... and leave the weights of the best in the network.

    Without `rank` the last epoch counts as best. With it the highest does, the earlier of equals, and after
    `patience` epochs without a better one it stops (0: never). `run_epoch` must draw its random numbers from
    its epoch's number alone; then a fit that is killed and started again on its slot ends in the same bits.
    """
    history: list[Line] = []
    best = 0
    kept = _copied(network)
    if saved := slot.load():
        tensors, facts = saved
        history, best = facts["history"], facts["best"]
        kept = _named(tensors, "best.")
        network.load_state_dict(_named(tensors, "now."))
        _restore(optimizer, _named(tensors, "optimizer."))
    while not finished(len(history), best, epochs, patience):
        epoch = len(history) + 1
        history.append({"epoch": epoch, **run_epoch(epoch)})
        if rank is None or not best or rank(history[-1]) > rank(history[best - 1]):
            best, kept = epoch, _copied(network)
        if epoch % save_every == 0 or finished(epoch, best, epochs, patience):
            slot.save(_state(network, optimizer, kept), {"history": history, "best": best})
        if tell:
            tell(list(history), best)
    network.load_state_dict(kept)
    network.eval()
    return Fitted(history, best)


def finished(epoch: int, best: int, epochs: int, patience: int) -> bool:
    """Whether no epoch follows this one."""
    return epoch >= epochs or bool(patience and epoch - best >= patience)


def by_val(even: bool) -> Rank:
    """Epochs by what they reach on val: top-1 where classes are even, else macro-F1; then by lower loss."""
    score = "val_top1" if even else "val_macro_f1"
    return lambda line: (line[score], -line["val_loss"])


def _state(network: nn.Module, optimizer: optim.Optimizer, kept: Mapping[str, Tensor]) -> dict[str, Tensor]:
    tensors = {f"now.{name}": tensor for name, tensor in network.state_dict().items()}
    tensors |= {f"best.{name}": tensor for name, tensor in kept.items()}
    for place, moments in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{place}.{name}": tensor for name, tensor in moments.items()}
    return tensors


def _restore(optimizer: optim.Optimizer, moments: Mapping[str, Tensor]) -> None:
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in moments.items():
        place, _, moment = name.partition(".")
        state.setdefault(int(place), {})[moment] = tensor
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})


def _copied(network: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.detach().clone() for name, tensor in network.state_dict().items()}


def _named(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): each for name, each in tensors.items() if name.startswith(prefix)}
