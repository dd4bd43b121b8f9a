"""Weights are loaded whole or not at all, and what does not fit is told by name."""

import pytest
import torch
from torch import Tensor, nn

from tests.training.ml.models.published import fill, noise
from tests.training.ml.models.skeleton.filling import filled
from training.ml.checkpoints import DoesNotFit, fitted, load, load_but_classes
from training.ml.errors import LearningError
from training.ml.models import create_model
from training.ml.models.skeleton.as_gcn import create_as_gcn
from training.ml.models.skeleton.st_gcn import create_st_gcn

State = dict[str, Tensor]


def small(classes: int = 5) -> nn.Module:
    return create_model("mobilenet_v3_small", num_classes=classes)


def published(classes: int = 5) -> State:
    return dict(fill(small(classes)).state_dict())


def skeletal(**options: int) -> State:
    return dict(filled(create_st_gcn(graph="cpm14", **options), seed=3).float().state_dict())  # type: ignore[arg-type]


def test_weights_that_fit_are_loaded_to_the_last() -> None:
    net, state = small(), published()
    fit = load(net, state)
    assert fit.whole
    assert len(fit.state) == len(state)
    assert all(torch.equal(tensor, state[name]) for name, tensor in net.state_dict().items())


def test_a_head_of_other_classes_is_refused_and_named() -> None:
    net = small()
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    with pytest.raises(DoesNotFit) as refused:
        load(net, published(7))
    said = refused.value.sentence
    assert "classifier.3.weight ((7, 1024) where the network has (5, 1024))" in said
    assert said.endswith("Make the network with as many classes, or ask for a new head.")
    assert all(torch.equal(tensor, before[name]) for name, tensor in net.state_dict().items())


def test_who_asks_for_other_classes_keeps_a_new_head() -> None:
    net, state = small(), published(7)
    head = net.get_submodule("classifier.3").weight.clone()  # type: ignore[operator]
    fit = load_but_classes(net, state)
    assert list(fit.classes) == ["classifier.3.weight", "classifier.3.bias"]
    assert (fit.missing, fit.whole, fit.whole_but_classes) == ((), False, True)
    assert torch.equal(net.state_dict()["classifier.3.weight"], head)
    assert torch.equal(net.state_dict()["features.0.0.weight"], state["features.0.0.weight"])


def test_missing_strange_and_misshapen_tensors_are_told_by_name() -> None:
    state = published()
    state["features.0.1.gamma"] = state.pop("features.0.1.weight")
    state["features.1.block.0.0.weight"] = torch.zeros(16, 1, 5, 5)
    fit = fitted(small(), state)
    assert fit.missing == ("features.0.1.weight",)
    assert list(fit.unexpected) == ["features.0.1.gamma"]
    assert fit.shape == {"features.1.block.0.0.weight": "(16, 1, 5, 5) where the network has (16, 1, 3, 3)"}
    for way in (load, load_but_classes):
        with pytest.raises(
            DoesNotFit, match=r"of another shape: features\.1\.block.*; which the network does"
        ):
            way(small(), state)


def test_a_head_for_other_features_is_no_head_of_other_classes() -> None:
    fit = fitted(small(), published() | {"classifier.3.weight": torch.zeros(7, 512)})
    assert (list(fit.shape), fit.classes, fit.whole_but_classes) == (["classifier.3.weight"], {}, False)


def test_a_sentence_lists_a_few_names_and_counts_the_rest() -> None:
    with pytest.raises(DoesNotFit, match=r"missing: [\w., ]+ and \d+ more\. Take the weights of this"):
        load(small(), create_model("resnet18", num_classes=5).state_dict())


def test_counters_of_batches_and_notes_of_programs_need_not_be_there_and_may_be() -> None:
    state = {name: each for name, each in published().items() if "num_batches" not in name}
    fit = load(small(), state | {"total_ops": torch.zeros(1), "data_preprocessor.mean": torch.zeros(3)})
    assert list(fit.needless) == ["total_ops", "data_preprocessor.mean"]


def test_half_precision_becomes_the_networks_own() -> None:
    net = small()
    load(net, {name: each.half() if each.is_floating_point() else each for name, each in published().items()})
    assert {each.dtype for each in net.parameters()} == {torch.float32}


def test_an_auxiliary_head_is_left_out_where_the_network_has_none() -> None:
    with torch.device("meta"):
        whole = create_model("inception_v3", num_classes=3)
        net = create_model("inception_v3", num_classes=3, auxiliary=False)
    fit = fitted(net, whole.state_dict())
    assert fit.whole
    assert {name.partition(".")[0] for name in fit.needless} == {"AuxLogits"}
    assert next(iter(fitted(whole, net.state_dict()).missing)).startswith("AuxLogits.conv0")


def test_another_graph_is_told_and_not_loaded() -> None:
    state = skeletal(num_classes=3)
    state["A"] = state["A"].flip(1)
    net = create_st_gcn(num_classes=3, graph="cpm14")
    assert fitted(net, state).graph["A"].startswith("links of another graph")
    with pytest.raises(DoesNotFit, match=r"of another graph: A\. Make the network on the graph"):
        load_but_classes(net, state)


def test_a_graph_of_other_joints_is_told_as_one() -> None:
    with pytest.raises(
        DoesNotFit, match=r"of another graph: A; of another shape: data_bn.* on the graph that"
    ):
        load_but_classes(create_st_gcn(num_classes=3, graph="utd20"), skeletal(num_classes=3))


def test_importances_in_one_tensor_are_parted() -> None:
    state = skeletal(num_classes=3)
    parts = [state.pop(f"edge_importance.{n}") for n in range(10)]
    state |= {"edge_importance": torch.stack(parts)}
    wrapped = {f"module.{name}": each for name, each in state.items()}
    fit = fitted(create_st_gcn(num_classes=3, graph="cpm14"), wrapped)
    assert fit.whole
    assert torch.equal(fit.state["edge_importance.7"], parts[7])
    assert fit.renamed["module.edge_importance.7"] == "edge_importance.7"


def test_a_public_backbone_lacks_the_links_and_says_so() -> None:
    net = create_as_gcn(num_classes=3, graph="cpm14")
    state = {name: each for name, each in net.state_dict().items() if not name.startswith("aim.")}
    assert {name.split(".")[0] for name in fitted(net, state).missing} == {"aim"}


def test_a_module_that_is_none_of_the_library_is_told() -> None:
    with pytest.raises(LearningError, match="Linear does not tell its layers"):
        load(nn.Linear(2, 2), {"weight": noise(2, 2)})
