"""What a network is shown: moments in order, alike for all frames of a clip, and normalised."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from training.ml.engine.network.views import Viewer
from training.ml.features.pack import ClipPack, packed
from training.ml.models import NETWORKS
from training.ml.models.tsn.backbones import normalisation
from training.ml.models.tsn.inputs import Modality
from training.ml.recipes.networks import X3D

PLAIN = replace(X3D, moments=4, side=32, flip=0.0, jitter=0.0, least_area=1.0)
VIEWER = Viewer(PLAIN, NETWORKS["x3d_xs"].normalisation)


def levels(moments: int, channels: int = 3) -> ClipPack:
    """Moment n is all of the level 20 * n."""
    jpegs = tuple(packed(np.full((32, 32, channels), 20 * n, np.uint8)) for n in range(moments))
    return ClipPack(np.arange(moments, dtype=np.int32) * 5, channels, jpegs, "a" * 64)


def halves(channels: int) -> ClipPack:
    """Dark on the left, light on the right."""
    picture = np.zeros((32, 32, channels), np.uint8)
    picture[:, 16:] = 200
    return ClipPack(np.zeros(1, np.int32), channels, (packed(picture),), "a" * 64)


def test_a_test_view_shows_the_middles_of_equal_parts() -> None:
    view, ordinals = VIEWER.testing(levels(8), 4)
    assert view.shape == (3, 4, 32, 32)
    shown = (view[0, :, 16, 16] * 0.225 + 0.45) * 255
    assert shown.tolist() == pytest.approx([20, 60, 100, 140], abs=2)
    assert ordinals == (5, 15, 25, 35)


def test_fewer_moments_are_repeated_in_order() -> None:
    view, ordinals = VIEWER.testing(levels(8), 2)
    shown = ((view[0, :, 16, 16] * 0.225 + 0.45) * 255).tolist()
    assert shown == pytest.approx([40, 40, 120, 120], abs=2)
    assert ordinals == (10, 30)


def test_a_clip_of_one_moment_fills_the_view() -> None:
    view, ordinals = VIEWER.testing(levels(1), 4)
    assert view.shape[1] == 4
    assert ordinals == (0,)


def test_a_mirrored_view_is_mirrored_in_all_frames() -> None:
    always = Viewer(replace(PLAIN, flip=1.0), NETWORKS["x3d_xs"].normalisation)
    view = always.training(halves(3), np.random.default_rng(0))
    assert (view[:, :, :, 4] > view[:, :, :, 28]).all()


def test_mirrored_flow_goes_the_other_way() -> None:
    normal = normalisation("mobilenet_v2", Modality.FLOW)
    always = Viewer(replace(PLAIN, flip=1.0), normal)
    picture = np.full((32, 32, 2), 127, np.uint8)
    picture[..., 0] = 200
    pack = ClipPack(np.zeros(1, np.int32), 2, (packed(picture),), "a" * 64)
    u, v = always.training(pack, np.random.default_rng(0)).mean((1, 2, 3))
    assert float(u) == pytest.approx((55 / 255 - 0.5) / 0.226, abs=0.05)
    assert float(v) == pytest.approx(0, abs=0.05)


def test_two_pathways_share_their_first_frames() -> None:
    two = Viewer(replace(PLAIN, pathway=2), NETWORKS["x3d_xs"].normalisation)
    view, _ = two.testing(levels(4), 4)
    slow, fast = two.batch([view, view])
    assert (slow.shape, fast.shape) == ((2, 3, 2, 32, 32), (2, 3, 4, 32, 32))
    assert torch.equal(slow[:, :, 1], fast[:, :, 2])


def test_the_same_random_numbers_give_the_same_view() -> None:
    busy = Viewer(replace(X3D, moments=4, side=32), NETWORKS["x3d_xs"].normalisation)
    first, second = (busy.training(levels(8), np.random.default_rng(5)) for _ in range(2))
    assert torch.equal(first, second)
