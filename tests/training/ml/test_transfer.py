"""Three ways to take over what another network learned, and what each leaves as it was."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from tests.training.ml.models.published import empty, fill, noise
from training.ml.checkpoints import DoesNotFit
from training.ml.layers import layers_of, lies_in
from training.ml.models import create_model
from training.ml.optim.optimizers import SGD
from training.ml.transfer import Mode, TransferPlan, WrongTransfer

FAMILIES = (
    *("resnet18", "mobilenet_v2", "vgg16", "bninception", "inception_v3", "tsn", "two_stream_cnn_lstm"),
    *("x3d_xs", "slowfast_4x16_r50", "i3d_inception", "i3d_r50", "st_gcn", "as_gcn"),
)
SMALL: dict[str, tuple[dict[str, Any], tuple[int, ...]]] = {
    "mobilenet_v3_small": ({}, (2, 3, 32, 32)),
    "x3d_xs": ({}, (2, 3, 2, 32, 32)),
    "i3d_inception": ({}, (2, 3, 2, 32, 32)),
    "cnn_lstm": ({"backbone": "mobilenet_v3_small", "hidden": 8}, (2, 3, 2, 32, 32)),
    "tsn": ({"backbone": "mobilenet_v3_small"}, (2, 3, 3, 32, 32)),
    "st_gcn": ({"graph": "cpm14"}, (2, 3, 8, 14, 1)),
}
SMALL_ONES = pytest.mark.parametrize("name", SMALL)


def made(name: str, classes: int) -> nn.Module:
    torch.manual_seed(classes)
    return create_model(name, num_classes=classes, **SMALL[name][0])


def learned(name: str, classes: int = 7) -> dict[str, Tensor]:
    net = made(name, classes)
    fixed = {key: each.clone() for key, each in net.state_dict().items() if key in layers_of(net).fixed}
    return dict(fill(net, 0.5).state_dict()) | fixed


def stepped(net: nn.Module, name: str, plan: TransferPlan) -> dict[str, Tensor]:
    """The state after one step in training."""
    numbers = SGD(rate=0.1, weight_decay=0.1)
    optimizer = numbers.over(plan.groups(net.train(), numbers))
    nn.functional.cross_entropy(net(noise(*SMALL[name][1]).float()), torch.tensor([0, 1])).backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return {key: each.clone() for key, each in net.state_dict().items()}


def trainable(net: nn.Module) -> set[str]:
    return {name for name, each in net.named_parameters() if each.requires_grad}


@pytest.mark.parametrize("name", FAMILIES)
def test_with_fixed_features_the_head_alone_learns(name: str) -> None:
    net = empty(name, 3)
    TransferPlan(Mode.FIXED).begin(net, empty(name, 5).state_dict())
    assert trainable(net) == {
        name for name, _ in net.named_parameters() if lies_in(name, layers_of(net).head)
    }
    norms = [each for each in net.train().modules() if isinstance(each, nn.modules.batchnorm._BatchNorm)]
    assert not any(each.training for each in norms)


@SMALL_ONES
def test_fixed_features_are_the_same_bits_after_a_step(name: str) -> None:
    net, state, plan = made(name, 2), learned(name), TransferPlan(Mode.FIXED)
    plan.begin(net, state)
    before = {key: each.clone() for key, each in net.state_dict().items()}
    after = stepped(net, name, plan)
    head = layers_of(net).head
    changed = {key for key in after if not torch.equal(after[key], before[key])}
    assert changed
    assert all(lies_in(key, head) for key in changed)
    assert all(torch.equal(after[key], state[key]) for key in after if not lies_in(key, head))


@pytest.mark.parametrize("name", ["mobilenet_v3_small", "i3d_inception", "st_gcn", "x3d_xs"])
def test_a_new_head_may_have_hidden_layers(name: str) -> None:
    net = made(name, 2)
    TransferPlan(Mode.FIXED, head_layers=(6, 5)).begin(net, learned(name))
    head = net.get_submodule(layers_of(net).head[0])
    assert [type(each).__name__ for each in head.children()][1::2] == ["ReLU", "ReLU"]
    assert [each.shape[0] for each in head.parameters()][::2] == [6, 5, 2]
    assert trainable(net) == {f"{layers_of(net).head[0]}.{part}" for part, _ in head.named_parameters()}
    assert net.eval()(noise(*SMALL[name][1]).float()).shape == (2, 2)


def test_the_first_stages_stay_and_the_others_learn_on() -> None:
    net, state, plan = made("x3d_xs", 2), learned("x3d_xs"), TransferPlan(Mode.FINE_TUNE, 3)
    fit = plan.begin(net, state)
    assert list(fit.classes) == ["blocks.5.proj.weight", "blocks.5.proj.bias"]
    after = stepped(net, "x3d_xs", plan)
    changed = {key for key in after if not torch.equal(after[key], state.get(key, after[key]))}
    frozen = ("blocks.0", "blocks.1", "blocks.2")
    assert not any(lies_in(key, frozen) for key in changed)
    assert "blocks.3.res_blocks.0.branch2.norm_a.running_mean" in changed
    assert {key.split(".")[1] for key in trainable(net)} == {"3", "4", "5"}


def test_stages_are_counted_or_named_by_the_last_that_stays() -> None:
    by_name, by_count = (empty("as_gcn", 4, graph="cpm14") for _ in range(2))
    state = empty("as_gcn", 60, graph="cpm14").state_dict()
    TransferPlan(Mode.FINE_TUNE, "class_layer_5").begin(by_name, state)
    TransferPlan(Mode.FINE_TUNE, 6).begin(by_count, state)
    assert trainable(by_name) == trainable(by_count)
    assert "edge_importance.5" not in trainable(by_name)
    assert {"edge_importance.6", "class_layer_6.gcn.conv.weight", "fcn.weight"} <= trainable(by_name)


def test_rates_fall_from_the_head_to_the_input() -> None:
    net, plan = made("x3d_xs", 7), TransferPlan(Mode.FINE_TUNE, 1, lr_mult=0.5)
    plan.begin(net, learned("x3d_xs"))
    rate = {id(each): group["lr"] for group in plan.groups(net, SGD(rate=1.0)) for each in group["params"]}
    of = {name: rate.get(id(each)) for name, each in net.named_parameters()}
    assert of["blocks.0.norm.weight"] is None
    assert of["blocks.1.res_blocks.0.branch1_conv.weight"] == 0.5**5
    assert of["blocks.5.pool.pre_conv.weight"] == 0.5
    assert of["blocks.5.proj.bias"] == 1


@pytest.mark.parametrize("name", ["mobilenet_v3_small", "tsn", "st_gcn"])
def test_from_scratch_no_weight_is_taken_over(name: str) -> None:
    net, twin = made(name, 2), made(name, 2)
    fit = TransferPlan(Mode.SCRATCH).begin(net, learned(name, 2))
    assert fit.state == {}
    assert all(torch.equal(each, twin.state_dict()[key]) for key, each in net.state_dict().items())
    norms = [each for each in net.train().modules() if isinstance(each, nn.modules.batchnorm._BatchNorm)]
    assert norms
    assert all(each.training for each in norms) or name == "tsn"  # whose partial BN is its own
    assert trainable(net) == trainable(twin)


def test_what_pictures_did_not_teach_is_never_frozen() -> None:
    net = made("cnn_lstm", 2)
    fit = TransferPlan(Mode.FIXED).begin(net, learned("mobilenet_v3_small"))
    assert "base_model.features.0.0.weight" in fit.state
    assert {name.split(".")[0] for name in trainable(net)} == {"lstm", "fc"}
    with pytest.raises(WrongTransfer, match="stage of lstm has no weights to stay with; freeze 14 stages"):
        TransferPlan(Mode.FINE_TUNE, "lstm").begin(made("cnn_lstm", 2), learned("mobilenet_v3_small"))


def test_other_weights_are_refused_before_anything_changes() -> None:
    net = made("mobilenet_v3_small", 2)
    with pytest.raises(DoesNotFit):
        TransferPlan(Mode.FINE_TUNE, 2).begin(net, learned("st_gcn"))
    assert len(trainable(net)) == len(list(net.parameters()))


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"mode": "frozen"}, "no mode frozen of transfer; there are: fixed, fine_tune, scratch"),
        ({"mode": "fixed", "freeze_until": 2}, "freeze_until and lr_mult are for the mode fine_tune"),
        ({"mode": "scratch", "lr_mult": 0.5}, "fixed freezes all stages, scratch none"),
        ({"lr_mult": 0.0}, "more than 0 and at most 1"),
        ({"head_layers": (0,)}, "a hidden layer is 1 wide or more"),
    ],
)
def test_plans_that_contradict_themselves_are_told(plan: dict[str, Any], said: str) -> None:
    with pytest.raises(WrongTransfer, match=said):
        TransferPlan(**plan)


@pytest.mark.parametrize(
    ("until", "said"), [(16, "16 stages cannot be frozen; the network has 14"), ("fc9", "no layer fc9")]
)
def test_stages_that_are_not_there_are_told(until: int | str, said: str) -> None:
    name = "mobilenet_v3_small"
    with pytest.raises(WrongTransfer, match=said):
        TransferPlan(Mode.FINE_TUNE, until).begin(made(name, 2), learned(name))
    with pytest.raises(WrongTransfer, match="begins with weights, and there are none"):
        TransferPlan(Mode.FIXED).begin(made(name, 2))
