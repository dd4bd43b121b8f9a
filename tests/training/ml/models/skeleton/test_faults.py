"""What was wrong in the public code of AS-GCN, fault by fault as its study numbers them, is right here.

The fourth, that there are no weights, and the fifth, scripts that do not start, are no matter of a network.
"""

import ast
from pathlib import Path

import pytest
import torch
from torch import nn

import training.ml.models.skeleton as package
from training.ml.checkpoints import load_but_classes
from training.ml.datasets import Dataset, Protocol, Sample
from training.ml.datasets.readers.ntu import CLASSES
from training.ml.fit.recipe import Bodies
from training.ml.fit.skeletons import SkeletonReader
from training.ml.fit.stock import stocked
from training.ml.models.skeleton.aim import create_aim
from training.ml.models.skeleton.as_gcn import ASGCN, create_as_gcn
from training.ml.models.skeleton.future import mpjpe, split_future
from training.ml.models.skeleton.stages import ActionStage
from training.ml.recipes.published import published

V = 14


@pytest.fixture(scope="module")
def net() -> ASGCN:
    torch.manual_seed(0)
    return create_as_gcn(num_classes=5, graph="cpm14").eval()


def test_1_labels_above_the_number_of_classes_are_mapped_and_a_head_of_sixty_is_dropped(net: ASGCN) -> None:
    chosen, names = published("as_gcn_ntu5_xsub"), ("kick_something", "drink_water", "eat_meal", "clap")
    samples = tuple(Sample(path=Path(name), label=name) for name in names)
    everyone = {"all": Protocol((0, 1, 2, 3))}
    sixty_classes = Dataset(
        name="ntu60", classes=CLASSES[:60], samples=samples, protocols=everyone, using="all"
    )
    sees = chosen.sees
    assert isinstance(sees, Bodies)
    train = stocked(sixty_classes, chosen.data.classes, sees, SkeletonReader(sees)).train
    assert train.label_N.tolist() == [4, 0, 3], "their places among the five"
    sixty = create_as_gcn(num_classes=60, graph="cpm14").state_dict()
    head = net.fcn.weight.clone()
    assert list(load_but_classes(net, sixty).misfits) == ["fcn.weight", "fcn.bias"]
    assert torch.equal(net.fcn.weight, head)


def test_2_replicas_have_their_importances_and_relations() -> None:
    """What DataParallel does to each module: no `_parameters`, and plain tensors set under their names."""
    importances = create_as_gcn(num_classes=2, graph="cpm14").edge_importance
    replica = importances._replicate_for_data_parallel()  # type: ignore[no-untyped-call]
    for name, tensor in importances.named_parameters():
        setattr(replica, name, tensor.detach() * 2)
    assert torch.equal(replica[8], importances[8] * 2)
    assert not any(isinstance(each, nn.ParameterList) for each in create_as_gcn(graph="cpm14").modules())


def test_2_whatever_is_no_parameter_moves_as_a_buffer() -> None:
    for made in (create_as_gcn(num_classes=2, graph="cpm14"), create_aim(graph="cpm14")):
        for module in made.to("meta").modules():
            assert not [name for name, each in vars(module).items() if isinstance(each, torch.Tensor)]
            assert all(each.is_meta for each in module.buffers())
    for path in Path(package.__path__[0]).glob("*.py"):
        names = {
            each.attr for each in ast.walk(ast.parse(path.read_text())) if isinstance(each, ast.Attribute)
        }
        assert not names & {"cuda", "get_device"}, path.name


def test_2_every_person_is_foretold_not_every_second_row(net: ASGCN) -> None:
    x = torch.randn(2, 3, 12, V, 3)
    with torch.no_grad():
        assert net.predict(x).shape == (2, 3, 10, V, 3)


def test_3_poses_are_foretold_and_judged(net: ASGCN) -> None:
    split = split_future(torch.randn(2, 3, 24, V, 2), 10)
    with torch.no_grad():
        assert mpjpe(net.predict(split.observed_NCTVM), split.future_NCFVM, split.valid_NFM) > 0


def test_3_a_head_that_moves_nothing_keeps_the_last_pose_in_its_own_coordinates(net: ASGCN) -> None:
    still = create_as_gcn(num_classes=5, graph="cpm14").eval()
    still.load_state_dict(net.state_dict())
    last_norm = still.get_submodule("recon_layer_6.tcn_recon.3")
    assert isinstance(last_norm, nn.BatchNorm2d)
    nn.init.zeros_(last_norm.weight)
    nn.init.zeros_(last_norm.bias)
    x = torch.randn(1, 3, 12, V, 2)
    with torch.no_grad():
        torch.testing.assert_close(still.predict(x), x[:, :, -1:].expand(1, 3, 10, V, 2))


def test_6_a_batch_is_counted_once_by_every_norm() -> None:
    net = create_as_gcn(num_classes=2, graph="cpm14")
    ActionStage(net)(torch.randn(2, 3, 12, V, 1), torch.tensor([0, 1]))
    norms = {n: m for n, m in net.named_modules() if isinstance(m, nn.BatchNorm1d | nn.BatchNorm2d)}
    counted = {n: int(m.num_batches_tracked or 0) for n, m in norms.items() if not n.startswith("aim.")}
    assert set(counted.values()) == {1}


def test_7_importances_that_no_block_uses_ask_for_no_gradient(net: ASGCN) -> None:
    learnt = [name for name, each in net.edge_importance_recon.named_parameters() if each.requires_grad]
    assert learnt == [str(n) for n in range(7)]


def test_8_links_of_many_bodies_are_those_of_each_alone() -> None:
    torch.manual_seed(0)
    net = create_as_gcn(num_classes=2, graph="cpm14").double().eval()
    x = torch.randn(3, 3, 50, V, 2, dtype=torch.float64)
    together = net.links(x)
    for n in range(3):
        for m in range(2):
            alone = net.links(x[n : n + 1, ..., m : m + 1])
            torch.testing.assert_close(together[2 * n + m], alone[0])


def test_9_features_can_be_taken(net: ASGCN) -> None:
    x = torch.randn(1, 3, 9, V, 2)
    with torch.no_grad():
        assert net.features(x).shape == (2, 256, 3, V)
        logits = net.fcn(net.features(x).mean((0, 2, 3))[None, :, None, None]).flatten(1)
        torch.testing.assert_close(logits, net(x))
