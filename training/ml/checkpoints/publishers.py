"""How publishers call the parameters of networks that we call as others do.

mmaction2 (OpenMMLab) wraps torchvision's ResNet; `transformers` renamed two biases; PySlowFast (Facebook) is
the elder sister of PyTorchVideo, whose names X3D, SlowFast, Slow and I3D-ResNet50 have here. Facts of their
public model files.
"""

import re
from collections.abc import Callable, Collection, Mapping

import torch
from torch import Tensor

_MMACTION2 = (
    (r"^backbone\.", ""),
    (r"(^|\.)conv(\d)\.conv\.", r"\1conv\2."),
    (r"(^|\.)conv(\d)\.bn\.", r"\1bn\2."),
    (r"\.downsample\.conv\.", ".downsample.0."),
    (r"\.downsample\.bn\.", ".downsample.1."),
    (r"^cls_head\.fc_cls\.", "fc."),
)
_TRANSFORMERS = (
    (r"\.attention\.q_bias$", ".attention.query.bias"),
    (r"\.attention\.v_bias$", ".attention.value.bias"),
)
_BRANCHES = (
    (r"\.branch1\.", ".branch1_conv."),
    (r"\.branch1_bn\.", ".branch1_norm."),
    (r"\.branch2\.([abc])\.", r".branch2.conv_\1."),
    (r"\.branch2\.([abc])_bn\.", r".branch2.norm_\1."),
    (r"\.branch2\.se\.fc1\.", ".branch2.norm_b.1.block.0."),
    (r"\.branch2\.se\.fc2\.", ".branch2.norm_b.1.block.2."),
)
_X3D = (
    (r"^s1\.pathway0_stem\.conv_xy\.", "blocks.0.conv.conv_t."),
    (r"^s1\.pathway0_stem\.conv\.", "blocks.0.conv.conv_xy."),
    (r"\.branch2\.b_bn\.", ".branch2.norm_b.0."),
    (r"^head\.conv_5\.", "blocks.5.pool.pre_conv."),
    (r"^head\.conv_5_bn\.", "blocks.5.pool.pre_norm."),
    (r"^head\.lin_5\.", "blocks.5.pool.post_conv."),
)
_STAGE = re.compile(r"s(\d)(?:\.pathway(\d))?_(fuse|stem|res\d+)\.(.+)")
_UNNORMED = "blocks.1.res_blocks.0."
"""The block of X3D whose projection has a norm there and none here."""


def mmaction2(name: str) -> str:
    """A name of mmaction2's ResNets as torchvision has it."""
    return _replaced(name, _MMACTION2)


def transformers(name: str) -> str:
    """A name of VideoMAE's files as the package `transformers` has it since version 5."""
    return _replaced(name, _TRANSFORMERS)


def pyslowfast(own: Collection[str]) -> Callable[[str], str]:
    """What calls names of PySlowFast as PyTorchVideo has them, for a network whose names are `own`."""
    first = _X3D if "blocks.0.conv.conv_t.weight" in own else ()
    both = any(".multipathway_blocks." in each for each in own)
    # a pool has a number of its own here, as in I3D
    pooled = not both and not any(each.startswith("blocks.2.res_blocks.") for each in own)

    def called(name: str) -> str:
        name = _replaced(name, first)
        found = _STAGE.match(name)
        if found is None:
            return _replaced(name, ((r"^head\.projection\.", "fc."),))
        block, pathway, part, rest = int(found[1]) - 1, found[2], found[3], found[4]
        if part == "fuse":
            rest = _replaced(rest, ((r"^conv_f2s\.", "conv_fast_to_slow."), (r"^bn\.", "norm.")))
            return f"blocks.{block}.multipathway_fusion.{rest}"
        block += 1 if pooled and block > 1 else 0
        within = f"blocks.{block}." + (f"multipathway_blocks.{pathway}." if both else "")
        if part == "stem":
            return within + _replaced(rest, ((r"^bn\.", "norm."),))
        return within + _replaced(f"res_blocks.{part.removeprefix('res')}.{rest}", _BRANCHES)

    return called


def _replaced(name: str, rules: tuple[tuple[str, str], ...]) -> str:
    for there, here in rules:
        name = re.sub(there, here, name)
    return name


def unnormed(state: Mapping[str, Tensor], own: Collection[str]) -> dict[str, Tensor]:
    """PySlowFast's X3D, under our names, with the norm of its first projection multiplied into what is here.

    In evaluation this is the same network: w' = w · g / s and, behind the sum, b' = b + beta - mean · g / s,
    with s = sqrt(variance + 1e-5). Other states stay as they are.
    """
    norm, conv, bias = (
        f"{_UNNORMED}{part}" for part in ("branch1_norm.", "branch1_conv.weight", "branch2.norm_c.bias")
    )
    parts = [f"{norm}{part}" for part in ("weight", "bias", "running_mean", "running_var")]
    if f"{norm}weight" in own or any(name not in state for name in (*parts, conv, bias)):
        return dict(state)
    weight_C, bias_C, mean_C, variance_C = (state[name].double() for name in parts)
    scale_C = weight_C / torch.sqrt(variance_C + 1e-5)
    kernel, shift_C = state[conv], state[bias]
    kept = {name: each for name, each in state.items() if not name.startswith(norm)}
    kept[conv] = (kernel.double() * scale_C[:, None, None, None, None]).to(kernel.dtype)
    kept[bias] = (shift_C.double() + bias_C - mean_C * scale_C).to(shift_C.dtype)
    return kept
