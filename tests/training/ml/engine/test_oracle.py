"""Folds in which the train side is scored: no clip by a classifier that has seen it, or its group."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from tests.training.ml.house import usual
from training.ml.classifier import ClipClassifier
from training.ml.encoder import EncodedClip, Encoder
from training.ml.engine.checkpoints import Slot
from training.ml.engine.classify import Lesson, Pool, class_weights
from training.ml.engine.data import Features, dataset_of
from training.ml.engine.oracle import BY_CLIP, IN_SAMPLE, Folds, folds_of, known_outside, scored, truths
from training.ml.engine.plan import Plan
from training.ml.recipes.motion import SMART_MOTION

SMALL = replace(SMART_MOTION, components=4, words=2, rounds=2, latent=4)
clips = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), min_size=2, max_size=30)


@settings(max_examples=60)
@given(clips, st.integers(2, 6))
def test_groups_stay_in_one_fold_unless_said_otherwise(pairs: list[tuple[int, int]], folds: int) -> None:
    groups, labels = [f"g{group}" for group, _ in pairs], [label for _, label in pairs]
    found = folds_of(groups, labels, [f"c{n}" for n in range(len(pairs))], folds)
    assert set(found.of) == set(range(found.count)), "no fold is empty"
    assert found.count <= folds
    seen = defaultdict(set)
    for group, fold in zip(groups, found.of, strict=True):
        seen[group].add(fold)
    assert found.note or all(len(each) == 1 for each in seen.values())


@settings(max_examples=60)
@given(clips)
def test_something_can_always_be_scored(pairs: list[tuple[int, int]]) -> None:
    labels = [label for _, label in pairs]
    found = folds_of([f"g{group}" for group, _ in pairs], labels, [f"c{n}" for n in range(len(pairs))], 4)
    assert (found.count == 1) == (found.note == IN_SAMPLE)
    if found.count > 1:
        assert known_outside(found.of, labels)


def test_folds_are_of_like_size_and_hold_every_class() -> None:
    pairs = [(group, label) for group in range(8) for label in range(3)]
    groups, labels = [f"g{group}" for group, _ in pairs], [label for _, label in pairs]
    found = folds_of(groups, labels, groups, 4)
    assert sorted(found.of.count(fold) for fold in range(4)) == [6, 6, 6, 6]
    assert len(known_outside(found.of, labels)) == len(labels)
    assert found.note == ""


@pytest.mark.parametrize(
    "pairs", [[(0, 0), (0, 1), (1, 0), (1, 1)], [(n, n) for n in range(3) for _ in "ab"]]
)
def test_too_few_groups_are_folded_by_clip_and_it_is_said(pairs: list[tuple[int, int]]) -> None:
    groups, labels = [f"g{group}" for group, _ in pairs], [label for _, label in pairs]
    found = folds_of(groups, labels, [f"c{n}" for n in range(len(pairs))], 4)
    assert found.note == BY_CLIP
    assert known_outside(found.of, labels) == list(range(len(pairs)))


def test_one_clip_a_class_cannot_be_held_out() -> None:
    found = folds_of(["a", "b"], [0, 1], ["x", "y"], 4)
    assert (found.of, found.count, found.note) == ((0, 0), 1, IN_SAMPLE)


def test_uneven_classes_weigh_the_same_in_sum() -> None:
    label_N = torch.tensor([0] * 6 + [1] * 2 + [3])
    weight_C = class_weights(label_N, 4, even=False)
    sums = [float(weight_C[label_N][label_N == label].sum()) for label in (0, 1, 3)]
    assert sums == pytest.approx([3.0] * 3)
    assert float(weight_C[2]) == 1.0, "a class without a clip"


def test_even_classes_are_not_weighed() -> None:
    assert class_weights(torch.tensor([0, 0, 0, 1, 1]), 2, even=True).tolist() == [1.0, 1.0]


@pytest.fixture
def lesson(tmp_path: Path) -> tuple[Lesson, Pool]:
    made = usual(tmp_path / "house", classes=2, train=4)
    samples = dataset_of(made.manifest, made.features, {}).train
    encoder = Encoder.fit(Features(samples), recipe=SMALL, seed=1)
    clips = [encoder.encode(each) for each in Features(samples)]
    label_N = torch.tensor([sample.label for sample in samples])
    return Lesson(encoder, SMALL, torch.ones(2), 1, even=True), Pool(clips, label_N)


def test_a_frame_is_scored_by_who_has_not_seen_its_fold(lesson: tuple[Lesson, Pool], tmp_path: Path) -> None:
    how, pool = lesson
    folds = Folds((0, 0, 1, 1, 0, 0, 1, 1), 2)

    def scores(name: str, clips: Sequence[EncodedClip]) -> list[Tensor]:
        (tmp_path / name).mkdir()
        seen = Pool(clips, pool.label_N)
        return scored(how, seen, folds, Plan(fold_epochs=3), partial(Slot, tmp_path / name), lambda *_: None)

    before = scores("before", pool.clips)
    after = scores("after", [pool.clips[1], *pool.clips[1:]])  # another picture for the first clip's label
    same = [torch.equal(one, other) for one, other in zip(before, after, strict=True)]
    assert same == [False, True, False, False, True, True, False, False]
    assert all(len(score_N) == len(clip) for score_N, clip in zip(before, pool.clips, strict=True))


def test_an_oracle_s_score_is_the_chance_of_the_truth_from_one_frame(lesson: tuple[Lesson, Pool]) -> None:
    how, pool = lesson
    classifier = ClipClassifier(how.encoder.width, 2)
    torch.nn.init.normal_(classifier.linear.weight, generator=torch.Generator().manual_seed(0))
    clip = pool.clips[0]
    with torch.no_grad():
        each = [torch.from_numpy(how.encoder.pool(clip, [place])) for place in range(len(clip))]
        p_NC = torch.softmax(classifier(torch.stack(each)), dim=1)
    for label in (0, 1):
        torch.testing.assert_close(truths(how.encoder, classifier, clip, label), p_NC[:, label])
