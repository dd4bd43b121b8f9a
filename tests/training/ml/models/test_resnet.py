"""The ResNets are torchvision's, layer for layer and number for number."""

import pytest
import torch

from tests.training.ml.models.published import empty, filled, logits, multiplications, norms, shapes
from tests.training.ml.shortly import shortly
from training.ml.models import create_model
from training.ml.models.resnet import ResNet

PRINTED = {
    "resnet18": [
        [-0.4217664852072649, 0.19553865376331395, 0.41290406961304177],
        [-0.35897031251924194, 0.24891910384939878, 0.37892501888456276],
    ],
    "resnet50": [
        [-0.3946296303056678, -0.5405172487847696, -0.6703364254176246],
        [-0.4113145766276979, -0.5737208304883546, -0.6831735827060543],
    ],
    "resnet101": [
        [0.5059513002528903, -0.5136625081275789, -1.0474025268371667],
        [0.5392376590311215, -0.5368332265646141, -1.0222722681232117],
    ],
    "resnet152": [
        [-0.18478896405306436, 0.4002963793306549, -1.1793567162146201],
        [-0.20308324490440424, 0.3909607883222286, -1.1660894046823675],
    ],
}
"""Logits of torchvision 0.20's networks after `published.fill(net, 0.5)`, on `noise(2, 3, 75, 93)`."""


@pytest.mark.parametrize("name", shortly(PRINTED, "resnet18", "resnet50"))
def test_it_says_what_the_reference_says(name: str) -> None:
    said = logits(filled(name, gain=0.5), 2, 3, 75, 93)
    assert said == [pytest.approx(row, rel=1e-9) for row in PRINTED[name]]


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("resnet18", 1_814_073_344),
        ("resnet50", 4_089_184_256),
        pytest.param("resnet101", 7_801_405_440, marks=pytest.mark.exhaustive),
        pytest.param("resnet152", 11_513_626_624, marks=pytest.mark.exhaustive),
    ],
)
def test_it_costs_what_the_reference_costs(name: str, count: int) -> None:
    assert multiplications(empty(name, 1000), 1, 3, 224, 224) == count


def test_bottlenecks_have_torchvisions_names() -> None:
    found = shapes(empty("resnet50", 101))
    assert len(found) == 320
    assert found["conv1.weight"] == (64, 3, 7, 7)
    assert found["bn1.num_batches_tracked"] == ()
    assert found["layer1.0.conv1.weight"] == (64, 64, 1, 1)
    assert found["layer1.0.downsample.0.weight"] == (256, 64, 1, 1)
    assert found["layer1.0.downsample.1.running_var"] == (256,)
    assert found["layer4.2.conv2.weight"] == (512, 512, 3, 3)
    assert found["layer4.2.bn3.bias"] == (2048,)
    assert found["fc.weight"] == (101, 2048)
    assert "layer4.1.downsample.0.weight" not in found


def test_basic_blocks_have_torchvisions_names() -> None:
    found = shapes(empty("resnet18", 1000))
    assert len(found) == 122
    assert found["layer1.1.conv2.weight"] == (64, 64, 3, 3)
    assert found["layer2.0.downsample.0.weight"] == (128, 64, 1, 1)
    assert "layer1.0.downsample.0.weight" not in found
    assert found["fc.weight"] == (1000, 512)


def test_one_hundred_and_one_classes_make_it_as_large_as_tsn_s() -> None:
    assert sum(parameter.numel() for parameter in empty("resnet50", 101).parameters()) == 23_714_981


def test_norms_have_pytorchs_constants() -> None:
    assert norms(empty("resnet50", 2)) == {(1e-5, 0.1)}


def test_it_says_logits_in_training_too() -> None:
    torch.manual_seed(0)
    net = create_model("resnet18", num_classes=5)
    assert isinstance(net, ResNet)
    x_B3HW = torch.randn(2, 3, 40, 40)
    said_BC = net(x_B3HW)
    assert said_BC.shape == (2, 5)
    assert (said_BC < 0).any(), "no activation after the head"
    torch.testing.assert_close(said_BC, net.fc(net.pooled(x_B3HW)))
