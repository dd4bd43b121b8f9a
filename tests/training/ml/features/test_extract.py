"""Features of real pixels: exact frames, the same bytes every time, and what moves is found."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from curation.media.errors import ProxyMismatch
from tests.training.ml.features.footage import FRAMES, SIZE, make_proxy, wandering
from training.ml import weights
from training.ml.features.appearance import Looker
from training.ml.features.clip import ClipFeatures
from training.ml.features.extract import Extractor
from training.ml.models.mobilenet_v2 import MobileNetV2
from training.ml.recipes.motion import SMART_MOTION, FeatureRecipe, MotionRecipe

RECIPE = replace(SMART_MOTION, features=FeatureRecipe(candidates=8, side=64))
GLANCING = replace(RECIPE, glance=FeatureRecipe(candidates=8, width=48, rate=7.5, cell=4, keep=6))


@pytest.fixture(scope="module")
def net() -> MobileNetV2:
    return weights.load(None)[0]


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_proxy(tmp_path_factory.mktemp("footage"))


def extractor(net: MobileNetV2, recipe: MotionRecipe = RECIPE) -> Extractor:
    return Extractor(recipe, Looker(net, recipe.features.side))


def extracted(proxy: Path, net: MobileNetV2, start: int = 0, end: int = FRAMES) -> ClipFeatures:
    return extractor(net).read(proxy, start, end, 25.0)


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
    found = extractor(net).read(proxy, 0, FRAMES, 25.0, rejected=[[0, 30], [34, 36]])
    assert found.ordinals_N.tolist() == [30, 31, 32, 33, 36, 37, 38, 39]


def test_a_glance_finds_when_something_moves_in_small_pictures(
    proxy: Path, net: MobileNetV2, clip: ClipFeatures
) -> None:
    glance = extractor(net, GLANCING).read(proxy, 0, FRAMES, 25.0).glance
    assert glance is not None
    assert glance.motion_N[[3, 4]].min() > 1.5 * glance.motion_N[[0, 7]].max()
    assert set(glance.owner_M.tolist()) <= set(range(8))
    assert len(glance.descriptors_MP) < len(clip.descriptors_MP), "few blocks are kept of each"
    speed = glance.motion_N[[3, 4]] / clip.motion_N[[3, 4]]
    assert speed.min() > 0.5, "px are told as those of the larger picture"
    assert speed.max() < 2


def test_a_glance_says_where_the_clip_moves(proxy: Path, net: MobileNetV2) -> None:
    reader = extractor(net, GLANCING)
    film = reader.film(proxy, 10, 30, 25.0)
    glance = reader.glance(film)
    assert glance is not None
    cells = 96 / GLANCING.features.cell
    assert 0 < glance.box.x < cells
    assert glance.box.y == pytest.approx(cells / 2, abs=2), "the square wanders to the right in the middle"


@pytest.mark.parametrize("places", [[0], [3, 4], [2, 7], [0, 1, 2, 3, 4, 5, 6, 7]])
def test_a_candidate_is_told_of_alike_whatever_others_are_read(
    proxy: Path, net: MobileNetV2, places: list[int]
) -> None:
    reader = extractor(net, GLANCING)
    film = reader.film(proxy, 0, FRAMES, 25.0)
    glance = reader.glance(film)
    whole, some = reader.features(film, glance), reader.features(film, glance, np.array(places))
    assert some.ordinals_N.tolist() == whole.ordinals_N[places].tolist()
    for now, place in enumerate(places):
        rows, among = some.owner_M == now, whole.owner_M == place
        np.testing.assert_array_equal(some.descriptors_MP[rows], whole.descriptors_MP[among])
        np.testing.assert_array_equal(some.place_M3[rows], whole.place_M3[among])
    looks, all_looks = (each.appearance_ND.astype(np.float32) for each in (some, whole))
    np.testing.assert_allclose(looks, all_looks[places], rtol=5e-3, atol=5e-3)


def test_a_single_frame_is_glanced_at_in_vain(proxy: Path, net: MobileNetV2) -> None:
    one = extractor(net, GLANCING).read(proxy, 5, 6, 25.0)
    assert one.glance is not None
    assert (len(one.glance), len(one.glance.descriptors_MP)) == (1, 0)
