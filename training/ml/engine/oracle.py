"""The oracle: how sure a classifier is of the truth when it sees one frame of a clip it has not learned from.

SMART trains its single-frame selector towards this score (section 1.2 of our reference). A classifier that
has seen the clip is sure of every frame of it, so the train side is scored out of fold.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.ml.classifier import ClipClassifier
from training.ml.encoder import EncodedClip, Encoder
from training.ml.engine.checkpoints import Slot
from training.ml.engine.classify import Lesson, Pool, train
from training.ml.engine.loop import Line
from training.ml.engine.plan import Plan

LEAST_GROUPS = 3
IN_SAMPLE = (
    "There were too few clips to score frames out of fold: the selector learned from scores of known clips."
)
BY_CLIP = (
    "There were too few groups to score frames out of fold by group, so it was done by clip: the selector's "
    "scores are too sure."
)


@dataclass(frozen=True)
class Folds:
    """The fold of each clip of the train side; `note` says what could not be done as it should."""

    of: tuple[int, ...]
    count: int
    note: str = ""


def folds_of(groups: Sequence[str], labels: Sequence[int], contents: Sequence[str], folds: int) -> Folds:
    """Deal clips to folds by whole groups, else by clips, so that classes are known outside of each fold.

    By clips where there are fewer than three groups, or where more than half of the clips are of a class that
    only their own fold has seen. One fold where every class has one clip: nothing can be held out then.
    """
    if len(set(groups)) >= LEAST_GROUPS:
        of = _dealt(groups, labels, min(folds, len(set(groups))))
        if 2 * len(known_outside(of, labels)) >= len(labels):
            return Folds(of, max(of) + 1)
    of = _dealt(contents, labels, min(folds, len(labels)))
    if known_outside(of, labels):
        return Folds(of, max(of) + 1, BY_CLIP)
    return Folds((0,) * len(labels), 1, IN_SAMPLE)


def known_outside(of: Sequence[int], labels: Sequence[int]) -> list[int]:
    """The places of the clips whose class has a clip in another fold."""
    seen = defaultdict(set)
    for fold, label in zip(of, labels, strict=True):
        seen[label].add(fold)
    return [place for place, label in enumerate(labels) if len(seen[label]) > 1]


def _dealt(units: Sequence[str], labels: Sequence[int], folds: int) -> tuple[int, ...]:
    """Units to folds, the largest first, each to the fold that has the fewest clips of its classes."""
    members: dict[str, list[int]] = defaultdict(list)
    for place, unit in enumerate(units):
        members[unit].append(place)
    order = sorted(members, key=lambda unit: (-len(members[unit]), _hash(unit)))
    have_KC = np.zeros((folds, max(labels) + 1), int)
    of = [0] * len(units)
    for unit in order:
        count_C = np.bincount([labels[place] for place in members[unit]], minlength=have_KC.shape[1])
        fold = min(range(folds), key=lambda k: (int(have_KC[k] @ count_C), int(have_KC[k].sum()), k))
        have_KC[fold] += count_C
        for place in members[unit]:
            of[place] = fold
    names = {fold: place for place, fold in enumerate(sorted(set(of)))}
    return tuple(names[fold] for fold in of)


def scored(
    lesson: Lesson,
    pool: Pool,
    folds: Folds,
    plan: Plan,
    slots: Callable[[str], Slot],
    tell: Callable[[float, int], None],
) -> list[Tensor]:
    """oracle_N of every clip: the chance that its fold's classifier gives the truth from each frame alone."""
    scores: list[Tensor] = [torch.empty(0)] * len(pool)
    for fold in range(folds.count):
        done = slots(f"oracle-{fold}")
        if saved := done.load():
            found = saved[0]
        else:
            found = _fold_scores(lesson, pool, folds, fold, plan, slots(f"fold-{fold}"), tell)
            done.save(found, {})
        for name, score_N in found.items():
            scores[int(name)] = score_N
        tell((fold + 1) / folds.count, fold)
    return scores


def _fold_scores(
    lesson: Lesson,
    pool: Pool,
    folds: Folds,
    fold: int,
    plan: Plan,
    slot: Slot,
    tell: Callable[[float, int], None],
) -> dict[str, Tensor]:
    """oracle_N of the clips of one fold, by their places written as text."""
    inside = [place for place, each in enumerate(folds.of) if each == fold]
    outside = [place for place, each in enumerate(folds.of) if each != fold] or inside

    def hear(history: list[Line], _best: int) -> None:
        tell((fold + len(history) / plan.fold_epochs) / folds.count, fold)

    classifier, _ = train(
        lesson, pool.only(outside), f"fold {fold}", epochs=plan.fold_epochs, slot=slot, tell=hear
    )
    return {
        str(place): truths(lesson.encoder, classifier, pool.clips[place], int(pool.label_N[place]))
        for place in inside
    }


@torch.no_grad()
def truths(encoder: Encoder, classifier: ClipClassifier, clip: EncodedClip, label: int) -> Tensor:
    """p_N: the chance that the classifier gives `label` from each candidate alone."""
    x_NF = encoder.pool_each([clip] * len(clip), [[place] for place in range(len(clip))])
    p_NC = torch.softmax(classifier(x_NF), dim=1)
    return p_NC[:, label].clone()


def _hash(unit: str) -> str:
    return hashlib.sha256(unit.encode()).hexdigest()
