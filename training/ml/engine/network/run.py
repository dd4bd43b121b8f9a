"""A run of one network: it learns from packed clips, val says when it is best, and test is seen once."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.ml.engine.card import Telling, card_of
from training.ml.engine.classify import class_weights
from training.ml.engine.data import Sample, pack_of, poses_of
from training.ml.engine.desk import Desk
from training.ml.engine.judge import Said, against, measured_side, predictions_of, report_of
from training.ml.engine.loop import Fitted, Line
from training.ml.engine.network.beginning import Beginning, beginning
from training.ml.engine.network.learning import Course, train
from training.ml.engine.network.links import links_learned
from training.ml.engine.network.model import METHOD, NetworkFacts, NetworkModel, viewer_of
from training.ml.engine.opening import desk_of
from training.ml.engine.progress import NETWORK_PHASES, Progress, Report
from training.ml.engine.scoring import Answer
from training.ml.engine.writing import f1s, told_besides, write
from training.ml.features.eyes import Read
from training.ml.models import NETWORKS
from training.ml.models.skeleton.as_gcn import ASGCN
from training.ml.recipes import find_recipe
from training.ml.recipes.networks import NetworkRecipe, Reads
from training.ml.weights import NONE_FOUND

FROM_SCRATCH = "The network began with random numbers: no pretrained weights are used by this recipe."
_FITTED = "Train and val, for as many epochs as were best."
_FITTED_TRAIN = "Train alone; val chose the epoch."
_LIMIT = "It sees moments spread evenly over a clip, cut to where something moves, and nothing between them."
BUDGETS = (1, 2, 4, 8, 16, 25)
"""Moments a clip, for the curve; those up to the network's own number."""
NetworkDesk = Desk[NetworkRecipe]


