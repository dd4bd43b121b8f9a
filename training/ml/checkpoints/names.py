"""Whose names a checkpoint has, and what they are here.

A state dict is tried under every naming that is known, and taken under the one by which most of it is found.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from torch import Tensor

from training.ml.checkpoints.publishers import mmaction2, pyslowfast, transformers, unnormed
from training.ml.layers import Layers, lies_in

Rename = Callable[[str], str]

WRAPPINGS = ("module.", "_orig_mod.", "model.", "net.", "backbone.", "base_model.", "encoder.")
"""Before every name, or nearly: DataParallel's, torch.compile's, and those of networks around a network."""
_LAST = (
    "fc",
    "new_fc",
    "last_linear",
    "fc_action",
    "classifier",
    "classifier.1",
    "classifier.3",
    "classifier.6",
    "head",
    "cls_head.fc_cls",
)
"""What the layer that says the logits is called by others."""
_STACKED = ("edge_importance", "edge_importance_recon")
_NO_WEIGHTS = ("data_preprocessor", "total_ops", "total_params")
_AUXILIARY = "AuxLogits"


@dataclass(frozen=True)
class Named:
    """A tensor of a checkpoint."""

    theirs: str
    ours: str
    tensor: Tensor


def named(state: Mapping[str, Tensor], own: Mapping[str, Tensor], layers: Layers) -> list[Named]:
    """The tensors of `state` by the names of a network whose state dict is `own`.

    Edge importances that are stacked in one tensor are parted, and norms of Caffe's time, (1, C), flattened.
    What has no name in the network keeps its own.
    """
    parted = [each for name, tensor in state.items() for each in _parted(name, tensor)]
    names = [name for name, _ in parted]
    rename = max(_namings(names, own), key=lambda way: len({way(name) for name in names} & set(own)))
    found = [Named(name, _headed(rename(name), own, layers), tensor) for name, tensor in parted]
    folded = unnormed({each.ours: each.tensor for each in found}, own)
    return [
        Named(each.theirs, each.ours, _flat(folded[each.ours], own.get(each.ours)))
        for each in found
        if each.ours in folded
    ]


def needless(name: str, own: Collection[str]) -> str:
    """Why a tensor of this name is nothing that a network could want; empty where it is."""
    if lies_in(name, _NO_WEIGHTS) or name.rpartition(".")[2] in _NO_WEIGHTS:
        return "no weights, but a note of the program that wrote them"
    if lies_in(name, [_AUXILIARY]) and not any(lies_in(each, [_AUXILIARY]) for each in own):
        return "the auxiliary head, which this network was made without"
    if name.endswith("num_batches_tracked"):
        return "a count of batches"
    return ""


def _parted(name: str, tensor: Tensor) -> list[tuple[str, Tensor]]:
    if name.rpartition(".")[2] in _STACKED:
        return [(f"{name}.{n}", each) for n, each in enumerate(tensor)]
    return [(name, tensor)]


def _namings(names: Collection[str], own: Collection[str]) -> list[Rename]:
    """All ways to call them; the first of two that find as much is taken, so the plain ones come first."""
    first = [_unwrapped(names)]
    around = next((prefix for prefix in ("base_model.",) if any(each.startswith(prefix) for each in own)), "")
    vocabularies: list[Rename] = [str, mmaction2, transformers, pyslowfast(own)]
    ways: list[Rename] = []
    for vocabulary in vocabularies:
        for prefix in dict.fromkeys(("", around)):
            ways.append(_way(str, vocabulary, prefix))
            ways += [_way(unwrap, vocabulary, prefix) for unwrap in first]
    return ways


def _way(unwrap: Rename, vocabulary: Rename, prefix: str) -> Rename:
    return lambda name: prefix + vocabulary(unwrap(name))


def _unwrapped(names: Collection[str]) -> Rename:
    """Takes off what stands before more than half of the names, one after the other."""
    taken: list[str] = []
    left = list(names)
    while prefix := next(
        (each for each in WRAPPINGS if sum(name.startswith(each) for name in left) * 2 > len(left)), ""
    ):
        taken.append(prefix)
        left = [name.removeprefix(prefix) for name in left]

    def unwrap(name: str) -> str:
        for prefix in taken:
            name = name.removeprefix(prefix)
        return name

    return unwrap


def _headed(name: str, own: Collection[str], layers: Layers) -> str:
    """A last layer of another name by ours, where the network has nothing of that name."""
    layer, _, kind = name.removeprefix("base_model.").rpartition(".")
    return f"{layers.head[0]}.{kind}" if name not in own and layer in _LAST else name


def _flat(tensor: Tensor, own: Tensor | None) -> Tensor:
    """Without the leading axis of one that Caffe's norms had."""
    if own is not None and own.ndim == 1 and tensor.shape == (1, *own.shape):
        return tensor[0]
    return tensor
