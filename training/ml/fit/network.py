"""A recipe's network: made, begun, partly frozen, and fed in the numbers that it takes."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from training.ml.augment.clips import Kind
from training.ml.checkpoints import read
from training.ml.engine.plan import torch_drawing
from training.ml.fit.recipe import FitRecipe, Sight, WrongRecipe
from training.ml.models import NETWORKS, create_model, network_named
from training.ml.models.contract import Normalisation, Takes
from training.ml.models.slowfast import pathways
from training.ml.models.tsn import TSN
from training.ml.transfer import Mode, TransferPlan


def network_of(recipe: FitRecipe, classes: int, *, headed: bool = False) -> nn.Module:
    """The network with random numbers that hang on the recipe's seed; `headed` as its plan will make it."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(torch_drawing(recipe.seed, "network").initial_seed())
        network = create_model(recipe.network, num_classes=classes, **recipe.options)
        if headed and recipe.transfer and recipe.transfer.head_layers:
            TransferPlan(Mode.SCRATCH, head_layers=recipe.transfer.head_layers).begin(network)
        return network


def begin(recipe: FitRecipe, network: nn.Module, weights: Path | None) -> list[str]:
    """Let the network begin with a file of weights as the recipe's plan says; sentences of what was loaded.

    Raises what `TransferPlan.begin` raises, as where a plan needs weights and there are none.
    """
    if weights is None and recipe.transfer is None:
        return []
    plan, checkpoint = recipe.transfer or TransferPlan(), read(weights) if weights else None
    fit = plan.begin(network, checkpoint.state if checkpoint else None)
    if checkpoint is None:
        return []
    new = ", ".join(fit.classes)
    said = f"It began with {checkpoint.path.name}, SHA-256 {checkpoint.sha256}"
    return [f"{said}; new is the head, {new}." if new else f"{said}."]


@dataclass(frozen=True)
class Feed:
    """From clips as pipelines show them to what the network's forward pass is given."""

    recipe: FitRecipe
    normal: Normalisation

    def __call__(self, x: Tensor) -> Tensor | list[Tensor]:
        """x_BCTHW or [slow, fast] of pictures in 0..1 and flow in -1..1; skeletons as they are."""
        sees = self.recipe.sees
        if not isinstance(sees, Sight):
            return x
        colours = self.normal.colours
        if sees.kind is Kind.FLOW:
            x = (x + 1) / 2
        elif colours == "BGR":
            x = x.flip(1)
        mean, deviation = (
            torch.tensor(each[: x.shape[1]], dtype=x.dtype, device=x.device)[:, None, None, None]
            for each in (self.normal.mean, self.normal.deviation)
        )
        x = (x - mean) / deviation
        alpha = NETWORKS[self.recipe.network].alpha
        return pathways(x, alpha) if alpha else x


def feed_of(recipe: FitRecipe, network: nn.Module) -> Feed:
    """How this network is fed: TSN tells its own means, which hang on its options.

    Raises WrongRecipe for a network that takes other things than the recipe shows.
    """
    takes = network_named(recipe.network).takes
    shown = (Takes.VIDEO, Takes.PATHWAYS) if isinstance(recipe.sees, Sight) else (Takes.SKELETON,)
    if takes not in shown:
        raise WrongRecipe(
            f"{recipe.network} takes {takes}, and {recipe.name} shows it {' or '.join(shown)}: name another "
            "network. Those for pictures see clips as the backbone of tsn."
        )
    if isinstance(network, TSN):
        return Feed(recipe, network.normalisation)
    return Feed(recipe, network_named(recipe.network).normalisation)
