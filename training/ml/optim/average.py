"""The running average of a network's weights, which often says better than the last ones."""

import copy

import torch
from torch import Tensor, nn

from training.ml.optim.optimizers import WrongOptimizer

_UPDATES = "updates"


class Average:
    """w' = d w' + (1 - d) w after each step, with d = min(decay, (1 + n) / (10 + n)) after n steps.

    Polyak, Juditsky (1992); the slow beginning is TensorFlow's ExponentialMovingAverage's. What is no
    floating-point parameter or buffer is copied. `network` is the averaged one: measure it, keep it.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        if not 0 <= decay < 1:
            raise WrongOptimizer(f"The decay of an average of weights is from 0 to less than 1, not {decay}.")
        self.decay, self.updates = decay, 0
        self.network = copy.deepcopy(network).requires_grad_(False)

    @torch.no_grad()
    def follow(self, network: nn.Module) -> None:
        """Take in the weights after one more step."""
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        self.updates += 1
        theirs = network.state_dict()
        for name, mine in self.network.state_dict().items():
            if mine.is_floating_point():
                mine.lerp_(theirs[name].to(mine), 1 - decay)
            else:
                mine.copy_(theirs[name])

    def state_dict(self) -> dict[str, Tensor]:
        """The averaged weights and the number of steps."""
        return {**self.network.state_dict(), _UPDATES: torch.tensor(self.updates)}

    def load_state_dict(self, state: dict[str, Tensor]) -> None:
        """Go on with what `state_dict` told."""
        self.updates = int(state[_UPDATES])
        self.network.load_state_dict({name: each for name, each in state.items() if name != _UPDATES})
