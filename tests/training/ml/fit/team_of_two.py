"""Run by torchrun in two processes: the small recipe, its report in the folder that is named."""

import sys
from pathlib import Path

import torch

from tests.training.ml.fit.small import NETWORK, recipe, stock
from training.ml.fit.recipe import LossRecipe
from training.ml.fit.run import fit
from training.ml.fit.team import team
from training.ml.models import NETWORKS
from training.ml.optim import SGD

RECIPE = recipe(epochs=2, loss=LossRecipe(weights="balanced"), optimizer=SGD(rate=0.2))

if __name__ == "__main__":
    torch.set_num_threads(1)
    NETWORKS[NETWORK.name] = NETWORK
    with team("cpu") as found:
        fit(RECIPE, stock(RECIPE, train=13), Path(sys.argv[1]), found)
