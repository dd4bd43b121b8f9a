"""A run of a recipe of several parts: each learns on the same clips, and what they say is added up."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import torch

from training.ml.engine import motion
from training.ml.engine.card import Telling, card_of
from training.ml.engine.classify import class_weights
from training.ml.engine.data import Sample, bundle_of
from training.ml.engine.desk import Desk
from training.ml.engine.facts import ModelFacts
from training.ml.engine.fusion.model import FusedModel
from training.ml.engine.fusion.parts import PartProgress, params_of, phases_of
from training.ml.engine.judge import Said, against, measured_side, predictions_of, report_of
from training.ml.engine.loop import Fitted
from training.ml.engine.models import methods_of, said, seen_by_parts
from training.ml.engine.network import run as network
from training.ml.engine.opening import desk_of
from training.ml.engine.progress import Progress, Report, number
from training.ml.engine.scoring import Answer
from training.ml.engine.writing import divergence_told, f1s, told_besides, write
from training.ml.metrics import NOTHING, Ints, macro_f1, top1
from training.ml.recipes import find_recipe
from training.ml.recipes.base import Recipe
from training.ml.recipes.fusion import FusionRecipe
from training.ml.recipes.networks import NetworkRecipe
from training.ml.samplers import BUDGETS

FusionDesk = Desk[FusionRecipe]
Learned = motion.Learned | network.Learned
METHODS = ("uniform", "smart")
"""Compared on the side that is measured; the model can choose by all the others too."""
_FITTED = "Each part as it does alone, on the same clips; their logits are added, each counting the same."
_NO_WEIGHTS = "The parts began with random numbers: no pretrained weights are used."
_LIMIT = "Where one part cannot read a clip, as poses of people who are too small, the others speak alone."


def run(params: dict[str, Any], out: Path, report: Report) -> dict[str, Any]:
    """See `training.ml.run`."""
    recipe = find_recipe(params["recipe"])
    assert isinstance(recipe, FusionRecipe)  # noqa: S101 - training.ml.run has looked
    progress = Progress(report, phases_of(recipe))
    with progress.phase("reading"):
        desk, made_by = desk_of(params, progress, FusionRecipe, bundle_of)
        asked = params_of(desk, params)
    known = [_learned(part, asked[part.name], progress) for part in desk.recipe.parts]
    facts = _facts(desk, params, made_by, known)
    chooser, model = _fused(desk, facts, known)
    with progress.phase("test"):
        side = measured_side(desk.dataset)
        said_ = _say(desk, model if side == "test" else chooser, side)
        on_val = _on_val(desk, chooser)
        told = predictions_of(model, said_.whole)
        counted = report_of(desk, said_.whole) | on_val
        counted["champion"] = against(desk, model, said_.whole, params.get("compare"))
        progress.tell(1.0, "measured", per_class=f1s(counted))
    with progress.phase("writing"):
        torn = sorted(set(desk.dataset.missing) & set(params["features"]))
        parts = [_part(desk, each, said_) for each in known]
        whole = counted | told_besides(desk, Fitted([], 0), model, torn)
        whole |= {"best_epoch": None, "parts": parts}
        telling = Telling(_FITTED, _budget_by(model), _NO_WEIGHTS, _LIMIT)
        cost = _cost(known, said_.whole)
        card = card_of(desk, _weights(desk), model.facts.budget, whole, cost, telling) | {"parts": parts}
        write(out, model, whole, told, card)
    progress.log("Done.")
    progress.tell(1.0, "done")
    return whole


def _learned(part: Recipe, params: dict[str, Any], progress: Progress) -> Learned:
    """The part as it learns alone, as one phase of the whole."""
    with progress.phase(part.title):
        told = PartProgress(progress, part)
        if isinstance(part, NetworkRecipe):
            return network.learn(params, told)
        return motion.learn(params, told)


def _fused(desk: FusionDesk, facts: ModelFacts, known: Sequence[Learned]) -> tuple[FusedModel, FusedModel]:
    """Of those who have not learned from val, and of those that are kept."""
    names = [part.name for part in desk.recipe.parts]
    choosers, models = ([each.chooser for each in known], [each.model for each in known])
    return (
        FusedModel(dict(zip(names, choosers, strict=True)), facts),
        FusedModel(dict(zip(names, models, strict=True)), facts),
    )


def _facts(
    desk: FusionDesk, params: Mapping[str, Any], made_by: tuple[str, str], known: Sequence[Learned]
) -> ModelFacts:
    models = [each.model.facts for each in known]
    weights = next((each.weights for each in models if each.weights != "none"), "none")
    budget = next((each.budget for each in _choosing(known)), max(each.budget for each in models))
    return ModelFacts(**desk.facts(params, features=made_by[0], weights=weights, budget=budget))


def _choosing(known: Sequence[Learned]) -> list[ModelFacts]:
    """Of the parts that choose frames."""
    return [each.model.facts for each in known if isinstance(each, motion.Learned)]


@dataclasses.dataclass(frozen=True)
class _Heard:
    """What was said of a side together, and by each part alone: NOTHING of what it could not read."""

    whole: Said
    alone: Mapping[str, Ints]


def _say(desk: FusionDesk, model: FusedModel, side: str) -> _Heard:
    """Predict a side by the parts together and alone. No label is looked at."""
    samples: Sequence[Sample] = {"test": desk.dataset.test, "val": desk.dataset.val}.get(side, ())
    methods = methods_of(model, METHODS)
    answers: list[Answer] = []
    given: dict[str, dict[int, list[int]]] = {each: {n: [] for n in BUDGETS} for each in methods}
    alone: dict[str, list[int]] = {name: [] for name in model.parts}
    seconds = 0.0
    for done, sample in enumerate(samples):
        began = monotonic()
        clip = seen_by_parts(model, sample.path, sample.clip.name, sample.content)
        answers.append(said(model, clip))
        seconds += monotonic() - began
        for method in methods:
            for budget in BUDGETS:
                given[method][budget].append(said(model, clip, method, budget).said)
        for name, part in model.parts.items():
            its = clip.answers.get(name)
            if its is None and name in clip.clips:
                its = said(part, clip.clips[name])
            alone[name].append(NOTHING if its is None else its.said)
        desk.progress.tell(done / len(samples), f"test, clip {done + 1} of {len(samples)}")
    by_method = {
        method: {budget: [np.array(each, np.int64)] for budget, each in by_budget.items()}
        for method, by_budget in given.items()
    }
    whole = Said(side, samples, answers, by_method, seconds / max(len(samples), 1))
    return _Heard(whole, {name: np.array(each, np.int64) for name, each in alone.items()})


def _on_val(desk: FusionDesk, chooser: FusedModel) -> dict[str, float | None]:
    """What the parts reach together on val (None without val)."""
    val = desk.dataset.val
    if not val:
        return {"val_top1": None, "val_macro_f1": None}
    clips = [seen_by_parts(chooser, each.path, each.clip.name, each.content) for each in val]
    said_N = np.array([said(chooser, clip).said for clip in clips], np.int64)
    truth_N = np.array([each.label for each in val], np.int64)
    classes = len(desk.dataset.manifest.classes)
    return {
        "val_top1": number(top1(truth_N, said_N)),
        "val_macro_f1": number(macro_f1(truth_N, said_N, classes)),
    }


def _part(desk: FusionDesk, known: Learned, heard: _Heard) -> dict[str, Any]:
    """A part as the report tells of it, with what it names rightly alone on the side that is measured."""
    recipe, side = known.desk.recipe, heard.whole.side
    truth = desk.dataset.truth(side) if side != "none" else {}
    truth_N = np.array([truth[sample.clip.clip] for sample in heard.whole.samples], np.int64)
    right = int((heard.alone[recipe.name] == truth_N).sum())
    alone = number(right / len(truth)) if truth else None
    return {
        "recipe": recipe.name,
        "title": recipe.title,
        "top1": alone if side == "test" else None,
        "val_top1": known.on_val["val_top1"],
        "unread": len(known.desk.dataset.missing),
        "best_epoch": known.fitted.best_epoch,
        "history": known.fitted.history,
        "divergence": divergence_told(known.desk, known.fitted),
        "budget": known.model.facts.budget,
        "parameters": known.model.parameters,
    }


def _weights(desk: FusionDesk) -> torch.Tensor:
    manifest = desk.dataset.manifest
    labels = torch.tensor([sample.label for sample in desk.dataset.train])
    return class_weights(labels, len(manifest.classes), manifest.even)


def _budget_by(model: FusedModel) -> str:
    chosen = "Of the part that chooses frames; the others see what they see alone."
    return chosen if model.chooses else "The most that a part sees."


def _cost(known: Sequence[Learned], heard: Said) -> dict[str, Any]:
    """What a clip takes: the parts decode it one after the other."""
    return {
        "candidates": max(each.frames["candidates"] for each in known),
        "frames_decoded": sum(each.frames["frames_decoded"] for each in known),
        "seconds_a_clip": round(heard.seconds_a_clip, 4),
        "seconds_are": "for classifying by all parts; features are made before, and timed by their job",
    }
