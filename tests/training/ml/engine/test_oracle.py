"""Folds in which the train side is scored: no clip by a classifier that has seen it, or its group."""

from collections import defaultdict

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training.ml.engine.classify import class_weights
from training.ml.engine.oracle import BY_CLIP, IN_SAMPLE, folds_of, known_outside

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
