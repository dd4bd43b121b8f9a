"""The encoder: fitted on training clips, pooled over any choice, the same again from a file."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.ml.house import drawn
from training.ml.encoder import Encoder
from training.ml.errors import BadFile, TooLittle
from training.ml.features.clip import DESCRIPTOR_DIM, ClipFeatures
from training.ml.recipes.motion import SMART_MOTION

RECIPE = replace(SMART_MOTION, components=4, words=3, sample=1000, rounds=3, latent=5)
CLIPS = [drawn(f"clip {n}", n % 3) for n in range(9)]
ENCODER = Encoder.fit(CLIPS, recipe=RECIPE, seed=0)
ENCODED = [ENCODER.encode(clip) for clip in CLIPS]


def motionless(clip: ClipFeatures) -> ClipFeatures:
    return replace(
        clip,
        descriptors_MP=np.zeros((0, DESCRIPTOR_DIM), np.uint8),
        owner_M=np.zeros(0, np.int16),
        place_M3=np.zeros((0, 3), np.float16),
    )


def test_widths_are_as_told() -> None:
    assert ENCODER.width == 1280 + 4 * 2 * 3 * (4 + 3)
    assert ENCODER.x_width == 1280 + 5
    for clip, encoded in zip(CLIPS, ENCODED, strict=True):
        assert encoded.x_ND.shape == (len(clip), ENCODER.x_width)
        assert encoded.fisher_NF.shape == (len(clip), ENCODER.fisher_width)
        assert encoded.x_ND.dtype == np.float32
        assert ENCODER.pool(encoded, [0]).shape == (ENCODER.width,)


def test_each_part_of_x_has_length_one() -> None:
    for encoded in ENCODED:
        for part in (encoded.x_ND[:, :1280], encoded.x_ND[:, 1280:]):
            np.testing.assert_allclose(np.linalg.norm(part, axis=1), 1, rtol=1e-4)


def test_a_pooled_clip_has_the_recipes_length_and_halves() -> None:
    pooled = ENCODER.pool(ENCODED[0], np.arange(len(ENCODED[0])))
    assert np.linalg.norm(pooled) == pytest.approx(RECIPE.scale, rel=1e-4)
    appearance, motion = np.linalg.norm(pooled[:1280]), np.linalg.norm(pooled[1280:])
    assert appearance / motion == pytest.approx(RECIPE.appearance_share, rel=1e-3)


@settings(max_examples=20)
@given(st.permutations(range(6)), st.integers(1, 6))
def test_the_order_of_the_choice_does_not_matter(order: list[int], size: int) -> None:
    chosen = order[:size]
    one, other = ENCODER.pool(ENCODED[1], chosen), ENCODER.pool(ENCODED[1], sorted(chosen))
    np.testing.assert_allclose(one, other, atol=1e-4)


def test_many_clips_are_pooled_as_one_by_one() -> None:
    choices = [np.arange(1 + n % 6) for n in range(len(ENCODED))]
    together = ENCODER.pool_each(ENCODED, choices).numpy()
    for row, encoded, chosen in zip(together, ENCODED, choices, strict=True):
        np.testing.assert_allclose(row, ENCODER.pool(encoded, chosen), atol=1e-4)


def test_actions_are_told_apart_by_their_motion() -> None:
    pooled = np.stack([ENCODER.pool(each, np.arange(len(each))) for each in ENCODED])[:, 1280:]
    likeness = pooled @ pooled.T
    np.fill_diagonal(likeness, -np.inf)
    assert [int(n) % 3 for n in likeness.argmax(1)] == [n % 3 for n in range(9)]


def test_the_same_seed_gives_the_same_encoder() -> None:
    again = Encoder.fit(CLIPS, recipe=RECIPE, seed=0).to_tensors()
    assert all(torch.equal(tensor, again[name]) for name, tensor in ENCODER.to_tensors().items())
    other = Encoder.fit(CLIPS, recipe=RECIPE, seed=1).to_tensors()
    assert not torch.equal(other["channel0.mean_KD"], again["channel0.mean_KD"])


def test_what_is_stored_encodes_as_before() -> None:
    tensors = {name: tensor.clone() for name, tensor in ENCODER.to_tensors().items()}
    again = Encoder.from_tensors(tensors | {"linear.weight": torch.zeros(1)})
    np.testing.assert_array_equal(again.encode(CLIPS[0]).x_ND, ENCODED[0].x_ND)
    np.testing.assert_array_equal(again.pool(ENCODED[0], [1, 2]), ENCODER.pool(ENCODED[0], [1, 2]))


@pytest.mark.parametrize("lost", ["appearance_mean_D", "channel1.mean_D", "latent.mean_D", "shares"])
def test_a_store_that_lacks_a_part_is_refused(lost: str) -> None:
    tensors = ENCODER.to_tensors()
    del tensors[lost]
    with pytest.raises(BadFile, match=f"encoder is incomplete: '{lost}'"):
        Encoder.from_tensors(tensors)


def test_words_of_the_classes_join_x_where_there_are_some() -> None:
    glove = np.random.default_rng(0).normal(size=(1001, 7)).astype(np.float32)
    encoder = Encoder.fit(CLIPS, recipe=RECIPE, seed=0, glove=glove)
    assert encoder.x_width == ENCODER.x_width + 7
    assert encoder.width == ENCODER.width, "the classifier does not see them"
    expected = glove[CLIPS[0].concept_NK[0].astype(int)].mean(0)
    found = encoder.encode(CLIPS[0]).x_ND[0, 1280:1287]
    np.testing.assert_allclose(found, expected / np.linalg.norm(expected), rtol=1e-4)
    again = Encoder.from_tensors(encoder.to_tensors())
    np.testing.assert_array_equal(again.encode(CLIPS[0]).x_ND, encoder.encode(CLIPS[0]).x_ND)


def test_a_clip_in_which_nothing_moves_is_encoded() -> None:
    encoded = ENCODER.encode(motionless(CLIPS[0]))
    assert not encoded.fisher_NF.any()
    assert np.isfinite(ENCODER.pool(encoded, [0, 1])).all()


def test_where_nothing_ever_moves_looks_are_all_there_is() -> None:
    still = [motionless(clip) for clip in CLIPS]
    encoder = Encoder.fit(still, recipe=RECIPE, seed=0)
    assert (encoder.width, encoder.x_width) == (1280, 1280)
    pooled = encoder.pool(encoder.encode(still[0]), [0])
    assert np.linalg.norm(pooled) == pytest.approx(RECIPE.scale, rel=1e-4)
    assert Encoder.from_tensors(encoder.to_tensors()).width == 1280


def test_nothing_to_fit_on_is_told() -> None:
    with pytest.raises(TooLittle, match="no clip to fit"):
        Encoder.fit([], recipe=RECIPE, seed=0)
