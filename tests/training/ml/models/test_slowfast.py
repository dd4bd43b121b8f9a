"""The SlowFast networks are PyTorchVideo's, and are given the two pathways that they were trained on."""

import pytest
import torch
from torch import Tensor, nn

from tests.training.ml.models.published import empty, filled, logits, multiplications, noise, norms, shapes
from tests.training.ml.shortly import shortly
from training.ml.errors import WrongClip
from training.ml.models import create_model
from training.ml.models.resnet3d import Bottleneck
from training.ml.models.slowfast import pathways

ALPHA = {"slowfast_4x16_r50": 8, "slowfast_8x8_r50": 4, "slowfast_8x8_r101": 4}
PRINTED = {
    "slowfast_4x16_r50": [-0.031294060292226096, -0.47053811709643156, 0.5146075429541357],
    "slowfast_8x8_r50": [0.38199862511918425, -0.8458649083357496, 0.2637008096184683],
    "slowfast_8x8_r101": [0.3366773243755331, 0.01769974301085997, -0.04567100306507752],
}
"""Logits of PyTorchVideo 0.1.5's networks with a window for 16 frames of 64 px after
`published.fill(net, 0.5)`, on the pathways of `noise(1, 3, 16, 64, 64)`."""
LARGER = [-0.016122523171215746, -0.4950025604755122, 0.48633668483481074]
"""Of the same 4x16, on those of `noise(1, 3, 16, 70, 97)`."""
SLOW = [-0.17266288902852386, -0.10132724373694077, 0.511219774929362]
"""Of slow_r50 with a window for 5 frames of 64 px, on `noise(1, 3, 5, 64, 64)`."""


def said(net: nn.Module, alpha: int, *shape: int) -> Tensor:
    with torch.inference_mode():
        logits_BC: Tensor = net(pathways(noise(*shape), alpha))
    return logits_BC


@pytest.mark.parametrize("name", shortly(PRINTED, "slowfast_4x16_r50"))
def test_it_says_what_the_reference_says(name: str) -> None:
    row = said(filled(name, gain=0.5), ALPHA[name], 1, 3, 16, 64, 64)[0].tolist()
    assert row == pytest.approx(PRINTED[name], rel=1e-9)


def test_a_window_for_the_training_crop_slides_over_a_larger_one() -> None:
    net = filled("slowfast_4x16_r50", gain=0.5, input_clip_length=16, input_crop_size=64)
    assert said(net, 8, 1, 3, 16, 70, 97)[0].tolist() == pytest.approx(LARGER, rel=1e-9)


def test_the_slow_pathway_alone_says_what_the_reference_says() -> None:
    assert logits(filled("slow_r50", gain=0.5), 1, 3, 5, 64, 64) == [pytest.approx(SLOW, rel=1e-9)]


class OfOneClip(nn.Module):
    """A SlowFast that is given the fast clip."""

    def __init__(self, net: nn.Module, alpha: int) -> None:
        super().__init__()
        self.net, self.alpha = net, alpha

    def forward(self, fast_BCTHW: Tensor) -> Tensor:
        logits_BC: Tensor = self.net(pathways(fast_BCTHW, self.alpha))
        return logits_BC


@pytest.mark.parametrize(("name", "giga"), [("slowfast_4x16_r50", 27.64), ("slowfast_8x8_r50", 50.31)])
def test_it_costs_what_the_reference_costs(name: str, giga: float) -> None:
    net = OfOneClip(empty(name, 400), ALPHA[name])
    assert multiplications(net, 1, 3, 32, 224, 224) / 1e9 == pytest.approx(giga, abs=0.005)


