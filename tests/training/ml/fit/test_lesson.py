"""Losses of features see what the head is given of each clip, in whatever order of axes it is given."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from training.ml.fit.lesson import Lesson
from training.ml.fit.recipe import LossRecipe
from training.ml.models import create_model

TARGET_BK = torch.eye(3)[[0, 1, 0, 1]]


def seen(network: nn.Module, x: Tensor, wanted_BD: Tensor) -> None:
    """The centres move towards `wanted_BD`, from zero, by half of the sum over one more than are counted."""
    feed: Any = lambda clips: clips  # noqa: E731 - nothing is to be fed otherwise
    lesson = Lesson(network, feed, LossRecipe(beside="centre"), None)
    lesson(x, TARGET_BK)
    lesson.follow(TARGET_BK.argmax(1))
    centre_CD = lesson.get_submodule("beside").centre_CD
    assert isinstance(centre_CD, Tensor)
    torch.testing.assert_close(centre_CD[0], 0.5 * (wanted_BD[0] + wanted_BD[2]) / 3)


@pytest.mark.parametrize("name", ["x3d_xs", "i3d_r50"])
def test_of_networks_for_clips_they_are_its_channels(name: str) -> None:
    torch.manual_seed(0)
    network = create_model(name, num_classes=3, dropout=0.0).eval()
    x_BCTHW = torch.randn(4, 3, 2, 32, 32)
    pooled: list[Tensor] = []
    pool = network.get_submodule("blocks.5.pool" if name == "x3d_xs" else "blocks.6.pool")
    pool.register_forward_hook(lambda _module, _given, said: pooled.append(said))
    network(x_BCTHW)
    seen(network, x_BCTHW, pooled[0].detach().flatten(1))


def test_of_tsn_they_are_the_mean_over_the_segments_of_a_clip() -> None:
    torch.manual_seed(0)
    network = create_model("tsn", num_classes=3, backbone="resnet18", segments=2, dropout=0.0).eval()
    x_BCTHW = torch.randn(4, 3, 2, 32, 32)
    features_BKD = network.get_submodule("base_model")(x_BCTHW.transpose(1, 2).flatten(0, 1)).unflatten(
        0, (4, 2)
    )
    seen(network, x_BCTHW, features_BKD.detach().mean(1))
