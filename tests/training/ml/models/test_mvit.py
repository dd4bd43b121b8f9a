"""MViTv2-S is torchvision's, and takes clips of other sizes too."""

import pytest
import torch
from torch import nn

from tests.training.ml.models.published import empty, filled, logits, noise, shapes
from training.ml.models import create_model
from training.ml.models.contract import WrongInput, WrongOption

PRINTED = [
    [-0.35037285707090327, 0.022323768147407157, -0.3807243549560361],
    [-0.561822302024609, 0.5554472003811036, 0.24471926363214164],
]
"""Logits of torchvision 0.29's network, made for 4 frames of 64 px, after `published.fill(net, 0.5)`, on
`noise(2, 3, 4, 64, 64)`."""


def test_it_says_what_the_reference_says() -> None:
    net = filled("mvit_v2_s", gain=0.5, frames=4, side=64)
    assert logits(net, 2, 3, 4, 64, 64) == [pytest.approx(row, rel=1e-9) for row in PRINTED]


def test_it_has_torchvisions_names() -> None:
    found = shapes(empty("mvit_v2_s", 400))
    assert len(found) == 397
    assert found["conv_proj.weight"] == (96, 3, 3, 7, 7)
    assert found["pos_encoding.class_token"] == (96,)
    assert found["blocks.0.attn.pool_q.pool.weight"] == (96, 1, 3, 3, 3)
    assert found["blocks.1.project.weight"] == (192, 96)
    assert found["blocks.1.attn.pool_k.norm_act.0.bias"] == (96,)
    assert found["blocks.0.attn.rel_pos_h"] == (111, 96)
    assert found["blocks.3.attn.rel_pos_w"] == (27, 96)
    assert found["blocks.14.attn.rel_pos_h"] == (27, 96)
    assert found["blocks.14.attn.rel_pos_t"] == (15, 96)
    assert found["blocks.15.mlp.3.weight"] == (768, 3072)
    assert found["head.1.weight"] == (400, 768)


@pytest.mark.parametrize(("frames", "rows", "columns"), [(1, 32, 32), (5, 64, 80), (16, 112, 97)])
def test_a_clip_of_another_size_is_taken(frames: int, rows: int, columns: int) -> None:
    net = empty("mvit_v2_s", 7).eval()
    assert net(torch.empty(2, 3, frames, rows, columns, device="meta")).shape == (2, 7)


def test_positions_of_another_size_are_read_between_those_that_were_learned() -> None:
    net = filled("mvit_v2_s", gain=0.5, frames=4, side=32)
    larger = create_model("mvit_v2_s", num_classes=3, frames=4, side=64).double().eval()
    state = net.state_dict()
    for name, tensor in larger.state_dict().items():
        if ".rel_pos_" in name:
            read = nn.functional.interpolate(state[name].T[None], len(tensor), mode="linear")
            state[name] = read[0].T
    larger.load_state_dict(state)
    assert logits(net, 1, 3, 4, 64, 64)[0] == pytest.approx(logits(larger, 1, 3, 4, 64, 64)[0], rel=1e-9)


def test_in_training_some_clips_go_past_a_block_and_logits_stay_logits() -> None:
    torch.manual_seed(0)
    net = create_model("mvit_v2_s", num_classes=3, frames=2, side=32, dropout=0.0, drop_path=0.9)
    x_BCTHW = noise(1, 3, 2, 32, 32).float()
    with torch.no_grad():
        assert not torch.equal(net(x_BCTHW), net(x_BCTHW))
        net.eval()
        assert torch.equal(net(x_BCTHW), net(x_BCTHW))
        assert (net(x_BCTHW) < 0).any()


def test_what_cannot_be_is_told() -> None:
    with pytest.raises(WrongInput, match=r"clips of \(4, 32, 31\) .* 32 px a side or more"):
        empty("mvit_v2_s", 3)(torch.empty(1, 3, 4, 32, 31, device="meta"))
    with pytest.raises(WrongOption, match="cannot be made for 1 frames of 224 px"):
        empty("mvit_v2_s", 3, frames=1)
