"""VGG16 is torchvision's, layer for layer and number for number."""

import pytest
import torch
from torch import nn

from tests.training.ml.models.published import empty, filled, logits, multiplications, shapes
from training.ml.models.contract import WrongInput
from training.ml.models.vgg import VGG16, create_vgg16

PRINTED = [[0.31889319392570925, -3.778907453041627, -0.05822194342085251]]
"""Logits of torchvision 0.20's network after `published.fill`, on `noise(1, 3, 70, 101)`."""


def test_it_says_what_the_reference_says() -> None:
    assert logits(filled("vgg16"), 1, 3, 70, 101) == [pytest.approx(row, rel=1e-9) for row in PRINTED]


def test_it_costs_what_the_reference_costs() -> None:
    assert multiplications(empty("vgg16", 1000), 1, 3, 224, 224) == 15_470_264_320


def test_its_parts_have_torchvisions_names() -> None:
    found = shapes(empty("vgg16", 101))
    assert len(found) == 32
    assert found["features.0.weight"] == (64, 3, 3, 3)
    assert found["features.5.bias"] == (128,)
    assert found["features.28.weight"] == (512, 512, 3, 3)
    assert found["classifier.0.weight"] == (4096, 25088)
    assert found["classifier.3.weight"] == (4096, 4096)
    assert found["classifier.6.weight"] == (101, 4096)


def test_one_hundred_and_one_classes_make_it_as_large_as_tsn_s() -> None:
    assert sum(parameter.numel() for parameter in empty("vgg16", 101).parameters()) == 134_674_341


def test_half_of_fc6_and_fc7_are_dropped() -> None:
    net = empty("vgg16", 2)
    assert isinstance(net, VGG16)
    dropped = {n: each.p for n, each in enumerate(net.classifier) if isinstance(each, nn.Dropout)}
    assert dropped == {2: 0.5, 5: 0.5}


def test_small_pictures_are_refused() -> None:
    with pytest.raises(WrongInput, match="pictures of 40 x 31 px; enlarge them to 32 px a side or more"):
        empty("vgg16", 2)(torch.empty(1, 3, 31, 40, device="meta"))


def test_a_fresh_one_is_initialised_as_in_torchvision() -> None:
    torch.manual_seed(0)
    net = create_vgg16(num_classes=2)
    numbers = dict(net.named_parameters())
    assert numbers["features.28.weight"].std().item() == pytest.approx((2 / (512 * 9)) ** 0.5, rel=0.01)
    assert numbers["classifier.3.weight"].std().item() == pytest.approx(0.01, rel=0.01)
    assert not any(bias.any() for name, bias in numbers.items() if name.endswith("bias"))
