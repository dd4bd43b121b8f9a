"""The one loop in which every network here learns: epochs, the best of them, early stopping, checkpoints."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from torch import Tensor, nn, optim

from training.ml.engine.checkpoints import Slot

Line = dict[str, Any]
"""What one epoch measured: its number as "epoch", losses and scores."""
Rank = Callable[[Line], tuple[float, ...]]
Tell = Callable[[list[Line], int], None]
"""Takes the epochs so far and the number of the best."""
SAVE_EVERY = 5
"""Epochs between checkpoints: a kill costs a second or two, and writing them costs less."""


class Kept(Protocol):
    """Something besides the network that learns, as an average of its weights: a checkpoint holds it too."""

    def state_dict(self) -> dict[str, Tensor]:
        """All that it has learned."""

    def load_state_dict(self, state: dict[str, Tensor]) -> object:
        """Go on with that."""


@dataclass
class Halfway:
    """How far an epoch has come, as JSON holds it: empty at its beginning, told after each of its steps."""

    facts: dict[str, Any] = field(default_factory=dict)


class BrokenOff(Exception):  # noqa: N818 - says what happened
    """An epoch was asked to stop, and has, between two steps: what has been learned can be kept."""


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
    judged: nn.Module | None = None,
    beside: Mapping[str, Kept] | None = None,
    halfway: Halfway | None = None,
    history: list[Line] | None = None,
) -> Fitted:
    """Run epochs 1, 2, ... and leave the weights of the best in the network.

    Without `rank` the last epoch counts as best. With it the highest does, the earlier of equals, and after
    `patience` epochs without a better one it stops (0: never). `run_epoch` must draw its random numbers from
    its epoch's number alone; then a fit that is killed and started again on its slot ends in the same bits.

    `judged` is the network whose weights are kept, where that is not the one that learns; `beside` is what
    else a checkpoint holds, by name. An epoch that raises BrokenOff leaves one too, and goes on from what it
    told in `halfway`. `history`, if given, is filled as epochs are done, for who must see those before.
    """
    history = [] if history is None else history
    judged, beside, halfway = judged or network, beside or {}, halfway or Halfway()
    best = 0
    kept = _copied(judged)

    def save() -> None:
        facts = {"history": history, "best": best, "halfway": halfway.facts}
        slot.save(_state(network, optimizer, kept, beside), facts)

    if saved := slot.load():
        tensors, facts = saved
        history[:], best, halfway.facts = facts["history"], facts["best"], facts.get("halfway", {})
        kept = _named(tensors, "best.")
        _resume(network, optimizer, beside, tensors)
    while not finished(len(history), best, epochs, patience):
        epoch = len(history) + 1
        try:
            line = run_epoch(epoch)
        except BrokenOff:
            save()
            raise
        halfway.facts = {}
        history.append({"epoch": epoch, **line})
        if rank is None or not best or rank(history[-1]) > rank(history[best - 1]):
            best, kept = epoch, _copied(judged)
        if epoch % save_every == 0 or finished(epoch, best, epochs, patience):
            save()
        if tell:
            tell(list(history), best)
    network.load_state_dict(kept)
    network.eval()
    return Fitted(history, best)


def _resume(
    network: nn.Module, optimizer: optim.Optimizer, beside: Mapping[str, Kept], tensors: Mapping[str, Tensor]
) -> None:
    """Put everything that learns back to where a checkpoint left it."""
    network.load_state_dict(_named(tensors, "now."))
    _restore(optimizer, _named(tensors, "optimizer."))
    for name, each in beside.items():
        each.load_state_dict(_named(tensors, f"beside.{name}."))


def finished(epoch: int, best: int, epochs: int, patience: int) -> bool:
    """Whether no epoch follows this one."""
    return epoch >= epochs or bool(patience and epoch - best >= patience)


def by_val(even: bool) -> Rank:
    """Epochs by what they reach on val: top-1 where classes are even, else macro-F1; then by lower loss."""
    score = "val_top1" if even else "val_macro_f1"
    return lambda line: (line[score], -line["val_loss"])


def _state(
    network: nn.Module, optimizer: optim.Optimizer, kept: Mapping[str, Tensor], beside: Mapping[str, Kept]
) -> dict[str, Tensor]:
    tensors = {f"now.{name}": tensor for name, tensor in network.state_dict().items()}
    tensors |= {f"best.{name}": tensor for name, tensor in kept.items()}
    for what, each in beside.items():
        tensors |= {f"beside.{what}.{name}": tensor for name, tensor in each.state_dict().items()}
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
