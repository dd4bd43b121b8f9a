"""The kinds of background work in training: features, the training itself, and what models say."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from core.jobs.kinds import JobKind, Limits, Outcome, Queue
from core.models import Job, JobState
from core.services.kinds import hold
from core.services.storage import WrongContentError, stage
from training.models import FeatureTrack, PredictionSet, TrackState
from training.selectors.clips import Footage, footage_by_ids
from training.selectors.models import champion_of
from training.selectors.recipes import weights_folder
from training.services.advancing import PREDICT, TRAIN, waiting_advance
from training.services.damage import DAMAGED, features_lost
from training.services.features import FEATURES, GONE, tracks_record, tracks_refuse, tracks_to_make
from training.services.models import WEIGHTS, checkpoints_of, model_make
from training.services.predictions import prediction_fail, prediction_keep
from training.services.reading import champion_features, run_features
from training.services.runs import run_ended, run_training, runs_reading
from training.services.suggesting import (
    SUGGEST,
    SUGGEST_ALL,
    SUGGEST_VIDEO,
    footage_to_suggest,
    suggestions_fan_out,
    suggestions_for_video,
    suggestions_keep,
    with_tracks,
)
from training.services.tidy import TIDY, tidy

HOUR = 3600
GIGABYTE = 2**30


def _prepare_features(job: Job) -> dict[str, Any]:
    tracks = tracks_to_make(job=job)
    runs_reading(tracks=tracks)
    clips, gone = [], []
    for track in tracks:
        proxy = _proxy(track.video.artifacts.get("proxy720"))
        if proxy is None:
            gone.append(track)
            continue
        clip = {"name": track.key, "proxy": proxy, "start": track.start, "end": track.end}
        clips.append({**clip, "fps": track.video.fps, "rejected": track.rejected})
    tracks_refuse(tracks=gone, sentence=GONE)
    return {"clips": clips, "recipe": job.params["recipe"], "weights": weights_folder()}


def _commit_features(job: Job, outcome: Outcome) -> None:
    tracks = tracks_to_make(job=job)
    tracks_record(tracks=tracks, made=outcome.result["clips"], files=outcome.files)
    _go_on(job)


def _give_up_features(job: Job, sentence: str) -> None:
    # Another job may have been asked for some of them since, and will make them yet.
    mine = [track for track in tracks_to_make(job=job) if track.job_id == job.pk]
    tracks_refuse(tracks=mine, sentence=f"Its frames could not be read. {sentence}")
    _go_on(job)


def _go_on(job: Job) -> None:
    waiting_advance(tracks=job.params["tracks"])


def _prepare_train(job: Job) -> dict[str, Any]:
    run = run_training(run_id=UUID(job.params["run"]))
    features, missing = run_features(run=run)
    champion = champion_of(project=run.project)
    folder = checkpoints_of(run)
    folder.mkdir(parents=True, exist_ok=True)
    compare = None
    if champion is not None:
        theirs = champion_features(run=run, champion=champion).items()
        read = {clip: path for clip, track in theirs if (path := _staged_features(track)) is not None}
        compare = {"model": _staged(champion.files[WEIGHTS]), "version": champion.number, "features": read}
    options = dict(run.options)
    paths = {clip: _staged_features(track) for clip, track in features.items()}
    lost = {clip: DAMAGED for clip, path in paths.items() if path is None}
    return {
        "manifest": str(hold(stage(run.dataset.manifest_key, run.dataset.sha256))),
        "features": {clip: path for clip, path in paths.items() if path is not None},
        "missing": missing | lost,
        "recipe": run.recipe,
        "seed": run.seed,
        "threads": options.pop("threads"),
        "overrides": options,
        "weights": weights_folder(),
        "glove": settings.GLOVE_PATH,
        "checkpoints": str(folder),
        "compare": compare,
    }


def _commit_train(job: Job, outcome: Outcome) -> None:
    model = model_make(run_id=UUID(job.params["run"]), result=outcome.result, files=outcome.files)
    if torn := outcome.result["torn"]:
        made, _ = run_features(run=model.run)
        features_lost(tracks=[made[clip] for clip in torn if clip in made])


def _give_up_train(job: Job, sentence: str) -> None:
    job.refresh_from_db(fields=["state"])
    if job.state == JobState.QUARANTINED:
        sentence = f"This did not work in {job.attempt} attempts. {sentence} Go on with it, or start anew."
    run_ended(run_id=UUID(job.params["run"]), cancelled=job.state == JobState.CANCELLED, sentence=sentence)


def _prepare_suggest(job: Job) -> dict[str, Any]:
    model, found = footage_to_suggest(job=job)
    return _to_predict(_staged(model.files[WEIGHTS]), found) | {"methods": ["smart"], "budgets": None}


def _commit_suggest(job: Job, outcome: Outcome) -> None:
    suggestions_keep(job=job, result=outcome.result, files=outcome.files)


def _prepare_predict(job: Job) -> dict[str, Any]:
    found = PredictionSet.objects.select_related("model__run", "project").get(pk=job.params["set"])
    footage = footage_by_ids(project=found.project, ids=found.clips)
    pairs = with_tracks(model=found.model, footage=footage)
    return {**_to_predict(_staged(found.model.files[WEIGHTS]), pairs), **found.options}


def _commit_predict(job: Job, outcome: Outcome) -> None:
    prediction_keep(set_id=UUID(job.params["set"]), result=outcome.result, files=outcome.files)


def _give_up_predict(job: Job, sentence: str) -> None:
    prediction_fail(set_id=UUID(job.params["set"]), sentence=sentence)


def _to_predict(model: str, found: Iterable[tuple[Footage, FeatureTrack]]) -> dict[str, Any]:
    clips = []
    for one, track in found:
        made = _staged_features(track) if track.state == TrackState.READY else None
        proxy = "" if made else _proxy(one.proxy)
        if proxy is None:
            continue
        clip = {"clip": str(one.clip), "name": track.key, "features": made or "", "proxy": proxy}
        clips.append({**clip, "start": one.start, "end": one.end, "fps": one.fps, "rejected": one.rejected})
    return {"model": model, "clips": clips, "weights": weights_folder()}


def _proxy(artifact: dict[str, Any] | None) -> str | None:
    """The local path of a proxy for as long as the attempt takes; None where it is gone."""
    if artifact is None:
        return None
    try:
        return _staged(artifact)
    except WrongContentError:
        return None


def _staged_features(track: FeatureTrack) -> str | None:
    """The local path of a track's file; None where it is damaged or gone, and then it is made again."""
    try:
        return _staged({"key": track.file_key, "sha256": track.sha256})
    except WrongContentError:
        features_lost(tracks=[track])
        return None


