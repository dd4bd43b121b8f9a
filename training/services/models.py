"""Models: made by a run, put before people, taken back."""

import hashlib
import json
import shutil
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now

from core.errors import Conflict
from core.models import Project, User
from core.services.state import advance
from training.models import ModelState, ModelVersion, RunState, TrainingRun
from training.selectors.models import champion_of, model_of
from training.services.suggesting import suggestions_ask

CARD = "card.json"
WEIGHTS = "model.safetensors"


class LostRunError(RuntimeError):
    """The run is not where its train job left it."""


def model_make(*, run_id: UUID, result: dict[str, Any], files: dict[str, str]) -> ModelVersion:
    """Keep what a run made; called inside the transaction that ends its train job.

    It becomes the champion where there is none, and where it is not worse than the champion on the same
    test clips; then suggestions are asked for. Raises LostRunError where the run has ended otherwise.
    """
    run = TrainingRun.objects.select_related("project", "dataset", "job").get(pk=run_id)
    project = Project.objects.select_for_update(no_key=True).get(pk=run.project_id)
    if not advance(run, to=RunState.DONE, result=result, sentence="", finished_at=Now()):
        raise LostRunError(f"Run {run.number} has ended already.")
    last = ModelVersion.objects.in_project(project).aggregate(last=Max("number"))["last"] or 0
    facts = run.job.facts if run.job is not None else {}
    model = ModelVersion.objects.create(
        project=project,
        number=last + 1,
        run=run,
        files={name: _facts(key) for name, key in sorted(files.items())},
        report={**result, "clips_per_second": facts.get("clips_per_second")},
        card=_json(files[CARD]),
    )
    champion = champion_of(project=project)
    if champion is None or not_worse(result, champion):
        _crown(model, champion, actor=None)
    _drop_checkpoints(run)
    return model


def model_promote(*, model: ModelVersion, actor: User | None) -> ModelVersion:
    """Let this model speak from now on, and ask for its suggestions. Raises Conflict if it does already."""
    with transaction.atomic():
        project = Project.objects.select_for_update(no_key=True).get(pk=model.project_id)
        champion = champion_of(project=project)
        if champion is not None and champion.pk == model.pk:
            raise Conflict(f"Model {model.number} is the one that speaks already.")
        _crown(model, champion, actor=actor)
    return model_of(project=project, number=model.number)


def not_worse(report: dict[str, Any], champion: ModelVersion) -> bool:
    """Whether a model got as many test clips right as the champion, on those that both were measured on."""
    paired = report["champion"]
    if paired is None or paired["version"] != champion.number:
        return False
    return bool(paired["won"] >= paired["lost"])


def checkpoints_of(run: TrainingRun) -> Path:
    """The folder of what a run goes on from after a kill."""
    return Path(settings.CHECKPOINT_DIR) / str(run.pk)


def _drop_checkpoints(run: TrainingRun) -> None:
    """Remove what a run went on from, and what runs before it that made no model would have.

    One of those can still be gone on with, from its first epoch: by now there is a model of newer labels.
    """
    earlier = TrainingRun.objects.in_project(run.project).filter(number__lt=run.number)
    ended = earlier.filter(state__in=(RunState.FAILED, RunState.CANCELLED)).only("pk")
    for folder in [checkpoints_of(run), *map(checkpoints_of, ended)]:
        transaction.on_commit(partial(shutil.rmtree, folder, ignore_errors=True), robust=True)


def _crown(model: ModelVersion, champion: ModelVersion | None, *, actor: User | None) -> None:
    if champion is not None:
        advance(champion, to=ModelState.RETIRED, actor=actor, champion_until=Now())
    advance(model, to=ModelState.CHAMPION, actor=actor, champion_since=Now(), champion_until=None)
    suggestions_ask(model=model)


def _facts(key: str) -> dict[str, Any]:
    """Key, hash and size of a file in storage."""
    digest, size = hashlib.sha256(), 0
    with default_storage.open(key) as file:
        for chunk in file.chunks(2**20):
            digest.update(chunk)
            size += len(chunk)
    return {"key": key, "sha256": digest.hexdigest(), "bytes": size}


def _json(key: str) -> Any:
    with default_storage.open(key) as file:
        return json.load(file)
