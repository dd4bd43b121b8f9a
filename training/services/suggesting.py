"""Suggestions: the champion looks at every open clip, in batches that all workers share."""

import json
from collections.abc import Sequence
from math import ceil
from typing import Any
from uuid import UUID, uuid4

from django.core.files.storage import default_storage
from django.db import transaction

from core.models import Job, JobState, Project
from core.services.jobs import job_cancel, job_enqueue
from curation.models import Video
from labelling.models import LabelClass
from labelling.services.suggestions import Guess, suggestions_record
from training.models import FeatureTrack, ModelState, ModelVersion, TrackState
from training.selectors.clips import Footage, clips_after, footage_of, open_clips, without_word_of
from training.selectors.models import champion_of
from training.selectors.recipes import recipe_named
from training.services.advancing import waiting_advance
from training.services.batches import batched
from training.services.features import (
    BATCH,
    LEAST_BATCH,
    SHARED_BY,
    stretch_read,
    tracks_found,
    tracks_record,
)

SUGGEST = "training.suggest"
SUGGEST_ALL = "training.suggest_all"
SUGGEST_VIDEO = "training.suggest_video"
AT_ONCE = 200
"""Batches that one fan-out asks for before it hands on to the next, so that commits stay small."""
PREDICTIONS = "predictions.json"


def suggestions_ask(*, model: ModelVersion) -> None:
    """Have a model look at all open clips; asked again it looks at all of them again."""
    _fan_out(model, wave=uuid4().hex, after=None)


@transaction.atomic
def suggestions_fan_out(*, job: Job) -> None:
    """Ask for the next batches of a wave, and for the rest of it. A model that was replaced stays silent."""
    model = ModelVersion.objects.select_related("project").get(pk=job.params["model"])
    if model.state != ModelState.CHAMPION:
        return
    wave, after = job.params["wave"], job.params["after"]
    if after is None:
        _silence_others(model)
    clips = clips_after(
        open_clips(project=model.project), None if after is None else (UUID(after[0]), *after[1:])
    )
    some = list(clips.values_list("pk", "video_id", "start", "end")[: AT_ONCE * BATCH])
    _enqueue(model, [pk for pk, *_ in some], wave=wave)
    if len(some) == AT_ONCE * BATCH:
        _, video, start, end = some[-1]
        _fan_out(model, wave=wave, after=[str(video), start, end])


@transaction.atomic
def suggestions_for_video(*, video_id: UUID, cause: str) -> None:
    """Have the champion look at a video's open clips that it has not looked at, if there is one."""
    video = Video.objects.select_related("project").get(pk=video_id)
    model = champion_of(project=video.project)
    if model is None:
        return
    clips = without_word_of(open_clips(project=video.project).filter(video=video), model.name)
    _enqueue(model, list(clips.values_list("pk", flat=True)), wave=cause)


def footage_to_suggest(*, job: Job) -> tuple[ModelVersion, list[tuple[Footage, FeatureTrack]]]:
    """The model of a suggest job, and those of its clips that are still open, with their features' rows.

    There are none where another model has taken over.
    """
    model = ModelVersion.objects.select_related("project", "run").get(pk=job.params["model"])
    if model.state != ModelState.CHAMPION:
        return model, []
    footage = footage_of(open_clips(project=model.project).filter(pk__in=job.params["clips"]))
    return model, with_tracks(model=model, footage=footage)


def with_tracks(*, model: ModelVersion, footage: Sequence[Footage]) -> list[tuple[Footage, FeatureTrack]]:
    """Footage with the row of its features under the model's recipe, made or not."""
    stretches = [stretch_read(one) for one in footage]
    recipe = recipe_named(model.run.recipe)
    tracks = tracks_found(project=model.project, stretches=stretches, recipe=recipe)
    return list(zip(footage, tracks, strict=True))


def suggestions_keep(*, job: Job, result: dict[str, Any], files: dict[str, str]) -> int:
    """Put a model's words before people and keep the features it had to make; how many clips got some.

    What could not be read is noted in the job, clip by clip.
    """
    model = ModelVersion.objects.select_related("project").get(pk=job.params["model"])
    features_keep(project=model.project, made=result["features"], files=files)
    # Held until the words are there: a late batch must not speak over a champion that comes meanwhile. Runs
    # are locked before models, so this comes after the features, for which a run may wait.
    model = ModelVersion.objects.select_for_update(no_key=True, of=("self",)).get(pk=model.pk)
    if result["errors"]:
        Job.objects.filter(pk=job.pk).update(facts={**job.facts, "left_out": result["errors"]})
    if model.state != ModelState.CHAMPION:
        return 0
    offered = {
        str(pk) for pk in LabelClass.objects.in_project(model.project).offered().values_list("pk", flat=True)
    }
    guesses = [_guess(row, offered) for row in predictions_in(files)]
    return suggestions_record(
        project=model.project,
        model_version=model.name,
        guesses=[guess for guess in guesses if guess.scores],
    )


def features_keep(*, project: Project, made: dict[str, Any], files: dict[str, str]) -> None:
    """Keep features that were made on the way; those that somebody else has made meanwhile stay."""
    tracks = FeatureTrack.objects.in_project(project).keyed(list(made)).exclude(state=TrackState.READY)
    changed = list(tracks.order_by("pk").select_for_update())
    tracks_record(tracks=changed, made=made, files=files)
    waiting_advance(tracks=[track.pk for track in changed])


def predictions_in(files: dict[str, str]) -> list[dict[str, Any]]:
    """The predictions that a job published; none where it had no clip to look at."""
    key = files.get(PREDICTIONS)
    if key is None:
        return []
    with default_storage.open(key) as file:
        rows: list[dict[str, Any]] = json.load(file)
    return rows


def _guess(row: dict[str, Any], offered: set[str]) -> Guess:
    """Scores of the classes that a person can still give, adding up to 1."""
    scores = {label: p for label, p in row["scores"].items() if label in offered}
    total = sum(scores.values()) or 1.0
    return Guess(
        clip=UUID(row["clip"]),
        scores={UUID(label): p / total for label, p in scores.items()},
        chosen=row["chosen"],
    )


def _fan_out(model: ModelVersion, *, wave: str, after: list[Any] | None) -> None:
    place = "" if after is None else ":".join(map(str, after))
    job_enqueue(
        kind=SUGGEST_ALL,
        dedupe_key=f"{SUGGEST_ALL}:{wave}:{place}",
        params={"model": str(model.pk), "wave": wave, "after": after},
        project=model.project,
    )


def _enqueue(model: ModelVersion, clips: Sequence[UUID], *, wave: str) -> None:
    size = min(BATCH, max(LEAST_BATCH, ceil(len(clips) / SHARED_BY)))
    for some in batched(clips, size):
        job_enqueue(
            kind=SUGGEST,
            dedupe_key=f"{SUGGEST}:{model.pk}:{wave}:{some[0]}",
            params={"model": str(model.pk), "clips": [str(pk) for pk in some]},
            project=model.project,
        )


def _silence_others(model: ModelVersion) -> None:
    """Nobody needs to wait for what an earlier champion would have said."""
    waiting = Job.objects.filter(project=model.project, kind=SUGGEST, state=JobState.QUEUED)
    for job in waiting.exclude(params__model=str(model.pk)).order_by("pk"):
        job_cancel(job=job, actor=None)
