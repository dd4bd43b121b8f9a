"""Both stages of training learn, and leave no parameter without a gradient."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel

from training.ml.models import create_model
from training.ml.models.skeleton.aim import create_aim
from training.ml.models.skeleton.as_gcn import ASGCN, create_as_gcn
from training.ml.models.skeleton.stages import ActionStage, LinkStage

V = 14


def without_gradient(net: nn.Module) -> list[str]:
    return [name for name, each in net.named_parameters() if each.requires_grad and each.grad is None]


def five_actions() -> tuple[Tensor, Tensor]:
    """Two clips of each of five actions, told apart by which limb moves."""
    generator = torch.Generator().manual_seed(0)
    x = 0.05 * torch.randn(10, 3, 16, V, 1, generator=generator)
    t = torch.linspace(0, 6, 16)
    label_N = torch.arange(10) % 5
    for n, label in enumerate(label_N.tolist()):
        x[n, :, :, 2 + 2 * label, 0] += 2 * torch.sin(t + n)
    return x, label_N


@pytest.fixture
def one_process(tmp_path: Path) -> Iterator[None]:
    distributed.init_process_group("gloo", init_method=f"file://{tmp_path}/meet", rank=0, world_size=1)
    yield
    distributed.destroy_process_group()


def test_five_classes_are_learnt() -> None:
    torch.manual_seed(0)
    x, label_N = five_actions()
    net = create_model("as_gcn", num_classes=5, graph="cpm14", dropout=0.0)
    assert isinstance(net, ASGCN)
    stage = ActionStage(net)
    optimiser = torch.optim.SGD(net.parameters(), 0.02, momentum=0.9, nesterov=True)
    before = []
    for _ in range(4):
        losses = stage(x, label_N)
        optimiser.zero_grad()
        losses.whole.backward()
        optimiser.step()
        before.append(losses.classification.item())
    assert before[-1] < 0.6 * before[0]


@pytest.mark.usefixtures("one_process")
def test_ddp_finds_every_parameter_used_in_both_stages() -> None:
    """DDP refuses a second step when a parameter of the first one got no gradient."""
    torch.manual_seed(0)
    x, label_N = torch.randn(1, 3, 12, V, 1), torch.tensor([1])
    links = DistributedDataParallel(LinkStage(create_aim(graph="cpm14")))
    actions = DistributedDataParallel(ActionStage(create_as_gcn(num_classes=2, graph="cpm14")))
    for _ in range(2):
        links(x).backward()
        actions(x, label_N).whole.backward()
    assert without_gradient(links) == without_gradient(actions) == []


def test_what_is_frozen_is_what_no_equation_uses() -> None:
    aim, net = create_aim(), create_as_gcn()
    still = [name for each in (aim, net) for name, p in each.named_parameters() if not p.requires_grad]
    assert still == [
        *("decoder.msg_fc1.0.weight", "decoder.msg_fc1.0.bias"),
        *("decoder.msg_fc2.0.weight", "decoder.msg_fc2.0.bias"),
        *("edge_importance_recon.7", "edge_importance_recon.8"),
    ]


def test_the_loss_is_entropy_and_a_hundredth_of_the_error() -> None:
    torch.manual_seed(0)
    stage = ActionStage(create_as_gcn(num_classes=2, graph="cpm14")).eval()
    with torch.no_grad():
        losses = stage(torch.randn(2, 3, 12, V, 1), torch.tensor([0, 1]))
    torch.testing.assert_close(losses.whole, losses.classification + 0.01 * losses.prediction)
    torch.testing.assert_close(
        losses.classification, nn.functional.cross_entropy(losses.logits_NC, torch.tensor([0, 1]))
    )
    assert losses.prediction > 0


def test_padding_of_a_clip_teaches_no_pose() -> None:
    stage = ActionStage(create_as_gcn(num_classes=2, graph="cpm14").eval())
    x = torch.randn(1, 3, 30, V, 1)
    x[:, :, 5:] = 0
    with torch.no_grad():
        whole = stage(x, torch.tensor([1]))
    x[:, :, 1:] = 0
    with torch.no_grad():
        alone = stage(x, torch.tensor([1]))
    assert whole.prediction > 0
    assert float(alone.prediction) == 0, "one frame has no future"
