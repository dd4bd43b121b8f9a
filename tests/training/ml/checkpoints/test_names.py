"""Checkpoints of other codes are found again under our names."""

import re

import pytest
import torch
from torch import Tensor

from tests.training.ml.models.published import empty, fill, noise
from training.ml.checkpoints import fitted, load
from training.ml.models import create_model


def states(name: str, classes: int = 3, **options: object) -> dict[str, Tensor]:
    return dict(empty(name, classes, **options).state_dict())


def spelled(state: dict[str, Tensor], *rules: tuple[str, str]) -> dict[str, Tensor]:
    """The same tensors by the names that the rules make, which are those of another code's files."""
    found = {}
    for name, tensor in state.items():
        for ours, theirs in rules:
            name = re.sub(ours, theirs, name)
        found[name] = tensor
    return found


@pytest.mark.parametrize(
    ("name", "prefix"), [("resnet18", "module."), ("mobilenet_v2", "model."), ("st_gcn", "module._orig_mod.")]
)
def test_what_programs_put_before_every_name_is_taken_off(name: str, prefix: str) -> None:
    state = states(name)
    fit = fitted(empty(name, 3), {prefix + key: each for key, each in state.items()})
    assert fit.whole
    assert fit.renamed[f"{prefix}{next(iter(state))}"] == next(iter(state))


def test_checkpoints_of_tsn_pytorch_fit_tsn_and_its_backbone() -> None:
    net = empty("tsn", 3, backbone="bninception")
    state = {f"module.{key}": each for key, each in net.state_dict().items()}
    assert fitted(net, state).whole
    backbone = fitted(empty("bninception", 3), state)
    assert backbone.whole
    assert backbone.renamed["module.new_fc.weight"] == "last_linear.weight"


def test_weights_for_pictures_fit_a_tsn_but_for_their_classes() -> None:
    fit = fitted(empty("tsn", 3, backbone="resnet18"), states("resnet18", 1000))
    assert fit.whole_but_classes
    assert list(fit.classes) == ["fc.weight", "fc.bias"]
    assert fit.renamed["layer1.0.conv1.weight"] == "base_model.layer1.0.conv1.weight"


def test_norms_of_caffes_time_lose_their_leading_axis() -> None:
    state = states("bninception")
    old = {key: each[None] if "_bn." in key and each.ndim == 1 else each for key, each in state.items()}
    old = {key: each for key, each in old.items() if "num_batches" not in key}
    old["fc_action.weight"], old["fc_action.bias"] = (old.pop(f"last_linear.{k}") for k in ("weight", "bias"))
    assert fitted(empty("bninception", 3), old).whole


MMACTION2 = (
    (r"^base_model\.", "backbone."),
    (r"\.conv(\d)\.", r".conv\1.conv."),
    (r"\.bn(\d)\.", r".conv\1.bn."),
    (r"\.downsample\.0\.", ".downsample.conv."),
    (r"\.downsample\.1\.", ".downsample.bn."),
    (r"^new_fc\.", "cls_head.fc_cls."),
)


def test_checkpoints_of_mmaction2_fit_tsn_and_its_backbone() -> None:
    state = spelled(states("tsn", backbone="resnet50"), *MMACTION2)
    assert {"backbone.layer2.0.downsample.bn.weight", "backbone.layer4.2.conv3.conv.weight"} <= set(state)
    assert fitted(empty("tsn", 3, backbone="resnet50"), state).whole
    assert fitted(empty("resnet50", 3), state).whole


