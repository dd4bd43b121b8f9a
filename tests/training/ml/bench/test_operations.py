"""Operations that are counted are those that the references state."""

import pytest
import torch

from training.ml.bench.operations import PUBLISHED, gmacs
from training.ml.models import NETWORKS, create_model

ATTENTION = {"mvit_v2_s", "st_gcn"}
"""What is counted besides convolutions and linear layers is not little in these."""


LARGER = {"resnet101", "resnet152", "x3d_s", "x3d_m", "x3d_l", "slowfast_8x8_r50"}
"""Of these a smaller one is counted too."""
EACH = [
    pytest.param(name, marks=pytest.mark.exhaustive if name in LARGER else ())
    for name in sorted(set(PUBLISHED) & set(NETWORKS) - ATTENTION)
]


@pytest.mark.parametrize("name", EACH)
def test_it_counts_what_the_reference_states(name: str) -> None:
    network = NETWORKS[name]
    with torch.device("meta"):
        model = create_model(name, num_classes=network.classes)
    assert gmacs(network, model) == pytest.approx(PUBLISHED[name], rel=0.01)
