"""Inception-I3D begins with GoogLeNet's filters, repeated over time, and with all of its norms."""

import pytest
import torch
from torch import Tensor

from training.ml.errors import BadFile
from training.ml.models.i3d import create_i3d_inception
from training.ml.models.i3d_inflation import called
from training.ml.transfer import Mode, TransferPlan

BRANCHES = {"b0": "branch1", "b1a": "branch2.0", "b1b": "branch2.1", "b2a": "branch3.0", "b2b": "branch3.1"}
STEM = {"Conv3d_1a_7x7": "conv1", "Conv3d_2b_1x1": "conv2", "Conv3d_2c_3x3": "conv3"}


def googlenet() -> dict[str, Tensor]:
    """A state dict of GoogLeNet's names and shapes, with random numbers, and its heads."""
    torch.manual_seed(0)
    state = {"fc.weight": torch.zeros(1000, 1024), "aux1.conv.conv.weight": torch.zeros(128, 512, 1, 1)}
    for name, each in create_i3d_inception(num_classes=2).state_dict().items():
        block, _, rest = name.partition(".")
        if block == "logits":
            continue
        if block in STEM:
            old = f"{STEM[block]}.{rest}"
        else:
            stage, letter = tuple(block.removeprefix("Mixed_"))
            branch, _, rest = rest.partition(".")
            before = "abcde"["bcdef".index(letter)]
            old = f"inception{stage}{before}.{BRANCHES.get(branch, 'branch4.1')}.{rest}"
        flat = each[:, :, 0] if each.ndim == 5 else each
        state[old.replace("conv3d", "conv")] = torch.rand_like(flat) if flat.is_floating_point() else flat
    return state


def test_filters_are_repeated_and_norms_are_copied() -> None:
    state, net = googlenet(), create_i3d_inception(num_classes=5)
    head = net.logits.conv3d.weight.clone()
    fit = net.learn_from_pictures(state)
    ours = net.state_dict()
    assert called("inception4e.branch3.1.conv.weight") == "Mixed_4f.b2b.conv3d.weight"
    torch.testing.assert_close(
        ours["Mixed_4f.b2b.conv3d.weight"].sum(2), state["inception4e.branch3.1.conv.weight"]
    )
    torch.testing.assert_close(ours["Conv3d_1a_7x7.conv3d.weight"][:, :, 6], state["conv1.conv.weight"] / 7)
    assert torch.equal(ours["Mixed_5c.b3b.bn.running_var"], state["inception5b.branch4.1.bn.running_var"])
    assert torch.equal(net.logits.conv3d.weight, head)
    assert set(fit.state) == {name for name in ours if not name.startswith("logits.")}


def test_flow_begins_with_the_mean_of_the_colours() -> None:
    state, net = googlenet(), create_i3d_inception(num_classes=5, in_channels=2)
    TransferPlan(Mode.FIXED).begin(net, state)
    kernel = net.state_dict()["Conv3d_1a_7x7.conv3d.weight"].sum(2)
    torch.testing.assert_close(kernel, state["conv1.conv.weight"].mean(1, keepdim=True).expand(-1, 2, -1, -1))
    assert {name.partition(".")[0] for name, each in net.named_parameters() if each.requires_grad} == {
        "logits"
    }


def test_other_weights_are_refused_before_anything_is_filled() -> None:
    state, net = googlenet(), create_i3d_inception(num_classes=5)
    before = {name: each.clone() for name, each in net.state_dict().items()}
    del state["inception3a.branch1.bn.bias"]
    with pytest.raises(BadFile, match=r"nothing in them becomes Mixed_3b\.b0\.bn\.bias\. Take GoogLeNet's"):
        net.learn_from_pictures(state)
    with pytest.raises(BadFile, match=r"layer1\.weight would be layer1\.weight, which this network does not"):
        net.learn_from_pictures({**googlenet(), "layer1.weight": torch.zeros(1)})
    assert all(torch.equal(each, before[name]) for name, each in net.state_dict().items())
