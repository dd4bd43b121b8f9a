"""How good a model is: its budget, its curves over budgets, its table of errors."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from training.ml.engine.model import ActionModel
from training.ml.engine.plan import Plan
from training.ml.engine.progress import number
from training.ml.engine.scoring import Judged, predictions
from training.ml.metrics import (
    NOTHING,
    Ints,
    confusion,
    macro_f1,
    per_class,
    standard_error,
    top1,
    wilson,
)
from training.ml.selection import BUDGETS

CURVES = ("uniform", "random", "single", "global", "smart")


def curves(
    model: ActionModel,
    clips: Sequence[Judged],
    draws: int,
    tell: Callable[[float], None] | None = None,
    methods: Sequence[str] = CURVES,
) -> dict[str, dict[int, list[Ints]]]:
    """said_N of each method at each budget; of "random" as often as there are `draws`, of the others once."""
    found: dict[str, dict[int, list[Ints]]] = defaultdict(dict)
    for done, budget in enumerate(BUDGETS):
        for method in methods:
            seeds = range(draws if method == "random" else 1)
            found[method][budget] = [predictions(model, clips, method, budget, seed) for seed in seeds]
        if tell:
            tell((done + 1) / len(BUDGETS))
    return dict(found)


def accuracies(
    said: Mapping[str, Mapping[int, Sequence[Ints]]], truth_N: Ints, clips: int
) -> dict[str, dict[str, float | None]]:
    """The share of `clips` named rightly by method and budget; those beyond truth_N are wrong already."""
    share = len(truth_N) / clips if clips else 0.0
    return {
        method: {
            str(budget): number(share * float(np.mean([top1(truth_N, each_N) for each_N in draws])))
            for budget, draws in by_budget.items()
        }
        for method, by_budget in said.items()
    }


def budget_of(score: Mapping[int, float], clips: int, plan: Plan) -> int:
    """The smallest budget whose score is within one standard error of the best, measured on `clips` clips."""
    within = {n: score[n] for n in sorted(score) if plan.least_budget <= n <= plan.most_budget}
    best = max(within.values())
    enough = best - standard_error(best, clips)
    return next(n for n, each in within.items() if each >= enough)


def smart_scores(
    said: Mapping[int, Sequence[Ints]], truth_N: Ints, classes: int, even: bool
) -> dict[int, float]:
    """The score by which budgets are compared: top-1 where classes are even, else macro-F1."""
    if even:
        return {budget: top1(truth_N, draws[0]) for budget, draws in said.items()}
    return {budget: macro_f1(truth_N, draws[0], classes) for budget, draws in said.items()}


def table(truth_N: Ints, given_N: Ints, classes: Sequence[str], cameras: Sequence[str]) -> dict[str, Any]:
    """Everything that is counted from truths and predictions (NOTHING: none) of a side, as JSON holds it."""
    by_camera: dict[str, list[bool]] = defaultdict(list)
    for camera, right in zip(cameras, (truth_N == given_N).tolist(), strict=True):
        by_camera[camera].append(right)
    hits = int((truth_N == given_N).sum())
    low, high = wilson(hits, len(truth_N))
    return {
        "top1": number(top1(truth_N, given_N)),
        "top1_low": number(low),
        "top1_high": number(high),
        "macro_f1": number(macro_f1(truth_N, given_N, len(classes))),
        "unsaid": int((given_N == NOTHING).sum()),
        "confusion": {
            "labels": list(classes),
            "counts": confusion(truth_N, given_N, len(classes)).tolist(),
        },
        "per_class": [
            {
                "label": label,
                "precision": number(score.precision),
                "recall": number(score.recall),
                "f1": number(score.f1),
                "support": score.support,
            }
            for label, score in zip(classes, per_class(truth_N, given_N, len(classes)), strict=True)
        ],
        "per_camera": [
            {"camera": camera, "n": len(right), "top1": number(sum(right) / len(right))}
            for camera, right in sorted(by_camera.items())
        ],
    }
