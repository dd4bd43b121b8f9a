"""Predictions of a model for any clips, written down before anybody looks at their labels."""

import hashlib
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from core.errors import Conflict, Invalid
from core.models import Project
from core.services.state import advance
from training.models import ModelVersion, PredictionSet, PredictionState
from training.selectors.clips import clips_of_videos, footage_of
from training.selectors.recipes import recipe_named
from training.services.advancing import prediction_advance, waiting_hold
from training.services.features import GONE, stretch_read, tracks_ensure
from training.services.suggesting import PREDICTIONS, features_keep, predictions_in

METHODS = ("smart", "uniform", "random", "mgsampler", "single", "global")
MAX_BUDGET = 25
ROWS = 5000


def prediction_start(
    *,
    project: Project,
    model: ModelVersion,
    name: str,
    videos: Collection[UUID],
    methods: Sequence[str] = METHODS,
    budgets: Sequence[int] = tuple(range(1, MAX_BUDGET + 1)),
) -> PredictionSet:
    """Have a model name every standing clip of these videos, by each method at each budget.

    Frames are read first where they were not yet, by jobs that all workers share. No label is read, then or
    later. Raises Conflict for a name that is taken, Invalid for methods and budgets that there are not.
    """
    if not set(methods) <= set(METHODS) or not all(1 <= budget <= MAX_BUDGET for budget in budgets):
        raise Invalid(f"Methods are {', '.join(METHODS)}, budgets 1 to {MAX_BUDGET} frames.")
    try:
        with transaction.atomic():
            footage = footage_of(clips_of_videos(project=project, videos=videos))
            found = PredictionSet.objects.create(
                project=project,
                model=model,
                name=name,
                clips=[str(one.clip) for one in footage],
                options={"methods": list(methods), "budgets": list(budgets)},
            )
            stretches = [stretch_read(one) for one in footage]
            recipe = recipe_named(model.run.recipe)
            tracks = tracks_ensure(project=project, stretches=stretches, recipe=recipe)
            needs = PredictionSet.tracks.through
            needs._default_manager.bulk_create(
                (needs(predictionset_id=found.pk, featuretrack_id=track.pk) for track in tracks),
                ignore_conflicts=True,
                batch_size=ROWS,
            )
            waiting_hold(who=found)
            prediction_advance(set_id=found.pk)
    except IntegrityError as error:
        raise Conflict(f"There are predictions called {name} already.") from error
    found.refresh_from_db()
    return found


def prediction_keep(*, set_id: UUID, result: dict[str, Any], files: dict[str, str]) -> None:
    """The predictions are written: keep where they lie and their hash."""
    found = PredictionSet.objects.select_related("project").get(pk=set_id)
    features_keep(project=found.project, made=result["features"], files=files)
    key = files[PREDICTIONS]
    with default_storage.open(key) as file:
        sha256 = hashlib.sha256(file.read()).hexdigest()
    advance(
        found,
        to=PredictionState.DONE,
        file_key=key,
        sha256=sha256,
        errors=_unsaid(found, files) | result["errors"],
        sentence="",
    )


def _unsaid(found: PredictionSet, files: dict[str, str]) -> dict[str, str]:
    """The clips of which nothing was said because their recordings are gone."""
    said = {row["clip"] for row in predictions_in(files)}
    return {clip: GONE for clip in found.clips if clip not in said}


def prediction_fail(*, set_id: UUID, sentence: str) -> None:
    """They cannot be written, and `sentence` says why."""
    found = PredictionSet.objects.get(pk=set_id)
    advance(found, to=PredictionState.FAILED, from_=[PredictionState.QUEUED], sentence=sentence)
