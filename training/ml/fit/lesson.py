"""A network and its losses as one module, whose forward pass is the loss: what DDP wraps."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from training.ml.fit.network import Feed
from training.ml.fit.recipe import LossRecipe, WrongRecipe
from training.ml.layers import layers_of
from training.ml.losses import (
    BatchHardTriplet,
    CentreLoss,
    CrossEntropy,
    Focal,
    SoftTarget,
    SupervisedContrastive,
    balanced_weights,
    effective_weights,
)
from training.ml.losses.contract import Weighted
from training.ml.models.skeleton.aim import AIM
from training.ml.models.skeleton.as_gcn import ASGCN
from training.ml.models.skeleton.stages import ActionStage, LinkStage


class Taught(NamedTuple):
    """The loss of a part and its logits."""

    loss: Tensor
    logits_BC: Tensor


class Lesson(nn.Module):
    """The network with the losses of its recipe."""

    def __init__(self, network: nn.Module, feed: Feed, loss: LossRecipe, weight_C: Tensor | None) -> None:
        super().__init__()
        self.network, self.feed, self.recipe = network, feed, loss
        self.loss = loss_of(loss, weight_C)
        self.beside = beside_of(loss, network)
        self._features: Tensor | None = None
        if loss.beside != "none":
            head_of(network).register_forward_pre_hook(self._keep)
        if isinstance(network, ASGCN) and loss.beside != "none":
            raise WrongRecipe("AS-GCN foretells poses beside its classes; no other loss is taken beside.")

    def forward(self, x: Tensor, target_BK: Tensor) -> Taught:
        """The loss, in float32, of clips as the pipeline shows them."""
        target = target_BK if isinstance(self.loss, SoftTarget) else target_BK.argmax(1)
        fed = self.feed(x)
        if isinstance(self.network, ASGCN) and isinstance(fed, Tensor):
            losses = ActionStage(self.network, self.loss)(fed, target)
            return Taught(losses.whole, losses.logits_NC)
        logits_BC = self.network(fed).float()
        loss = self.loss(logits_BC, target)
        if self.beside is not None:
            loss = loss + self.recipe.share * self._beside(target_BK.argmax(1))
        return Taught(loss, logits_BC)

    def follow(self, label_B: Tensor) -> None:
        """Let centres follow what the last forward pass showed them."""
        if isinstance(self.beside, CentreLoss):
            self.beside.follow(self._features_of(len(label_B)), label_B)

    def _beside(self, label_B: Tensor) -> Tensor:
        features_BD = self._features_of(len(label_B))
        given = features_BD, label_B
        if isinstance(self.beside, SupervisedContrastive):
            half = len(features_BD) // 2
            given = torch.stack([features_BD[:half], features_BD[half:]], 1), label_B[:half]
        assert self.beside is not None  # noqa: S101 - asked before
        said: Tensor = self.beside(*given)
        return said

    def _features_of(self, clips: int) -> Tensor:
        """What the head was given of each clip, (B, D): the mean over its places, or over TSN's segments."""
        assert self._features is not None  # noqa: S101 - the hook has kept them
        return torch.unflatten(self._features.float(), 0, (clips, -1)).mean(1)

    def _keep(self, head: nn.Module, given: tuple[Tensor, ...]) -> None:
        self._features = head_rows(head, given[0])


class LinkLesson(nn.Module):
    """The first stage of AS-GCN in the same form: AIM tells motion again, without labels and logits."""

    def __init__(self, aim: AIM) -> None:
        super().__init__()
        self.stage = LinkStage(aim)

    def forward(self, x_NCTVM: Tensor, target_BK: Tensor) -> Taught:
        """The loss of the stage; logits of zeros."""
        loss: Tensor = self.stage(x_NCTVM)
        return Taught(loss, torch.zeros_like(target_BK))


def loss_of(recipe: LossRecipe, weight_C: Tensor | None) -> Weighted:
    """The loss of the logits."""
    if recipe.kind == "focal":
        return Focal(weight_C, gamma=recipe.gamma)
    if recipe.kind == "soft_target":
        return SoftTarget(weight_C, smoothing=recipe.smoothing)
    return CrossEntropy(weight_C, smoothing=recipe.smoothing)


def weights_of(recipe: LossRecipe, label_N: Tensor, classes: int) -> Tensor | None:
    """What each class weighs, by the clips on the train side."""
    count_C = torch.bincount(label_N, minlength=classes)
    if recipe.weights == "balanced":
        return balanced_weights(count_C)
    return effective_weights(count_C, recipe.beta) if recipe.weights == "effective" else None


def beside_of(recipe: LossRecipe, network: nn.Module) -> nn.Module | None:
    """The loss of the features."""
    if recipe.beside == "none":
        return None
    if recipe.beside == "contrastive":
        return SupervisedContrastive(temperature=recipe.temperature)
    if recipe.beside == "triplet":
        return BatchHardTriplet(margin=recipe.margin)
    weights = [each for each in head_of(network).parameters() if each.ndim > 1]
    return CentreLoss(weights[-1].shape[0], weights[0].shape[1])


def head_of(network: nn.Module) -> nn.Module:
    """The layer that says the logits."""
    return network.get_submodule(layers_of(network).head[0])


def head_rows(head: nn.Module, given: Tensor) -> Tensor:
    """Rows of features that a head is given, those of one clip together.

    Linear layers have the features last, others second.
    """
    first = head[0] if isinstance(head, nn.Sequential) else head
    rows = given if isinstance(first, nn.Linear) else given.movedim(1, -1)
    return rows.flatten(0, -2)
