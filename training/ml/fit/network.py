"""A recipe's network: made, begun, partly frozen, and fed in the numbers that it takes."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from training.ml.augment.clips import Kind, parted
from training.ml.checkpoints import read
from training.ml.engine.plan import torch_drawing
from training.ml.fit.recipe import Bodies, FitRecipe, Sight, WrongRecipe
from training.ml.models import NETWORKS, create_model, network_named
from training.ml.models.cnn_lstm import TwoStreamCNNLSTM
from training.ml.models.contract import Normalisation, Takes
from training.ml.models.slowfast import pathways
from training.ml.normalising import normalisation_of, normalised
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
    normals: tuple[Normalisation, ...]
    """One, or one a stream."""

    def __call__(self, x: Tensor) -> Tensor | list[Tensor]:
        """x_BCTHW, [slow, fast] or [rgb, flow], of pictures in 0..1 and flow in -1..1; skeletons as is."""
        sees = self.recipe.sees
        if not isinstance(sees, Sight):
            return x
        if sees.kind is Kind.STREAMS:
            parts = zip(parted(x), (Kind.PICTURES, Kind.FLOW), self.normals, strict=True)
            return [normalised(*part) for part in parts]
        (normal,) = self.normals
        x = normalised(x, sees.kind, normal)
        alpha = NETWORKS[self.recipe.network].alpha
        return pathways(x, alpha) if alpha else x


def feed_of(recipe: FitRecipe, network: nn.Module) -> Feed:
    """How this network is fed: by its own means, where they hang on its options.

    Raises WrongRecipe for a network that takes other things than the recipe shows.
    """
    takes, shown = network_named(recipe.network).takes, _shown(recipe.sees)
    if takes not in shown:
        raise WrongRecipe(
            f"{recipe.network} takes {takes}, and {recipe.name} shows it {' or '.join(shown)}: name another "
            "network. Those for pictures see clips as the backbone of tsn."
        )
    if isinstance(network, TwoStreamCNNLSTM):
        return Feed(recipe, (network.rgb.normalisation, network.flow.normalisation))
    normal = normalisation_of(recipe.network, network)
    if isinstance(recipe.sees, Sight):
        _check_channels(recipe, recipe.sees.kind, len(normal.mean))
    return Feed(recipe, (normal,))


def _check_channels(recipe: FitRecipe, kind: Kind, wanted: int) -> None:
    shown = 2 if kind is Kind.FLOW else 3
    if wanted != shown:
        raise WrongRecipe(
            f"{recipe.name} shows {recipe.network} {kind}, which has {shown} channels, and it sees {wanted}: "
            "make it for what is shown, by the options modality of tsn and in_channels of i3d_inception and "
            "cnn_lstm, or name one of these networks."
        )


def _shown(sees: Sight | Bodies) -> tuple[Takes, ...]:
    """What networks take that can be shown this."""
    if isinstance(sees, Bodies):
        return (Takes.SKELETON,)
    return (Takes.STREAMS,) if sees.kind is Kind.STREAMS else (Takes.VIDEO, Takes.PATHWAYS)
