"""What a glance tells the selectors: few numbers, those of the neighbours beside a candidate's own."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.training.ml.house import drawn
from training.ml.encoder import Encoder
from training.ml.errors import BadFile
from training.ml.features.clip import ClipFeatures
from training.ml.features.motion import nothing
from training.ml.glimpses import Glimpses
from training.ml.recipes.motion import SMART_GLANCE, SMART_MOTION

SMALL = replace(SMART_MOTION, components=4, words=3, sample=1000, rounds=3, latent=5)
RECIPE = replace(
    SMALL,
    glance=SMART_GLANCE.glance,
    glance_components=3,
    glance_words=2,
    glance_latent=4,
    glance_around=1,
)
CLIPS = [drawn(f"clip {n}", n % 3, recipe="smart_glance") for n in range(9)]
ENCODER = Encoder.fit(CLIPS, recipe=RECIPE, seed=0)


def glimpses() -> Glimpses:
    assert ENCODER.glimpses is not None
    return ENCODER.glimpses


def without_glance(clip: ClipFeatures) -> ClipFeatures:
    return replace(clip, glance=None)


def test_selectors_see_the_glance_alone() -> None:
    assert ENCODER.x_width == 4 * 3
    encoded = ENCODER.encode(CLIPS[0])
    assert encoded.x_ND.shape == (len(CLIPS[0]), 12)
    other = replace(CLIPS[0], appearance_ND=CLIPS[1].appearance_ND, descriptors_MP=CLIPS[1].descriptors_MP)
    np.testing.assert_array_equal(ENCODER.encode(other).x_ND, encoded.x_ND)


def test_the_classifier_sees_what_it_sees_without_a_glance() -> None:
    plain = Encoder.fit(CLIPS, recipe=SMALL, seed=0)
    np.testing.assert_array_equal(plain.encode(CLIPS[0]).fisher_NF, ENCODER.encode(CLIPS[0]).fisher_NF)
    assert plain.x_width == 1280 + 5


def test_a_candidate_stands_between_its_neighbours() -> None:
    assert CLIPS[0].glance is not None
    x_ND = glimpses().x(CLIPS[0].glance).reshape(len(CLIPS[0]), 3, 4)
    np.testing.assert_array_equal(x_ND[1:, 0], x_ND[:-1, 1])
    np.testing.assert_array_equal(x_ND[:-1, 2], x_ND[1:, 1])
    np.testing.assert_array_equal(x_ND[0, 0], x_ND[0, 1])
    np.testing.assert_array_equal(x_ND[-1, 2], x_ND[-1, 1])
    np.testing.assert_allclose(np.linalg.norm(x_ND.reshape(len(x_ND), -1), axis=1), 1, rtol=1e-4)


def test_what_is_stored_glances_as_before() -> None:
    again = Encoder.from_tensors({name: each.clone() for name, each in ENCODER.to_tensors().items()})
    np.testing.assert_array_equal(again.encode(CLIPS[2]).x_ND, ENCODER.encode(CLIPS[2]).x_ND)


def test_a_store_that_lacks_a_part_of_it_is_refused() -> None:
    tensors = ENCODER.to_tensors()
    del tensors["glance.around"]
    with pytest.raises(BadFile, match="encoder is incomplete: 'around'"):
        Encoder.from_tensors(tensors)


def test_the_same_seed_gives_the_same_glimpses() -> None:
    again = Glimpses.fit(CLIPS, recipe=RECIPE, seed=0)
    assert again is not None
    assert all(torch.equal(each, again.to_tensors()[name]) for name, each in glimpses().to_tensors().items())


def test_features_without_a_glance_are_refused() -> None:
    with pytest.raises(BadFile, match=r"lack the glance by which frames are chosen\. Make them again"):
        ENCODER.encode(without_glance(CLIPS[0]))
    with pytest.raises(BadFile, match="lack the glance"):
        Encoder.fit([without_glance(clip) for clip in CLIPS], recipe=RECIPE, seed=0)


def test_where_a_glance_sees_nothing_move_frames_are_chosen_as_without_one() -> None:
    still = [replace(clip, glance=nothing(clip.ordinals_N.astype(np.int64))) for clip in CLIPS]
    encoder = Encoder.fit(still, recipe=RECIPE, seed=0)
    assert encoder.glimpses is None
    assert encoder.x_width == 1280 + 5
