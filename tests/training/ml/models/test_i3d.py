"""The I3D networks are the published ones, padded as TensorFlow pads."""

import pytest
import torch

from tests.training.ml.models.published import empty, filled, logits, multiplications, norms, shapes
from training.ml.errors import WrongClip

RGB = [5.061699484175172, -15.38272068117767, -6.615991881233894]
"""Logits of piergiaj's network after `published.fill`, on `noise(1, 3, 9, 193, 200)`, averaged over time."""
FLOW = [10.285511135563787, -1.8473017342515394, -4.39404564849042]
"""Of the one for flow, on `noise(1, 2, 10, 200, 230)`, averaged over time and the two places it leaves."""

R50 = [0.22641537392893157, -0.08733526762425764, -0.9918913152711126]
"""Of PyTorchVideo 0.1.5's with a window for 5 frames of 64 px after `published.fill(net, 0.5)`, on
`noise(1, 3, 5, 64, 64)`."""
R50_LARGER = [0.2719578948810615, -0.1335944099136539, -0.9684279028856158]
"""Of the same, on `noise(1, 3, 7, 66, 97)`."""


def test_it_says_what_the_reference_says() -> None:
    assert logits(filled("i3d_inception"), 1, 3, 9, 193, 200) == [pytest.approx(RGB, rel=1e-9)]


def test_so_does_the_stream_that_sees_flow_in_a_larger_crop() -> None:
    net = filled("i3d_inception", in_channels=2)
    assert logits(net, 1, 2, 10, 200, 230) == [pytest.approx(FLOW, rel=1e-9)]


def test_inception_has_the_public_names() -> None:
    found = shapes(empty("i3d_inception", 400))
    assert len(found) == 344
    assert found["Conv3d_1a_7x7.conv3d.weight"] == (64, 3, 7, 7, 7)
    assert found["Conv3d_2c_3x3.conv3d.weight"] == (192, 64, 3, 3, 3)
    assert found["Mixed_4c.b1b.conv3d.weight"] == (224, 112, 3, 3, 3)
    assert found["Mixed_4e.b3b.bn.running_var"] == (64,)
    assert found["Mixed_5b.b2a.bn.num_batches_tracked"] == ()
    assert found["Mixed_5c.b0.conv3d.weight"] == (384, 832, 1, 1, 1)
    assert found["logits.conv3d.weight"] == (400, 1024, 1, 1, 1)
    assert found["logits.conv3d.bias"] == (400,)


def test_the_stream_that_sees_flow_is_smaller_by_one_channel() -> None:
    net = empty("i3d_inception", 400, in_channels=2)
    assert sum(parameter.numel() for parameter in net.parameters()) == 12_675_312


def test_inception_costs_what_the_reference_costs() -> None:
    count = multiplications(empty("i3d_inception", 400), 1, 3, 64, 224, 224)
    assert count / 1e9 == pytest.approx(111.15, abs=0.005)


def test_inceptions_norms_have_tensorflows_constants() -> None:
    assert norms(empty("i3d_inception", 2)) == {(1e-3, 0.01)}


@pytest.mark.parametrize(("frames", "side"), [(1, 224), (8, 112), (16, 33), (79, 256)])
def test_inception_takes_a_clip_of_any_length_and_size(frames: int, side: int) -> None:
    net = empty("i3d_inception", 7).eval()
    assert net(torch.empty(2, 3, frames, side, side + 9, device="meta")).shape == (2, 7)


def test_the_resnet_says_what_the_reference_says() -> None:
    assert logits(filled("i3d_r50", gain=0.5), 1, 3, 5, 64, 64) == [pytest.approx(R50, rel=1e-9)]


def test_its_window_for_the_training_crop_slides_over_a_larger_one() -> None:
    net = filled("i3d_r50", gain=0.5, input_clip_length=5, input_crop_size=64)
    assert logits(net, 1, 3, 7, 66, 97) == [pytest.approx(R50_LARGER, rel=1e-9)]


def test_the_resnet_has_pytorchvideos_names() -> None:
    found = shapes(empty("i3d_r50", 400))
    assert len(found) == 320
    assert found["blocks.0.conv.weight"] == (64, 3, 5, 7, 7)
    assert [found[f"blocks.1.res_blocks.{n}.branch2.conv_a.weight"][2] for n in range(3)] == [3, 3, 3]
    assert [found[f"blocks.3.res_blocks.{n}.branch2.conv_a.weight"][2] for n in range(4)] == [3, 1, 3, 1]
    assert [found[f"blocks.4.res_blocks.{n}.branch2.conv_a.weight"][2] for n in range(6)] == [3, 1] * 3
    assert [found[f"blocks.5.res_blocks.{n}.branch2.conv_a.weight"][2] for n in range(3)] == [1, 3, 1]
    assert found["blocks.3.res_blocks.0.branch1_norm.running_var"] == (512,)
    assert found["blocks.6.proj.weight"] == (400, 2048)


@pytest.mark.parametrize(("side", "count"), [(224, 28_407_660_544), (256, 37_106_089_984)])
def test_the_resnet_costs_what_the_reference_costs(side: int, count: int) -> None:
    net = empty("i3d_r50", 400, input_clip_length=8, input_crop_size=224)
    assert multiplications(net, 1, 3, 8, side, side) == count


def test_the_resnet_has_pytorchs_norms_and_takes_two_frames_or_more() -> None:
    net = empty("i3d_r50", 7).eval()
    assert norms(net) == {(1e-5, 0.1)}
    assert net(torch.empty(2, 3, 3, 33, 50, device="meta")).shape == (2, 7)
    with pytest.raises(WrongClip, match="two frames or more; it was given one"):
        net(torch.empty(2, 3, 1, 33, 50, device="meta"))
    with pytest.raises(WrongClip, match="2 frames or more: 1"):
        empty("i3d_r50", 7, input_clip_length=1)
