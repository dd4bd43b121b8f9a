"""The card of a model: what it is for, what it was made from, how good it is, and what it cannot do."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from importlib import metadata
from typing import Any

from training.ml.engine.classify import Lesson
from training.ml.engine.learn import Desk
from training.ml.engine.model import ActionModel
from training.ml.manifest import SIDES, Manifest

_FITTED = "Encoder and selectors: train. Classifier: train and val, for as many epochs as were best."
_LIMITS = (
    "It names one class for a whole clip, of those listed here; anything else gets one of them too.",
    "It was measured on the cameras of its dataset. For another one label some clips and train again.",
    "Choosing frames looks at all candidates and the motion around them; only the classifier sees fewer.",
    "It was not made to recognise who somebody is, and must not decide anything about a person.",
)


def card_of(
    desk: Desk, lesson: Lesson, model: ActionModel, report: Mapping[str, Any], cost: Mapping[str, Any]
) -> dict[str, Any]:
    """The card as JSON holds it; `report` is the run's, `cost` what was counted while measuring."""
    manifest, facts = desk.dataset.manifest, model.facts
    return {
        "rushes_card": 1,
        "name": f"{desk.recipe.title} ({desk.recipe.name})",
        "purpose": "Suggests what happens in a clip, and which frames show it, to people who decide.",
        "classes": [{"id": each.id, "name": each.name} for each in manifest.classes],
        "data": _data(desk, manifest),
        "recipe": {
            "name": desk.recipe.name,
            "why": desk.recipe.why,
            "numbers": {**_numbers(asdict(desk.recipe)), "engine": asdict(desk.plan)},
            "seed": desk.seed,
            "best_epoch": report["best_epoch"],
            "chosen_by": "val top-1" if manifest.even else "val macro-F1",
            "fitted_on": _FITTED,
            "class_weights": _weights_sentence(lesson),
            "budget": facts.budget,
            "budget_by": _budget_sentence(desk),
        },
        "weights": report["weights"] or "There were none: the network that looks at single frames is random.",
        "results": _results(report),
        "per_class": report["per_class"],
        "notes": report["notes"],
        "limits": list(_LIMITS),
        "cost": {
            **cost,
            "parameters": report["parameters"],
            "bytes": report["model_bytes"],
            "train_seconds": report["seconds"],
        },
        "versions": {
            name: _version(name) for name in ("torch", "numpy", "opencv-python-headless", "av", "safetensors")
        },
    }


def _data(desk: Desk, manifest: Manifest) -> dict[str, Any]:
    names = {each.id: each.name for each in manifest.classes}
    counts = Counter((clip.label, clip.split) for clip in manifest.clips)
    return {
        "manifest_sha256": manifest.sha256,
        "clips": len(manifest.clips),
        "videos": len({clip.content_sha256 for clip in manifest.clips}),
        "per_class": {
            names[each.id]: {side: counts[each.id, side] for side in SIDES} for each in manifest.classes
        },
        "split": {"by": manifest.split.by, "groups": manifest.split.groups, "note": manifest.split.note},
        "leakage": list(manifest.split.leakage),
        "even": manifest.even,
        "without_features": len(desk.dataset.missing),
    }


def _numbers(recipe: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in recipe.items() if name not in ("name", "title", "why")}


def _weights_sentence(lesson: Lesson) -> str:
    if lesson.even:
        return "Classes are even: every clip weighs the same."
    weights = ", ".join(f"{weight:.3g}" for weight in lesson.weight_C.tolist())
    return (
        f"Classes are uneven, so each weighs the same in sum; a clip, by the order of the classes: {weights}."
    )


def _budget_sentence(desk: Desk) -> str:
    if desk.plan.budget:
        return "As asked for."
    if not desk.dataset.val:
        return "There was no val to choose it on."
    if len(desk.dataset.val) < desk.plan.budget_clips:
        return f"The most: {len(desk.dataset.val)} val clips cannot show that fewer would do."
    slack = f"{100 * desk.plan.budget_slack:.0f} %"
    return (
        f"The smallest from {desk.plan.least_budget} to {desk.plan.most_budget} of which val shows that it "
        f"surprises at most {slack} more than the most (one-sided, 95 %)."
    )


def _results(report: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("top1", "top1_low", "top1_high", "macro_f1", "top5", "n_test", "val_top1", "val_macro_f1")
    return {
        **{name: report[name] for name in kept},
        "interval": "Wilson, 95 %",
        "curve_on": report["curve_on"],
        "curve": report["curve"],
        "champion": report["champion"],
    }


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
