"""Networks for pictures lose their last layer, and learn of other channels from colours."""

from functools import cache

import pytest
import torch
from torch import nn

from tests.training.ml.models.published import empty, filled, noise
from tests.training.ml.models.tsn.small import small
from training.ml.errors import BadFile
from training.ml.models.contract import WrongOption
from training.ml.models.tsn import create_tsn
from training.ml.models.tsn.backbones import NETWORKS, headless, normalisation, widen
from training.ml.models.tsn.inputs import Modality

FEATURES = {
    "resnet18": 512,
    "resnet50": 2048,
    "vgg16": 4096,
    "bninception": 1024,
    "mobilenet_v2": 1280,
    "mobilenet_v3_small": 1024,
    "inception_v3": 2048,
}


@pytest.mark.parametrize("name", sorted(set(NETWORKS) - {"resnet101", "resnet152"}))  # as resnet50
def test_the_last_layer_alone_is_gone_and_dropped_once(name: str) -> None:
    with torch.device("meta"):
        net, features = headless(name, 0.6)
    assert features == FEATURES[name]
    gone = set(empty(name, 1000).state_dict()) - set(net.state_dict())
    gone = {key for key in gone if not key.startswith("AuxLogits.")}
    assert {key.rpartition(".")[2] for key in gone} == {"weight", "bias"}
    assert len(gone) == 2
    assert net.eval()(torch.empty(1, 3, 96, 96, device="meta")).shape == (1, features)
    dropouts = [each.p for each in net.modules() if isinstance(each, nn.Dropout)]
    assert dropouts == ([0.5, 0.6] if name == "vgg16" else [0.6])  # vgg16 drops after fc6 too


@pytest.mark.parametrize(("name", "channels"), [("resnet50", 10), ("vgg16", 15), ("bninception", 10)])
def test_only_the_first_convolution_takes_more_channels(name: str, channels: int) -> None:
    with torch.device("meta"):
        net, _ = headless(name, 0.6)
        before = {key: each.shape for key, each in net.state_dict().items()}
        widen(net, channels)
    after = {key: each.shape for key, each in net.state_dict().items()}
    (changed,) = [key for key in before if before[key] != after[key]]
    assert after[changed] == (before[changed][0], channels, *before[changed][2:])
    assert net(torch.empty(1, channels, 64, 64, device="meta")).shape == (1, FEATURES[name])


@cache
def bninception_of_pictures() -> nn.Module:
    return filled("bninception", 7).float()


@pytest.mark.parametrize(("modality", "channels"), [("flow", 10), ("rgb_difference", 15), ("rgb", 3)])
def test_each_channel_learns_the_mean_of_the_colours(modality: str, channels: int) -> None:
    pictures = bninception_of_pictures()
    net = create_tsn(num_classes=2, backbone="bninception", modality=modality)
    net.learn_from_pictures(pictures.state_dict())
    old, new = pictures.state_dict(), net.base_model.state_dict()
    was, became = old.pop("conv1_7x7_s2.weight"), new.pop("conv1_7x7_s2.weight")
    if modality == "rgb":
        torch.testing.assert_close(became, was)
    else:
        assert became.shape == (64, channels, 7, 7)
        torch.testing.assert_close(became[:, channels - 1], was.mean(1))
        torch.testing.assert_close(became.sum(1), was.sum(1) * channels / 3)
    assert set(old) - set(new) == {"last_linear.weight", "last_linear.bias"}
    assert all(torch.equal(old[key], new[key]) for key in new), "the bias of the first convolution too"


def test_grey_that_moves_alike_is_seen_as_the_picture_was() -> None:
    pictures = filled("resnet18", gain=0.5)
    net = small(modality="flow")
    net.learn_from_pictures(pictures.state_dict())
    grey_BHW = noise(1, 40, 40)
    flow_BCTHW = grey_BHW[:, None, None].expand(1, 2, 5, 40, 40) * 3 / 10
    with torch.inference_mode():
        first = net.base_model.get_submodule("conv1")(flow_BCTHW.reshape(1, 10, 40, 40))
        torch.testing.assert_close(
            first, pictures.get_submodule("conv1")(grey_BHW[:, None].expand(1, 3, 40, 40))
        )


def test_another_network_s_weights_are_refused() -> None:
    with pytest.raises(BadFile, match="These weights do not fit the network"):
        small().learn_from_pictures(empty("vgg16", 3).state_dict())


def test_a_backbone_that_is_none_is_told_with_those_that_are() -> None:
    with pytest.raises(WrongOption, match=r"no backbone named x3d_s; there are: bninception, .*resnet50"):
        headless("x3d_s", 0.5)


@pytest.mark.parametrize(
    ("name", "option", "there"),
    [
        ("mobilenet_v2", "flavor", "its options are flavour"),
        ("resnet18", "depth", "it has none"),
        ("inception_v3", "auxiliary", "it has none"),
    ],
)
def test_an_option_that_the_backbone_does_not_have_is_told(name: str, option: str, there: str) -> None:
    with pytest.raises(WrongOption, match=f"The backbone {name} has no option {option}; {there}"):
        headless(name, 0.5, {option: True})


def test_frames_are_brought_to_what_the_backbone_knows() -> None:
    rgb = normalisation("resnet50", Modality.RGB)
    assert (rgb.mean, rgb.deviation, rgb.colours) == ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225), "RGB")
    flow = normalisation("resnet50", Modality.FLOW)
    assert flow.mean == (0.5, 0.5)
    assert flow.deviation == pytest.approx((0.226, 0.226))
    assert normalisation("bninception", Modality.RGB_DIFFERENCE).colours == "BGR"
    still = normalisation("bninception", Modality.WARPED_FLOW)
    assert still.mean == pytest.approx((128 / 255,) * 2)
    assert still.deviation == pytest.approx((1 / 255,) * 2)
