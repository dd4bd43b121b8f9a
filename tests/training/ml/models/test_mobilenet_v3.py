"""MobileNetV3-Small is torchvision's, layer for layer and number for number."""

import pytest
from torch import nn

from tests.training.ml.models.published import empty, filled, logits, multiplications, norms, shapes

PRINTED = [
    [-3.2357621448204292, -5.870470343477588, 1.3176607064306138],
    [-0.17907900169011837, -3.3976737304404594, 0.2690458429535276],
]
"""Logits of torchvision 0.20's network after `published.fill`, on `noise(2, 3, 75, 93)`."""


def test_it_says_what_the_reference_says() -> None:
    said = logits(filled("mobilenet_v3_small"), 2, 3, 75, 93)
    assert said == [pytest.approx(row, rel=1e-9) for row in PRINTED]


def test_it_costs_what_the_reference_costs() -> None:
    assert multiplications(empty("mobilenet_v3_small", 1000), 1, 3, 224, 224) == 56_510_400


def test_its_parts_have_torchvisions_names() -> None:
    found = shapes(empty("mobilenet_v3_small", 101))
    assert len(found) == 244
    assert found["features.0.0.weight"] == (16, 3, 3, 3)
    assert found["features.1.block.0.0.weight"] == (16, 1, 3, 3)
    assert found["features.1.block.1.fc1.weight"] == (8, 16, 1, 1)
    assert found["features.4.block.2.fc2.bias"] == (96,)
    assert found["features.11.block.2.fc1.weight"] == (144, 576, 1, 1)
    assert found["features.12.1.running_var"] == (576,)
    assert found["classifier.0.weight"] == (1024, 576)
    assert found["classifier.3.weight"] == (101, 1024)


def test_norms_have_torchvisions_constants() -> None:
    assert norms(empty("mobilenet_v3_small", 2)) == {(1e-3, 0.01)}


def test_a_fifth_is_dropped_before_the_last_layer() -> None:
    net = empty("mobilenet_v3_small", 2)
    dropped = {name: each.p for name, each in net.named_modules() if isinstance(each, nn.Dropout)}
    assert dropped == {"classifier.2": 0.2}
