"""ST-GCN is the published network, under the published names, on every graph."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.training.ml.models.skeleton.filling import filled, normed, skeletons
from tests.training.ml.shortly import shortly
from training.ml.models.contract import WrongInput
from training.ml.models.skeleton.graphs import GRAPHS, graph_named, partition
from training.ml.models.skeleton.st_gcn import STGCN, Block, create_st_gcn


@pytest.fixture(scope="module")
def net() -> STGCN:
    return filled(create_st_gcn(num_classes=5))


def by_hand(net: STGCN, x_CTVM: Tensor) -> Tensor:
    """One clip, from its own state dict: figure 2 of the paper with nothing shared with the source."""
    s = net.state_dict()

    persons = []
    for m in range(x_CTVM.shape[3]):
        c, t, v = x_CTVM.shape[:3]
        x = normed(s, "data_bn", x_CTVM[..., m].permute(2, 0, 1).reshape(v * c, t))
        x = x.view(v, c, t).permute(1, 2, 0)
        for n in range(10):
            at, stride = f"st_gcn_networks.{n}", 2 if n in (4, 7) else 1
            weight, bias = s[f"{at}.gcn.conv.weight"][..., 0, 0], s[f"{at}.gcn.conv.bias"]
            size = len(weight) // 3
            y = x.new_zeros(size, *x.shape[1:])
            for k in range(3):
                rows = slice(k * size, (k + 1) * size)
                part = torch.tensordot(weight[rows], x, 1) + bias[rows][:, None, None]
                y = y + part @ (s["A"][k] * s[f"edge_importance.{n}"][k])
            y = functional.pad(normed(s, f"{at}.tcn.0", y).relu(), (0, 0, 4, 4)).unfold(1, 9, stride)
            y = torch.einsum("ctvk,ock->otv", y, s[f"{at}.tcn.2.weight"][..., 0])
            y = normed(s, f"{at}.tcn.3", y + s[f"{at}.tcn.2.bias"][:, None, None])
            if stride == 2:
                x = torch.tensordot(s[f"{at}.residual.0.weight"][..., 0, 0], x[:, ::2], 1)
                y = y + normed(s, f"{at}.residual.1", x + s[f"{at}.residual.0.bias"][:, None, None])
            elif n:
                y = y + x
            x = y.relu()
        persons.append(x.mean((1, 2)))
    logits_C: Tensor = s["fcn.weight"][..., 0, 0] @ torch.stack(persons).mean(0) + s["fcn.bias"]
    return logits_C


def test_its_logits_are_those_of_the_equations(net: STGCN) -> None:
    x_NCTVM = skeletons(2, 3, 13, 25, 2)
    with torch.no_grad():
        logits_NC = net(x_NCTVM)
        for n in range(2):
            torch.testing.assert_close(logits_NC[n], by_hand(net, x_NCTVM[n]), rtol=1e-9, atol=1e-12)
    assert logits_NC.std() > 1e-3, "numbers that tell something"


def test_its_parts_have_the_public_names() -> None:
    with torch.device("meta"):
        state = create_st_gcn().state_dict()
    shapes = {name: tuple(tensor.shape) for name, tensor in state.items()}
    assert shapes["A"] == (3, 25, 25)
    assert shapes["data_bn.running_mean"] == (75,)
    assert shapes["st_gcn_networks.0.gcn.conv.weight"] == (192, 3, 1, 1)
    assert shapes["st_gcn_networks.4.gcn.conv.bias"] == (384,)
    assert shapes["st_gcn_networks.4.residual.0.weight"] == (128, 64, 1, 1)
    assert shapes["st_gcn_networks.9.tcn.2.weight"] == (256, 256, 9, 1)
    assert shapes["edge_importance.9"] == (3, 25, 25)
    assert shapes["fcn.weight"] == (60, 256, 1, 1)
    residuals = {name.split(".")[1] for name in shapes if ".residual." in name}
    assert residuals == {"4", "7"}
    assert len([name for name in shapes if ".tcn." in name]) == 10 * (5 + 2 + 5)


@pytest.mark.parametrize("graph", shortly(GRAPHS, "cpm14", "ntu25"))
def test_every_graph_and_partition_gives_logits(graph: str) -> None:
    v = len(graph_named(graph).joints)
    for strategy, max_hop, parts in (("uniform", 1, 1), ("distance", 2, 3), ("spatial", 2, 5)):
        with torch.device("meta"):
            net = create_st_gcn(num_classes=4, graph=graph, strategy=strategy, max_hop=max_hop)  # type: ignore[arg-type]
            assert net.A.shape == (parts, v, v)
            assert net(torch.empty(2, 3, 20, v, 1)).shape == (2, 4)


@pytest.mark.parametrize(("frames", "persons"), [(1, 1), (2, 3), (9, 2)])
def test_short_clips_and_any_number_of_persons_are_taken(net: STGCN, frames: int, persons: int) -> None:
    with torch.no_grad():
        assert net(skeletons(1, 3, frames, 25, persons)).isfinite().all()
        assert net.features(skeletons(1, 3, frames, 25, persons)).shape[2] == -(-frames // 4)


def test_it_does_not_matter_who_comes_first(net: STGCN) -> None:
    x_NCTVM = skeletons(2, 3, 8, 25, 3)
    with torch.no_grad():
        torch.testing.assert_close(net(x_NCTVM[..., [2, 0, 1]]), net(x_NCTVM), rtol=1e-9, atol=1e-12)


def test_clips_do_not_touch_each_other(net: STGCN) -> None:
    x_NCTVM = skeletons(3, 3, 8, 25, 2)
    with torch.no_grad():
        torch.testing.assert_close(net(x_NCTVM)[1:2], net(x_NCTVM[1:2]), rtol=1e-9, atol=1e-12)
        assert torch.equal(net(x_NCTVM), net(x_NCTVM)), "and the same clip gives the same logits"


def test_every_parameter_learns() -> None:
    torch.manual_seed(0)
    net = create_st_gcn(num_classes=3, graph="cpm14")
    functional.cross_entropy(net(torch.randn(2, 3, 8, 14, 1)), torch.tensor([0, 2])).backward()  # type: ignore[no-untyped-call]
    assert [name for name, each in net.named_parameters() if each.grad is None] == []


def test_the_first_block_adds_nothing_and_drops_nothing(net: STGCN) -> None:
    first = net.st_gcn_networks[0]
    assert isinstance(first, Block)
    assert first.residual is None
    assert [each.p for each in net.modules() if isinstance(each, nn.Dropout)] == [0.0] + [0.5] * 9


def test_skeletons_of_another_graph_are_told(net: STGCN) -> None:
    with pytest.raises(WrongInput, match=r"on ntu25 takes .*25 joints.* not \(1, 3, 8, 17, 2\)"):
        net(skeletons(1, 3, 8, 17, 2))
    with pytest.raises(WrongInput, match=r"1 frames or more"):
        net(skeletons(1, 3, 0, 25, 2))


def test_its_adjacency_is_the_partition_in_single_precision() -> None:
    net = create_st_gcn(num_classes=2)
    assert net.A.dtype == torch.float32
    torch.testing.assert_close(net.A.double(), partition(graph_named("ntu25")), atol=1e-7, rtol=1e-6)
