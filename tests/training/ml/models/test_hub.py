"""VideoMAE and V-JEPA 2 are there where their package is, and say how to get it where it is not."""

from importlib import import_module
from typing import Any

import pytest
import torch

from tests.training.ml.models.published import empty, fill, noise
from training.ml.checkpoints import fitted
from training.ml.models import NETWORKS, create_model, hub, network_named
from training.ml.models.contract import WrongInput, WrongOption
from training.ml.transfer import Mode, TransferPlan

NAMES = ("videomae_b", "vjepa2_l")
SMALL = {
    "videomae_b": {
        "hidden_size": 24,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 48,
    },
    "vjepa2_l": {
        "hidden_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_pooler_layers": 1,
        "pred_hidden_size": 48,
        "pred_num_attention_heads": 2,
        "pred_num_hidden_layers": 1,
    },
}
EACH = pytest.mark.parametrize("name", NAMES)


@EACH
def test_without_the_package_a_sentence_says_how_to_get_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(NETWORKS, name)  # as `training.ml.models` finds it where the package is not
    said = f"{name} needs the package transformers, .*: pip install -r requirements-hub"
    with pytest.raises(hub.NotInstalled, match=said):
        create_model(name, num_classes=3)
    with pytest.raises(hub.NotInstalled, match=said):
        network_named(name)


@EACH
def test_sizes_that_patches_do_not_fill_are_refused(name: str) -> None:
    build = {each.name: each.build for each in hub.NETWORKS}[name]
    for size in ({"frames": 5}, {"side": 100}):
        with pytest.raises(WrongOption, match=r"frames are a multiple of 2, and px of 16"):
            build(num_classes=3, **size)


@EACH
def test_its_logits_are_the_packages(name: str) -> None:
    package: Any = import_module(hub.PACKAGE)
    net = fill(create_model(name, num_classes=3, frames=4, side=32, sizes=SMALL[name]).double(), 0.5)
    if name == "videomae_b":
        config = package.VideoMAEConfig(num_labels=3, num_frames=4, image_size=32, **SMALL[name])
        whole = package.VideoMAEForVideoClassification(config)
    else:
        config = package.VJEPA2Config(num_labels=3, frames_per_clip=4, crop_size=32, **SMALL[name])
        whole = package.VJEPA2ForVideoClassification(config)
    whole.double().eval().load_state_dict(net.state_dict())
    x_BCTHW = noise(2, 3, 4, 32, 32)
    with torch.inference_mode():
        said_BC = net(x_BCTHW)
        torch.testing.assert_close(said_BC, whole(x_BCTHW.transpose(1, 2)).logits)
    assert said_BC.shape == (2, 3)
    with pytest.raises(WrongInput, match=r"takes clips of \(3, 4, 32, 32\) .* not \(3, 2, 32, 32\)"):
        net(x_BCTHW[:, :, :2])


@EACH
def test_its_head_alone_learns_from_fixed_features(name: str) -> None:
    net = empty(name, 5, sizes=SMALL[name])
    fit = TransferPlan(Mode.FIXED).begin(net, empty(name, 9, sizes=SMALL[name]).state_dict())
    assert list(fit.classes) == ["classifier.weight", "classifier.bias"]
    assert {each for each, tensor in net.named_parameters() if tensor.requires_grad} == set(fit.classes)


def test_biases_of_older_files_are_found_again() -> None:
    net = empty("videomae_b", 5, sizes=SMALL["videomae_b"])
    old = {
        key.replace(".query.bias", ".q_bias").replace(".value.bias", ".v_bias"): each
        for key, each in net.state_dict().items()
    }
    assert "videomae.encoder.layer.0.attention.attention.q_bias" in old
    assert fitted(net, old).whole
