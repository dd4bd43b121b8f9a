"""The authors' two files of AS-GCN make one network."""

import pytest
import torch

from tests.training.ml.models.skeleton.filling import filled, skeletons
from training.ml.checkpoints import load
from training.ml.errors import BadFile
from training.ml.models.skeleton.aim import create_aim
from training.ml.models.skeleton.as_gcn import create_as_gcn
from training.ml.models.skeleton.public import one_state


def test_both_files_are_loaded_whole_and_the_links_are_the_seconds() -> None:
    aim = filled(create_aim(graph="cpm14"), seed=4)
    theirs = filled(create_as_gcn(num_classes=3, graph="cpm14"), seed=5)
    first = {f"module.{name}": each for name, each in theirs.state_dict().items() if "aim." not in name}
    second = {f"module.{name}": each for name, each in aim.state_dict().items()}
    net = create_as_gcn(num_classes=3, graph="cpm14").double().eval()
    assert load(net, one_state(first, second)).whole
    x = skeletons(1, 3, 60, 14, 1)
    with torch.no_grad():
        assert torch.equal(net.links(x), aim(x).links_BEVV)
        assert torch.equal(net.recognise(x, net.links(x)), theirs.recognise(x, aim(x).links_BEVV))


def test_files_the_wrong_way_round_are_told() -> None:
    aim = create_aim(graph="cpm14").state_dict()
    with pytest.raises(BadFile, match=r"no encoder\.\* in it: give the network's file first"):
        one_state(aim, {"fcn.bias": torch.zeros(3)})