BLOCKS = (
    (r"branch1_conv\.", "branch1."),
    (r"branch1_norm\.", "branch1_bn."),
    (r"norm_b\.1\.block\.0\.", "se.fc1."),
    (r"norm_b\.1\.block\.2\.", "se.fc2."),
    (r"branch2\.norm_b\.0\.", "branch2.b_bn."),
    (r"branch2\.conv_([abc])\.", r"branch2.\1."),
    (r"branch2\.norm_([abc])\.", r"branch2.\1_bn."),
)
ONE = (
    (r"^blocks\.0\.conv\.conv_t\.", "s1.pathway0_stem.conv_xy."),
    (r"^blocks\.0\.conv\.conv_xy\.", "s1.pathway0_stem.conv."),
    (r"^blocks\.0\.conv\.", "s1.pathway0_stem.conv."),
    (r"^blocks\.0\.norm\.", "s1.pathway0_stem.bn."),
    (r"^blocks\.5\.pool\.pre_conv\.", "head.conv_5."),
    (r"^blocks\.5\.pool\.pre_norm\.", "head.conv_5_bn."),
    (r"^blocks\.5\.pool\.post_conv\.", "head.lin_5."),
    (r"^blocks\.\d\.proj\.", "head.projection."),
)
PLAIN = tuple((rf"^blocks\.{n}\.res_blocks\.(\d+)\.", rf"s{n + 1}.pathway0_res\1.") for n in range(1, 5))
POOLED = tuple(
    (rf"^blocks\.{n}\.res_blocks\.(\d+)\.", rf"s{stage}.pathway0_res\1.")
    for n, stage in ((1, 2), (3, 3), (4, 4), (5, 5))
)
BOTH = (
    (r"^blocks\.0\.multipathway_blocks\.(\d)\.conv\.", r"s1.pathway\1_stem.conv."),
    (r"^blocks\.0\.multipathway_blocks\.(\d)\.norm\.", r"s1.pathway\1_stem.bn."),
    *(
        (rf"^blocks\.{n}\.multipathway_fusion\.conv_fast_to_slow\.", f"s{n + 1}_fuse.conv_f2s.")
        for n in range(4)
    ),
    *((rf"^blocks\.{n}\.multipathway_fusion\.norm\.", f"s{n + 1}_fuse.bn.") for n in range(4)),
    *(
        (rf"^blocks\.{n}\.multipathway_blocks\.(\d)\.res_blocks\.(\d+)\.", rf"s{n + 1}.pathway\1_res\2.")
        for n in range(1, 5)
    ),
    (r"^blocks\.6\.proj\.", "head.projection."),
)


@pytest.mark.parametrize(
    ("name", "rules", "one"),
    [
        ("x3d_xs", (*PLAIN, *BLOCKS, *ONE), "s3.pathway0_res0.branch2.se.fc1.weight"),
        ("slow_r50", (*PLAIN, *BLOCKS, *ONE), "s5.pathway0_res2.branch2.c_bn.running_var"),
        ("i3d_r50", (*POOLED, *BLOCKS, *ONE), "s3.pathway0_res0.branch1_bn.weight"),
        ("slowfast_8x8_r50", (*BOTH, *BLOCKS), "s4_fuse.conv_f2s.weight"),
    ],
)
def test_checkpoints_of_pyslowfast_fit(name: str, rules: tuple[tuple[str, str], ...], one: str) -> None:
    state = spelled(states(name), *rules)
    assert one in state
    assert not any(key.startswith("blocks.") for key in state)
    fit = fitted(empty(name, 3), state)
    assert fit.whole
    assert len(fit.state) == len(state)


def test_the_norm_that_only_pyslowfasts_x3d_has_is_multiplied_in() -> None:
    net = fill(create_model("x3d_xs", num_classes=3).double(), 0.5)
    state = spelled(dict(net.state_dict()), *PLAIN, *BLOCKS, *ONE)
    norm = {"weight": 1.5, "bias": 0.25, "running_mean": -0.5, "running_var": 4.0}
    for part, value in norm.items():
        state[f"s2.pathway0_res0.branch1_bn.{part}"] = torch.full((24,), value, dtype=torch.float64)
    block = net.get_submodule("blocks.1.res_blocks.0")
    x_BCTHW = noise(1, 24, 2, 8, 8)
    with torch.inference_mode():
        beside_BCTHW = block.branch1_conv(x_BCTHW)  # type: ignore[operator]
        beside_BCTHW = (beside_BCTHW + 0.5) / (4.0 + 1e-5) ** 0.5 * 1.5 + 0.25
        wanted_BCTHW = torch.relu(beside_BCTHW + block.branch2(x_BCTHW))  # type: ignore[operator]
        load(net, state)
        torch.testing.assert_close(block(x_BCTHW), wanted_BCTHW)
