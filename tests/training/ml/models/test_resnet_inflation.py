"""I3D-ResNet50 and Slow begin with ResNet-50's filters, repeated over time, and with all of its norms."""

import pytest
import torch
from torch import Tensor, nn

from training.ml.errors import BadFile
from training.ml.models import create_model
from training.ml.models.resnet_inflation import ResNetBlocks
from training.ml.transfer import Mode, TransferPlan


@pytest.fixture(scope="module")
def pictures() -> nn.Module:
    """ResNet-50 whose norms have seen something."""
    torch.manual_seed(0)
    net = create_model("resnet50", num_classes=4)
    for name, buffer in net.named_buffers():
        if name.endswith("running_mean"):
            buffer.normal_(0, 0.1)
    return net.eval()


def begun(name: str, state: dict[str, Tensor]) -> ResNetBlocks:
    net = create_model(name, num_classes=5)
    assert isinstance(net, ResNetBlocks)
    fit = net.learn_from_pictures(state)
    own = {each for each in net.state_dict() if not each.startswith(f"blocks.{len(net.blocks) - 1}.proj")}
    assert set(fit.state) == own
    return net.eval()


def test_slow_sees_in_a_still_clip_what_the_network_for_pictures_sees(pictures: nn.Module) -> None:
    """Of the stages that see one frame at a time; the others see zeros before and after the clip."""
    net = begun("slow_r50", pictures.state_dict())
    x_BCHW = torch.randn(1, 3, 64, 64)
    flat_BCHW = x_BCHW
    for layer in ("conv1", "bn1", "relu", "maxpool", "layer1", "layer2"):
        flat_BCHW = pictures.get_submodule(layer)(flat_BCHW)
    deep_BCTHW = x_BCHW[:, :, None].expand(-1, -1, 3, -1, -1)
    for block in net.blocks[:3]:
        deep_BCTHW = block(deep_BCTHW)
    torch.testing.assert_close(deep_BCTHW, flat_BCHW[:, :, None].expand_as(deep_BCTHW), rtol=1e-4, atol=1e-5)


def test_i3ds_filters_are_repeated_over_time_after_the_pool_of_time_too(pictures: nn.Module) -> None:
    theirs, ours = pictures.state_dict(), begun("i3d_r50", pictures.state_dict()).state_dict()
    torch.testing.assert_close(ours["blocks.0.conv.weight"][:, :, 4], theirs["conv1.weight"] / 5)
    torch.testing.assert_close(
        ours["blocks.5.res_blocks.1.branch2.conv_a.weight"].sum(2), theirs["layer4.1.conv1.weight"]
    )
    shortcut = ours["blocks.3.res_blocks.0.branch1_conv.weight"]
    assert torch.equal(shortcut[:, :, 0], theirs["layer2.0.downsample.0.weight"])
    mean = ours["blocks.4.res_blocks.5.branch2.norm_c.running_mean"]
    assert torch.equal(mean, theirs["layer3.5.bn3.running_mean"])


def test_a_plan_begins_with_them(pictures: nn.Module) -> None:
    net = create_model("i3d_r50", num_classes=5)
    TransferPlan(Mode.FIXED).begin(net, pictures.state_dict())
    learning = {name for name, each in net.named_parameters() if each.requires_grad}
    assert learning == {"blocks.6.proj.weight", "blocks.6.proj.bias"}


def test_other_weights_are_refused(pictures: nn.Module) -> None:
    shallow = {name: each for name, each in pictures.state_dict().items() if "layer3.5" not in name}
    with pytest.raises(BadFile, match=r"do not inflate to I3D-ResNet50.*Take ResNet-50's, as torchvision"):
        begun("i3d_r50", shallow)
    with pytest.raises(BadFile, match=r"features\.0 would be features\.0, which this network does not have"):
        begun("slow_r50", {**pictures.state_dict(), "features.0": torch.zeros(1)})
