"""TSN says the consensus of what its backbone says of single segments, under the names of tsn-pytorch."""

from typing import Any

import pytest
import torch
from torch import nn

from tests.training.ml.models.published import empty, multiplications, noise, shapes
from tests.training.ml.models.tsn.small import small
from training.ml.models import create_model
from training.ml.models.contract import WrongOption
from training.ml.models.tsn import TSN, create_tsn
from training.ml.models.tsn.streaming import chunks


def single_runs(net: TSN, x_BCTHW: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        return torch.stack([net(each) for each in chunks(x_BCTHW, net.frames_a_segment, segments=1)], 1)


@pytest.mark.parametrize("level", ["score", "feature"])
@pytest.mark.parametrize(("modality", "frames"), [("rgb", 1), ("flow", 5), ("rgb_difference", 6)])
def test_the_average_is_the_mean_of_single_runs(level: str, modality: str, frames: int) -> None:
    net = small(modality=modality, level=level)
    assert net.frames_a_segment == frames
    x_BCTHW = noise(2, 2 if modality == "flow" else 3, 3 * frames, 24, 17)
    with torch.inference_mode():
        torch.testing.assert_close(net(x_BCTHW), single_runs(net, x_BCTHW).mean(1))


@pytest.mark.parametrize("segments", [1, 3, 4])
def test_identity_keeps_the_logits_of_each_segment(segments: int) -> None:
    net, averaged = small(consensus="identity"), small()
    x_BCTHW = noise(2, 3, segments, 32, 32)
    with torch.inference_mode():
        said_BKC = net(x_BCTHW)
    assert said_BKC.shape == (2, segments, 3)
    torch.testing.assert_close(said_BKC, single_runs(averaged, x_BCTHW))


def test_the_maximum_of_features_is_not_that_of_scores() -> None:
    x_BCTHW = noise(1, 3, 3, 32, 32)
    with torch.inference_mode():
        scores, features = (small(consensus="max", level=level)(x_BCTHW) for level in ("score", "feature"))
        torch.testing.assert_close(scores, single_runs(small(), x_BCTHW).amax(1))
        assert not torch.allclose(scores, features)


def test_logits_are_said_in_training_too() -> None:
    torch.manual_seed(0)
    net = create_model("tsn", num_classes=4, backbone="resnet18")
    assert net(torch.randn(2, 3, 3, 32, 32)).shape == (2, 4)


@pytest.mark.parametrize(
    ("options", "parameters"),
    [
        ({}, 23_714_981),
        ({"backbone": "bninception"}, 10_373_765),
        ({"backbone": "vgg16"}, 134_674_341),
        ({"modality": "flow"}, 23_714_981 + 7 * 64 * 49),
        ({"backbone": "bninception", "modality": "rgb_difference"}, 10_373_765 + 12 * 64 * 49),
        ({"consensus": "weighted", "segments": 7}, 23_714_981 + 7),
    ],
)
def test_it_is_as_large_as_its_backbone_with_these_classes(options: dict[str, Any], parameters: int) -> None:
    net = empty("tsn", 101, **options)
    assert sum(parameter.numel() for parameter in net.parameters()) == parameters


def test_it_costs_three_times_its_backbone() -> None:
    picture = multiplications(empty("resnet50", 101), 1, 3, 64, 64)
    assert multiplications(empty("tsn", 101), 1, 3, 3, 64, 64) == 3 * picture


def test_its_parts_have_the_names_of_tsn_pytorch() -> None:
    found = shapes(empty("tsn", 101, backbone="bninception", modality="flow"))
    assert found["base_model.conv1_7x7_s2.weight"] == (64, 10, 7, 7)
    assert found["base_model.inception_5b_pool_proj_bn.running_var"] == (128,)
    assert found["new_fc.weight"] == (101, 1024)
    assert len(found) == 485, "nothing of the backbone's last layer, nothing of the consensus"


def test_a_fresh_head_is_all_but_nought() -> None:
    torch.manual_seed(0)
    net = create_tsn(num_classes=101, backbone="resnet18")
    assert net.new_fc.weight.std().item() == pytest.approx(0.001, rel=0.02)
    assert not net.new_fc.bias.any()


@pytest.mark.parametrize(
    ("options", "dropped"), [({}, 0.8), ({"modality": "flow"}, 0.7), ({"dropout": 0}, 0)]
)
def test_dropout_is_the_paper_s_where_none_is_given(options: dict[str, Any], dropped: float) -> None:
    net = empty("tsn", 2, backbone="resnet18", **options)
    assert [each.p for each in net.modules() if isinstance(each, nn.Dropout)] == [dropped]


def test_partial_bn_stays_frozen_while_it_learns() -> None:
    net = small().train()
    frozen = {name for name, each in net.named_modules() if isinstance(each, nn.BatchNorm2d)}
    frozen -= {"base_model.bn1"}
    assert len(frozen) == 19
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    optimiser = torch.optim.SGD(net.parameters(), lr=0.1, weight_decay=0.1)
    net(noise(2, 3, 3, 32, 32)).square().sum().backward()
    optimiser.step()
    changed = {name for name, tensor in net.state_dict().items() if not torch.equal(before[name], tensor)}
    assert {"base_model.bn1.weight", "base_model.bn1.running_mean", "base_model.conv1.weight"} <= changed
    assert not {name for name in changed if name.rpartition(".")[0] in frozen}


@pytest.mark.parametrize(("partial_bn", "learning"), [(True, ["base_model.bn1"]), (False, None)])
def test_all_norms_learn_without_partial_bn(partial_bn: bool, learning: list[str] | None) -> None:
    net = small(partial_bn=partial_bn).eval().train()
    norms = {name: each for name, each in net.named_modules() if isinstance(each, nn.BatchNorm2d)}
    assert [name for name, each in norms.items() if each.training] == (learning or list(norms))
    assert [name for name, each in norms.items() if each.weight.requires_grad] == (learning or list(norms))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"modality": "sound"}, "TSN has no modality sound"),
        ({"consensus": "mean"}, r"consensus mean.*average, max, top_k, weighted, identity"),
        ({"level": "pixel"}, "level pixel"),
        ({"segments": 0}, "cannot have 0 segments"),
        ({"modality": "flow", "length": 0}, "of length 0"),
        ({"dropout": 1.0}, "dropout is 0 to less than 1"),
        ({"length": 5}, "TSN of rgb sees one frame a segment, not 5"),
    ],
)
def test_an_option_that_cannot_be_is_told(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(WrongOption, match=sentence):
        create_model("tsn", num_classes=2, **options)
