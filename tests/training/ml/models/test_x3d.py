"""The X3D networks are PyTorchVideo's, for clips of any length and size."""

import pytest
import torch
from torch import nn

from tests.training.ml.models.published import (
    empty,
    fill,
    filled,
    logits,
    multiplications,
    noise,
    norms,
    shapes,
)
from tests.training.ml.shortly import shortly
from training.ml.errors import WrongClip
from training.ml.models import create_model
from training.ml.models.resnet3d import Bottleneck

PRINTED = {
    "x3d_xs": [
        [-0.05896954571738232, -0.10576387136372592, 0.6247490060204544],
        [-0.05879386655176598, -0.10727646226027684, 0.6280157313558818],
    ],
    "x3d_l": [
        [-0.3204301054971056, 0.03639827668057053, -0.5639595351395702],
        [-0.32623170072158214, 0.04029285213907798, -0.563141831806752],
    ],
}
"""Logits of PyTorchVideo 0.1.5's networks (`head_activation=None`, built for 4 frames of 64 px) after
`published.fill(net, 0.5)`, on `noise(2, 3, 4, 64, 64)`."""
PRINTED_AT_A_LARGER_CROP = [
    [-0.07882584216246247, -0.07697159998941715, 0.6297581670464232],
    [-0.06800649134059461, -0.07021344991495979, 0.6303720854777395],
]
"""Of the same x3d_xs, on `noise(2, 3, 5, 66, 96)`: its window is fixed to 4 frames and 2 by 2 positions."""


@pytest.mark.parametrize("name", shortly(PRINTED, "x3d_xs"))
def test_it_says_what_the_reference_says(name: str) -> None:
    said = logits(filled(name, gain=0.5), 2, 3, 4, 64, 64)
    assert said == [pytest.approx(row, rel=1e-9) for row in PRINTED[name]]


def test_a_window_for_the_training_crop_slides_over_a_larger_one() -> None:
    net = filled("x3d_xs", gain=0.5, input_clip_length=4, input_crop_size=64)
    assert logits(net, 2, 3, 5, 66, 96) == [pytest.approx(row, rel=1e-9) for row in PRINTED_AT_A_LARGER_CROP]


@pytest.mark.parametrize(("frames", "side"), [(6, 32), (13, 45)])
def test_without_a_window_it_is_as_if_built_for_the_clip(frames: int, side: int) -> None:
    follows, fixed = (
        filled("x3d_m", gain=0.5, **built)
        for built in ({}, {"input_clip_length": frames, "input_crop_size": side})
    )
    assert logits(follows, 1, 3, frames, side, side) == [
        pytest.approx(row, rel=1e-9) for row in logits(fixed, 1, 3, frames, side, side)
    ]


@pytest.mark.parametrize("frames", [1, 6, 13])
def test_a_clip_may_be_of_any_length(frames: int) -> None:
    net = empty("x3d_m", 7).eval()
    assert net(torch.empty(2, 3, frames, 32, 50, device="meta")).shape == (2, 7)


@pytest.mark.parametrize(
    ("name", "frames", "side", "giga"),
    [
        ("x3d_xs", 4, 160, 0.605),
        ("x3d_s", 13, 160, 1.963),
        ("x3d_m", 16, 224, 4.732),
        pytest.param("x3d_l", 16, 312, 18.368, marks=pytest.mark.exhaustive),
    ],
)
def test_it_costs_what_the_reference_costs(name: str, frames: int, side: int, giga: float) -> None:
    count = multiplications(empty(name, 400), 1, 3, frames, side, side)
    assert count / 1e9 == pytest.approx(giga, abs=0.0005)


def test_its_parts_have_pytorchvideos_names() -> None:
    found = shapes(empty("x3d_m", 400))
    assert len(found) == 563
    assert found["blocks.0.conv.conv_t.weight"] == (24, 3, 1, 3, 3)
    assert found["blocks.0.conv.conv_xy.weight"] == (24, 1, 5, 1, 1)
    assert found["blocks.1.res_blocks.0.branch1_conv.weight"] == (24, 24, 1, 1, 1)
    assert found["blocks.1.res_blocks.0.branch2.norm_b.1.block.0.weight"] == (8, 54, 1, 1, 1)
    assert found["blocks.2.res_blocks.0.branch1_norm.running_var"] == (48,)
    assert found["blocks.3.res_blocks.10.branch2.norm_b.1.block.2.bias"] == (216,)
    assert found["blocks.4.res_blocks.6.branch2.norm_b.1.block.0.weight"] == (32, 432, 1, 1, 1)
    assert found["blocks.4.res_blocks.0.branch2.conv_b.weight"] == (432, 1, 3, 3, 3)
    assert found["blocks.5.pool.pre_norm.num_batches_tracked"] == ()
    assert found["blocks.5.pool.post_conv.weight"] == (2048, 432, 1, 1, 1)
    assert found["blocks.5.proj.weight"] == (400, 2048)
    assert "blocks.1.res_blocks.0.branch1_norm.weight" not in found
    assert "blocks.1.res_blocks.1.branch2.norm_b.1.block.0.weight" not in found
    assert len(shapes(empty("x3d_l", 400))) == 1141


def test_norms_have_pytorchs_constants() -> None:
    assert norms(empty("x3d_s", 2)) == {(1e-5, 0.1)}


@pytest.mark.parametrize("wish", [True, False])
def test_blocks_begin_as_their_shortcut_unless_one_says_no(wish: bool) -> None:
    torch.manual_seed(0)
    net = create_model("x3d_xs", num_classes=2, zero_final_norm=wish)
    last = [block.norm_c.weight for block in net.modules() if isinstance(block, Bottleneck)]
    assert len(last) == 26
    assert all(bool((weight == (0 if wish else 1)).all()) for weight in last)


def test_fresh_weights_have_the_references_spread() -> None:
    torch.manual_seed(0)
    state = create_model("x3d_xs", num_classes=400).state_dict()
    assert state["blocks.5.pool.post_conv.weight"].std() == pytest.approx((2 / 2048) ** 0.5, rel=0.02)
    assert state["blocks.5.proj.weight"].std() == pytest.approx(0.01, rel=0.02)
    assert not state["blocks.5.proj.bias"].any()
    assert not state["blocks.1.res_blocks.0.branch2.norm_b.1.block.0.bias"].any()


def test_logits_are_logits_in_training_too() -> None:
    net = fill(create_model("x3d_xs", num_classes=3, dropout=0.0).double()).train()
    for layer in net.modules():
        if isinstance(layer, nn.BatchNorm3d):
            layer.eval()
    said = net(noise(1, 3, 4, 32, 32))
    torch.testing.assert_close(said, net.eval()(noise(1, 3, 4, 32, 32)))
    assert (said < 0).any()


def test_a_clip_smaller_than_its_window_is_refused_in_words() -> None:
    net = empty("x3d_xs", 2, input_clip_length=4, input_crop_size=160)
    with pytest.raises(
        WrongClip, match=r"leaves \(3, 5, 5\) positions .* average \(4, 5, 5\); give a longer"
    ):
        net(torch.empty(1, 3, 3, 160, 160, device="meta"))


@pytest.mark.parametrize("options", [{"input_clip_length": 0}, {"input_crop_size": 31}])
def test_a_window_for_less_than_a_position_is_refused(options: dict[str, int]) -> None:
    with pytest.raises(WrongClip, match="or more"):
        empty("x3d_xs", 2, **options)
