"""MobileNetV2 is the published network, under the published names, in both flavours."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from training.ml import weights
from training.ml.features.appearance import Looker
from training.ml.models.contract import WrongOption
from training.ml.models.mobilenet_v2 import (
    FEATURES,
    MobileNetV2,
    create_mobilenet_v2,
    folded,
    from_state,
)


@pytest.fixture(scope="module")
def net() -> MobileNetV2:
    torch.manual_seed(0)
    return create_mobilenet_v2().eval()


@pytest.fixture(scope="module")
def tf_net() -> MobileNetV2:
    torch.manual_seed(0)
    return create_mobilenet_v2(num_classes=1001, flavour="tf").eval()


def test_it_has_as_many_parameters_as_the_published_one(net: MobileNetV2) -> None:
    assert sum(parameter.numel() for parameter in net.parameters()) == 3_504_872
    assert sum(parameter.numel() for parameter in net.features.parameters()) == 2_223_872


def test_its_parts_have_torchvisions_names(net: MobileNetV2) -> None:
    shapes = {name: tuple(tensor.shape) for name, tensor in net.state_dict().items()}
    assert len(shapes) == 314
    assert shapes["features.0.0.weight"] == (32, 3, 3, 3)
    assert shapes["features.1.conv.0.0.weight"] == (32, 1, 3, 3)
    assert shapes["features.1.conv.1.weight"] == (16, 32, 1, 1)
    assert shapes["features.2.conv.0.0.weight"] == (96, 16, 1, 1)
    assert shapes["features.17.conv.3.running_var"] == (320,)
    assert shapes["features.18.0.weight"] == (1280, 320, 1, 1)
    assert shapes["features.18.1.num_batches_tracked"] == ()
    assert shapes["classifier.1.weight"] == (1000, 1280)


def test_only_equal_shapes_are_added_to_their_input(net: MobileNetV2) -> None:
    kept = [n for n in range(1, 18) if getattr(net.features[n], "residual")]  # noqa: B009 - of nn.Module
    assert kept == [3, 5, 6, 8, 9, 10, 12, 13, 15, 16]


@pytest.mark.parametrize("side", [64, 65])
def test_a_picture_is_halved_five_times_in_either_flavour(
    net: MobileNetV2, tf_net: MobileNetV2, side: int
) -> None:
    x_B3HW = torch.zeros(1, 3, side, side)
    with torch.inference_mode():
        for each in (net, tf_net):
            assert each.features(x_B3HW).shape == (1, FEATURES, -(-side // 32), -(-side // 32))


def test_tensorflow_pads_what_is_odd_on_the_right() -> None:
    torch.manual_seed(0)
    first = create_mobilenet_v2(num_classes=1001, flavour="tf").features[0][0]  # type: ignore[index]
    x_B3HW = torch.randn(1, 3, 8, 8)
    padded = nn.functional.pad(x_B3HW, (0, 1, 0, 1))
    torch.testing.assert_close(first(x_B3HW), nn.functional.conv2d(padded, first.weight, stride=2))


def test_pictures_are_brought_to_each_flavours_range(net: MobileNetV2, tf_net: MobileNetV2) -> None:
    white = torch.full((1, 2, 2, 3), 255, dtype=torch.uint8)
    assert set(tf_net.normalised(white).flatten().tolist()) == {1.0}
    assert set(tf_net.normalised(white * 0).flatten().tolist()) == {-1.0}
    torch.testing.assert_close(
        net.normalised(white)[0, :, 0, 0], torch.tensor([0.515 / 0.229, 0.544 / 0.224, 0.594 / 0.225])
    )


def test_a_state_dict_without_counters_in_half_precision_is_taken(tf_net: MobileNetV2) -> None:
    state = {name: t.half() for name, t in tf_net.state_dict().items() if t.is_floating_point()}
    again = from_state(state).eval()
    assert again.flavour == "tf"
    x_B3HW = torch.randn(2, 3, 64, 64)
    with torch.inference_mode():
        torch.testing.assert_close(again(x_B3HW), tf_net(x_B3HW), rtol=0.1, atol=0.01)
    assert all(tensor.dtype != torch.float16 for tensor in again.state_dict().values())


def test_a_flavour_that_is_none_is_refused() -> None:
    flavour: Any = "TF"
    with pytest.raises(WrongOption, match="no flavour TF; there are: torchvision, tf"):
        create_mobilenet_v2(flavour=flavour)


def test_folding_the_norms_in_changes_nothing_but_speed(net: MobileNetV2, tf_net: MobileNetV2) -> None:
    x_B3HW = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    for each in (net, tf_net):
        quick = folded(each)
        assert not any(isinstance(module, nn.BatchNorm2d) for module in quick.modules())
        with torch.inference_mode():
            torch.testing.assert_close(quick(x_B3HW), each(x_B3HW), rtol=1e-3, atol=1e-4)
    assert any(isinstance(module, nn.BatchNorm2d) for module in net.modules()), (
        "the network itself is as it was"
    )


def test_another_networks_state_is_refused(net: MobileNetV2) -> None:
    state = net.state_dict()
    del state["features.3.conv.0.0.weight"]
    with pytest.raises(RuntimeError, match=r"features\.3\.conv\.0\.0\.weight"):
        from_state(state)


@pytest.mark.footage
def test_real_weights_know_what_they_see() -> None:
    """Pictures whose files are named after what is in them."""
    root = Path(__file__).resolve().parents[4]
    shared = Path(os.environ.get("RUSHES_SHARED", root.parent / "shared"))
    if not (shared / "weights").is_dir():
        pytest.skip("footage: RUSHES_SHARED has no weights folder")
    loaded, found = weights.load(shared / "weights")
    assert found is not None
    assert loaded.flavour == "tf"
    names = weights.class_names(shared / "weights", 1001)
    pictures = []
    for path in sorted((shared / "data").glob("blur_natural/open/**/cat*.jpg"))[:4]:
        with Image.open(path) as image:
            pictures.append(np.asarray(image.convert("RGB").resize((224, 224)), np.uint8))
    assert pictures
    _, concept_NK, _ = Looker(loaded, 224).look(pictures)
    seen = [" ".join(names[k] for k in row[:3]) for row in concept_NK]
    assert sum("cat" in said for said in seen) >= len(seen) - 1, seen
