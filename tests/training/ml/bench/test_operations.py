"""Operations that are counted are those that the references state."""

import pytest
import torch

from tests.training.ml.shortly import shortly
from training.ml.bench.operations import PUBLISHED, gmacs
from training.ml.models import NETWORKS, create_model

ATTENTION = {"mvit_v2_s", "st_gcn"}
"""What is counted besides convolutions and linear layers is not little in these."""


ONE_OF_A_FAMILY = (
    "bninception",
    "vgg16",
    "resnet50",
    "i3d_inception",
    "i3d_r50",
    "x3d_xs",
    "slowfast_4x16_r50",
)
EACH = shortly(sorted(set(PUBLISHED) & set(NETWORKS) - ATTENTION), *ONE_OF_A_FAMILY)


@pytest.mark.parametrize("name", EACH)
def test_it_counts_what_the_reference_states(name: str) -> None:
    network = NETWORKS[name]
    with torch.device("meta"):
        model = create_model(name, num_classes=network.classes)
    assert gmacs(network, model) == pytest.approx(PUBLISHED[name], rel=0.01)
