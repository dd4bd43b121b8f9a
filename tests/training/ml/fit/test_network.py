"""A network is fed in its own numbers, and begins with the weights that it is given."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from tests.training.ml.fit.small import RECIPE
from training.ml.augment.clips import Kind
from training.ml.checkpoints import DoesNotFit
from training.ml.fit.lesson import Lesson
from training.ml.fit.network import begin, feed_of, network_of
from training.ml.fit.recipe import FitRecipe, LossRecipe, Sight, WrongRecipe
from training.ml.models import create_model

TWO: dict[str, Any] = {"backbone": "resnet18", "hidden": 4}


def of(network: str, kind: Kind, **options: Any) -> FitRecipe:
    assert isinstance(RECIPE.sees, Sight)
    return replace(RECIPE, network=network, options=options, sees=replace(RECIPE.sees, kind=kind))


def fed(recipe: FitRecipe, x_BCTHW: Tensor) -> list[Tensor]:
    found = feed_of(recipe, network_of(recipe, 3))(x_BCTHW)
    return found if isinstance(found, list) else [found]


def test_streams_are_parted_and_each_has_its_own_means() -> None:
    x_BCTHW = torch.cat([torch.full((1, 3, 2, 4, 4), 0.5), torch.zeros(1, 2, 2, 4, 4)], 1)
    rgb, flow = fed(of("two_stream_cnn_lstm", Kind.STREAMS, **TWO), x_BCTHW)
    assert rgb[0, :, 0, 0, 0].tolist() == pytest.approx([0.015 / 0.229, 0.044 / 0.224, 0.094 / 0.225])
    assert torch.equal(flow, torch.zeros(1, 2, 2, 4, 4)), "nothing moves"


def test_flow_is_brought_to_the_means_of_the_network_that_sees_it() -> None:
    x_BCTHW = torch.full((1, 2, 2, 4, 4), 0.5)
    (tsn,) = fed(of("tsn", Kind.FLOW, backbone="resnet18", modality="flow", length=1), x_BCTHW)
    (lstm,) = fed(of("cnn_lstm", Kind.FLOW, in_channels=2, **TWO), x_BCTHW)
    (i3d,) = fed(of("i3d_inception", Kind.FLOW, in_channels=2), x_BCTHW)
    assert [float(each[0, 0, 0, 0, 0]) for each in (tsn, lstm, i3d)] == pytest.approx(
        [0.25 / 0.226, 0.25 / 0.226, 0.5]
    )


@pytest.mark.parametrize(
    ("network", "kind"), [("two_stream_cnn_lstm", Kind.FLOW), ("tsn", Kind.STREAMS), ("x3d_xs", Kind.STREAMS)]
)
def test_two_streams_are_for_networks_that_take_two(network: str, kind: Kind) -> None:
    with pytest.raises(WrongRecipe, match=f"{network} takes .* and small shows it "):
        feed_of(of(network, kind), torch.nn.Identity())


@pytest.mark.parametrize(
    ("network", "kind", "options"),
    [
        ("i3d_inception", Kind.FLOW, {}),
        ("i3d_inception", Kind.PICTURES, {"in_channels": 2}),
        ("slowfast_4x16_r50", Kind.FLOW, {}),
        ("tsn", Kind.FLOW, {"backbone": "resnet18"}),
        ("cnn_lstm", Kind.PICTURES, {"in_channels": 2, **TWO}),
    ],
)
def test_a_network_for_other_channels_is_told(network: str, kind: Kind, options: dict[str, Any]) -> None:
    recipe = of(network, kind, **options)
    with torch.device("meta"):
        made = network_of(recipe, 3)
    shown, sees = (2, 3) if kind is Kind.FLOW else (3, 2)
    said = f"small shows {network} {kind}, which has {shown} channels, and it sees {sees}: make it for"
    with pytest.raises(WrongRecipe, match=said):
        feed_of(recipe, made)


def test_a_recipe_of_flow_begins_with_what_the_same_network_learned_of_pictures(tmp_path: Path) -> None:
    own = {"backbone": "resnet18", "length": 1}
    save_file(create_model("tsn", num_classes=7, **own).state_dict(), tmp_path / "rgb.safetensors")
    made = network_of(recipe := of("tsn", Kind.FLOW, modality="flow", **own), 3)
    (note,) = begin(recipe, made, tmp_path / "rgb.safetensors")
    assert note.endswith("new is the head, new_fc.bias, new_fc.weight.")
    theirs = load_file(tmp_path / "rgb.safetensors")["base_model.conv1.weight"]
    torch.testing.assert_close(
        made.state_dict()["base_model.conv1.weight"], theirs.mean(1)[:, None].expand(-1, 2, -1, -1)
    )
    save_file(made.state_dict(), tmp_path / "flow.safetensors")
    back = of("tsn", Kind.PICTURES, **own)
    with pytest.raises(DoesNotFit, match=r"for other channels: base_model\.conv1\.weight"):
        begin(back, network_of(back, 3), tmp_path / "flow.safetensors")


def test_both_streams_learn_of_one_loss() -> None:
    recipe = of("two_stream_cnn_lstm", Kind.STREAMS, **TWO)
    network = network_of(recipe, 3)
    lesson = Lesson(network, feed_of(recipe, network), LossRecipe(), None)
    lesson(torch.rand(2, 5, 2, 32, 32), torch.eye(3)[:2]).loss.backward()
    for stream in ("rgb", "flow"):
        kernel = network.get_submodule(f"{stream}.base_model.conv1").weight
        assert isinstance(kernel, Tensor)
        assert kernel.grad is not None
        assert kernel.grad.abs().sum() > 0


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights of a network for pictures."""
    torch.manual_seed(1)
    path = tmp_path_factory.mktemp("weights") / "resnet18.safetensors"
    save_file(create_model("resnet18", num_classes=10).state_dict(), path)
    return path


@pytest.mark.parametrize(
    ("network", "kind", "kernels"),
    [
        ("tsn", Kind.FLOW, {"base_model.conv1.weight": 10}),
        ("cnn_lstm", Kind.FLOW, {"base_model.conv1.weight": 2}),
        (
            "two_stream_cnn_lstm",
            Kind.STREAMS,
            {"rgb.base_model.conv1.weight": 3, "flow.base_model.conv1.weight": 2},
        ),
    ],
)
def test_flow_begins_with_the_weights_of_pictures(
    network: str, kind: Kind, kernels: dict[str, int], pictures: Path
) -> None:
    options = {
        "tsn": {"backbone": "resnet18", "modality": "flow"},
        "cnn_lstm": {"in_channels": 2, **TWO},
        "two_stream_cnn_lstm": TWO,
    }
    recipe = of(network, kind, **options[network])
    made = network_of(recipe, 3)
    (note,) = begin(recipe, made, pictures)
    state, theirs = made.state_dict(), load_file(pictures)
    assert note.startswith("It began with resnet18.safetensors, SHA-256 ")
    for name, channels in kernels.items():
        first_OCHW = theirs["conv1.weight"]
        if channels != 3:
            first_OCHW = first_OCHW.mean(1, keepdim=True).expand(-1, channels, -1, -1)
        torch.testing.assert_close(state[name], first_OCHW)
        inner = name.replace("conv1.weight", "layer4.1.conv2.weight")
        assert torch.equal(state[inner], theirs["layer4.1.conv2.weight"])
