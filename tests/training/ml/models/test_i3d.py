"""The I3D networks are the published ones, padded as TensorFlow pads."""

import pytest
import torch

from tests.training.ml.models.published import empty, filled, logits, multiplications, norms, shapes

RGB = [5.061699484175172, -15.38272068117767, -6.615991881233894]
"""Logits of piergiaj's network after `published.fill`, on `noise(1, 3, 9, 193, 200)`, averaged over time."""
FLOW = [10.285511135563787, -1.8473017342515394, -4.39404564849042]
"""Of the one for flow, on `noise(1, 2, 10, 200, 230)`, averaged over time and the two places it leaves."""


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
