"""Videos: what can be done to them, and what their ingest job does to them.

Where a job's row and a video's row both change, the job's is locked first, always.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from core.errors import Conflict, Invalid, RushesError
from core.models import Project, User
from core.services.audit import audit_record
from core.services.jobs import job_cancel, job_enqueue, job_retry, jobs_enqueue
from core.services.state import advance
from curation.errors import DuplicateVideo
from curation.media.recorded import recorded_when
from curation.models import Camera, Video, VideoState
from curation.services.sources import StoredSource, source_discard, source_store

INGEST = "curation.ingest"
MAX_NAME = 255


def video_register(
    *,
    project: Project,
    camera: Camera,
    name: str,
    source: Path | StoredSource,
    actor: User | None,
    recorded_at: datetime | None = None,
) -> Video:
    """Take a recording in: a path is copied into storage, a StoredSource is taken over.

    Where nobody says when it was recorded, the file's name may.
    Raises DuplicateVideo where the project holds these bytes, Invalid for a nameless or unreadable file.
    On any of these the copy is gone again; a copy that a dying process left is swept a day later.
    """
    name = video_name(name)
    if camera.site.project_id != project.pk:
        raise Invalid("This camera does not belong to this project.")
    stored = source_store(source) if isinstance(source, Path) else source
    try:
        with transaction.atomic():
            video = _take_in(project, camera, name, stored, recorded_at or recorded_when(name))
            audit_record(verb="video.register", obj=video, project=project, actor=actor, name=name)
    except RushesError:
        source_discard(stored)
        raise
    return video


def video_name(name: str) -> str:
    """The last part of a path from anywhere, fit to be shown. Raises Invalid where nothing is left of it."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = " ".join("".join(c if c.isprintable() else " " for c in last).split())
    if shown in {"", ".", ".."}:
        raise Invalid("A video needs a file name.")
    return shown[-MAX_NAME:]


def _take_in(
    project: Project, camera: Camera, name: str, stored: StoredSource, recorded_at: datetime | None
) -> Video:
    try:
        with transaction.atomic():
            video = Video.objects.create(
                project=project,
                camera=camera,
                name=name,
                sha256=stored.sha256,
                bytes=stored.bytes,
                source_key=stored.key,
                recorded_at=recorded_at,
            )
    except IntegrityError as error:
        first = Video.objects.in_project(project).kept().with_content(stored.sha256).first()
        if first is None:
            raise
        raise DuplicateVideo(name=name, first_id=first.pk, first_name=first.name) from error
    video.job = job_enqueue(
        kind=INGEST,
        dedupe_key=f"{INGEST}:{video.pk}",
        params={"video": str(video.pk)},
        project=project,
    )
    video.save(update_fields=["job"])
    return video


def video_started(*, video: Video) -> None:
    """The worker has begun on it. Beginning again after a lost worker changes nothing."""
    advance(video, to=VideoState.WORKING, from_=[VideoState.REGISTERED])


def video_failed(*, video: Video, sentence: str) -> None:
    """It cannot come in, and `sentence` says why in words for a person."""
    advance(
        video,
        to=VideoState.FAILED,
        from_=[VideoState.REGISTERED, VideoState.WORKING],
        note=sentence,
        sentence=sentence,
    )


def videos_follow_up(*, videos: Iterable[Video], cause: str) -> None:
    """Have the apps above look at videos whose frames or verdicts are new (`settings.AFTER_INGEST_JOBS`).

    Curation knows them by the names of their jobs only. The same `cause` is asked for once a video.
    """
    by_project: dict[Project, list[Video]] = {}
    for video in videos:
        by_project.setdefault(video.project, []).append(video)
    for project, own in by_project.items():
        for kind in settings.AFTER_INGEST_JOBS:
            params = {f"{kind}:{video.pk}:{cause}": {"video": str(video.pk)} for video in own}
            jobs_enqueue(kind=kind, params=params, project=project)


@transaction.atomic
def video_retry(*, video: Video, actor: User | None) -> Video:
    """Try a failed video again. Raises Conflict where there is nothing to try again."""
    if video.deleted_at is not None or video.state != VideoState.FAILED or video.job is None:
        raise Conflict("Only a video that failed can be tried again.")
    job_retry(job=video.job, actor=actor)
    if not advance(video, to=VideoState.REGISTERED, from_=[VideoState.FAILED], actor=actor, sentence=""):
        raise Conflict("Somebody else is trying this video again already.")
    video.refresh_from_db()
    return video


@transaction.atomic
def video_remove(*, video: Video, actor: User | None) -> None:
    """Take a video out of sight and stop its ingest. It can be restored for 30 days, then its files go."""
    if video.job is not None:
        with suppress(Conflict):  # it has ended
            job_cancel(job=video.job, actor=actor)
    if Video.objects.kept().filter(pk=video.pk).update(deleted_at=Now()):
        audit_record(verb="video.remove", obj=video, project=video.project, actor=actor, name=video.name)


@transaction.atomic
def video_restore(*, video: Video, actor: User | None) -> Video:
    """Bring a removed video back. Raises DuplicateVideo if it came in again, Conflict without files."""
    try:
        with transaction.atomic():
            back = Video.objects.filter(pk=video.pk).exclude(source_key="").update(deleted_at=None)
    except IntegrityError as error:
        first = Video.objects.in_project(video.project).kept().with_content(video.sha256).get()
        raise DuplicateVideo(name=video.name, first_id=first.pk, first_name=first.name) from error
    if not back:
        raise Conflict(f"{video.name} was removed too long ago: its files are gone.")
    audit_record(verb="video.restore", obj=video, project=video.project, actor=actor, name=video.name)
    video.refresh_from_db()
    return video
