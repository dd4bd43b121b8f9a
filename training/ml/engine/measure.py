"""How good a model is: its budget, its curves over budgets, its table of errors."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from training.ml.engine.model import ActionModel
from training.ml.engine.plan import Plan
from training.ml.engine.progress import number
from training.ml.engine.scoring import Floats, Judged, chances, predictions
from training.ml.metrics import (
    NOTHING,
    Ints,
    confusion,
    macro_f1,
    per_class,
    top1,
    wilson,
)
from training.ml.selection import BUDGETS

CURVES = ("uniform", "random", "single", "global", "smart")
LEAST_P = 1e-9


def curves(
    model: ActionModel,
    clips: Sequence[Judged],
    draws: int,
    tell: Callable[[float], None] | None = None,
) -> dict[str, dict[int, list[Ints]]]:
    """said_N of each method at each budget; of "random" as often as there are `draws`, of the others once."""
    found: dict[str, dict[int, list[Ints]]] = defaultdict(dict)
    for done, budget in enumerate(BUDGETS):
        for method in CURVES:
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


def budget_of(surprise: Mapping[int, float], plan: Plan) -> int:
    """The smallest budget at which val surprises little more than at the best one."""
    within = {n: surprise[n] for n in sorted(surprise) if plan.least_budget <= n <= plan.most_budget}
    enough = min(within.values()) * (1 + plan.budget_slack)
    return next(n for n, each in within.items() if each <= enough)


def surprises(model: ActionModel, clips: Sequence[Judged], truth_N: Ints) -> dict[int, float]:
    """How surprising the true classes are at each budget of SMART.

    Budgets are compared by it and not by hits: on the few clips of a val side one hit more or less would
    decide, while this moves with every clip.
    """
    return {budget: surprise(chances(model, clips, "smart", budget), truth_N) for budget in BUDGETS}


def surprise(p_NC: Floats, truth_N: Ints) -> float:
    """The mean -log p of the true class in nats, every class as heavy as the others."""
    told_N = -np.log(np.maximum(p_NC[np.arange(len(truth_N)), truth_N], LEAST_P))
    return float(np.mean([told_N[truth_N == c].mean() for c in np.unique(truth_N)]))


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
