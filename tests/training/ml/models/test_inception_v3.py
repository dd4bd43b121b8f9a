"""Inception-v3 is torchvision's, layer for layer and number for number, and says logits alone."""

import pytest
import torch
from torch import nn

from tests.training.ml.models.published import (
    empty,
    filled,
    logits,
    multiplications,
    noise,
    norms,
    shapes,
)
from training.ml.models import NETWORKS
from training.ml.models.contract import WrongInput
from training.ml.models.inception_v3 import InceptionV3

PRINTED = [[-6.335956299704423, 12.537687899384617, -0.874248418699356]]
"""Logits of torchvision 0.20's network after `published.fill`, on `noise(1, 3, 107, 139)`."""
PRINTED_LARGE = [[-30.48082720000455, 46.5993416254942, 1.4675220919926737]]
PRINTED_AUXILIARY = [[10.51560988537775, 4.697231959891573, 5.091512376519877]]
"""The same on `noise(1, 3, 299, 303)`, and what its `AuxLogits` says of what `Mixed_6e` gives there."""


def net_of(network: nn.Module) -> InceptionV3:
    assert isinstance(network, InceptionV3)
    return network


@pytest.fixture(scope="module")
def net() -> InceptionV3:
    return net_of(filled("inception_v3"))


def test_it_says_what_the_reference_says(net: InceptionV3) -> None:
    assert logits(net, 1, 3, 107, 139) == [pytest.approx(row, rel=1e-9) for row in PRINTED]


def test_so_does_its_auxiliary_head(net: InceptionV3) -> None:
    with torch.inference_mode():
        said_BC, auxiliary_BC = net.with_auxiliary(noise(1, 3, 299, 303))
    assert said_BC.tolist() == [pytest.approx(row, rel=1e-9) for row in PRINTED_LARGE]
    assert auxiliary_BC.tolist() == [pytest.approx(row, rel=1e-9) for row in PRINTED_AUXILIARY]


def test_it_costs_what_the_reference_costs() -> None:
    assert multiplications(empty("inception_v3", 1000), 1, 3, 299, 299) == 5_713_216_096


def test_its_parts_have_torchvisions_names() -> None:
    found = shapes(empty("inception_v3", 101))
    assert len(found) == 580
    assert found["Conv2d_1a_3x3.conv.weight"] == (32, 3, 3, 3)
    assert found["Mixed_5b.branch5x5_2.conv.weight"] == (64, 48, 5, 5)
    assert found["Mixed_6b.branch7x7dbl_2.conv.weight"] == (128, 128, 7, 1)
    assert found["Mixed_7c.branch3x3dbl_3b.bn.running_var"] == (384,)
    assert found["AuxLogits.conv1.conv.weight"] == (768, 128, 5, 5)
    assert found["AuxLogits.fc.weight"] == (101, 768)
    assert found["fc.weight"] == (101, 2048)


def test_norms_have_torchvisions_constants() -> None:
    assert norms(empty("inception_v3", 2)) == {(1e-3, 0.1)}


def test_pixels_are_brought_to_minus_one_to_one() -> None:
    network = NETWORKS["inception_v3"]
    assert network.mean == network.deviation == (0.5, 0.5, 0.5)
    assert network.side == 299


def test_it_says_logits_alone_in_training_too() -> None:
    said_BC = empty("inception_v3", 4).train()(torch.empty(2, 3, 107, 107, device="meta"))
    assert isinstance(said_BC, torch.Tensor)
    assert said_BC.shape == (2, 4)


def test_without_the_auxiliary_head_the_rest_is_the_same() -> None:
    whole, without = (shapes(empty("inception_v3", 3, auxiliary=each)) for each in (True, False))
    assert without == {name: shape for name, shape in whole.items() if not name.startswith("AuxLogits.")}
    with pytest.raises(WrongInput, match="make it with auxiliary=True"):
        net_of(empty("inception_v3", 3, auxiliary=False)).with_auxiliary(noise(1, 3, 299, 299))


def test_small_pictures_are_refused() -> None:
    net = net_of(empty("inception_v3", 3))
    with pytest.raises(WrongInput, match="pictures of 90 x 74 px here; enlarge them to at least 75 px"):
        net(torch.empty(1, 3, 74, 90, device="meta"))
    with pytest.raises(WrongInput, match="at least 299 px"):
        net.with_auxiliary(torch.empty(1, 3, 299, 298, device="meta"))


@pytest.mark.parametrize("side", [75, 76])
def test_the_smallest_picture_is_taken(side: int) -> None:
    net = net_of(empty("inception_v3", 3)).eval()
    assert net.pooled(torch.empty(1, 3, side, 75, device="meta")).shape == (1, 2048)