def test_its_parts_have_pytorchvideos_names() -> None:
    found = shapes(empty("slowfast_4x16_r50", 400))
    assert len(found) == 662
    assert found["blocks.0.multipathway_blocks.0.conv.weight"] == (64, 3, 1, 7, 7)
    assert found["blocks.0.multipathway_blocks.1.norm.running_mean"] == (8,)
    assert found["blocks.0.multipathway_fusion.conv_fast_to_slow.weight"] == (16, 8, 5, 1, 1)
    assert found["blocks.3.multipathway_fusion.norm.num_batches_tracked"] == ()
    assert found["blocks.1.multipathway_blocks.0.res_blocks.0.branch1_conv.weight"] == (256, 80, 1, 1, 1)
    assert found["blocks.2.multipathway_blocks.1.res_blocks.3.branch2.conv_a.weight"] == (16, 64, 3, 1, 1)
    assert found["blocks.3.multipathway_blocks.0.res_blocks.0.branch2.conv_a.weight"] == (256, 640, 3, 1, 1)
    assert found["blocks.4.multipathway_blocks.1.res_blocks.2.branch2.norm_c.bias"] == (256,)
    assert found["blocks.6.proj.weight"] == (400, 2304)
    assert not any(name.startswith(("blocks.5.", "blocks.4.multipathway_fusion")) for name in found)
    eight = shapes(empty("slowfast_8x8_r50", 400))
    assert eight["blocks.0.multipathway_fusion.conv_fast_to_slow.weight"] == (16, 8, 7, 1, 1)
    assert len(shapes(empty("slowfast_8x8_r101", 400))) == 1274
    slow = shapes(empty("slow_r50", 400))
    assert (len(slow), slow["blocks.5.proj.weight"]) == (320, (400, 2048))


def test_norms_have_pytorchs_constants() -> None:
    assert norms(empty("slowfast_4x16_r50", 2)) == {(1e-5, 0.1)}


def test_blocks_of_both_pathways_begin_as_their_shortcut_unless_one_says_no() -> None:
    for wish in (True, False):
        net = create_model("slowfast_4x16_r50", num_classes=2, zero_final_norm=wish)
        last = [block.norm_c.weight for block in net.modules() if isinstance(block, Bottleneck)]
        assert len(last) == 32
        assert all(bool((weight == (0 if wish else 1)).all()) for weight in last)


@pytest.mark.parametrize("frames", [1, 13])
def test_a_clip_may_be_of_any_length(frames: int) -> None:
    net = empty("slowfast_4x16_r50", 7).eval()
    assert net(pathways(torch.empty(2, 3, frames, 33, 40, device="meta"), 8)).shape == (2, 7)


def test_the_slow_pathway_gets_every_alpha_th_frame() -> None:
    clip_BCTHW = torch.arange(32.0).view(1, 1, 32, 1, 1)
    slow, fast = pathways(clip_BCTHW, 4)
    assert slow.flatten().tolist() == [0, 4, 8, 12, 16, 20, 24, 28]
    assert fast is clip_BCTHW


def test_or_as_many_up_to_the_last_one() -> None:
    slow, _ = pathways(torch.arange(32.0).view(1, 1, 32, 1, 1), 4, to_the_end=True)
    assert slow.flatten().tolist() == [0, 4, 8, 13, 17, 22, 26, 31]


def test_its_list_is_left_as_it_was() -> None:
    net = empty("slowfast_4x16_r50", 2).eval()
    given = pathways(torch.empty(1, 3, 8, 32, 32, device="meta"), 8)
    before = list(given)
    net(given)
    assert all(a is b for a, b in zip(given, before, strict=True))


def test_pathways_of_another_alpha_are_refused_in_words() -> None:
    net = empty("slowfast_8x8_r50", 2)
    clip_BCTHW = torch.empty(1, 3, 32, 32, 32, device="meta")
    with pytest.raises(
        WrongClip, match=r"To 32 frames of the fast pathway .* takes 8 of the slow one, not 4"
    ):
        net(pathways(clip_BCTHW, 8))
    with pytest.raises(WrongClip, match=r"two pathways, \[slow, fast\]; it was given 1"):
        net([clip_BCTHW])
    with pytest.raises(WrongClip, match="every first frame or fewer"):
        pathways(clip_BCTHW, 0)
