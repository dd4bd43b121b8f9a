"""Drawn input is as a network's own (that it fits every network is in test_contract.py)."""

import pytest
import torch

from training.ml.models import NETWORKS
from training.ml.models.example import example


def test_the_slow_pathway_has_every_alpha_th_frame_of_the_fast_one() -> None:
    slow, fast = example(NETWORKS["slowfast_4x16_r50"])
    assert torch.equal(slow, fast[:, :, ::8])
    assert fast.shape == (1, 3, 32, 224, 224)
    assert fast.std() == pytest.approx(1, abs=0.01)
