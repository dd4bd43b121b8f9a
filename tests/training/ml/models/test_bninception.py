"""BN-Inception is the network of Xiong's and Cadene's files, layer for layer and number for number."""

import pytest
import torch

from tests.training.ml.models.published import empty, filled, logits, multiplications, norms, shapes
from training.ml.models import NETWORKS, create_model
from training.ml.models.bninception import BNInception
from training.ml.models.contract import WrongInput

PRINTED = [[9.883088376446553, -23.386772967861383, 21.960060186300716]]
"""Logits of pretrainedmodels 0.7.4's network after `published.fill`, on `noise(1, 3, 223, 230)`."""


def test_it_says_what_the_reference_says() -> None:
    said = logits(filled("bninception"), 1, 3, 223, 230)
    assert said == [pytest.approx(row, rel=1e-9) for row in PRINTED]


def test_it_costs_what_the_reference_costs() -> None:
    assert multiplications(empty("bninception", 1000), 1, 3, 224, 224) == 2_032_600_064


def test_its_parts_have_the_names_of_the_files() -> None:
    found = shapes(empty("bninception", 101))
    assert len(found) == 485
    assert found["conv1_7x7_s2.weight"] == (64, 3, 7, 7)
    assert found["conv1_7x7_s2.bias"] == (64,)
    assert found["conv1_7x7_s2_bn.num_batches_tracked"] == ()
    assert found["inception_3a_double_3x3_2.weight"] == (96, 96, 3, 3)
    assert found["inception_3c_3x3_reduce.weight"] == (128, 320, 1, 1)
    assert found["inception_4a_1x1.weight"] == (224, 576, 1, 1)
    assert found["inception_5a_pool_proj.weight"] == (128, 1056, 1, 1)
    assert found["inception_5b_pool_proj_bn.running_mean"] == (128,)
    assert found["last_linear.weight"] == (101, 1024)
    assert not [name for name in found if name.startswith(("inception_3c_1x1", "inception_4e_pool"))]


def test_one_hundred_and_one_classes_make_it_as_large_as_tsn_s() -> None:
    assert sum(parameter.numel() for parameter in empty("bninception", 101).parameters()) == 10_373_765


def test_norms_have_pytorchs_constants() -> None:
    assert norms(empty("bninception", 2)) == {(1e-5, 0.1)}


def test_pixels_are_given_blue_first_in_0_to_255_less_the_mean() -> None:
    network = NETWORKS["bninception"]
    assert network.colours == "BGR"
    orange_3 = torch.tensor([0.0, 128.0, 255.0])  # blue, green, red
    given_3 = (orange_3 / 255 - torch.tensor(network.mean)) / torch.tensor(network.deviation)
    torch.testing.assert_close(given_3, torch.tensor([-104.0, 11.0, 127.0]))


@pytest.mark.parametrize("side", [31, 38, 63])
def test_pictures_that_halve_evenly_are_taken(side: int) -> None:
    torch.manual_seed(0)
    net = create_model("bninception", num_classes=2).eval()
    assert isinstance(net, BNInception)
    with torch.inference_mode():
        assert net.pooled(torch.zeros(1, 3, side, 32)).shape == (1, 1024)


@pytest.mark.parametrize("side", [7, 30, 39, 240])
def test_others_are_refused(side: int) -> None:
    with pytest.raises(WrongInput, match=f"pictures of 32 x {side} px; cut them to sides of 32 px times"):
        empty("bninception", 2)(torch.empty(1, 3, side, 32, device="meta"))
