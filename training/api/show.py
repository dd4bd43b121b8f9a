"""Runs and models as the API shows them."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from training.api.measured import ResultOut
from training.api.schemas import (
    AcceptedOut,
    By,
    ChampionOut,
    Check,
    ClassScore,
    DatasetClass,
    DatasetOut,
    FeatureCounts,
    LeftOutOut,
    Level,
    ModelFile,
    ModelOut,
    ModelRow,
    ModelScore,
    PhaseOut,
    PreflightClass,
    PreflightOut,
    RecipeOut,
    RunOut,
    RunRow,
    SideCounts,
    SummaryRun,
    TrainingSummaryOut,
)
from training.models import DatasetVersion, ModelVersion, RunState, TrainingRun
from training.selectors.models import Accepted, accepted_of, champion_of
from training.selectors.preflight import Preflight
from training.selectors.progress import progress_of
from training.selectors.recipes import recipe_title
from training.selectors.runs import feature_progress, left_out_of, left_out_told
from training.selectors.summary import TrainingSummary

WORST = 3
"""So many classes that a model tells worst are shown in a list."""


def summary_shown(found: TrainingSummary) -> TrainingSummaryOut:
    """How far learning is."""
    champion, running, taken = found.champion, found.running, found.accepted
    return TrainingSummaryOut(
        dataset=None if found.dataset is None else found.dataset.number,
        new_labels=found.new_labels,
        champion=None
        if champion is None
        else ModelScore(number=champion.number, top1=measured(champion.report)),
        accepted=None if taken is None else AcceptedOut(accepted=taken.accepted, judged=taken.judged),
        running=None if running is None else SummaryRun(number=running.number, state=RunState(running.state)),
        latest=[ModelScore(number=number, top1=top1) for number, top1 in found.latest],
    )


def preflight_shown(found: Preflight) -> PreflightOut:
    """What was found before a run."""
    dealt = found.dealt
    return PreflightOut(
        labelled=len(dealt.labels.examples),
        new_since=found.new_labels,
        dataset=None if found.dataset is None else found.dataset.number,
        classes=[
            PreflightClass(
                id=each.row.pk, name=each.row.name, colour=each.row.colour, clips=each.clips, new=each.new
            )
            for each in found.classes
        ],
        sides=SideCounts(**dealt.sides),
        by=cast("By", dealt.split.by),
        groups=SideCounts(**dealt.split.groups),
        checks=[
            Check(level=cast("Level", each.level), title=each.title, detail=each.detail)
            for each in found.findings
        ],
        even=found.even,
        recipes=[
            RecipeOut(
                name=each.name,
                title=each.title,
                why=each.why,
                minutes=found.minutes.get(each.name),
                blocked=each.damaged,
            )
            for each in found.recipes
        ],
        compares_to=found.compares_to,
        blocked=found.blocked,
        running=found.running,
    )


def run_row(run: TrainingRun) -> RunRow:
    """A run with dataset, model and who started it, for a list."""
    return RunRow(**_run(run))


def run_whole(run: TrainingRun) -> RunOut:
    """All that is known of a run at this moment."""
    features, champion = feature_progress(run=run), champion_of(project=run.project)
    now = progress_of(run=run, features=features)
    facts = now.facts
    return RunOut(
        **_run(run),
        progress=now.progress,
        stage=now.stage,
        phases=[PhaseOut(**phase) for phase in now.phases],
        epoch=facts.get("epoch"),
        epochs=facts.get("epochs"),
        best_epoch=facts.get("best_epoch"),
        history=facts.get("history") or [],
        selector=facts.get("selector") or [],
        log=facts.get("log") or [],
        per_class=facts.get("per_class") or [],
        memory_bytes=facts.get("memory_bytes"),
        clips_per_second=facts.get("clips_per_second"),
        seconds_left=now.seconds_left,
        left_out=[LeftOutOut(**vars(row)) for row in left_out_of(run=run)],
        unlearned=(run.result or {}).get("unlearned", []),
        data=dataset_shown(run.dataset),
        features=FeatureCounts(done=features.done, total=features.total, failed=features.failed),
        champion=None
        if champion is None
        else ChampionOut(number=champion.number, top1=measured(champion.report)),
        result=None if run.result is None else ResultOut(**run.result),
        cancel_requested=now.cancel_requested,
    )


def dataset_shown(dataset: DatasetVersion) -> DatasetOut:
    """What was frozen, with what there is to know about it."""
    split = dataset.split
    told = [split.get("note", ""), *split.get("leakage", []), *dataset.left_out]
    return DatasetOut(
        number=dataset.number,
        clips=dataset.clips,
        classes=[DatasetClass(label=UUID(label), **sides) for label, sides in dataset.counts.items()],
        by=split.get("by", "none"),
        groups=SideCounts(**(split.get("groups") or dict.fromkeys(("train", "val", "test"), 0))),
        notes=[sentence for sentence in told if sentence],
    )


def model_rows(models: Iterable[ModelVersion]) -> list[ModelRow]:
    """Models with run and dataset, for a list; one query more, for what people took of them."""
    models = list(models)
    taken = accepted_of(project=models[0].project) if models else {}
    return [ModelRow(**_model(model, taken)) for model in models]


def model_whole(model: ModelVersion) -> ModelOut:
    """All that is known of a model."""
    report = model.report
    return ModelOut(
        **_model(model, accepted_of(project=model.project)),
        card=model.card,
        left_out=[LeftOutOut(**vars(row)) for row in left_out_told(report)],
        unlearned=report.get("unlearned", []),
        files=[
            ModelFile(name=name, bytes=facts["bytes"], sha256=facts["sha256"])
            for name, facts in sorted(model.files.items())
        ],
        **{name: report[name] for name in _MEASURED},
    )


def measured(report: dict[str, Any] | None) -> float | None:
    """Accuracy on the test side; on the validation side where there is none."""
    if report is None:
        return None
    top1: float | None = report["val_top1"] if report["top1"] is None else report["top1"]
    return top1


def _run(run: TrainingRun) -> dict[str, Any]:
    model = getattr(run, "model", None)
    who = run.created_by
    return {
        "dataset": run.dataset.number,
        "recipe_title": recipe_title(run.recipe),
        "top1": run.top1,
        "model": None if model is None else model.number,
        "model_state": None if model is None else model.state,
        "created_by": "" if who is None else who.shown_name,
        **{name: getattr(run, name) for name in _RUN},
    }


def _model(model: ModelVersion, taken: dict[str, Accepted]) -> dict[str, Any]:
    report, accepted = model.report, taken.get(model.name)
    return {
        "run": model.run.number,
        "dataset": model.run.dataset.number,
        "clips": model.run.dataset.clips,
        "worst": _worst(report["per_class"]),
        "paired": report["champion"],
        "accepted": None
        if accepted is None
        else AcceptedOut(accepted=accepted.accepted, judged=accepted.judged),
        "clips_per_second": report.get("clips_per_second"),
        **{name: getattr(model, name) for name in _MODEL},
        **{name: report[name] for name in ("top1", "top1_low", "top1_high", "macro_f1", "n_test")},
    }


def _worst(per_class: list[dict[str, Any]]) -> list[ClassScore]:
    told = [row for row in per_class if row["support"] and row["f1"] is not None]
    worst = sorted(told, key=lambda row: (row["f1"], row["label"]))[:WORST]
    return [ClassScore(label=row["label"], f1=row["f1"]) for row in worst]


_RUN = ("number", "state", "recipe", "created_at", "started_at", "finished_at", "sentence")
_MODEL = ("number", "state", "created_at", "champion_since", "champion_until")
_MEASURED = (*("confusion", "per_class", "per_camera", "curve", "curve_on", "budget", "notes", "weights"),)
