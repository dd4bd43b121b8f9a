"""How far a run is: the reading of frames, and then what its train job reports."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from core.models import JobState
from training.ml.engine.fusion.parts import phases_of
from training.ml.engine.progress import NETWORK_PHASES, PHASES
from training.ml.recipes import RECIPES
from training.ml.recipes.fusion import FusionRecipe
from training.ml.recipes.networks import NetworkRecipe
from training.models import RunState, TrainingRun
from training.selectors.runs import FeatureProgress

READING = "reading frames"
READING_SHARE = 0.5
"""Of a run that has frames to read; it shows nothing but how the bar is parted."""
TELLING = 0.05
"""Before this much is done, the time that is left is anybody's guess."""
FASTER, SLOWER = 0.8, 1.4


@dataclass(frozen=True)
class Progress:
    """How far a run is; `facts` are those of its train job, `seconds_left` the least and the most."""

    progress: float
    stage: str
    phases: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    seconds_left: tuple[float, float] | None = None
    cancel_requested: bool = False


def progress_of(*, run: TrainingRun, features: FeatureProgress) -> Progress:
    """Put the two parts of a run together. Wants the run with its job."""
    read = (features.done + features.failed) / features.total if features.total else 1.0
    share = READING_SHARE if features.total else 0.0
    job = run.job
    facts: dict[str, Any] = job.facts if job is not None else {}
    trained = job.progress if job is not None else 0.0
    phases = [{"name": READING, "share": share, "done": read}] if features.total else []
    told = facts.get("phases") or [{"name": name, "share": part, "done": 0.0} for name, part in _parts(run)]
    phases += [{**phase, "share": phase["share"] * (1 - share)} for phase in told]
    progress = share * read + (1 - share) * trained
    if run.state == RunState.DONE:  # the last news of a job may be lost: its result is not
        progress = 1.0
        phases = [{**phase, "done": 1.0} for phase in phases]
        facts = {**facts, **{name: (run.result or {}).get(name) for name in _MEASURED}}
    return Progress(
        progress=progress,
        stage=_stage(run, features),
        phases=phases,
        facts=facts,
        seconds_left=_seconds_left(run, progress),
        cancel_requested=job is not None and job.cancel_requested,
    )


def _parts(run: TrainingRun) -> Sequence[tuple[str, float]]:
    recipe = RECIPES.get(run.recipe)
    if isinstance(recipe, FusionRecipe):
        return phases_of(recipe)
    return NETWORK_PHASES if isinstance(recipe, NetworkRecipe) else PHASES


_MEASURED = ("history", "best_epoch", "per_class")


def _stage(run: TrainingRun, features: FeatureProgress) -> str:
    if run.state in (RunState.DONE, RunState.FAILED, RunState.CANCELLED):
        return ""
    if run.job is None:
        return f"{READING}, {features.done + features.failed} of {features.total} clips"
    if run.job.state == JobState.QUEUED:
        return "waiting for the trainer"
    return run.job.stage


def _seconds_left(run: TrainingRun, progress: float) -> tuple[float, float] | None:
    """From what is done since it began; of the train job alone once it works: cached frames are free."""
    job = run.job
    begun, done = run.started_at, progress
    if job is not None and job.state == JobState.RUNNING:
        begun, done = job.started_at, job.progress
    running = run.state in (RunState.FEATURES, RunState.TRAINING)
    if not running or begun is None or done < TELLING:
        return None
    spent = (timezone.now() - begun).total_seconds()
    left = spent / done * (1 - done)
    return round(left * FASTER), round(left * SLOWER)
