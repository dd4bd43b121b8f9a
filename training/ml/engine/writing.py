"""The end of every run: its report, and the four files."""

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.ml import weights
from training.ml.divergence import Verdict, divergence_of
from training.ml.engine.checkpoints import put
from training.ml.engine.data import left_out, unlearned
from training.ml.engine.desk import Desk
from training.ml.engine.loop import Fitted
from training.ml.engine.models import Model


def told_besides(desk: Desk[Any], fitted: Fitted, model: Model, torn: list[str]) -> dict[str, Any]:
    """What the report says besides what was counted; `torn` are the clips whose features cannot be used."""
    divergence = divergence_told(desk, fitted)
    sha256 = model.facts.weights
    known = (each for each in weights.SOURCES if each.network and each.sha256)
    used = next((each for each in known if sha256.startswith(each.sha256)), None)
    named = {"name": used.name if used else "", "sha256": sha256}
    return {
        "best_epoch": fitted.best_epoch,
        "history": fitted.history,
        "divergence": divergence,
        "budget": model.facts.budget,
        "notes": list(desk.progress.notes),
        "left_out": left_out(desk.dataset),
        "unlearned": unlearned(desk.dataset),
        "weights": None if sha256 == "none" else named,
        "parameters": model.parameters,
        "model_bytes": len(model.to_bytes()),
        "seconds": dict(desk.progress.seconds),
        "torn": torn,
    }


def write(
    out: Path, model: Model, report: Mapping[str, Any], told: list[dict[str, Any]], card: Mapping[str, Any]
) -> None:
    """Write model.safetensors, predictions.json, report.json and card.json."""
    out.mkdir(parents=True, exist_ok=True)
    put(out / "model.safetensors", model.to_bytes())
    put(out / "predictions.json", _json(told))
    put(out / "report.json", _json(report))
    put(out / "card.json", _json(card))


def f1s(counted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """F1 by class, as a run tells it while it works."""
    return [{"label": each["label"], "f1": each["f1"]} for each in counted["per_class"]]


def divergence_told(desk: Desk[Any], fitted: Fitted) -> dict[str, Any] | None:
    """Whether it learned too little or too much, if so as a note too; None where too little is known."""
    classes = len(desk.dataset.manifest.classes)
    found = divergence_of(fitted.history, classes=classes, val_clips=len(desk.dataset.val))
    if found and found.verdict is not Verdict.NEITHER:
        desk.progress.note(found.sentence)
    return dataclasses.asdict(found) if found else None


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True) + "\n").encode()
