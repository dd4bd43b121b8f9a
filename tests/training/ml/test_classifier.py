"""The classifier and the views of clips that it is trained on."""

from dataclasses import replace

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.training.ml.house import drawn
from training.ml.classifier import (
    ClipClassifier,
    random_subset,
    telling_subset,
    training_batch,
    whole_batch,
)
from training.ml.encoder import Encoder
from training.ml.recipes.motion import SMART_MOTION

RECIPE = replace(SMART_MOTION, components=4, words=3, sample=1000, rounds=3, latent=5)
CLIPS = [drawn(f"clip {n}", n % 3) for n in range(9)]
ENCODER = Encoder.fit(CLIPS, recipe=RECIPE, seed=0)
ENCODED = [ENCODER.encode(clip) for clip in CLIPS]
UNTOLD = [None] * len(CLIPS)


@given(st.integers(1, 40), st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_a_view_is_some_candidates_in_order(candidates: int, seed: int, all_share: float) -> None:
    chosen = random_subset(candidates, np.random.default_rng(seed), all_share=all_share)
    assert 1 <= len(chosen) <= candidates
    assert chosen[0] >= 0
    assert chosen[-1] < candidates
    assert (np.diff(chosen) > 0).all()


def test_views_hold_all_candidates_as_often_as_told_and_any_number_else() -> None:
    generator = np.random.default_rng(0)
    assert {len(random_subset(8, generator, all_share=1)) for _ in range(50)} == {8}
    sizes = np.bincount([len(random_subset(8, generator, all_share=0)) for _ in range(4000)])[1:]
    assert sizes.min() > 0.8 * sizes.max()


def test_before_it_has_learned_every_class_is_as_likely() -> None:
    net = ClipClassifier(ENCODER.width, 3)
    logits_BC = net(whole_batch(ENCODER, ENCODED))
    assert logits_BC.shape == (9, 3)
    assert not logits_BC.any()


def test_a_batch_has_a_view_of_each_clip_in_order() -> None:
    x_BF = training_batch(ENCODER, ENCODED, np.random.default_rng(0), replace(RECIPE, all_share=1.0), UNTOLD)
    torch.testing.assert_close(x_BF, whole_batch(ENCODER, ENCODED))
    assert x_BF.dtype == torch.float32
    one, again = (training_batch(ENCODER, ENCODED, np.random.default_rng(5), RECIPE, UNTOLD) for _ in "ab")
    assert torch.equal(one, again)
    assert not torch.equal(one, x_BF)


def test_a_telling_view_holds_the_best_up_to_the_share_that_is_asked_for() -> None:
    score_N = np.array([0.1, 0.9, 0.2, 0.9, 0.0, 0.3], np.float32)
    generator = np.random.default_rng(0)
    seen = {tuple(telling_subset(score_N, generator, most=0.5).tolist()) for _ in range(60)}
    assert seen == {(1,), (1, 3), (1, 3, 5)}
    assert telling_subset(score_N[:1], generator, most=0.5).tolist() == [0]


def test_views_are_of_telling_candidates_where_they_are_known() -> None:
    score_N = np.zeros(6, np.float32)
    score_N[4] = 1.0
    views, told = replace(RECIPE, all_share=1.0), [score_N, None]
    for seed in range(5):
        x_BF = training_batch(ENCODER, ENCODED[:2], np.random.default_rng(seed), views, told)
        chosen = [[4], [0, 4], [0, 1, 4]]  # of equal scores the earlier
        alone = [torch.from_numpy(ENCODER.pool(ENCODED[0], places)) for places in chosen]
        assert any(torch.equal(x_BF[0], one) for one in alone)
        torch.testing.assert_close(x_BF[1], whole_batch(ENCODER, ENCODED[1:2])[0])


def test_it_learns_actions_from_views_and_knows_them_in_other_clips() -> None:
    torch.manual_seed(0)
    net, generator = ClipClassifier(ENCODER.width, 3), np.random.default_rng(0)
    optimiser = torch.optim.AdamW(net.parameters(), lr=RECIPE.learning_rate)
    label_B = torch.arange(9) % 3
    for _ in range(40):
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(
            net(training_batch(ENCODER, ENCODED, generator, RECIPE, UNTOLD)), label_B
        )
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    fresh = [ENCODER.encode(drawn(f"other {n}", n % 3)) for n in range(9)]
    assert net(whole_batch(ENCODER, fresh)).argmax(1).tolist() == label_B.tolist()