def _staged(file: dict[str, Any]) -> str:
    # Held until the attempt is over: the cache must not throw the file out from under the child.
    path: Path = hold(stage(file["key"], file["sha256"]))
    return str(path)


def _nothing(_job: Job) -> dict[str, Any]:
    return {}


def _commit_suggest_all(job: Job, _outcome: Outcome) -> None:
    suggestions_fan_out(job=job)


def _commit_suggest_video(job: Job, _outcome: Outcome) -> None:
    suggestions_for_video(video_id=UUID(job.params["video"]), cause=str(job.pk))


def _commit_tidy(_job: Job, _outcome: Outcome) -> None:
    tidy()


def _no_loss(_job: Job, _sentence: str) -> None:
    """The next model, or the next time, looks at the clips again; tomorrow's tidying does what this left."""


_READING = Limits(
    cpu_seconds=8 * HOUR,
    memory_bytes=8 * GIGABYTE,
    output_bytes=8 * GIGABYTE,
    wall_seconds=8 * HOUR,
)

KINDS: tuple[JobKind, ...] = (
    JobKind(
        name=FEATURES,
        queue=Queue.SCORE,
        work="training.ml.features.run:run",
        prepare=_prepare_features,
        commit=_commit_features,
        give_up=_give_up_features,
        limits=_READING,
    ),
    JobKind(
        name=TRAIN,
        queue=Queue.TRAIN,
        work="training.ml.run:run",
        prepare=_prepare_train,
        commit=_commit_train,
        give_up=_give_up_train,
        limits=Limits(
            cpu_seconds=400 * HOUR,
            memory_bytes=32 * GIGABYTE,
            output_bytes=8 * GIGABYTE,
            wall_seconds=100 * HOUR,
        ),
    ),
    JobKind(
        name=SUGGEST,
        queue=Queue.SCORE,
        work="training.ml.predict:run",
        prepare=_prepare_suggest,
        commit=_commit_suggest,
        give_up=_no_loss,
        limits=_READING,
    ),
    JobKind(
        name=PREDICT,
        queue=Queue.SCORE,
        work="training.ml.predict:run",
        prepare=_prepare_predict,
        commit=_commit_predict,
        give_up=_give_up_predict,
        limits=_READING,
    ),
    JobKind(
        name=SUGGEST_ALL,
        queue=Queue.LIGHT,
        work=None,
        prepare=_nothing,
        commit=_commit_suggest_all,
        give_up=_no_loss,
    ),
    JobKind(
        name=SUGGEST_VIDEO,
        queue=Queue.LIGHT,
        work=None,
        prepare=_nothing,
        commit=_commit_suggest_video,
        give_up=_no_loss,
    ),
    JobKind(
        name=TIDY,
        queue=Queue.LIGHT,
        work=None,
        prepare=_nothing,
        commit=_commit_tidy,
        give_up=_no_loss,
        daily=True,
    ),
)
