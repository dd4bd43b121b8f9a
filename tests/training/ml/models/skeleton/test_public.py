"""Public checkpoints are taken by name, and what of one does not fit is told by name."""

import pytest
import torch
from torch import Tensor

from tests.training.ml.models.skeleton.filling import filled
from training.ml.errors import TooLittle
from training.ml.models.skeleton.as_gcn import create_as_gcn
from training.ml.models.skeleton.label_map import LabelMap, UnknownLabel
from training.ml.models.skeleton.public import from_public, load_public
from training.ml.models.skeleton.st_gcn import create_st_gcn


def published(**options: int) -> dict[str, Tensor]:
    return dict(filled(create_st_gcn(graph="cpm14", **options), seed=3).float().state_dict())  # type: ignore[arg-type]


def test_a_replicas_names_are_the_networks() -> None:
    state = {f"module.{name}": tensor for name, tensor in published(num_classes=3).items()}
    net = create_st_gcn(num_classes=3, graph="cpm14")
    fit = load_public(net, state)
    assert (fit.misfits, fit.missing) == ({}, ())
    assert fit.renamed["module.edge_importance.2"] == "edge_importance.2"
    for name, tensor in net.state_dict().items():
        assert torch.equal(tensor, state[f"module.{name}"])


def test_importances_in_one_tensor_are_parted() -> None:
    state = published(num_classes=3)
    parts = [state.pop(f"edge_importance.{n}") for n in range(10)]
    fit = from_public(
        state | {"edge_importance": torch.stack(parts)}, create_st_gcn(num_classes=3, graph="cpm14")
    )
    assert (fit.misfits, fit.missing) == ({}, ())
    assert torch.equal(fit.state["edge_importance.7"], parts[7])
    assert fit.renamed["edge_importance[7]"] == "edge_importance.7"


def test_a_head_of_other_classes_is_left_out_and_the_rest_loaded() -> None:
    net = create_st_gcn(num_classes=5, graph="cpm14")
    head = net.fcn.weight.clone()
    fit = load_public(net, published(num_classes=60))
    assert list(fit.misfits) == ["fcn.weight", "fcn.bias"]
    assert fit.misfits["fcn.bias"] == "classes of another number: (60,) where the network has (5,)"
    assert torch.equal(net.fcn.weight, head)
    assert torch.equal(net.data_bn.bias, fit.state["data_bn.bias"])


def test_another_graph_and_strange_names_are_told() -> None:
    state = published(num_classes=3)
    state["A"] = state["A"].flip(1)
    state["extra.weight"] = state.pop("data_bn.weight")
    fit = from_public(state, create_st_gcn(num_classes=3, graph="cpm14"))
    assert fit.misfits["A"].startswith("the adjacency of another graph")
    assert fit.misfits["extra.weight"] == "the network has nothing of this name"
    assert fit.missing == ("data_bn.weight",)


def test_a_public_backbone_lacks_the_links_and_says_so() -> None:
    net = create_as_gcn(num_classes=3, graph="cpm14")
    state = {name: each for name, each in net.state_dict().items() if not name.startswith("aim.")}
    missing = from_public(state, net).missing
    assert {name.split(".")[0] for name in missing} == {"aim"}


def test_labels_of_any_numbers_are_classes_from_zero() -> None:
    labels = LabelMap.of([23, 7, 119, 7])
    assert labels.labels == (7, 23, 119)
    assert len(labels) == 3
    assert labels.classes([119, 7]).tolist() == [2, 0]
    assert labels.back(labels.classes([119, 7])) == [119, 7]
    with pytest.raises(UnknownLabel, match="no class for label 8; the network was made for 7, 23, 119"):
        labels.classes([7, 8])
    with pytest.raises(TooLittle, match="no labels"):
        LabelMap.of([])
