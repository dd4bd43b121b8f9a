"""The kinds of background work in curation: taking a video in, judging it again, tidying up once a day."""

from typing import Any
from uuid import UUID

from core.jobs.kinds import JobKind, Limits, Outcome, Queue
from core.models import Job, JobState
from core.services.kinds import hold
from core.services.storage import WrongContentError, stage
from curation.selectors.gate import REJUDGE
from curation.selectors.videos import video_to_ingest
from curation.services.ingest import video_ingested
from curation.services.rejudging import decisions_of, videos_rejudged, videos_to_rejudge
from curation.services.tidy import TIDY, tidy
from curation.services.videos import INGEST, video_failed, video_started

HOUR = 3600
GIGABYTE = 2**30


def _prepare_ingest(job: Job) -> dict[str, Any]:
    video = video_to_ingest(video_id=UUID(job.params["video"]))
    video_started(video=video)
    profile = video.camera.quality_profile
    # Held until the attempt is over: the cache must not throw the file out from under the decoder.
    path = hold(stage(video.source_key, video.sha256))
    return {"path": str(path), "thresholds": profile.thresholds, "revision": profile.revision}


def _commit_ingest(job: Job, outcome: Outcome) -> None:
    video = video_to_ingest(video_id=UUID(job.params["video"]))
    video_ingested(video=video, result=outcome.result, files=outcome.files)


def _give_up_ingest(job: Job, sentence: str) -> None:
    job.refresh_from_db(fields=["state"])
    if job.state == JobState.CANCELLED:
        sentence = "This was cancelled before it was done. Try it again, or remove it."
    elif job.state == JobState.QUARANTINED:
        sentence = f"This did not work in {job.attempt} attempts. {sentence} Try it again, or remove it."
    video_failed(video=video_to_ingest(video_id=UUID(job.params["video"])), sentence=sentence)


def _prepare_rejudge(job: Job) -> dict[str, Any]:
    profile, videos = videos_to_rejudge(job=job)
    decided = decisions_of(videos=videos)
    asked = []
    for video in videos:
        metrics = _staged(video.artifacts.get("metrics"))
        if metrics:  # without its file a video is judged from the database when the rest is done
            more = {"metrics": metrics, "proxy": _staged(video.artifacts.get("proxy720"))}
            known = {"rejects": video.rejects, "decided": decided[video.pk]}
            asked.append({"name": str(video.pk), "fps": video.fps, **more, **known})
    return {"videos": asked, "thresholds": profile.thresholds, "revision": profile.revision}


def _staged(made: dict[str, Any] | None) -> str:
    """The local path of a made file for as long as the attempt takes; "" where it is lost or damaged."""
    if made is None:
        return ""
    try:
        return str(hold(stage(made["key"], made["sha256"])))
    except WrongContentError:
        return ""


def _commit_rejudge(job: Job, outcome: Outcome) -> None:
    videos_rejudged(job=job, result=outcome.result, files=outcome.files)


def _give_up_rejudge(_job: Job, _sentence: str) -> None:
    """Nothing to undo: the verdicts stand as they were, and the gate says for how many videos it failed."""


def _nothing(_job: Job) -> dict[str, Any]:
    return {}


def _commit_tidy(_job: Job, _outcome: Outcome) -> None:
    tidy()


def _give_up_tidy(_job: Job, _sentence: str) -> None:
    """Nothing to undo: tomorrow's job does what this one left."""


KINDS: tuple[JobKind, ...] = (
    JobKind(
        name=INGEST,
        queue=Queue.INGEST,
        work="curation.onepass:run",
        prepare=_prepare_ingest,
        commit=_commit_ingest,
        give_up=_give_up_ingest,
        limits=Limits(
            cpu_seconds=48 * HOUR,
            memory_bytes=6 * GIGABYTE,
            output_bytes=64 * GIGABYTE,
            wall_seconds=24 * HOUR,
        ),
    ),
    JobKind(
        name=TIDY,
        queue=Queue.LIGHT,
        work=None,
        prepare=_nothing,
        commit=_commit_tidy,
        give_up=_give_up_tidy,
        daily=True,
    ),
    JobKind(
        name=REJUDGE,
        queue=Queue.SCORE,
        work="curation.rejudge:run",
        prepare=_prepare_rejudge,
        commit=_commit_rejudge,
        give_up=_give_up_rejudge,
        limits=Limits(
            cpu_seconds=8 * HOUR,
            memory_bytes=4 * GIGABYTE,
            output_bytes=4 * GIGABYTE,
            wall_seconds=8 * HOUR,
        ),
    ),
)
