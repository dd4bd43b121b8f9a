"""AS-GCN is the published network, under the published names, and its heads are the equations'."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.training.ml.models.skeleton.filling import filled, normed, skeletons
from tests.training.ml.shortly import shortly
from training.ml.models.contract import WrongInput
from training.ml.models.skeleton.aim import create_aim
from training.ml.models.skeleton.as_gcn import ASGCN, create_as_gcn
from training.ml.models.skeleton.graphs import GRAPHS, graph_named, s_links

V = 14


@pytest.fixture(scope="module")
def net() -> ASGCN:
    return filled(create_as_gcn(num_classes=5, graph="cpm14"))


def conv_by_hand(s: dict[str, Tensor], at: str, x: Tensor, importance: str, links: Tensor) -> Tensor:
    """x (C, T, V): nine kernels along weighted bones and half of two along links, one by one."""
    kind = "deconv" if at.endswith("gcn_recon") else "conv"
    weight, bias = s[f"{at}.{kind}.weight"][..., 0, 0], s[f"{at}.{kind}.bias"]
    weight = weight.T if kind == "deconv" else weight  # transposed convolutions keep inputs first
    size = len(bias) // 11
    out = x.new_zeros(size, *x.shape[1:])
    for k in range(11):
        rows = slice(k * size, (k + 1) * size)
        part = torch.tensordot(weight[rows], x, 1) + bias[rows][:, None, None]
        out = out + part @ (s["A"][k] * s[importance][k] if k < 9 else 0.5 * links[k - 9])
    return out


def block_by_hand(
    s: dict[str, Tensor], at: str, x: Tensor, importance: str, links: Tensor, stride: int, pad: int
) -> Tensor:
    y = normed(s, f"{at}.tcn.0", conv_by_hand(s, f"{at}.gcn", x, importance, links)).relu()
    weight = s[f"{at}.tcn.2.weight"][..., 0]
    y = functional.pad(y, (0, 0, pad, pad)).unfold(1, weight.shape[2], stride)
    y = torch.einsum("ctvk,ock->otv", y, weight) + s[f"{at}.tcn.2.bias"][:, None, None]
    y = normed(s, f"{at}.tcn.3", y)
    if f"{at}.residual.0.weight" in s:
        r = torch.tensordot(s[f"{at}.residual.0.weight"][..., 0, 0], x[:, ::stride], 1)
        y = y + normed(s, f"{at}.residual.1", r + s[f"{at}.residual.0.bias"][:, None, None])
    elif x.shape == y.shape:
        y = y + x
    return y.relu()


def body_by_hand(s: dict[str, Tensor], x_CTV: Tensor, links: Tensor) -> Tensor:
    c, t, v = x_CTV.shape
    x = normed(s, "data_bn", x_CTV.permute(2, 0, 1).reshape(v * c, t)).view(v, c, t).permute(1, 2, 0)
    for n in range(9):
        stride = 2 if n in (3, 6) else 1
        x = block_by_hand(s, f"class_layer_{n}", x, f"edge_importance.{n}", links, stride, 4)
    return x


def future_by_hand(s: dict[str, Tensor], x: Tensor, last_CV: Tensor, links: Tensor) -> Tensor:
    for n, (kernel, stride) in enumerate([(9, 1), (9, 2), (9, 2), (9, 2), (3, 2), (5, 1)]):
        pad = 0 if n == 5 else kernel // 2
        x = block_by_hand(s, f"recon_layer_{n}", x, f"edge_importance_recon.{n}", links, stride, pad)
    at = "recon_layer_6"
    x = torch.cat([x, last_CV[:, None]])
    x = conv_by_hand(s, f"{at}.gcn_recon", x, "edge_importance_recon.6", links)
    x = normed(s, f"{at}.tcn_recon.0", x).relu()
    x = torch.einsum("ctv,co->otv", x, s[f"{at}.tcn_recon.2.weight"][..., 0, 0])
    x = normed(s, f"{at}.tcn_recon.3", x + s[f"{at}.tcn_recon.2.bias"][:, None, None])
    return last_CV[:, None] + x.view(3, 10, -1)


def test_logits_are_those_of_the_equations(net: ASGCN) -> None:
    x = skeletons(2, 3, 13, V, 2)
    with torch.no_grad():
        links = net.links(x)
        logits = net(x)
        s = net.state_dict()
        for n in range(2):
            bodies = [body_by_hand(s, x[n, ..., m], links[2 * n + m]).mean((1, 2)) for m in range(2)]
            by_hand = s["fcn.weight"][..., 0, 0] @ torch.stack(bodies).mean(0) + s["fcn.bias"]
            torch.testing.assert_close(logits[n], by_hand, rtol=1e-9, atol=1e-12)
    assert logits.std() > 1e-3, "numbers that tell something"


def test_future_poses_are_those_of_the_equations(net: ASGCN) -> None:
    x, last = skeletons(1, 3, 290, V, 1), skeletons(1, 3, V, 1, seed=2)
    with torch.no_grad():
        links, s = net.links(x), net.state_dict()
        by_hand = future_by_hand(s, body_by_hand(s, x[0, ..., 0], links[0]), last[0, ..., 0], links[0])
        future = net.heads(x, last, links).future_NCFVM
    torch.testing.assert_close(future[0, ..., 0], by_hand, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize(("classes", "parameters"), [(60, 6_987_478), (120, 7_002_898), (5, 6_973_343)])
def test_it_has_the_published_parameters(classes: int, parameters: int) -> None:
    with torch.device("meta"):
        net = create_as_gcn(num_classes=classes)
    sizes = {name: each.numel() for name, each in net.named_parameters()}
    assert sum(sizes.values()) == parameters
    assert sum(size for name, size in sizes.items() if "recon" in name) == 2_190_211


def test_its_parts_have_the_public_names() -> None:
    with torch.device("meta"):
        state = create_as_gcn().state_dict()
    shapes = {name: tuple(tensor.shape) for name, tensor in state.items()}
    assert shapes["A"] == (9, 25, 25)
    assert shapes["data_bn.weight"] == (75,)
    assert shapes["class_layer_0.gcn.conv.weight"] == (64 * 11, 3, 1, 1)
    assert shapes["class_layer_3.residual.0.weight"] == (128, 64, 1, 1)
    assert shapes["class_layer_8.tcn.2.weight"] == (256, 256, 9, 1)
    assert shapes["recon_layer_0.residual.1.running_mean"] == (128,)
    assert shapes["recon_layer_4.tcn.2.weight"] == (128, 128, 3, 1)
    assert shapes["recon_layer_5.tcn.2.weight"] == (128, 128, 5, 1)
    assert shapes["recon_layer_6.gcn_recon.deconv.weight"] == (131, 330, 1, 1)
    assert shapes["recon_layer_6.tcn_recon.2.weight"] == (30, 30, 1, 1)
    assert shapes["edge_importance.8"] == shapes["edge_importance_recon.8"] == (9, 25, 25)
    assert shapes["fcn.bias"] == (60,)
    residuals = {name.split(".")[0] for name in shapes if ".residual." in name}
    assert residuals == {"class_layer_3", "class_layer_6", *(f"recon_layer_{n}" for n in range(5))}


@pytest.mark.parametrize("graph", shortly(GRAPHS, "cpm14", "ntu25"))
def test_every_graph_gives_logits_and_a_future(graph: str) -> None:
    v = len(graph_named(graph).joints)
    with torch.device("meta"):
        net = create_as_gcn(num_classes=4, graph=graph)
        x, links = torch.empty(2, 3, 20, v, 2), torch.empty(4, 2, v, v)
        heads = net.heads(x, torch.empty(2, 3, v, 2), links)
    assert heads.logits_NC.shape == (2, 4)
    assert heads.future_NCFVM.shape == (2, 3, 10, v, 2)


@pytest.mark.parametrize(("frames", "persons"), [(1, 1), (3, 2)])
def test_a_clip_may_be_short(net: ASGCN, frames: int, persons: int) -> None:
    x = skeletons(1, 3, frames, V, persons)
    with torch.no_grad():
        assert net(x).isfinite().all()
        assert net.predict(x).shape == (1, 3, 10, V, persons)
    with pytest.raises(WrongInput, match="1 frames or more"):
        net(x[:, :, :0])


def test_it_does_not_matter_who_comes_first(net: ASGCN) -> None:
    x, order = skeletons(1, 3, 12, V, 3), [2, 0, 1]
    with torch.no_grad():
        torch.testing.assert_close(net(x[..., order]), net(x), rtol=1e-9, atol=1e-12)
        torch.testing.assert_close(
            net.predict(x[..., order]), net.predict(x)[..., order], rtol=1e-9, atol=1e-12
        )
        assert torch.equal(net(x), net(x)), "and the same clip gives the same logits"


def test_an_absent_person_has_no_future(net: ASGCN) -> None:
    x = skeletons(1, 3, 12, V, 2)
    x[..., 1] = 0
    with torch.no_grad():
        future = net.predict(x)
    assert not future[..., 1].any()
    assert future[..., 0].any()


@pytest.mark.parametrize(
    ("option", "kernels"), [({"active_links": 3}, 12), ({"hops": 2}, 7), ({"channels": 2}, 11)]
)
def test_links_hops_and_coordinates_are_options(option: dict[str, Any], kernels: int) -> None:
    net = create_as_gcn(num_classes=2, graph="cpm14", **option).eval()
    weight = net.get_parameter("class_layer_0.gcn.conv.weight")
    assert len(weight) == 64 * kernels
    with torch.no_grad():
        assert net(torch.randn(1, option.get("channels", 3), 4, V, 1)).shape == (1, 2)


def test_strength_weighs_the_active_links(net: ASGCN) -> None:
    weak = create_as_gcn(num_classes=5, graph="cpm14", strength=0.0).double().eval()
    weak.load_state_dict(net.state_dict())
    x = skeletons(1, 3, 6, V, 1)
    with torch.no_grad():
        links = net.links(x)
        assert torch.equal(weak.recognise(x, links), weak.recognise(x, links * 7))
        assert not torch.allclose(net.recognise(x, links), net.recognise(x, links * 7))


def test_links_are_those_of_the_module_that_was_taken() -> None:
    aim = filled(create_aim(graph="cpm14"), seed=9)
    net = create_as_gcn(num_classes=2, graph="cpm14").double().eval()
    x = skeletons(1, 3, 60, V, 2)
    with torch.no_grad():
        net.take_links(aim)
        assert torch.equal(net.links(x), aim(x).links_BEVV)
    assert all(f"aim.encoder.{name}" in net.state_dict() for name in aim.encoder.state_dict())
    with pytest.raises(WrongInput, match="on ntu25 with 2 active types, this network is on cpm14 with 2"):
        net.take_links(create_aim())


def test_links_stay_as_they_were_while_the_rest_learns() -> None:
    torch.manual_seed(0)
    net = create_as_gcn(num_classes=2, graph="cpm14")
    before = {name: each.clone() for name, each in net.aim.state_dict().items()}
    net.train()(torch.randn(2, 3, 4, V, 1)).sum().backward()
    torch.optim.SGD(net.parameters(), 1.0).step()
    assert all(torch.equal(each, before[name]) for name, each in net.aim.state_dict().items())
    for made in (net, create_as_gcn(num_classes=2, graph="cpm14")):
        assert not any(module.training for module in made.aim.modules())


def test_links_of_another_shape_are_told(net: ASGCN) -> None:
    with pytest.raises(WrongInput, match=r"need links of shape \(2, 2, 14, 14\), not \(1, 2, 14, 14\)"):
        net.recognise(skeletons(1, 3, 4, V, 2), torch.zeros(1, 2, V, V))


def test_checkpointing_changes_memory_and_nothing_else() -> None:
    nets = []
    for checkpointing in (False, True):
        torch.manual_seed(0)
        nets.append(
            create_as_gcn(num_classes=2, graph="cpm14", dropout=0.0, checkpointing=checkpointing).double()
        )
    x, links = skeletons(2, 3, 4, V, 1), torch.zeros(2, 2, V, V, dtype=torch.float64)
    for net in nets:
        net.recognise(x, links).square().sum().backward()  # type: ignore[no-untyped-call]
    first, second = (
        {n: each.grad for n, each in net.named_parameters() if each.grad is not None} for net in nets
    )
    assert first.keys() == second.keys()
    for name, grad in first.items():
        torch.testing.assert_close(second[name], grad)
    counts = {int(m.num_batches_tracked or 0) for m in nets[1].modules() if isinstance(m, nn.BatchNorm2d)}
    assert counts <= {0, 1}, "a norm counts a batch once"


def test_its_adjacency_is_the_nine_structural_links() -> None:
    net = create_as_gcn(num_classes=2, graph="coco17")
    torch.testing.assert_close(net.A.double(), s_links(graph_named("coco17")), atol=1e-7, rtol=1e-6)
