"""The card of a model: what it is for, what it was made from, how good it is, and what it cannot do."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import Any

from torch import Tensor

from training.ml.engine.desk import Desk
from training.ml.manifest import SIDES, Manifest

_LIMITS = (
    "It names one class for a whole clip, of those listed here; anything else gets one of them too.",
    "It was measured on the cameras of its dataset. For another one label some clips and train again.",
    "It was not made to recognise who somebody is, and must not decide anything about a person.",
)


@dataclass(frozen=True)
class Telling:
    """What only this kind of model says of itself, in sentences."""

    fitted_on: str
    budget_by: str
    no_weights: str
    limit: str


def card_of(
    desk: Desk[Any],
    weight_C: Tensor,
    budget: int,
    report: Mapping[str, Any],
    cost: Mapping[str, Any],
    telling: Telling,
) -> dict[str, Any]:
    """The card as JSON holds it; `report` is the run's, `cost` what was counted while measuring."""
    manifest = desk.dataset.manifest
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
            "divergence": report["divergence"],
            "chosen_by": "val top-1" if manifest.even else "val macro-F1",
            "fitted_on": telling.fitted_on,
            "class_weights": _weights_sentence(weight_C, even=manifest.even),
            "budget": budget,
            "budget_by": telling.budget_by,
        },
        "weights": report["weights"] or telling.no_weights,
        "results": _results(report),
        "per_class": report["per_class"],
        "notes": report["notes"],
        "limits": [*_LIMITS, telling.limit],
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


def _data(desk: Desk[Any], manifest: Manifest) -> dict[str, Any]:
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


def _weights_sentence(weight_C: Tensor, *, even: bool) -> str:
    if even:
        return "Classes are even: every clip weighs the same."
    weights = ", ".join(f"{weight:.3g}" for weight in weight_C.tolist())
    return (
        f"Classes are uneven, so each weighs the same in sum; a clip, by the order of the classes: {weights}."
    )


def _results(report: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("top1", "top1_low", "top1_high", "macro_f1", "top5", "map", "ece", "n_test")
    return {
        **{name: report[name] for name in (*kept, "val_top1", "val_macro_f1")},
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
