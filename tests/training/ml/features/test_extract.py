"""Features of real pixels: exact frames, the same bytes every time, and what moves is found."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from curation.media.errors import ProxyMismatch
from tests.training.ml.features.footage import FRAMES, SIZE, make_proxy, wandering
from training.ml import weights
from training.ml.features.clip import ClipFeatures
from training.ml.features.extract import extract
from training.ml.models.mobilenet_v2 import MobileNetV2
from training.ml.recipes.motion import SMART_MOTION, FeatureRecipe

RECIPE = replace(SMART_MOTION, features=FeatureRecipe(candidates=8, side=64))


@pytest.fixture(scope="module")
def net() -> MobileNetV2:
    return weights.load(None)[0]


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_proxy(tmp_path_factory.mktemp("footage"))


def extracted(proxy: Path, net: MobileNetV2, start: int = 0, end: int = FRAMES) -> ClipFeatures:
    return extract(proxy, start, end, 25.0, recipe=RECIPE, net=net, weights_sha256="")


@pytest.fixture(scope="module")
def clip(proxy: Path, net: MobileNetV2) -> ClipFeatures:
    return extracted(proxy, net)


def test_everything_has_a_row_for_each_candidate(clip: ClipFeatures) -> None:
    assert clip.ordinals_N.tolist() == [2, 7, 12, 17, 22, 27, 32, 37]
    assert clip.appearance_ND.shape == (8, 1280)
    assert clip.concept_NK.shape == clip.concept_p_NK.shape == (8, 10)
    assert (np.diff(clip.concept_p_NK.astype(np.float32), axis=1) <= 0).all()
    assert clip.recipe == RECIPE.feature_fingerprint("")
    assert clip.weights == "none"


def test_motion_is_found_when_and_where_it_is(clip: ClipFeatures) -> None:
    assert clip.motion_N[[3, 4]].min() > 1.5 * clip.motion_N[[0, 7]].max()
    assert {3, 4} <= set(clip.owner_M.tolist())
    assert np.abs(clip.place_M3[:, :2].astype(np.float32)).max() < 2.5
    to_the_right = clip.descriptors_MP[:, [0, 9, 18, 27]].astype(np.float32).mean()
    to_the_left = clip.descriptors_MP[:, [4, 13, 22, 31]].astype(np.float32).mean()
    assert to_the_right > 2 * to_the_left


def test_the_same_clip_gives_the_same_bytes(
    clip: ClipFeatures, proxy: Path, net: MobileNetV2, tmp_path: Path
) -> None:
    clip.save(tmp_path / "a")
    extracted(proxy, net).save(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_part_of_a_video_is_read_at_its_own_frames(proxy: Path, net: MobileNetV2, tmp_path: Path) -> None:
    part = extracted(proxy, net, 30, 40)
    assert part.ordinals_N.tolist() == [30, 31, 33, 34, 35, 36, 38, 39]
    assert part.motion_N.max() < 0.1, "the square has come to rest"


def test_a_single_frame_has_looks_and_no_motion(proxy: Path, net: MobileNetV2) -> None:
    one = extracted(proxy, net, 5, 6)
    assert one.ordinals_N.tolist() == [5]
    assert one.descriptors_MP.shape[0] == 0
    assert one.motion_N.tolist() == [0.0]
    assert np.isfinite(one.appearance_ND.astype(np.float32)).all()


def test_frames_outside_the_video_are_refused(proxy: Path, net: MobileNetV2) -> None:
    with pytest.raises(IndexError, match="outside"):
        extracted(proxy, net, 30, FRAMES + 1)


def test_a_file_that_is_no_proxy_is_refused(tmp_path: Path, net: MobileNetV2) -> None:
    (tmp_path / "odd.mp4").write_bytes(b"no video at all")
    with pytest.raises(ProxyMismatch, match=r"odd\.mp4 cannot be opened"):
        extracted(tmp_path / "odd.mp4", net)


def test_the_square_of_the_test_footage_moves_as_told() -> None:
    moved = np.abs(wandering(20).astype(int) - wandering(19)).sum(axis=(0, 2))
    assert moved[8 + 18 : 8 + 18 + 28].sum() == moved.sum() > 0
    assert wandering(0).shape == (SIZE, SIZE, 3)


def test_rejected_frames_are_not_looked_at(proxy: Path, net: MobileNetV2) -> None:
    found = extract(
        proxy, 0, FRAMES, 25.0, recipe=RECIPE, net=net, weights_sha256="", rejected=[[0, 30], [34, 36]]
    )
    assert found.ordinals_N.tolist() == [30, 31, 32, 33, 36, 37, 38, 39]
