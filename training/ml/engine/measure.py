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
from training.ml.samplers import BUDGETS

CURVES = ("uniform", "random", "mgsampler", "single", "global", "smart")
LEAST_P = 1e-9
Z95 = 1.645
"""Of 95 % of a normal distribution lies below so many deviations."""


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


def budget_of(surprise_N: Mapping[int, Floats], weight_N: Floats, plan: Plan) -> int:
    """The smallest budget of which val shows that little is lost; -log p of each val clip by budget.

    A test of non-inferiority against the largest budget: of the mean difference, the upper end of a one-sided
    95 % interval lies within the plan's slack. Of few val clips chance would decide, so no frame is spared.
    """
    within = {n: surprise_N[n] for n in sorted(surprise_N) if plan.least_budget <= n <= plan.most_budget}
    most = max(within)
    if len(weight_N) < max(plan.budget_clips, 2):
        return most
    allowed = plan.budget_slack * float(weight_N @ within[most])
    return next(n for n, each_N in within.items() if _at_most(each_N - within[most], weight_N) <= allowed)


def _at_most(more_N: Floats, weight_N: Floats) -> float:
    """The upper end of the interval of a weighted mean; the weights' sum is 1.

    A clip that weighs much draws the mean to itself, so its distance from that tells less than it is: each
    square counts by what is expected of it, which is (n - 1) / n of the variance where all weigh alike.
    """
    mean = float(weight_N @ more_N)
    expected_N = 1 - 2 * weight_N + float(weight_N @ weight_N)
    variance = float((weight_N**2 / expected_N) @ (more_N - mean) ** 2)
    return mean + Z95 * float(np.sqrt(variance))


def surprises(model: ActionModel, clips: Sequence[Judged], truth_N: Ints) -> dict[int, Floats]:
    """How surprising each clip's true class is, by budget of SMART.

    Budgets are compared by it and not by hits: on the few clips of a val side one hit more or less would
    decide, while this moves with every clip.
    """
    return {budget: surprise(chances(model, clips, "smart", budget), truth_N) for budget in BUDGETS}


def surprise(p_NC: Floats, truth_N: Ints) -> Floats:
    """-log p of each clip's true class in nats."""
    return np.asarray(-np.log(np.maximum(p_NC[np.arange(len(truth_N)), truth_N], LEAST_P)))


def even(truth_N: Ints) -> Floats:
    """Weights that make every class as heavy as the others; their sum is 1."""
    classes, place_N, clips = np.unique(truth_N, return_inverse=True, return_counts=True)
    return np.asarray(1 / (len(classes) * clips[place_N]))


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
