"""The kinds of background work in curation: taking a video in, and tidying up once a day."""

from typing import Any
from uuid import UUID

from core.jobs.kinds import JobKind, Limits, Outcome, Queue
from core.models import Job, JobState
from core.services.kinds import hold
from core.services.storage import stage
from curation.selectors.videos import video_to_ingest
from curation.services.ingest import video_ingested
from curation.services.tidy import tidy
from curation.services.videos import INGEST, TIDY, video_failed, video_started

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
    ),
)
