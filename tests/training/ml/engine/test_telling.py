"""When a classifier learns from the telling frames of clips, from which, and what comes of it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from tests.training.ml.house import Heard, house
from training.ml.engine.checkpoints import Slot
from training.ml.engine.classify import Lesson, train
from training.ml.engine.data import dataset_of
from training.ml.engine.learn import (
    Chooser,
    Known,
    Material,
    MotionDesk,
    chooser_of,
    lesson_of,
    oracle,
    prepared,
    selectors,
)
from training.ml.engine.model import ActionModel
from training.ml.engine.plan import Plan
from training.ml.engine.progress import Progress
from training.ml.engine.telling import LEARNED, better, few, from_telling, scores_of, seen
from training.ml.recipes.motion import ALWAYS, IF_BETTER, NEVER, SMART_GLANCE, SMART_MOTION

SMALL = replace(SMART_MOTION, components=4, words=2, rounds=2, latent=8, epochs=30)
PLAN = Plan(folds=3, fold_epochs=10, single_epochs=10, global_epochs=2, project=8, hidden=8)


class Run:
    """A run that has come as far as its selectors."""

    def __init__(self, folder: Path, plan: Plan, *, val: int = 10, **drawing: Any) -> None:
        sides = {
            "train": [(action, f"t{n}") for action in (0, 1) for n in range(12)],
            "val": [(action, f"v{n}") for action in (0, 1) for n in range(val)],
        }
        made = house(folder, sides, classes=2, candidates=12, each=6, **drawing)
        checkpoints = folder / "checkpoints"
        checkpoints.mkdir()
        dataset = dataset_of(made.manifest, made.features, {})
        self.heard = Heard()
        self.progress = Progress(self.heard)
        self.desk = MotionDesk(dataset, SMALL, plan, 3, checkpoints, self.progress)
        self.material: Material = prepared(self.desk, None)
        self.lesson: Lesson = lesson_of(self.desk, self.material)
        self.known: Known = oracle(self.desk, self.lesson, self.material)
        self.found: Chooser = chooser_of(self.desk, self.lesson, self.material)
        parts = selectors(self.desk, self.lesson, self.material, self.found.classifier, self.known)
        facts: Any = None  # no name and number of a model is asked for here
        self.model = ActionModel(self.material.encoder, self.found.classifier, *parts, facts)

    def better(self) -> tuple[Chooser, Any]:
        return better(self.desk, self.lesson, self.material, self.found, self.known, self.model)

    def said(self) -> list[str]:
        """The log as it was told last."""
        return [line["text"] for line in self.heard.lines[-1][2]["log"]]


def test_where_an_action_is_brief_telling_frames_are_learned_from(tmp_path: Path) -> None:
    run = Run(tmp_path, PLAN, telling=3)
    found, told = run.better()
    assert told is not None
    assert len(told) == len(run.material.train) + len(run.material.val)
    assert found.classifier is not run.found.classifier
    assert found.fitted is run.found.fitted
    run.progress.tell(1, "done")
    assert LEARNED in run.said()


def test_where_an_action_fills_its_clips_whole_clips_are_kept(tmp_path: Path) -> None:
    run = Run(tmp_path, PLAN, telling=12)
    assert run.better() == (run.found, None)
    run.progress.tell(1, "done")
    assert LEARNED not in run.said()


def test_too_few_val_clips_decide_nothing_but_who_knows_the_footage_may(tmp_path: Path) -> None:
    run = Run(tmp_path, PLAN, val=9, telling=3)
    assert run.better() == (run.found, None)
    run.desk = replace(run.desk, recipe=replace(SMALL, telling=ALWAYS))
    assert run.better()[1] is not None
    run.desk = replace(run.desk, plan=replace(PLAN, budget_clips=1), recipe=replace(SMALL, telling=NEVER))
    assert run.better() == (run.found, None)


def test_it_learns_from_what_the_oracle_found_telling_for_as_long_as_where_no_val_chooses(
    tmp_path: Path,
) -> None:
    run = Run(tmp_path, replace(PLAN, epochs_without_val=4), telling=3)
    train_side = run.material.train
    told = scores_of(run.material, run.known, run.found.classifier)
    found = from_telling(run.desk, run.lesson, train_side, told, run.found)
    pool = replace(train_side, told=[each.numpy() for each in run.known.scores])
    again, _ = train(run.lesson, pool, "telling", epochs=4, slot=Slot(tmp_path, "again"))
    assert found.epochs == 4
    assert torch.equal(found.classifier.linear.weight, again.linear.weight)


def test_a_clip_that_taught_the_selector_nothing_has_no_scores(tmp_path: Path) -> None:
    run = Run(tmp_path, PLAN, telling=3)
    known = Known(run.known.places[1:], run.known.scores[1:])
    told = scores_of(run.material, known, run.found.classifier)
    assert told[0] is None
    assert all(score_N is not None for score_N in told[1:])


def test_fewer_frames_are_asked_for_by_who_learned_from_few(tmp_path: Path) -> None:
    run = Run(tmp_path, PLAN, telling=3)
    assert (SMART_MOTION.telling, SMART_GLANCE.telling) == (IF_BETTER, ALWAYS)
    assert run.desk.plan.most_budget == 25
    assert few(run.desk).plan.most_budget == 8
    assert few(replace(run.desk, plan=replace(PLAN, least_budget=12))).plan.most_budget == 12


def test_a_clip_can_be_seen_as_if_it_had_no_other_frames(tmp_path: Path) -> None:
    run = Run(tmp_path, PLAN, telling=3)
    val = run.material.val
    cut = seen(val, [np.array([1, 4])] * len(val))
    assert torch.equal(cut.label_N, val.label_N)
    clip, whole = cut.clips[0], val.clips[0]
    assert clip.ordinals_N.tolist() == whole.ordinals_N[[1, 4]].tolist()
    pool = run.material.encoder.pool
    assert np.array_equal(pool(clip, [0, 1]), pool(whole, [1, 4]))