def run(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    """See `training.ml.run`."""
    progress = Progress(report, NETWORK_PHASES)
    known = learn(params, progress)
    desk, model = known.desk, known.model
    with progress.phase("test"):
        side = measured_side(desk.dataset)
        # Without a test side val is what there is, and the last network has learned from that.
        said = _say(desk, model if side == "test" else known.chooser, side)
        told = predictions_of(model, said)
        counted = report_of(desk, said) | known.on_val
        counted["champion"] = against(desk, model, said, params.get("compare"))
        progress.tell(1.0, "measured", per_class=f1s(counted))
    with progress.phase("writing"):
        torn = sorted(set(desk.dataset.missing) & set(params["features"]))
        whole = counted | told_besides(desk, known.fitted, model, torn)
        refitted = desk.recipe.refit and len(desk.dataset.val) > 0
        budget_by = f"The moments that {NETWORKS[desk.recipe.network].title} sees at once."
        telling = Telling(_FITTED if refitted else _FITTED_TRAIN, budget_by, _no_weights(desk), _LIMIT)
        card = card_of(desk, known.weight_C, model.facts.budget, whole, _cost(known, said), telling)
        write(out, model, whole, told, card)
    progress.log("Done.")
    progress.tell(1.0, "done")
    return whole


@dataclass(frozen=True)
class Learned:
    """What a run has learned, before anything is tested."""

    desk: NetworkDesk
    weight_C: Tensor
    fitted: Fitted
    chooser: NetworkModel
    """The network that has not learned from val."""
    model: NetworkModel

    @property
    def on_val(self) -> dict[str, float | None]:
        """What the chooser reaches on val (None without val)."""
        best = self.fitted.history[self.fitted.best_epoch - 1]
        return {"val_top1": best["val_top1"], "val_macro_f1": best["val_macro_f1"]}

    @property
    def frames(self) -> dict[str, float]:
        """Frames of a clip that are told of, and that are decoded for it."""
        clip = self.desk.recipe.clip
        return {"candidates": clip.moments, "frames_decoded": clip.moments * clip.frames}


def learn(params: Mapping[str, Any], progress: Progress) -> Learned:
    """Everything but the test: clips are read, and the network learns from them."""
    with progress.phase("reading"):
        recipe = _recipe(params)
        start = beginning(recipe, params.get("weights") or "", int(params["seed"]))
        read_one: Callable[[Path, str], Read] = poses_of if recipe.clip.reads == Reads.POSES else pack_of
        desk, made_by = desk_of(params, progress, NetworkRecipe, read_one, start.sha256)
        if start.sha256 == "none":
            progress.note(_no_weights(desk))
    with progress.phase("classifier"):
        course = _course(desk, start)
        chooser, last, fitted = _networks(desk, course, start)
        facts = _facts(desk, params, made_by[0], start)
    models = (NetworkModel(desk.recipe, each, facts) for each in (chooser, last))
    return Learned(desk, course.weight_C, fitted, *models)


def _no_weights(desk: NetworkDesk) -> str:
    return NONE_FOUND if desk.recipe.pretrained else FROM_SCRATCH


def _recipe(params: Mapping[str, Any]) -> NetworkRecipe:
    found = find_recipe(params["recipe"])
    assert isinstance(found, NetworkRecipe)  # noqa: S101 - training.ml.run has looked
    return found


def _course(desk: NetworkDesk, start: Beginning) -> Course:
    manifest = desk.dataset.manifest
    labels = torch.tensor([sample.label for sample in desk.dataset.train])
    weight_C = class_weights(labels, len(manifest.classes), manifest.even)
    viewer = viewer_of(desk.recipe, start.network(1))
    return Course(desk.recipe, viewer, weight_C, desk.seed, manifest.even)


def _networks(desk: NetworkDesk, course: Course, start: Beginning) -> tuple[nn.Module, nn.Module, Fitted]:
    """The network that val chose, the one that is kept, and the epochs of the first."""
    recipe, plan, progress, dataset = desk.recipe, desk.plan, desk.progress, desk.dataset
    val, again = dataset.val, recipe.refit and bool(dataset.val)
    if not val:
        progress.note(
            "No clip could be spared for choosing the best epoch, so the network learned for "
            f"{recipe.epochs} epochs."
        )
    classes = len(dataset.manifest.classes)
    chooser = start.network(classes)
    first_part = 0.1 if recipe.link_epochs else 0.0
    if isinstance(chooser, ASGCN):
        hearing = _Hearing(progress, recipe.link_epochs, len(dataset.train), 0.0, first_part, "links, ")
        aim = links_learned(course, dataset.train, desk.slot("links"), hearing.step, hearing.passed)
        chooser.take_links(aim)
    share = (1 - first_part) * (0.5 if again else 1.0)
    first = _Hearing(progress, recipe.epochs, len(dataset.train), first_part, share)
    fitted = train(
        course,
        chooser,
        dataset.train,
        "network",
        epochs=recipe.epochs,
        slot=desk.slot("network"),
        val=val,
        patience=plan.patience if val else 0,
        tell=first.epoch,
        stepped=first.step,
    )
    progress.log(f"Best epoch: {fitted.best_epoch} of {len(fitted.history)}.")
    if not again:
        return chooser, chooser, fitted
    last, both = start.network(classes), [*dataset.train, *val]
    if isinstance(last, ASGCN) and isinstance(chooser, ASGCN):
        last.aim.load_state_dict(chooser.aim.state_dict())
    second = _Hearing(
        progress, fitted.best_epoch, len(both), first_part + share, share, "once more with val, "
    )
    train(
        course,
        last,
        both,
        "refit",
        epochs=fitted.best_epoch,
        slot=desk.slot("refit"),
        stepped=second.step,
        tell=lambda history, _best: second.passed(len(history)),
    )
    return chooser, last, fitted


class _Hearing:
    """Tells of epochs and of the steps within them."""

    def __init__(
        self, progress: Progress, epochs: int, clips: int, start: float, share: float, words: str = ""
    ) -> None:
        self._progress, self._epochs, self._clips, self._words = progress, epochs, clips, words
        self._start, self._share = start, share
        self._passed, self._here, self._began = 0, 0, monotonic()

    def step(self, done: int, steps: int) -> None:
        """So many steps of the epoch after the last one told of are done."""
        self._told(self._passed + done / steps, self._passed + 1)

    def passed(self, epochs: int) -> None:
        """So many epochs are done."""
        self._passed, self._here = epochs, self._here + 1

    def epoch(self, history: list[Line], best: int) -> None:
        """The epochs so far, with the number of the best."""
        self.passed(len(history))
        speed = self._here * self._clips / max(monotonic() - self._began, 1e-9)
        self._told(
            len(history),
            len(history),
            epoch=len(history),
            epochs=self._epochs,
            history=history,
            best_epoch=best,
            clips_per_second=round(speed, 1),
        )

    def _told(self, done: float, now: int, **facts: Any) -> None:
        stage = f"network, {self._words}epoch {min(now, self._epochs)} of {self._epochs}"
        self._progress.tell(self._start + self._share * done / self._epochs, stage, **facts)


def _facts(desk: NetworkDesk, params: Mapping[str, Any], features: str, start: Beginning) -> NetworkFacts:
    budget = min(desk.plan.budget or desk.recipe.moments, desk.recipe.moments)
    told = desk.facts(params, features=features, weights=start.sha256, budget=budget)
    return NetworkFacts(**told, options=start.options, numbers=dataclasses.asdict(desk.recipe))


def _say(desk: NetworkDesk, model: NetworkModel, side: str) -> Said:
    """Predict a side with the model's own number of moments, and with fewer. No label is looked at."""
    samples: Sequence[Sample] = {"test": desk.dataset.test, "val": desk.dataset.val}.get(side, ())
    budgets = [each for each in BUDGETS if each <= desk.recipe.moments]
    answers: list[Answer] = []
    given: dict[int, list[int]] = {budget: [] for budget in budgets}
    seconds = 0.0
    for done, sample in enumerate(samples):
        clip = model.viewer.load(sample.path, sample.clip.name)
        began = monotonic()
        answers.append(model.answer(clip, model.facts.budget))
        seconds += monotonic() - began
        for budget in budgets:
            given[budget].append(model.answer(clip, budget).said)
        desk.progress.tell(done / len(samples), f"test, clip {done + 1} of {len(samples)}")
    by_method = {METHOD: {budget: [np.array(each, np.int64)] for budget, each in given.items()}}
    return Said(side, samples, answers, by_method, seconds / max(len(samples), 1))


def _cost(known: Learned, said: Said) -> dict[str, Any]:
    return {
        **known.frames,
        "seconds_a_clip": round(said.seconds_a_clip, 4),
        "seconds_are": "for classifying; clips are packed before, and timed by their job",
    }
