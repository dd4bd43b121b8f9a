"""The kinds of background work in labelling: cutting a video into clips."""

from typing import Any
from uuid import UUID

from core.jobs.kinds import JobKind, Outcome, Queue
from core.models import Job
from curation.selectors.videos import video_to_ingest
from labelling.services.cutting import CUT, clips_cut
from labelling.services.follow_up import cut_follow_up


def _nothing(_job: Job) -> dict[str, Any]:
    return {}


def _commit_cut(job: Job, _outcome: Outcome) -> None:
    video = video_to_ingest(video_id=UUID(job.params["video"]))
    clips_cut(video=video)
    cut_follow_up(video=video, cause=str(job.pk))


def _give_up_cut(_job: Job, _sentence: str) -> None:
    """Nothing to undo: the next cut of the video does what this one left."""


KINDS: tuple[JobKind, ...] = (
    JobKind(
        name=CUT,
        queue=Queue.LIGHT,
        work=None,
        prepare=_nothing,
        commit=_commit_cut,
        give_up=_give_up_cut,
    ),
)
