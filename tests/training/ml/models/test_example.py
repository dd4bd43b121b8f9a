"""Drawn input fits every network as it was published."""

import pytest
import torch

from training.ml.models import NETWORKS, create_model
from training.ml.models.contract import Network
from training.ml.models.example import example


@pytest.mark.parametrize("network", NETWORKS.values(), ids=list(NETWORKS))
def test_every_network_gives_a_row_of_logits_an_input(network: Network) -> None:
    with torch.device("meta"):
        model = create_model(network.name, num_classes=network.classes).eval()
    assert model(example(network, batch=2, device="meta")).shape == (2, network.classes)


def test_the_slow_pathway_has_every_alpha_th_frame_of_the_fast_one() -> None:
    slow, fast = example(NETWORKS["slowfast_4x16_r50"])
    assert torch.equal(slow, fast[:, :, ::8])
    assert fast.shape == (1, 3, 32, 224, 224)
    assert fast.std() == pytest.approx(1, abs=0.01)
